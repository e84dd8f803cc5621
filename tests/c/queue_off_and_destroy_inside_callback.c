/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After ws_off or ws_destroy inside a callback nothing that was removed is called
 * again, although its events wait in the queue; what ws_destroy announces comes.
 */
#include "t_queue.h"

enum { FRAMES = 40 };

static t_log of_connection = T_LOG, of_server = T_LOG;
static int calls;

static void write_frames(t_raw *peer)
{
    unsigned char all[FRAMES * 20];
    size_t size = 0;
    for (int i = 0; i < FRAMES; i++) size += t_frame_build(all + size, T_TEXT, 1, "message", 7);
    t_raw_write(peer, all, size);
}

static void off_at_third(const ws_event *e, void *user_data)
{
    if (++calls == 3) OK(ws_off(e->handle, WS_EVENT_MESSAGE, off_at_third, user_data));
}

static void destroy_at_third(const ws_event *e, void *unused)
{
    (void)unused;
    if (++calls < 3) return;
    OK(ws_destroy(e->handle));
    CHECK_EQ(ws_destroy(e->handle), t_stale(e->handle));
}

static void destroy_server(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_server_destroy(e->server));
}

static void add(const ws_event *e, void *callback)
{
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, (ws_callback)callback, NULL));
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, t_record, &of_connection));
    OK(ws_on(e->handle, WS_EVENT_CLOSE, t_record, &of_connection));
    OK(ws_on(e->handle, WS_EVENT_DESTROYED, t_record, &of_connection));
}

int main(void)
{
    ws_handle queue = t_queue_make(0, 0), server = t_queue_server(queue, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, add, off_at_third));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    T_DISPATCH_UNTIL(queue, t_seen(&of_connection, WS_EVENT_MESSAGE) == FRAMES);
    CHECK_EQ(calls, 3);
    t_raw_close(&peer);
    T_DISPATCH_UNTIL(queue, t_seen(&of_connection, WS_EVENT_DESTROYED));

    calls = 0;
    t_forget(&of_connection);
    OK(ws_server_off(server, WS_EVENT_CONNECT, add, off_at_third));
    OK(ws_server_on(server, WS_EVENT_CONNECT, add, destroy_at_third));
    t_listen_server(server, &of_server);
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    T_DISPATCH_UNTIL(queue, t_seen(&of_connection, WS_EVENT_DESTROYED));
    CHECK_EQ(calls, 3);
    CHECK_TEXT(t_story(&of_connection), "message message close destroyed");
    CHECK_EQ(t_wait_event(&of_connection, WS_EVENT_CLOSE, 1)->code, 1006);
    CHECK_TEXT(t_story(&of_server), "connect receive receive close");
    t_raw_close(&peer);

    /* A server that is destroyed inside a callback silences its connections. */
    t_forget(&of_connection);
    t_forget(&of_server);
    OK(ws_server_off(server, WS_EVENT_CONNECT, add, destroy_at_third));
    OK(ws_server_on(server, WS_EVENT_CONNECT, add, destroy_server));
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    T_DISPATCH_UNTIL(queue, t_seen(&of_server, WS_EVENT_DESTROYED));
    CHECK_TEXT(t_story(&of_connection), "close destroyed");
    CHECK_TEXT(t_story(&of_server), "connect close destroyed");
    t_raw_close(&peer);
    OK(ws_queue_destroy(queue));
    return t_done();
}
