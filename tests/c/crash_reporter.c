/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crash reporter of the host, installed before the library is loaded or later, on an
 * alternate stack or not: it is called once for a fault, an abort() and a signal that is sent, on
 * threads of the host and inside a callback, with room to walk the stack, and the process
 * ends by that signal. Nothing else is printed.
 */
#include "t_cases.h"
#include "t_stack.h"

#include <signal.h>

enum { DEEP = 64 << 10 };

static const char *name;

static int is(const char *what)
{
    return strstr(name, what) != NULL;
}

static void report(int number, siginfo_t *info, void *context)
{
    (void)info, (void)context;
    volatile char room[DEEP];
    for (size_t i = 0; i < sizeof room; i += 64) room[i] = (char)0xee;
    t_shared[0]++;
    t_shared[1] = number;
    t_shared[2] = t_frames();
    signal(number, SIG_DFL);
    raise(number); /* as reporters do; it ends the process when the handler returns */
}

static void install(void)
{
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_sigaction = report, .sa_flags = SA_SIGINFO | (is("onstack") ? SA_ONSTACK : 0)};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &action, NULL);
}

static void t_before_load(const char *of)
{
    name = of;
    if (is("before")) install();
}

static void die(void)
{
    static volatile int *volatile nowhere = (volatile int *)8;
    if (is("fault")) *nowhere = 1;
    if (is("abort")) abort();
    if (is("sent")) kill(getpid(), SIGABRT);
}

static void on_message(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    die();
}

static t_latch never = T_LATCH;

static int child(void)
{
    t_case_begins();
    CHECK(t_frames() > 0);
    if (is("after-load")) install();
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    ws_handle client = t_open_client(server, NULL);
    if (is("after-call")) install();
    if (!is("callback")) die();
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait(&never, 1);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc == 2) return child();
    static const char *const when[] = {"before", "after-load", "after-call"}, *const where[] = {"", "-callback"},
                      *const how[] = {"fault", "abort", "sent"}, *const stack[] = {"", "-onstack"};
    for (int i = 0; i < 3 * 2 * 3 * 2; i++) {
        char text[80], said[1000];
        if (t_by_queue() && i / 3 % 2) continue; /* the kit's thread blocks faults */
#if !defined(__GLIBC__)
        if (i / 3 % 2 && i % 3 == 1) continue; /* abort() of musl leaves SIGABRT blocked, as threads of the library have it */
#endif
        snprintf(text, sizeof text, "%s-%s%s%s", when[i / 12], how[i % 3], where[i / 3 % 2], stack[i / 6 % 2]);
        int status = t_case(argv[0], text, said), number = i % 3 ? SIGABRT : SIGSEGV;
        if (!WIFSIGNALED(status) || WTERMSIG(status) != number) FAIL("%s ends with %#x: %s", text, status, said);
        if (t_shared[0] != 1) FAIL("%s: the handler was called %d times: %s", text, t_shared[0], said);
        CHECK_EQ(t_shared[1], number);
        CHECK(t_shared[2] > 2);
        CHECK_TEXT(said, "");
    }
    return 0;
}
