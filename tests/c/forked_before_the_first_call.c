/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that forks before it has used the library, as a daemon does, has not lost it:
 * parent, child and the child's child each start it on their own. Calls that start nothing
 * do not count, also when another thread is in one of them while the process forks.
 */
#include "t.h"

#include <stdatomic.h>
#include <sys/wait.h>

enum { FORKS = 50 };

static void what_starts_nothing(void)
{
    ws_stats stats;
    size_t count;
    WS_INIT_STRUCT(&stats);
    CHECK_EQ(ws_version_number(), WS_VERSION_NUMBER);
    CHECK_EQ(ws_set_user_data(7, NULL), WS_ERR_HANDLE);
    CHECK_EQ(ws_queue_dispatch(7, 0, 0, &count), WS_ERR_HANDLE);
    CHECK_HAS(ws_last_error(), "queue");
    OK(ws_stats_get(&stats));
    OK(ws_network_changed());
    OK(ws_set_url_filter(NULL, NULL));
    CHECK_EQ(ws_set_log_level(WS_LOG_DEBUG), WS_ERR_STATE);
    CHECK_EQ((ws_create)(&(ws_create_options){.struct_size = 1}), 0);
}

static atomic_int over;

static void *ask_on(void *unused)
{
    while (!over) what_starts_nothing();
    return unused;
}

static int use(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    return t_done();
}

static void in_child(int (*body)(void))
{
    int status;
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        alarm(T_DEADLINE_MS / 1000); /* a child that hangs is killed */
        _exit(body());
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status)) FAIL("the child ended with status %#x", status);
}

static int fork_again(void)
{
    what_starts_nothing();
    in_child(use);
    return use();
}

/* Takes a lock that the other thread may have held. */
static int ask(void)
{
    what_starts_nothing();
    return 0;
}

int main(void)
{
    pthread_t thread;
    what_starts_nothing();
    in_child(fork_again);
    t_thread(&thread, ask_on, NULL);
    for (int i = 0; i < FORKS; i++) in_child(i % 10 ? ask : use);
    over = 1;
    t_join(thread);
    return use();
}
