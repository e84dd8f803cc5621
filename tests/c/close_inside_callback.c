/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_close inside a callback returns at once, for the connection itself and for
 * another one of the same batch: what was sent before goes out, what had arrived
 * is still delivered, the handshake ends in one close event.
 */
#include "t.h"

enum { FRAMES = 10 };

/* Writes FRAMES messages at once: one read, one batch. */
static void write_frames(t_raw *peer)
{
    unsigned char all[FRAMES * 20];
    size_t size = 0;
    for (int i = 0; i < FRAMES; i++) size += t_frame_build(all + size, T_TEXT, peer->masks, "message", 7);
    t_raw_write(peer, all, size);
}

static void close_now(ws_handle handle)
{
    OK(ws_send(handle, "before", 6, WS_TEXT, NULL, NULL));
    OK(ws_close(handle, NULL, NULL, NULL));
    int state = t_state(handle); /* behind a queue the peer may have answered already */
    CHECK(state == WS_STATE_CLOSING || (t_by_queue() && state == WS_STATE_CLOSED));
    CHECK_EQ(ws_send(handle, "after", 5, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    CHECK_EQ(ws_close(handle, NULL, NULL, NULL), WS_ERR_STATE);
}

static void close_at_third(const ws_event *e, void *count)
{
    if (++*(int *)count == 3) close_now(e->handle);
}

/* The peer's half of a closing handshake that libws has started. */
static void answer_close(t_raw *peer)
{
    t_raw_expect(peer, T_TEXT, "before", 6);
    CHECK_TEXT(t_raw_expect_close(peer, 1000), "CLOSE_NORMAL");
    t_raw_send_close(peer, 1000, "bye");
}

static void check_end(t_log *log, const char *story)
{
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1000);
    CHECK_TEXT(closed->reason, "bye");
    CHECK_EQ(closed->clean, 1);
    if (strstr(story, "destroyed")) t_wait_event(log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(log), story);
}

#define TEN(word) word " " word " " word " " word " " word " " word " " word " " word " " word " " word

static void own_accepted_connection(void)
{
    static t_log log = T_LOG;
    int count = 0;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, close_at_third, &count));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_frames(&peer);
    answer_close(&peer);
    t_raw_expect_end(&peer); /* RFC 6455 7.1.1: the server ends the TCP connection */
    t_raw_close(&peer);
    check_end(&log, "connect " TEN("receive") " close");
}

static void own_client(void)
{
    static t_log log = T_LOG;
    int count = 0, port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_MESSAGE, close_at_third, &count));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    write_frames(&peer);
    answer_close(&peer);
    t_raw_close(&peer);
    close(listener);
    check_end(&log, "open " TEN("message") " close");
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_destroy(client, &log);
}

/* The first of two connections to get a message closes the other. */
static ws_handle pair[2];
static int closed_index = -1;

static void close_other(const ws_event *e, void *unused)
{
    (void)unused;
    if (closed_index >= 0) return;
    closed_index = e->handle == pair[0];
    close_now(pair[closed_index]);
}

static void other_of_the_batch(void)
{
    static t_log log = T_LOG, of[2] = {T_LOG, T_LOG};
    static t_gate gate = T_GATE;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, close_other, NULL));
    t_raw peers[2];
    for (int i = 0; i < 2; i++) {
        t_raw_client(&peers[i], t_port(server));
        pair[i] = t_wait_event(&log, WS_EVENT_CONNECT, i + 1)->handle;
        t_listen(pair[i], &of[i]);
    }
    t_gate_close(&gate);
    for (int i = 0; i < 2; i++) write_frames(&peers[i]);
    for (int i = 0; i < 2; i++) t_raw_settle(&peers[i]);
    t_gate_open(&gate);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 2 * FRAMES);
    answer_close(&peers[closed_index]);
    t_raw_expect_end(&peers[closed_index]);
    t_raw_close(&peers[closed_index]);
    check_end(&of[closed_index], TEN("message") " close destroyed");
    t_wait_event(&of[!closed_index], WS_EVENT_MESSAGE, FRAMES);
    CHECK_TEXT(t_story(&of[!closed_index]), TEN("message"));
    t_raw_close(&peers[!closed_index]);
}

static void close_in_event(const ws_event *e, void *unused)
{
    (void)unused;
    close_now(e->handle);
}

/* In its very first event, too. */
static void in_connect_and_open(void)
{
    static t_log log = T_LOG, at_client = T_LOG;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_CONNECT, close_in_event, NULL));
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    CHECK_TEXT(t_wait_event(&at_client, WS_EVENT_CLOSE, 1)->reason, "CLOSE_NORMAL");
    CHECK_TEXT(t_story(&at_client), "open message close");
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&log), "connect close");

    t_forget(&log), t_forget(&at_client);
    OK(ws_server_off(server, WS_EVENT_CONNECT, close_in_event, NULL));
    OK(ws_on(client, WS_EVENT_OPEN, close_in_event, NULL));
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    CHECK_EQ(t_wait_event(&at_client, WS_EVENT_CLOSE, 1)->code, 1000);
    CHECK_TEXT(t_story(&at_client), "open close");
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&log), "connect receive close");
}

int main(void)
{
    own_accepted_connection();
    own_client();
    other_of_the_batch();
    in_connect_and_open();
    return t_done();
}
