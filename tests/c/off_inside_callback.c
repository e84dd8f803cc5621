/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After ws_off inside a callback what was removed is not called again, although
 * the batch that is being delivered holds more messages; the others are.
 */
#include "t.h"

enum { FRAMES = 10 };

static void write_frames(t_raw *peer)
{
    unsigned char all[FRAMES * 20];
    size_t size = 0;
    for (int i = 0; i < FRAMES; i++) size += t_frame_build(all + size, T_TEXT, peer->masks, "message", 7);
    t_raw_write(peer, all, size);
}

/* Counts its calls; at the third it removes this listener of the connection. */
typedef struct listener {
    int calls;
    ws_callback remove;
    void *user_data;
} listener;

static void count(const ws_event *e, void *user_data)
{
    listener *l = user_data;
    if (++l->calls == 3 && l->remove) OK(ws_off(e->handle, WS_EVENT_MESSAGE, l->remove, l->user_data));
}

static listener itself = {0, count, &itself};
static listener later;
static listener removes_later = {0, count, &later};
static listener stays;

static void add_listeners(const ws_event *e, void *unused)
{
    (void)unused;
    listener *in_order[] = {&itself, &removes_later, &later, &stays};
    for (int i = 0; i < 4; i++) OK(ws_on(e->handle, WS_EVENT_MESSAGE, count, in_order[i]));
}

static void own_connection(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_CONNECT, add_listeners, NULL));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, FRAMES); /* the server's listeners come last */
    CHECK_EQ(itself.calls, 3);
    CHECK_EQ(removes_later.calls, FRAMES);
    CHECK_EQ(later.calls, 2); /* not even in the event that is under way */
    CHECK_EQ(stays.calls, FRAMES);
    t_raw_close(&peer);
}

/* NULL removes all listeners of the event, the caller among them. */
static void remove_all(const ws_event *e, void *calls)
{
    if (++*(int *)calls == 3) OK(ws_off(e->handle, WS_EVENT_MESSAGE, NULL, NULL));
}

static void all_of_a_client(void)
{
    static t_log log = T_LOG;
    static t_latch ends = T_LATCH;
    int calls = 0, port, listener_fd = t_raw_listen(&port);
    ws_handle client = t_client(NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, remove_all, &calls));
    OK(ws_on(client, WS_EVENT_MESSAGE, t_record, &log));
    OK(ws_on(client, WS_EVENT_CLOSE, t_tick, &ends)); /* another event: stays */
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener_fd);
    write_frames(&peer);
    t_raw_send_close(&peer, 1000, "");
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);
    t_wait(&ends, 1);
    CHECK_EQ(calls, 3);
    CHECK_EQ(t_seen(&log, WS_EVENT_MESSAGE), 2);
    close(listener_fd);
}

/* The first of two connections to get a message silences the other one of the batch. */
static ws_handle pair[2];
static int heard[2], silenced = -1;

static void silence_other(const ws_event *e, void *unused)
{
    (void)unused;
    heard[e->handle == pair[1]]++;
    if (silenced >= 0) return;
    silenced = e->handle == pair[0];
    OK(ws_off(pair[silenced], WS_EVENT_MESSAGE, silence_other, NULL));
}

static void other_of_the_batch(void)
{
    static t_log log = T_LOG;
    static t_gate gate = T_GATE;
    ws_handle server = t_server(NULL, &log);
    t_raw peers[2];
    for (int i = 0; i < 2; i++) {
        t_raw_client(&peers[i], t_port(server));
        pair[i] = t_wait_event(&log, WS_EVENT_CONNECT, i + 1)->handle;
        OK(ws_on(pair[i], WS_EVENT_MESSAGE, silence_other, NULL));
    }
    t_gate_close(&gate);
    for (int i = 0; i < 2; i++) write_frames(&peers[i]);
    for (int i = 0; i < 2; i++) t_raw_settle(&peers[i]);
    t_gate_open(&gate);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 2 * FRAMES);
    CHECK_EQ(heard[silenced], 0);
    CHECK_EQ(heard[!silenced], FRAMES);
    for (int i = 0; i < 2; i++) t_raw_close(&peers[i]);
}

static void leave_server(const ws_event *e, void *calls)
{
    if (++*(int *)calls == 3) OK(ws_server_off(e->server, WS_EVENT_MESSAGE_RECEIVE, leave_server, calls));
}

static void listener_of_a_server(void)
{
    static t_log log = T_LOG;
    int calls = 0;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, leave_server, &calls));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_record, &log));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, FRAMES);
    CHECK_EQ(calls, 3);
    t_raw_close(&peer);
}

/* The only listener makes way for another one in the middle of a batch. */
static t_log successor = T_LOG;

static void make_way(const ws_event *e, void *calls)
{
    if (++*(int *)calls < 3) return;
    OK(ws_server_off(e->server, WS_EVENT_MESSAGE_RECEIVE, make_way, calls));
    OK(ws_server_on(e->server, WS_EVENT_MESSAGE_RECEIVE, t_record, &successor));
}

static void only_listener_of_a_server(void)
{
    int calls = 0;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, make_way, &calls));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    t_wait_event(&successor, WS_EVENT_MESSAGE_RECEIVE, FRAMES - 3);
    CHECK_EQ(calls, 3);
    t_raw_close(&peer);
}

int main(void)
{
    own_connection();
    all_of_a_client();
    other_of_the_batch();
    listener_of_a_server();
    only_listener_of_a_server();
    return t_done();
}
