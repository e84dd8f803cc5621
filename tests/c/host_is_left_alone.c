/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What belongs to the host is as it was, after traffic, errors, refused calls and the
 * end of the library: environment, locale, directory, umask, limits, signal handlers;
 * nothing was written to stdout or stderr; and the threads are gone but for the few
 * that the runtime keeps.
 */
#include "t.h"
#include "t_proc.h"

#include <locale.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

extern char **environ;

/* Threads that the Go runtime keeps: workers, a monitor, those of the loops that ended. */
enum { KEPT_THREADS = 24 };

typedef struct host {
    char *environment, *locale, *directory;
    mode_t umask;
    struct rlimit limits[RLIM_NLIMITS];
    struct sigaction actions[NSIG];
} host;

static char *join_environment(void)
{
    size_t size = 1, used = 0;
    for (char **e = environ; *e; e++) size += strlen(*e) + 1;
    char *all = calloc(1, size);
    CHECK(all);
    for (char **e = environ; *e; e++) used += (size_t)sprintf(all + used, "%s\n", *e);
    return all;
}

static host look(void)
{
    host h = {.environment = join_environment(), .locale = strdup(setlocale(LC_ALL, NULL)),
              .directory = getcwd(NULL, 0)};
    umask(h.umask = umask(0));
    for (int i = 0; i < RLIM_NLIMITS; i++) CHECK_EQ(syscall(SYS_prlimit64, 0, i, NULL, &h.limits[i]), 0);
    for (int s = 1; s < NSIG; s++) sigaction(s, NULL, &h.actions[s]);
    return h;
}

/* The five signals that the library says it takes. */
static int taken(int s)
{
    return s == SIGSEGV || s == SIGBUS || s == SIGFPE || s == SIGPIPE || s == SIGURG;
}

static void same(const host *a, const host *b)
{
    CHECK_TEXT(a->environment, b->environment);
    CHECK_TEXT(a->locale, b->locale);
    CHECK_TEXT(a->directory, b->directory);
    CHECK_EQ(a->umask, b->umask);
    CHECK_EQ(memcmp(a->limits, b->limits, sizeof a->limits), 0);
    for (int s = 1; s < NSIG; s++)
        if (!taken(s)) CHECK(a->actions[s].sa_handler == b->actions[s].sa_handler);
}

static void forget(host *h)
{
    free(h->environment);
    free(h->locale);
    free(h->directory);
}

static void everything_that_could_speak(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_echo_server(), client = t_open_client(server, &log);
    t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    CHECK_EQ(ws_connect(client, "nonsense", NULL, NULL, NULL), WS_ERR_URL);
    CHECK_EQ(ws_send(client, "\xff", 1, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_close(0, NULL, NULL, NULL), WS_ERR_HANDLE);
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    t_raw_send(&peer, 0x8f, "", 0); /* a reserved opcode */
    t_raw_expect_close(&peer, 1002);
    t_raw_close(&peer);
    t_raw_dial(&peer, t_port(server));
    t_raw_text(&peer, "this is no request\r\n\r\n");
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 400 ");
    t_raw_close(&peer);
    t_log refused = T_LOG;
    ws_handle nobody = t_client(&refused);
    OK(ws_connect(nobody, "ws://127.0.0.1:1/", NULL, NULL, NULL));
    t_wait_event(&refused, WS_EVENT_ERROR, 1);
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    t_forget(&log);
    t_forget(&refused);
}

int main(void)
{
    CHECK(setlocale(LC_ALL, "C"));
    umask(027);
    int said = memfd_create("said", MFD_CLOEXEC), out = dup(1), err = dup(2), before = t_threads();
    CHECK(said >= 0 && out >= 0 && err >= 0);
    host first = look();
    CHECK(dup2(said, 1) == 1 && dup2(said, 2) == 2);
    everything_that_could_speak();
    fflush(NULL);
    CHECK(dup2(out, 1) == 1 && dup2(err, 2) == 2);
    struct stat size;
    CHECK_EQ(fstat(said, &size), 0);
    CHECK_EQ(size.st_size, 0);
    host last = look();
    same(&first, &last);
    forget(&first);
    forget(&last);
    CHECK(t_threads() <= before + KEPT_THREADS);
    return 0;
}
