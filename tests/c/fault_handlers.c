/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handlers of SIGSEGV, SIGFPE and SIGPIPE from before the library was loaded do what they do
 * without it: SA_RESETHAND, SA_NODEFER, SA_SIGINFO and the mask mean the same, signals that
 * are sent arrive, and without a handler the process ends by the signal, with nothing
 * printed. So it is outside of calls and inside a callback.
 */
#include "t_cases.h"

#include <setjmp.h>
#include <signal.h>

static const char *name;
static sigjmp_buf away;
static char *unmapped;

static int is(const char *what)
{
    return strstr(name, what) != NULL;
}

static int blocked(int number)
{
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    return sigismember(&mask, number) > 0;
}

static void fault(void)
{
    *(volatile char *)unmapped = 1;
}

static void plain(int number)
{
    t_shared[0]++;
    if (is("nested")) {
        if (t_shared[0] < 3) fault();
        siglongjmp(away, 1);
    }
    if (is("masked")) {
        CHECK_EQ(blocked(number), 1);
        CHECK_EQ(blocked(SIGUSR1), 1);
        CHECK_EQ(blocked(SIGCHLD), is("callback") != 0); /* a thread of the library blocks it always */
        siglongjmp(away, 1);
    }
    if (is("divided")) siglongjmp(away, 1);
}

static void informed(int number, siginfo_t *info, void *context)
{
    CHECK_EQ(number, SIGSEGV);
    CHECK(context != NULL);
    CHECK(info->si_addr == unmapped);
    t_shared[0]++;
    siglongjmp(away, 1);
}

static void t_before_load(const char *of)
{
    struct sigaction action = {.sa_handler = plain};
    name = of;
    if (!*of) return;
    if (is("once")) action.sa_flags = SA_RESETHAND;
    if (is("nodefer")) action.sa_flags |= SA_NODEFER;
    if (is("masked")) sigaddset(&action.sa_mask, SIGUSR1);
    if (is("informed")) {
        action.sa_sigaction = informed;
        action.sa_flags |= SA_SIGINFO;
    }
    if (is("default")) action.sa_handler = SIG_DFL;
    if (is("ignored")) action.sa_handler = SIG_IGN;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGFPE, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
}

static void write_to_nobody(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    close(ends[0]);
    CHECK_EQ(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

/* What the case is about. */
static void act(void)
{
    if (sigsetjmp(away, 1)) return;
    if (is("sent")) {
        CHECK_EQ(raise(SIGSEGV), 0);
        if (!is("callback")) CHECK_EQ(kill(getpid(), SIGSEGV), 0);
    } else if (is("divided")) {
        CHECK_EQ(raise(SIGFPE), 0);
        volatile int zero = 0;
        t_shared[1] = 1 / zero;
    } else if (is("pipe")) {
        write_to_nobody();
        write_to_nobody();
    } else {
        fault();
    }
}

static t_latch done = T_LATCH;

static void on_message(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    act();
    t_add(&done, 1);
}

static int child(void)
{
    t_case_begins();
    unmapped = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    ws_handle client = t_open_client(server, NULL);
    if (is("callback")) {
        OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
        t_wait(&done, 1);
    } else {
        act();
    }
    return t_done();
}

static void expect(char *program, const char *what, int calls, int number)
{
    char said[1000];
    int status = t_case(program, what, said);
    if (number ? !WIFSIGNALED(status) || WTERMSIG(status) != number : status) FAIL("%s ends with %#x, said %s", what, status, said);
    if (t_shared[0] != calls) FAIL("%s: the handler was called %d times, not %d", what, t_shared[0], calls);
    if (*said) FAIL("%s said %s", what, said);
}

int main(int argc, char **argv)
{
    if (argc == 2) return child();
    static const char *const places[] = {"", "-callback"};
    for (int i = 0; i < (t_by_queue() ? 1 : 2); i++) {
        char text[64];
#define EXPECT(what, calls, number) (snprintf(text, sizeof text, "%s%s", what, places[i]), expect(argv[0], text, calls, number))
        EXPECT("once", 1, SIGSEGV);
        EXPECT("once-nodefer-nested", 1, SIGSEGV);
        EXPECT("nodefer-nested", 3, 0);
        EXPECT("nested", 1, SIGSEGV);
        EXPECT("masked", 1, 0);
        EXPECT("informed", 1, 0);
        EXPECT("sent", i ? 1 : 2, 0);
        EXPECT("divided", 1, 0);
        EXPECT("default", 0, SIGSEGV);
        EXPECT("default-sent", 0, SIGSEGV);
        EXPECT("ignored-sent", 0, 0);
        EXPECT("ignored", 0, SIGSEGV);
        if (i) continue; /* threads of the library block SIGPIPE */
        EXPECT("once-pipe", 1, SIGPIPE);
        EXPECT("pipe", 2, 0);
        EXPECT("ignored-pipe", 0, 0);
    }
    return 0;
}
