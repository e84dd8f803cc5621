/* SPDX-License-Identifier: Apache-2.0 */
/*
 * start_linux.c - how the Go runtime is started.
 *
 * The loader calls Go's entry, which wants a thread made for the rest of its work: it
 * comes to __wrap_x_cgo_sys_thread_create, and all that happens is that the body is
 * remembered. Linked with -Wl,--wrap=x_cgo_sys_thread_create. What the entry does before
 * that, and with what arguments the body goes on, cmake/GoRuntime.cmake has changed.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "exports.h"
#include "handle.h"
#include "runtime.h"
#include "word.h"

void __wrap_x_cgo_sys_thread_create(void *(*body)(void *), void *argument);

static void *(*go_body)(void *); /* starts the runtime with its argument as argv; returns never */

void __wrap_x_cgo_sys_thread_create(void *(*body)(void *), void *argument)
{
    (void)argument;
    go_body = body;
}

/* ---- what the runtime takes for arguments and environment -------------------------- */

extern char **environ;

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* The variables by which the Go runtime is set. The host, which may be written in Go or start
 * programs that are, means others. */
static bool of_go(const char *variable)
{
    static const char *const names[] = {"GOGC=", "GOMEMLIMIT=", "GODEBUG=", "GOMAXPROCS=", "GOTRACEBACK="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strncmp(variable, names[i], strlen(names[i]))) return true;
    return false;
}

/* What lies at argv of a program without arguments: NULL, the environment, NULL, the
 * auxiliary vector. A copy, since the host may change its own at any time. */
static void **make_arguments(const wsx_poller *poller)
{
    static const unsigned long known[] = {AT_PAGESZ, AT_HWCAP, AT_HWCAP2, AT_SECURE, AT_SYSINFO_EHDR, AT_RANDOM};
    enum { KNOWN = sizeof known / sizeof *known, SEED = 16 };
    /* Core sets the processors. Else the runtime would keep two files open, to do so by the limits of a container. */
    static const char debug[] = "GODEBUG=containermaxprocs=0,updatemaxprocs=0,";
    static char processors[] = "GOMAXPROCS=" TEXT(WSX_PROCESSORS);
    const char *more = secure_getenv("WS_TEST_GODEBUG"); /* for tests of the library itself */
    size_t variables = 0, settings = sizeof debug + (more ? strlen(more) : 0), bytes = SEED + settings;
    for (char **e = environ; e && *e; e++, variables++) bytes += strlen(*e) + 1;
    size_t words = 1 + 1 + 1 + variables + 1 + 2 * KNOWN + 2 * 2 + 2;
    void **all = malloc(words * sizeof *all + bytes), **at = all;
    if (!all) return NULL;
    char *text = (char *)(all + words), *end = text + bytes - SEED;
    *at++ = NULL;
    *at++ = processors;
    *at++ = strcat(strcpy(text, debug), more ? more : "");
    text += settings;
    for (char **e = environ; e && *e && variables; e++, variables--) {
        size_t size = strlen(*e) + 1;
        if (of_go(*e) || size > (size_t)(end - text)) continue;
        *at++ = memcpy(text, *e, size);
        text += size;
    }
    *at++ = NULL;
    for (unsigned i = 0; i < KNOWN; i++) {
        unsigned long value = getauxval(known[i]);
        if (!value) continue;
        *at++ = (void *)known[i];
        /* Go writes over the seed that it is given. */
        *at++ = known[i] == AT_RANDOM ? memcpy(end, (void *)value, SEED) : (void *)value;
    }
    *at++ = (void *)WSX_AT_POLLER;
    *at++ = (void *)(uintptr_t)poller->epoll;
    *at++ = (void *)WSX_AT_POLLER_BELL;
    *at++ = (void *)(uintptr_t)poller->bell;
    at[0] = at[1] = NULL; /* AT_NULL */
    return all;
}

/* ---- starting --------------------------------------------------------------------------
 * What can fail comes before the runtime, which would end the process. Nothing of a start
 * that failed is left, so that it can be tried again. */

enum { THREADS = WSX_SPARE_THREADS + WSX_PROCESSORS, LEAST = WSX_LEAST_THREADS + WSX_PROCESSORS };

static void **arguments; /* the runtime's as soon as it runs */

/* The thread that the runtime begins on. It ends the process when its first malloc fails, so
 * that is done before; what libc has for the thread then serves the runtime. */
enum { GONE, ON_ITS_WAY, READY, GOES, LEAVES };
static _Atomic uint32_t first = GONE;

static void *begin(void *nothing)
{
    void *volatile memory = malloc(2 * sizeof(uintptr_t));
    bool ready = memory;
    free(memory);
    wsx_change(&first, ready ? READY : GONE);
    if (ready) wsx_await_change(&first, READY);
    if (ready && atomic_load(&first) == GOES) return go_body(arguments);
    if (ready) wsx_change(&first, GONE);
    return nothing;
}

static bool first_is_ready(void)
{
    atomic_store(&first, ON_ITS_WAY);
    wsx_thread_run(begin, NULL);
    wsx_await_change(&first, ON_ITS_WAY);
    return atomic_load(&first) == READY;
}

/* The loader takes a libc by the name of its file alone. A library for musl wants "libc.so": where a
 * path of libraries leads to musl's, a process of glibc loads that beside its own, whose functions
 * come first, and our structs are not theirs. Which libc answers can be asked: of this one's own
 * version only glibc knows. The other way round the loader finds symbols missing. */
static int32_t check_libc(void)
{
#ifndef __GLIBC__
    char found[40] = "";
    if (confstr(_CS_GNU_LIBC_VERSION, found, sizeof found) > 0)
        return wsx_fail(WS_ERR_UNSUPPORTED, "this libws.so is built for musl, and the process runs on %s: load the one that is "
                        "built for glibc", found);
#endif
    return WS_OK;
}

int32_t wsx_launch(void)
{
    if (!go_body) return wsx_fail(WS_ERR_STATE, "libws was called before the loader had made it ready");
    uint32_t made;
    int32_t status = check_libc();
    if (!status) status = wsx_probe();
    if (status) return status;
    wsx_poller poller;
    int error = wsx_poller_make(&poller);
    if (error) return wsx_fail(WS_ERR_UNKNOWN, "libws finds no two descriptors to start with: %s", strerror(error));
    error = wsx_threads_provide(THREADS, &made);
    if (made < LEAST)
        status = wsx_fail(WS_ERR_UNKNOWN, "libws wants %d threads to start with, and %u can be made: %s", LEAST, made,
                          strerror(error));
    else status = wsx_probe(); /* threads take memory, too */
    if (!status && !(arguments = make_arguments(&poller)))
        status = wsx_fail(WS_ERR_MEMORY, "no memory for a copy of the environment");
    if (!status && !first_is_ready())
        status = wsx_fail(WS_ERR_MEMORY, "no memory for the thread that the runtime begins on");
    if (!status && (error = wsx_threads_keep()))
        status = wsx_fail(WS_ERR_UNKNOWN, "making the thread that keeps threads ready: %s", strerror(error));
    if (status) {
        if (atomic_load(&first) == READY) {
            wsx_change(&first, LEAVES);
            wsx_await_change(&first, LEAVES);
        }
        free(arguments);
        arguments = NULL;
        wsx_threads_provide(0, &made);
        wsx_poller_close(&poller);
        return status;
    }
    wsx_take_faults();
    wsx_change(&first, GOES);
    wsgo_ready(); /* its packages have initialised */
    return WS_OK;
}
