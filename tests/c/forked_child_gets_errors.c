/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In the child of a process that has used the library every function returns
 * WS_ERR_FORKED at once, instead of waiting for threads that do not exist there; the
 * parent goes on.
 */
#include "t_every.h"

#include <sys/wait.h>

static int in_child(ws_handle client, ws_handle server)
{
    t_every_connection_call(client, WS_ERR_FORKED, 1);
    t_every_server_call(server, WS_ERR_FORKED);
    t_every_common_call(client, WS_ERR_FORKED);
    t_every_call(0, WS_ERR_FORKED); /* before anything else is looked at */
    CHECK_EQ(ws_create(NULL), 0);
    CHECK_HAS(ws_last_error(), "fork");
    CHECK_EQ(ws_server_create(NULL), 0);
    CHECK_HAS(ws_last_error(), "fork");
    CHECK_EQ(ws_init(NULL), WS_ERR_FORKED);
    CHECK_EQ(ws_shutdown_wait(-1), WS_ERR_FORKED);
    /* What touches nothing works. */
    CHECK_EQ(ws_version_number(), WS_VERSION_NUMBER);
    CHECK_EQ(ws_abi_version(), WS_ABI_VERSION);
    CHECK_EQ(ws_has_feature("client"), 1);
    CHECK(ws_strerror(WS_ERR_FORKED)[0]);
    return 42;
}

/* Forks from this thread; the child has T_DEADLINE_MS. */
static void fork_once(ws_handle client, ws_handle server)
{
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        alarm(T_DEADLINE_MS / 1000); /* a child that hangs is killed */
        _exit(in_child(client, server));
    }
    int status;
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_EQ(WEXITSTATUS(status), 42);
}

static ws_handle server;

static void fork_here(const ws_event *e, void *log)
{
    if (e->size == 4) fork_once(e->handle, server);
    t_record(e, log);
}

int main(void)
{
    static t_log log = T_LOG, in_callback = T_LOG;
    server = t_echo_server();
    ws_handle client = t_open_client(server, &log);
    fork_once(client, server);
    t_echo_round(client, &log, "still here", 10, WS_TEXT, 1);

    OK(ws_on(client, WS_EVENT_MESSAGE, fork_here, &in_callback)); /* inside a callback, too */
    t_echo_round(client, &log, "fork", 4, WS_TEXT, 2);
    t_wait_event(&in_callback, WS_EVENT_MESSAGE, 1);
    t_echo_round(client, &log, "and here", 8, WS_TEXT, 3);
    return t_done();
}
