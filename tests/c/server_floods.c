/* SPDX-License-Identifier: Apache-2.0 */
/*
 * max_control_frames and max_fragments: a peer that sends too many is told 1008, and the
 * host an error of stage WS_STAGE_LIMIT, behind the messages that came before. As many as
 * are allowed go on, and so does everything without a limit.
 */
#include "t.h"

enum { LIMIT = 5 };

static t_log log = T_LOG;

static ws_server_options options(int fragments, int controls, uint32_t flags)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = flags;
    o.max_fragments = fragments;
    o.max_control_frames = controls;
    return o;
}

static ws_handle begin(ws_server_options o, t_raw *peer)
{
    log = (t_log)T_LOG;
    ws_handle server = t_server(&o, &log);
    t_raw_client(peer, t_port(server));
    return server;
}

static void finish(ws_handle server, t_raw *peer)
{
    t_raw_close(peer);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
}

/* What both ends hear when it was too much, after a message. */
static void is_refused(t_raw *peer, const char *name)
{
    t_frame f;
    while ((f = t_raw_read(peer)).first == T_PONG) continue;
    CHECK_EQ(f.first, T_CLOSE);
    CHECK_EQ(f.data[0] << 8 | f.data[1], 1008);
    t_raw_send_close(peer, 1008, "");
    const t_event *error = t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_PROTOCOL);
    CHECK_EQ(error->stage, WS_STAGE_LIMIT);
    CHECK_EQ(error->code, 1008);
    CHECK_HAS(error->text, name);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_HAS(t_story(&log), "receive error close");
}

static unsigned char sent[64 * (1 << 11)];
static size_t size;

static void add(int first, const void *data, size_t n) { size += t_frame_build(sent + size, first, 1, data, n); }

/* In one write, so that they come in one second, or in two: then one of them has enough. */
static void too_many_controls(int limit, int first)
{
    t_raw peer;
    ws_handle server = begin(options(0, limit, 0), &peer);
    size = 0;
    add(T_TEXT, "before", 6);
    for (int i = 0; i < 2 * (limit ? limit : 1000) + 1; i++) add(first, "x", 1);
    t_raw_write(&peer, sent, size);
    is_refused(&peer, "max_control_frames");
    finish(server, &peer);
}

static void pings(int limit, int count)
{
    t_raw peer;
    ws_handle server = begin(options(0, limit, 0), &peer);
    size = 0;
    for (int i = 0; i < count; i++) add(T_PING, "x", 1);
    t_raw_write(&peer, sent, size);
    for (int i = 0; i < count; i++) t_raw_expect(&peer, T_PONG, "x", 1);
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    finish(server, &peer);
}

static void fragments(t_raw *peer, int count)
{
    for (int i = 0; i < count; i++) {
        t_raw_send(peer, i ? i == count - 1 ? T_CONT : 0x00 : 0x01, "piece", 5);
        t_raw_send(peer, T_PING, "between", 7); /* is none */
    }
}

static void too_many_fragments(uint32_t flags)
{
    t_raw peer;
    ws_handle server = begin(options(LIMIT, 0, flags), &peer);
    t_raw_send(&peer, T_TEXT, "whole", 5);
    fragments(&peer, LIMIT + 1);
    is_refused(&peer, "max_fragments");
    finish(server, &peer);

    server = begin(options(LIMIT, 0, flags), &peer);
    for (int i = 1; i <= 3; i++) fragments(&peer, LIMIT); /* each counts for itself */
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, flags ? 3 * LIMIT : 3);
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    finish(server, &peer);
}

static void no_limit_on_fragments(void)
{
    t_raw peer;
    ws_handle server = begin(options(0, -1, 0), &peer);
    fragments(&peer, 2000);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1)->size, 10000);
    finish(server, &peer);
}

static void refuses_nonsense(void)
{
    static const int wrong[] = {-2, 65536, INT32_MIN, INT32_MAX};
    for (int i = 0; i < 4; i++) {
        ws_server_options o = options(0, wrong[i], 0);
        CHECK_EQ(ws_server_create(&o), 0);
        CHECK_HAS(ws_last_error(), "options.max_control_frames");
    }
    ws_server_options o = options(-1, 0, 0);
    CHECK_EQ(ws_server_create(&o), 0);
    CHECK_HAS(ws_last_error(), "options.max_fragments");
}

int main(void)
{
    refuses_nonsense();
    too_many_controls(LIMIT, T_PING);
    too_many_controls(LIMIT, T_PONG);
    too_many_controls(0, T_PING); /* the default */
    pings(LIMIT, LIMIT);
    pings(-1, 2001);
    too_many_fragments(0);
    too_many_fragments(WS_RECEIVE_PARTS);
    no_limit_on_fragments();
    return t_done();
}
