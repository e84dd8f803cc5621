/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A peer that ends the TCP connection without a Close frame, between frames,
 * inside a header, a payload or a fragmented message: what was whole is
 * delivered, then come error of stage IO and close with 1006.
 */
#include "t.h"

enum { PLACES = 5 };

/* A whole message and then what the place says. */
static void write_up_to(t_raw *peer, int place)
{
    unsigned char all[200];
    size_t size = t_frame_build(all, T_TEXT, peer->masks, "whole", 5), before = size;
    switch (place) {
    case 0: break;
    case 1: size += 1, all[before] = T_TEXT; break;                                               /* in a header */
    case 2: t_frame_build(all + size, T_TEXT, peer->masks, "torn off", 8), size += 7; break;       /* in a payload */
    case 3: size += t_frame_build(all + size, 0x01, peer->masks, "fragment", 8); break;           /* in a message */
    case 4: t_frame_build(all + size, T_PING, peer->masks, "ping", 4), size += 4; break;           /* in a ping */
    }
    t_raw_write(peer, all, size);
}

static void check(t_log *log, const char *story)
{
    const t_event *error = t_wait_event(log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(error->stage, WS_STAGE_IO);
    CHECK(error->text[0]);
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1006);
    CHECK_EQ(closed->clean, 0);
    CHECK_TEXT(t_story(log), story);
    t_forget(log);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    ws_handle server = t_server(NULL, &at_server), client = t_client(&at_client);
    int port, listener = t_raw_listen(&port);
    for (int place = 0; place < PLACES; place++) {
        t_raw peer;
        t_raw_client(&peer, t_port(server));
        write_up_to(&peer, place);
        t_raw_close(&peer);
        check(&at_server, "connect receive error close");

        OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL)); /* the same client, again and again */
        t_raw_server(&peer, listener);
        write_up_to(&peer, place);
        t_raw_close(&peer);
        check(&at_client, "open message error close");
    }
    close(listener);
    return t_done();
}
