/* SPDX-License-Identifier: Apache-2.0 */
//go:build linux
/*
 * fault.c - faults belong to the host.
 *
 * Go has handlers for SIGSEGV, SIGBUS, SIGFPE and SIGPIPE, and passes on what did not happen
 * in Go to the handler that was there before: it calls that as a function, whatever its flags say.
 * So we are there before, and do what the kernel would have done: once only (SA_RESETHAND),
 * with the signal open or not (SA_NODEFER), with the mask that it wanted, and the end of the
 * process where there is no handler. A host that installs its handlers later is asked by the
 * kernel itself.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "front.h"

static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGPIPE};
enum { COUNT = sizeof numbers / sizeof *numbers };

static struct sigaction hosts[COUNT]; /* written before our handler is there */
static atomic_bool spent[COUNT];      /* SA_RESETHAND, and it was called */

/* ---- looking at a host's memory ---------------------------------------------------- */

#if defined(__has_attribute)
#if __has_attribute(no_sanitize)
#define NO_CHECKS __attribute__((no_sanitize("address", "thread", "undefined")))
#endif
#endif
#ifndef NO_CHECKS
#define NO_CHECKS
#endif

/* A fault is one of these reads when it happens in this section. */
/* Hidden: some linkers export them, whatever the map says. */
__attribute__((visibility("hidden"))) extern char __start_wsx_touch[], __stop_wsx_touch[];

__attribute__((noinline, section("wsx_touch"))) NO_CHECKS
static void touch(const volatile unsigned char *at, size_t size)
{
    enum { STEP = 4096 }; /* no system has smaller pages */
    const volatile unsigned char *last = at + size - 1;
    for (; (size_t)(last - at) >= STEP; at += STEP) (void)*at;
    (void)*at;
    (void)*last;
}

static bool in_touch(const void *context)
{
#if defined(__linux__) && defined(__x86_64__)
    uintptr_t at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__linux__) && defined(__aarch64__)
    uintptr_t at = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
#else
    uintptr_t at = (void)context, 0;
#endif
    return at >= (uintptr_t)__start_wsx_touch && at < (uintptr_t)__stop_wsx_touch;
}

enum { MOST_BITS = 46 };
#define MOST ((size_t)1 << MOST_BITS)
bool wsx_readable(const void *data, size_t size, const char *name)
{
    if (!size || size > MOST) return true; /* what is larger is refused unseen */
    wsx_thread *self = wsx_this_thread ? wsx_this_thread : wsx_make_self(); /* as wsx_self, whose variable gcc fears for */
    if (!self) {
        touch(data, size);
        return true;
    }
    sigjmp_buf failed;
    if (sigsetjmp(failed, 0)) {
        wsx_fail(WS_ERR_PARAMETER, "%s: not all of the %zu bytes at %p can be read", name, size, data);
        return false;
    }
    self->guest.probing = &failed;
    touch(data, size);
    return true;
}

/* ---- what the kernel would do --------------------------------------------------------- */

static void end_by(int number)
{
    sigset_t open;
    signal(number, SIG_DFL);
    sigemptyset(&open);
    sigaddset(&open, number);
    pthread_sigmask(SIG_UNBLOCK, &open, NULL);
    syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
}

/* There is no handler. An instruction that faults does so again when we return. */
static void by_default(int number, bool ignored, const siginfo_t *info, ucontext_t *context)
{
    bool fault = info->si_code > 0 && number != SIGPIPE;
    if (fault && in_touch(context)) {
        pthread_sigmask(SIG_SETMASK, &context->uc_sigmask, NULL);
        siglongjmp(*wsx_this_thread->guest.probing, 1);
    }
    if (fault) signal(number, SIG_DFL); /* also when it is ignored: a fault cannot be */
    else if (!ignored) end_by(number);
}

static void pass_on(int number, siginfo_t *info, void *context)
{
    int i = 0;
    while (numbers[i] != number) i++;
    const struct sigaction *a = &hosts[i];
    bool once = a->sa_flags & (int)SA_RESETHAND, ignored = a->sa_handler == SIG_IGN;
    if (a->sa_handler == SIG_DFL || ignored || (once && atomic_exchange(&spent[i], true))) {
        by_default(number, ignored, info, context);
        return;
    }
    sigset_t during = ((ucontext_t *)context)->uc_sigmask;
    for (int s = 1; s < NSIG; s++)
        if (sigismember(&a->sa_mask, s) > 0) sigaddset(&during, s);
    if (!(a->sa_flags & SA_NODEFER)) sigaddset(&during, number);
    pthread_sigmask(SIG_SETMASK, &during, NULL);
    if (a->sa_flags & SA_SIGINFO) a->sa_sigaction(number, info, context);
    else a->sa_handler(number);
}

void wsx_take_faults(void)
{
    for (int i = 0; i < COUNT; i++) {
        struct sigaction ours;
        if (sigaction(numbers[i], NULL, &ours) || ours.sa_sigaction == pass_on) continue;
        if (numbers[i] == SIGPIPE && (ours.sa_handler == SIG_DFL || ours.sa_handler == SIG_IGN)) continue;
        hosts[i] = ours;
        ours.sa_sigaction = pass_on;
        ours.sa_flags = (ours.sa_flags & ~(int)SA_RESETHAND) | SA_SIGINFO;
        sigaction(numbers[i], &ours, NULL);
    }
}
