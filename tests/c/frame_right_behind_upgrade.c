/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames that come right behind the upgrade, in the same segment or torn into
 * single bytes, are delivered, after connect or open, to listeners that were
 * added in that event.
 */
#include "t.h"

enum { FRAMES = 3 };

static void listen_now(const ws_event *e, void *log)
{
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, t_record, log));
    OK(ws_on(e->handle, WS_EVENT_CLOSE, t_record, log));
}

/* text with three messages and a Close frame behind it, as one piece. */
static size_t build(unsigned char *out, const char *text, int masked)
{
    size_t size = strlen(text);
    memcpy(out, text, size);
    size += t_frame_build(out + size, T_TEXT, masked, "first", 5);
    size += t_frame_build(out + size, 0x02, masked, "sec", 3);
    size += t_frame_build(out + size, T_CONT, masked, "ond", 3);
    size += t_frame_build(out + size, T_TEXT, masked, "", 0);
    return size + t_frame_build(out + size, T_CLOSE, masked, "\x0b\xb8" "end", 5);
}

static void check(t_log *log, const char *story)
{
    static const char *const texts[FRAMES] = {"first", "second", ""};
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(log), story);
    for (int i = 0; i < FRAMES; i++) {
        const t_event *e = t_wait_event(log, WS_EVENT_MESSAGE, i + 1);
        CHECK_TEXT((const char *)e->data, texts[i]);
        CHECK_EQ(e->message_type, i == 1 ? WS_BINARY : WS_TEXT);
    }
    CHECK_EQ(closed->code, 3000);
    CHECK_TEXT(closed->reason, "end");
    t_forget(log);
}

static void server_side(size_t piece)
{
    static t_log log = T_LOG, at_server = T_LOG;
    unsigned char all[2000];
    ws_handle server = t_server(NULL, &at_server);
    OK(ws_server_on(server, WS_EVENT_CONNECT, listen_now, &log));
    t_raw peer;
    t_raw_dial(&peer, t_port(server));
    size_t size = build(all, T_REQUEST, 1);
    for (size_t at = 0; at < size; at += piece) t_raw_write(&peer, all + at, piece < size - at ? piece : size - at);
    CHECK_HAS(t_raw_head(&peer), " 101 ");
    t_raw_expect_close(&peer, 3000);
    t_raw_close(&peer);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&at_server), "connect receive receive receive close");
    check(&log, "message message message close");
    t_forget(&at_server);
}

static void client_side(size_t piece)
{
    static t_log log = T_LOG;
    unsigned char all[2000];
    int port, listener = t_raw_listen(&port);
    ws_handle client = ws_create(NULL);
    OK(ws_on(client, WS_EVENT_OPEN, t_record, &log));
    OK(ws_on(client, WS_EVENT_OPEN, listen_now, &log));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    size_t size = build(all, t_raw_answer(&peer), 0);
    for (size_t at = 0; at < size; at += piece) t_raw_write(&peer, all + at, piece < size - at ? piece : size - at);
    t_raw_expect_close(&peer, 3000);
    t_raw_close(&peer);
    close(listener);
    check(&log, "open message message message close");
}

int main(void)
{
    server_side(10000); /* all in one write */
    server_side(1);
    client_side(10000);
    client_side(1);
    return t_done();
}
