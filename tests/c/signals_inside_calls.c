/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handlers that interrupt a thread of the host deep inside of its calls, thousands of times,
 * with and without SA_ONSTACK, from before the load and later: they run on a stack with room
 * for them, and nothing is damaged.
 */
#include "t_busy.h"
#include "t_cases.h"

#include <signal.h>
#include <sys/time.h>

enum { ENOUGH = 400, DEEP = 24 << 10 };

static volatile sig_atomic_t handled;

/* As much stack as a handler may well use; none of it is left as it was. */
static void deep(int number)
{
    (void)number;
    volatile char room[DEEP];
    for (size_t i = 0; i < sizeof room; i++) room[i] = (char)0xee;
    handled = handled + 1;
}

static void install(int flags)
{
    struct sigaction action = {.sa_handler = deep, .sa_flags = flags};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGURG, &action, NULL);
}

static int flags_of(const char *name)
{
    return SA_RESTART | (strstr(name, "onstack") ? SA_ONSTACK : 0);
}

static void t_before_load(const char *name)
{
    if (strstr(name, "before")) install(flags_of(name));
}

static volatile int stop;

/* Another thread of the host, which is sent signals one by one. */
static void *other(void *busy)
{
    while (!stop) t_busy_once(busy);
    return NULL;
}

static int child(const char *name)
{
    static t_busy mine, others;
    pthread_t thread;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    t_busy_begin(&mine);
    t_busy_begin(&others);
    t_thread(&thread, other, &others);
    if (!strstr(name, "before")) install(flags_of(name));
    struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    for (int i = 0; handled < ENOUGH || i < ENOUGH; i++) {
        t_busy_once(&mine);
        pthread_kill(thread, i % 2 ? SIGALRM : SIGURG);
    }
    CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
    stop = 1;
    t_join(thread);
    t_busy_end(&mine);
    t_busy_end(&others);
    return t_done();
}

int main(int argc, char **argv)
{
    if (argc == 2) return child(argv[1]);
    static const char *const names[] = {"after", "before", "after-onstack", "before-onstack"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char said[1000];
        int status = t_case(argv[0], names[i], said);
        if (status || *said) FAIL("%s ends with %#x: %s", names[i], status, said);
    }
    return 0;
}
