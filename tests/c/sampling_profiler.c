/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profiler that the host starts after the load: a handler of SIGPROF without SA_ONSTACK,
 * which walks the stack. It samples threads of the host only.
 */
#include "t_busy.h"
#include "t_stack.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

enum { SAMPLES = 150 };

static volatile sig_atomic_t samples;
static atomic_int elsewhere;
static _Thread_local int mine;

static void sample(int number)
{
    (void)number;
    int before = errno;
    if (!mine) elsewhere++;
    if (t_frames() > 0) samples = samples + 1;
    errno = before;
}

static volatile int stop;

static void *other(void *busy)
{
    mine = 1;
    while (!stop) t_busy_once(busy);
    return NULL;
}

int main(void)
{
    static t_busy here, there;
    pthread_t thread;
    sigset_t profiled;
    sigemptyset(&profiled);
    sigaddset(&profiled, SIGPROF);
    mine = 1;
    CHECK(t_frames() > 0); /* loads what it needs, which a handler must not */
    t_busy_begin(&here);
    t_busy_begin(&there);
    t_thread(&thread, other, &there);
    struct sigaction action = {.sa_handler = sample, .sa_flags = SA_RESTART};
    sigaction(SIGPROF, &action, NULL);
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    CHECK_EQ(setitimer(ITIMER_PROF, &often, NULL), 0);
    while (samples < SAMPLES) t_busy_once(&here);
    CHECK_EQ(setitimer(ITIMER_PROF, &never, NULL), 0);
    stop = 1;
    t_join(thread);
    CHECK_EQ(elsewhere, 0);
    t_busy_end(&here);
    t_busy_end(&there);
    return t_done();
}
