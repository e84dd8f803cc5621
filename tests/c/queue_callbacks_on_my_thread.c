/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Callbacks of a client and a server that receive by queue run on the thread that
 * dispatches it, in order, and nowhere else; the descriptor is readable while
 * events wait.
 */
#include "t_queue.h"

static t_log at_client = T_LOG, at_server = T_LOG, completions = T_LOG;

static void all_on(t_log *log, pid_t thread)
{
    for (int i = 0; i < log->count; i++) CHECK_EQ(log->events[i]->thread, thread);
}

int main(void)
{
    ws_handle queue = t_queue_make(0, 0);
    CHECK_EQ(t_readable(queue, 0), 0);
    CHECK_EQ(t_dispatch(queue, 0), 0);

    ws_handle server = t_queue_server(queue, &at_server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    ws_handle client = t_queue_client(queue, &at_client);
    int mine;
    OK(ws_connect(client, t_url(server), NULL, t_record, &completions));
    CHECK_EQ(t_readable(queue, T_DEADLINE_MS), 1);
    CHECK_EQ(t_readable(queue, 0), 1); /* looking takes nothing away */
    CHECK_EQ(at_client.count + at_server.count + completions.count, 0);
    OK(ws_set_user_data(client, &mine));
    T_DISPATCH_UNTIL(queue, t_seen(&at_client, WS_EVENT_OPEN) && t_seen(&at_server, WS_EVENT_CONNECT));
    CHECK_EQ(t_seen(&completions, WS_EVENT_COMPLETION), 1);

    /* One event at a time. */
    for (int i = 0; i < 5; i++) OK(ws_send(client, "message", 7, WS_TEXT, NULL, NULL));
    size_t n;
    for (int i = 1; i <= 5; i++) {
        OK(ws_queue_dispatch(queue, 1, T_DEADLINE_MS, &n));
        CHECK_EQ(n, 1);
        CHECK_EQ(t_seen(&at_server, WS_EVENT_MESSAGE_RECEIVE) + t_seen(&at_client, WS_EVENT_MESSAGE), i);
    }
    T_DISPATCH_UNTIL(queue, t_seen(&at_client, WS_EVENT_MESSAGE) == 5);
    CHECK_EQ(t_dispatch(queue, 0), 0);
    CHECK_EQ(t_readable(queue, 0), 0);

    /* A wait ends with the first event, or with its time. */
    OK(ws_queue_dispatch(queue, 0, 1, &n));
    CHECK_EQ(n, 0);
    OK(ws_close(client, NULL, t_record, &completions));
    T_DISPATCH_UNTIL(queue, t_seen(&at_client, WS_EVENT_CLOSE) && t_seen(&at_server, WS_EVENT_CLOSE));
    CHECK_EQ(t_seen(&completions, WS_EVENT_COMPLETION), 2);
    CHECK_TEXT(t_story(&at_client), "open message message message message message close");

    OK(ws_destroy(client));
    OK(ws_server_destroy(server));
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_BUSY); /* their destroyed events are still to come */
    T_DISPATCH_UNTIL(queue, t_seen(&at_client, WS_EVENT_DESTROYED) && t_seen(&at_server, WS_EVENT_DESTROYED));
    pid_t me = gettid();
    all_on(&at_client, me);
    all_on(&at_server, me);
    all_on(&completions, me);
    OK(ws_queue_destroy(queue));
    CHECK_EQ(ws_queue_destroy(queue), WS_ERR_HANDLE);
    return t_done();
}
