/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_destroy inside a callback returns at once and makes the handle stale. Of
 * that connection comes only what it announces: one close with 1006, then
 * destroyed, although the batch that is being delivered holds more messages.
 */
#include "t.h"

enum { FRAMES = 10, PEERS = 3 };

static void write_frames(t_raw *peer)
{
    unsigned char all[FRAMES * 20];
    size_t size = 0;
    for (int i = 0; i < FRAMES; i++) size += t_frame_build(all + size, T_TEXT, peer->masks, "message", 7);
    t_raw_write(peer, all, size);
}

static void destroy_now(ws_handle handle)
{
    OK(ws_destroy(handle));
    CHECK_EQ(ws_destroy(handle), t_stale(handle));
    CHECK_EQ(ws_send(handle, "x", 1, WS_TEXT, NULL, NULL), t_stale(handle));
    int32_t state;
    CHECK_EQ(ws_state(handle, &state), t_stale(handle));
}

static void destroy_at_third(const ws_event *e, void *calls)
{
    if (++*(int *)calls == 3) destroy_now(e->handle);
}

static void check_end(t_log *log, const char *story)
{
    t_wait_event(log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(log), story);
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1006);
    CHECK_EQ(closed->clean, 0);
}

/* The recorder is the first listener of two, so that it sees the third message,
 * or the last, so that it does not. */
static void own_client(int first)
{
    t_log log = T_LOG;
    int calls = 0, port, listener = t_raw_listen(&port);
    ws_handle client = ws_create(NULL);
    if (first) t_listen(client, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, destroy_at_third, &calls));
    if (!first) t_listen(client, &log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    write_frames(&peer);
    check_end(&log, first ? "open message message message close destroyed" : "open message message close destroyed");
    CHECK_EQ(calls, 3);
    t_raw_close(&peer);
    close(listener);
    t_forget(&log);
}

static void own_accepted_connection(void)
{
    static t_log log = T_LOG;
    int calls = 0;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, destroy_at_third, &calls));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
    CHECK_TEXT(t_story(&log), "connect receive receive receive close");
    CHECK_EQ(calls, 3);
    t_raw_close(&peer);
}

/* The first of three connections to get a message destroys the others of the
 * batch, or the whole server. */
static ws_handle peers_handles[PEERS];
static int whole_server;
static ws_handle survivor;
static t_latch chosen = T_LATCH;

static void destroy_others(const ws_event *e, void *unused)
{
    (void)unused;
    if (survivor) return;
    survivor = e->handle;
    if (whole_server) OK(ws_server_destroy(e->server));
    for (int i = 0; !whole_server && i < PEERS; i++)
        if (peers_handles[i] != survivor) destroy_now(peers_handles[i]);
    t_add(&chosen, 1);
}

static void others_of_the_batch(void)
{
    static t_gate gate = T_GATE;
    static t_log logs[2] = {T_LOG, T_LOG}, ofs[2][PEERS] = {{T_LOG, T_LOG, T_LOG}, {T_LOG, T_LOG, T_LOG}};
    t_log *log = &logs[whole_server], *of = ofs[whole_server];
    survivor = 0;
    chosen.count = 0;
    ws_handle server = t_server(NULL, log);
    t_raw peers[PEERS];
    for (int i = 0; i < PEERS; i++) {
        t_raw_client(&peers[i], t_port(server));
        peers_handles[i] = t_wait_event(log, WS_EVENT_CONNECT, i + 1)->handle;
        t_listen(peers_handles[i], &of[i]);
        OK(ws_on(peers_handles[i], WS_EVENT_MESSAGE, destroy_others, NULL));
    }
    t_gate_close(&gate);
    for (int i = 0; i < PEERS; i++) write_frames(&peers[i]);
    for (int i = 0; i < PEERS; i++) t_raw_settle(&peers[i]);
    t_gate_open(&gate);
    t_wait(&chosen, 1);
    for (int i = 0; i < PEERS; i++) {
        if (peers_handles[i] != survivor) {
            check_end(&of[i], "close destroyed");
        } else if (whole_server) {
            check_end(&of[i], "message close destroyed");
        } else {
            t_wait_event(&of[i], WS_EVENT_MESSAGE, FRAMES);
            CHECK_EQ(t_seen(&of[i], 0), FRAMES);
        }
    }
    if (whole_server) {
        t_wait_event(log, WS_EVENT_DESTROYED, 1);
        CHECK_TEXT(t_story(log), "connect connect connect close close close destroyed");
    }
    for (int i = 0; i < PEERS; i++) t_raw_close(&peers[i]);
}

static void destroy_server(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_server_destroy(e->server));
}

/* An upgrade request in the batch in which the server is destroyed: connect and close, or neither. */
static void server_with_a_request_under_way(void)
{
    static t_gate gate = T_GATE;
    static t_log log = T_LOG;
    t_raw talking, arriving;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, destroy_server, NULL));
    t_raw_client(&talking, t_port(server));
    t_raw_dial(&arriving, t_port(server));
    t_raw_text(&arriving, "GET"); /* accepted before the gate closes: the loop's rounds come in order */
    t_raw_send(&talking, T_PING, "", 0);
    t_raw_expect(&talking, T_PONG, "", 0);
    t_gate_close(&gate);
    t_raw_send(&talking, T_TEXT, "end", 3);
    t_raw_text(&arriving, &T_REQUEST[3]);
    t_raw_settle(&talking);
    t_raw_settle(&arriving);
    t_gate_open(&gate);
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_EQ(t_seen(&log, WS_EVENT_CONNECT), t_seen(&log, WS_EVENT_CLOSE));
    CHECK_EQ(log.events[log.count - 1]->type, WS_EVENT_DESTROYED);
    t_raw_close(&talking);
    t_raw_close(&arriving);
}

static void destroy_in_event(const ws_event *e, void *unused)
{
    (void)unused;
    destroy_now(e->handle);
}

/* In every other event: the recorder is the first listener. */
static void in_other_events(void)
{
    t_log log = T_LOG;
    ws_handle server = t_echo_server(), client = t_client(&log);
    OK(ws_on(client, WS_EVENT_OPEN, destroy_in_event, NULL));
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    check_end(&log, "open close destroyed");
    t_forget(&log);

    client = t_open_client(server, &log);
    OK(ws_on(client, WS_EVENT_CLOSE, destroy_in_event, NULL));
    OK(ws_close(client, NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&log), "open close destroyed");
    t_forget(&log);

    client = t_client(&log); /* nobody listens on port 1 of this address */
    OK(ws_on(client, WS_EVENT_ERROR, destroy_in_event, NULL));
    OK(ws_connect(client, "ws://127.0.0.1:1/", NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&log), "error destroyed");
    t_forget(&log);

    client = t_client(&log); /* before open, so open is not delivered, and no close either */
    OK(ws_connect(client, t_url(server), NULL, destroy_in_event, NULL));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&log), "destroyed");
    t_forget(&log);
}

int main(void)
{
    own_client(1);
    own_client(0);
    own_accepted_connection();
    others_of_the_batch();
    whole_server = 1;
    others_of_the_batch();
    server_with_a_request_under_way();
    in_other_events();
    return t_done();
}
