/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_abort ends a connection at once: no Close frame, completions fail with
 * WS_ERR_CANCELLED, close has code 1006. It works while connecting, open, closing and
 * paused, on accepted connections too; a client can connect again.
 */
#include "t_client.h"

static int port, listener;

/* The handle is as good as new. */
static void connects_again(ws_handle client, t_log *log)
{
    t_raw peer;
    t_forget(log);
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_EQ(t_buffered(client), 0);
    CHECK_EQ(ws_abort(client), WS_ERR_STATE);
    t_meet(client, NULL, listener, port, &peer);
    t_raw_send(&peer, T_TEXT, "hello", 5);
    t_wait_event(log, WS_EVENT_MESSAGE, 1);
    CHECK_TEXT(t_story(log), "open message");
    t_raw_close(&peer);
    t_wait_event(log, WS_EVENT_CLOSE, 1);
    t_destroy(client, log);
    CHECK_EQ(ws_abort(client), WS_ERR_HANDLE);
    t_forget(log);
}

static void while_connecting(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_client(&log);
    CHECK_EQ(ws_abort(client), WS_ERR_STATE);
    OK(ws_connect(client, t_url_of_port(port), NULL, t_record, &log));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    OK(ws_abort(client));
    const t_event *e = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(e->operation, WS_OP_CONNECT);
    CHECK_EQ(e->error, WS_ERR_CANCELLED);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->error, WS_ERR_CANCELLED);
    CHECK_TEXT(t_story(&log), "connect-done error");
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    connects_again(client, &log);
}

static void while_open(void)
{
    enum { SIZE = 1 << 20, COUNT = 12 };
    t_log log = T_LOG;
    t_raw peer;
    char *data = t_bytes(SIZE, 3, 0);
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    for (int i = 0; i < COUNT; i++) OK(ws_send(client, data, SIZE, WS_BINARY, NULL, NULL));
    OK(ws_send(client, "never", 5, WS_TEXT, t_record, &log));
    OK(ws_abort(client));
    CHECK_EQ(ws_send(client, "late", 4, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    const t_event *sent = t_wait_event(&log, WS_EVENT_COMPLETION, 1), *close = t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(sent->operation, WS_OP_SEND);
    CHECK_EQ(sent->error, WS_ERR_CANCELLED);
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->clean, 0);
    CHECK_TEXT(t_story(&log), "open send-done close");
    t_raw_close(&peer);
    free(data);
    connects_again(client, &log);

    client = t_client(&log); /* Nothing waits: the peer sees the end, and no Close frame. */
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_abort(client));
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    connects_again(client, &log);
}

static void while_closing(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_close(client, NULL, t_record, &log));
    t_raw_expect_close(&peer, 1000); /* and is not answered */
    CHECK_EQ(t_state(client), WS_STATE_CLOSING);
    OK(ws_abort(client));
    const t_event *closed = t_wait_event(&log, WS_EVENT_COMPLETION, 1), *close = t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->operation, WS_OP_CLOSE);
    CHECK_EQ(closed->error, WS_ERR_CANCELLED);
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->clean, 0);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    connects_again(client, &log);
}

/* What the pause holds back stays held; the completion does not. */
static void while_paused(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_pause(client));
    OK(ws_close(client, NULL, t_record, &log));
    t_raw_expect_close(&peer, 1000);
    OK(ws_abort(client));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CANCELLED);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), 0);
    OK(ws_resume(client));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
    connects_again(client, &log);
}

static void WS_CALL abort_it(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_abort(e->handle));
    CHECK_EQ(ws_send(e->handle, "late", 4, WS_TEXT, NULL, NULL), WS_ERR_STATE);
}

static void of_a_server(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle server = t_server(NULL, &log);
    t_raw_client(&peer, t_port(server));
    ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_abort(accepted));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    T_UNTIL_SO(ws_abort(accepted) == WS_ERR_NO_CONNECTION);

    /* Inside a callback: the second message of the batch may still come, the close only once. */
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, abort_it, NULL));
    t_raw_client(&peer, t_port(server));
    t_raw_send(&peer, T_TEXT, "abort", 5);
    const t_event *close = t_wait_event(&log, WS_EVENT_CLOSE, 2);
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->server, server);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), 2);
}

int main(void)
{
    listener = t_raw_listen(&port);
    while_connecting();
    while_open();
    while_closing();
    while_paused();
    of_a_server();
    close(listener);
    return t_done();
}
