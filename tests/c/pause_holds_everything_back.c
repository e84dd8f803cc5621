/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_pause inside a callback holds back the rest of the batch and what comes
 * after it, also the end of the connection; ws_resume brings it all, in order.
 * Other connections do not notice. A paused connection that was destroyed still
 * gets its close and its destroyed.
 */
#include "t.h"

enum { FRAMES = 8 };

static void write_numbers(t_raw *peer, int from)
{
    unsigned char all[FRAMES * 20];
    size_t size = 0;
    for (int i = from; i < from + FRAMES; i++) {
        char text[8];
        int n = snprintf(text, sizeof text, "%d", i);
        size += t_frame_build(all + size, T_TEXT, peer->masks, text, (size_t)n);
    }
    t_raw_write(peer, all, size);
}

static t_latch paused = T_LATCH;

/* Pauses at the messages "2" and "9". */
static void pause_sometimes(const ws_event *e, void *unused)
{
    (void)unused;
    if (strcmp(e->data, "2") && strcmp(e->data, "9")) return;
    OK(ws_pause(e->handle));
    OK(ws_pause(e->handle)); /* twice is no error */
    t_add(&paused, 1);
}

/* Something else that passes through the loop: what it had to deliver before is delivered. */
static void settle(ws_handle server)
{
    t_log log = T_LOG;
    ws_handle other = t_open_client(server, &log);
    for (int i = 1; i <= 3; i++) t_echo_round(other, &log, "other", 5, WS_TEXT, i);
    t_destroy(other, &log);
    t_forget(&log);
}

static void check_numbers(t_log *log, int count)
{
    for (int i = 0; i < count; i++) CHECK_EQ(atoi((char *)t_wait_event(log, WS_EVENT_MESSAGE, i + 1)->data), i);
}

/* how: 0 the peer closes, 1 it resets the connection, 2 it is destroyed while paused */
static void held(ws_handle echo, int how)
{
    t_log at_server = T_LOG, log = T_LOG;
    paused.count = 0;
    ws_handle server = t_server(NULL, &at_server);
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    ws_handle connection = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;
    t_listen(connection, &log);
    OK(ws_on(connection, WS_EVENT_MESSAGE, pause_sometimes, NULL));
    write_numbers(&peer, 0);
    t_wait(&paused, 1);
    write_numbers(&peer, FRAMES);
    if (how == 0) t_raw_send_close(&peer, 3000, "over");
    if (how == 1) t_raw_reset(&peer);
    settle(echo);
    CHECK_TEXT(t_story(&log), "message message message");
    if (how == 2) {
        OK(ws_destroy(connection));
        CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
        t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        CHECK_TEXT(t_story(&log), "message message message close destroyed");
    } else {
        OK(ws_resume(connection));
        t_wait(&paused, 2);
        settle(echo);
        if (how == 0) {
            CHECK_EQ(t_seen(&log, 0), 10);
            OK(ws_resume(connection));
            CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 3000);
            t_wait_event(&log, WS_EVENT_DESTROYED, 1);
            CHECK_EQ(t_seen(&log, WS_EVENT_MESSAGE), 2 * FRAMES);
        } else { /* a reset may take unread bytes with it, but nothing that was delivered comes late */
            ws_resume(connection);
            CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
            t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        }
        check_numbers(&log, t_seen(&log, WS_EVENT_MESSAGE));
    }
    if (how != 1) t_raw_close(&peer);
    t_log server_log = T_LOG;
    t_listen_server(server, &server_log);
    OK(ws_server_destroy(server));
    t_wait_event(&server_log, WS_EVENT_DESTROYED, 1);
    t_forget(&server_log);
    t_forget(&log);
    t_forget(&at_server);
}

/* Destroying the server of a paused connection ends both. */
static void server_of_a_paused_connection(void)
{
    t_log log = T_LOG;
    paused.count = 0;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, pause_sometimes, NULL));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    write_numbers(&peer, 0);
    t_wait(&paused, 1);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    CHECK_TEXT(t_story(&log), "connect receive receive receive close destroyed");
    t_raw_close(&peer);
    t_forget(&log);
}

int main(void)
{
    ws_handle echo = t_echo_server();
    for (int how = 0; how < 3; how++) held(echo, how);
    server_of_a_paused_connection();
    return t_done();
}
