/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's signal handlers run on the host's threads only, whether they were
 * installed before the library was loaded or after, with SA_ONSTACK or without, also
 * under traffic; loading
 * leaves the caller's signal mask as it was.
 */
#include "t.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

static sem_t handled;
static atomic_int handler_thread;

static void handler(int number)
{
    (void)number;
    int kept = errno;
    handler_thread = gettid();
    sem_post(&handled);
    errno = kept;
}

static void install(int number, int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART | flags};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* Runs before the constructors of any library: before the Go runtime starts. */
static void before_load(int argc, char **argv, char **environment)
{
    (void)argc, (void)argv, (void)environment;
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    install(SIGUSR1, 0);
    install(SIGHUP, SA_ONSTACK);
}
T_FIRST(before_load);

static void mask_is_unchanged(void)
{
    sigset_t mask;
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    for (int s = 1; s < NSIG; s++) CHECK_EQ(sigismember(&mask, s) > 0, s == SIGUSR2);
}

static t_latch ready = T_LATCH;
static sem_t stop;
static pid_t catcher_thread;

/* The only thread of the host that takes signals. */
static void *catcher(void *unused)
{
    sigset_t none;
    sigemptyset(&none);
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, &none, NULL), 0);
    catcher_thread = gettid();
    t_add(&ready, 1);
    while (sem_wait(&stop)) {} /* interrupted by each of them */
    return unused;
}

static void bounce(const ws_event *e, void *unused)
{
    (void)unused;
    ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
}

static void wait_handled(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += T_DEADLINE_MS / 1000;
    int failed;
    while ((failed = sem_timedwait(&handled, &end)) && errno == EINTR) {}
    CHECK_EQ(failed, 0);
    CHECK_EQ(handler_thread, catcher_thread);
}

int main(void)
{
    mask_is_unchanged();
    sem_init(&handled, 0, 0);
    sem_init(&stop, 0, 0);
    install(SIGALRM, 0); /* after load */
    install(SIGWINCH, SA_ONSTACK);
    ws_handle server = t_echo_server();
    mask_is_unchanged(); /* starting the library leaves it alone, too */

    pthread_t thread;
    sigset_t all;
    sigfillset(&all);
    t_thread(&thread, catcher, NULL);
    CHECK_EQ(pthread_sigmask(SIG_SETMASK, &all, NULL), 0);
    t_wait(&ready, 1);

    for (int i = 0; i < 8; i++) { /* traffic that never ends */
        ws_handle client = t_open_client(server, NULL);
        OK(ws_on(client, WS_EVENT_MESSAGE, bounce, NULL));
        OK(ws_send(client, "to and fro", 10, WS_TEXT, NULL, NULL));
    }
    for (int i = 0; i < 1000; i++) { /* to the process: the kernel takes any thread that does not block it */
        static const int numbers[] = {SIGUSR1, SIGALRM, SIGHUP, SIGWINCH};
        CHECK_EQ(kill(getpid(), numbers[i % 4]), 0);
        wait_handled();
    }
    struct itimerval every = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    CHECK_EQ(setitimer(ITIMER_REAL, &every, NULL), 0);
    for (int i = 0; i < 200; i++) wait_handled();
    CHECK_EQ(setitimer(ITIMER_REAL, &never, NULL), 0);
    sem_post(&stop);
    t_join(thread);
    return t_done();
}
