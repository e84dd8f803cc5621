/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fragmented messages arrive whole, with pings and pongs between the fragments;
 * every ping is answered with its payload, in order, also torn into single bytes.
 */
#include "t.h"

static void fragments(t_raw *peer, t_log *log, int type)
{
    t_raw_send(peer, 0x01, "Gr\xc3", 3); /* a character is split, too */
    t_raw_send(peer, T_PING, "one", 3);
    t_raw_send(peer, 0x00, "", 0);
    t_raw_send(peer, T_PONG, "unsolicited", 11); /* RFC 6455 5.5.3: ignored */
    t_raw_send(peer, 0x00, "\xbc\xc3\x9f", 3);
    t_raw_send(peer, T_PING, "", 0);
    t_raw_send(peer, T_CONT, "e", 1);
    t_raw_expect(peer, T_PONG, "one", 3);
    t_raw_expect(peer, T_PONG, "", 0);
    const t_event *e = t_wait_event(log, type, 1);
    CHECK_TEXT((char *)e->data, "Gr\xc3\xbc\xc3\x9f" "e");
    CHECK_EQ(e->message_type, WS_TEXT);

    char longest[125];
    memset(longest, 'p', sizeof longest);
    t_raw_send(peer, T_PING, longest, sizeof longest);
    t_raw_expect(peer, T_PONG, longest, sizeof longest);

    /* 1000 fragments of growing size, a ping behind each hundredth. */
    size_t total = 0;
    char *data = t_bytes(1000 * 1000 / 2, 1, 0);
    for (size_t i = 0; i < 1000; i++) {
        t_raw_send(peer, i ? i == 999 ? T_CONT : 0x00 : 0x02, data + total, i);
        total += i;
        if (i % 100 == 99) t_raw_send(peer, T_PING, &i, sizeof i);
    }
    for (size_t i = 99; i < 1000; i += 100) t_raw_expect(peer, T_PONG, &i, sizeof i);
    e = t_wait_event(log, type, 2);
    CHECK_EQ(e->size, total);
    CHECK(!memcmp(e->data, data, total));
    CHECK_EQ(e->message_type, WS_BINARY);
    free(data);
}

static void single_bytes(t_raw *peer, t_log *log, int type)
{
    unsigned char all[300];
    char text[130];
    memset(text, 't', sizeof text);
    size_t size = t_frame_build(all, 0x01, peer->masks, "first ", 6);
    size += t_frame_build(all + size, T_PING, peer->masks, "ping", 4);
    size += t_frame_build(all + size, T_CONT, peer->masks, text, 126); /* with a longer header */
    for (size_t i = 0; i < size; i++) {
        t_raw_write(peer, all + i, 1);
        t_raw_settle(peer);
    }
    t_raw_expect(peer, T_PONG, "ping", 4);
    const t_event *e = t_wait_event(log, type, 3);
    CHECK_EQ(e->size, 132);
    CHECK(!memcmp(e->data, "first ttt", 9));
}

/* A ping in the same segment as the Close frame is answered before it. */
static void last_ping(t_raw *peer)
{
    unsigned char both[40];
    size_t size = t_frame_build(both, T_PING, peer->masks, "last", 4);
    size += t_frame_build(both + size, T_CLOSE, peer->masks, "\x03\xe8", 2);
    t_raw_write(peer, both, size);
    t_raw_expect(peer, T_PONG, "last", 4);
    t_raw_expect_close(peer, 1000);
    t_raw_close(peer);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    t_raw peer;
    t_raw_client(&peer, t_port(t_server(NULL, &at_server)));
    fragments(&peer, &at_server, WS_EVENT_MESSAGE_RECEIVE);
    single_bytes(&peer, &at_server, WS_EVENT_MESSAGE_RECEIVE);
    last_ping(&peer);

    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    fragments(&peer, &at_client, WS_EVENT_MESSAGE);
    single_bytes(&peer, &at_client, WS_EVENT_MESSAGE);
    last_ping(&peer);
    close(listener);
    return t_done();
}
