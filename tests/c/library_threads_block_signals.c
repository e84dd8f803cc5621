/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library's threads block every signal that a host may handle or wait for,
 * so that none of its handlers ever runs there, and sigwait or signalfd of the
 * host misses nothing.
 */
#include "t.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

/* Every thread that is not the host's blocks what a host may handle. */
static void library_threads_block(void)
{
    static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT,   SIGUSR1,   SIGUSR2,  SIGPIPE,   SIGALRM, SIGTERM,
                                  SIGCHLD, SIGCONT, SIGTSTP,   SIGTTIN,   SIGTTOU,  SIGXCPU,   SIGXFSZ, SIGVTALRM,
                                  SIGPROF, SIGIO,   SIGWINCH,  SIGPWR};
    int checked = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks);
    for (struct dirent *d; (d = readdir(tasks));) {
        pid_t thread = atoi(d->d_name);
        if (!thread || thread == gettid()) continue;
        char path[64], line[256];
        unsigned long long blocked = 0;
        snprintf(path, sizeof path, "/proc/self/task/%d/status", thread);
        FILE *status = fopen(path, "r");
        if (!status) continue; /* it has just ended */
        while (fgets(line, sizeof line, status)) sscanf(line, "SigBlk: %llx", &blocked);
        fclose(status);
        for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
            if (!(blocked >> (signals[i] - 1) & 1)) FAIL("thread %d does not block signal %d", thread, signals[i]);
        checked++;
    }
    closedir(tasks);
    CHECK(checked >= 2);
}

/* A host that blocks SIGCHLD and takes it by sigwait gets it for every child. */
static void sigwait_gets_every_child(void)
{
    sigset_t child;
    struct timespec limit = {.tv_sec = T_DEADLINE_MS / 1000};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    CHECK_EQ(pthread_sigmask(SIG_BLOCK, &child, NULL), 0);
    for (int i = 0; i < 20; i++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (!pid) _exit(0);
        siginfo_t info; /* it has ended, and the signal is waiting for whoever takes it */
        CHECK_EQ(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
        int got;
        while ((got = sigtimedwait(&child, NULL, &limit)) < 0 && errno == EINTR) {}
        CHECK_EQ(got, SIGCHLD);
        CHECK_EQ(waitpid(pid, NULL, 0), pid);
    }
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    t_echo_round(client, &log, "working", 7, WS_TEXT, 1);
    library_threads_block();
    sigwait_gets_every_child();
    return t_done();
}
