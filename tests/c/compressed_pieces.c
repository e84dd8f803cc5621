/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compressed messages (RFC 7692) in pieces: what ws_send_part puts on the wire, and what
 * WS_RECEIVE_PARTS tells, each piece before the next one comes.
 */
#include "t_compression.h"

/* A server that is told of messages in pieces. */
static ws_handle recording(const ws_compression *z, t_log *log)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.flags = WS_RECEIVE_PARTS;
    ws_handle server = ws_server_create(&options);
    t_listen_server(server, log);
    t_start_compressing(server, z);
    return server;
}

/* WS_RECEIVE_PARTS tells a compressed message as it is inflated. */
static void parts_are_told_as_they_come(void)
{
    ws_compression z = t_compression(0, 0, 0);
    t_log log = T_LOG, client_log = T_LOG;
    ws_handle server = recording(&z, &log);
    t_raw peer;
    t_raw_offer(&peer, server, "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    t_raw_send(&peer, 0x41, "\xf2\x48\x05\x00\x00\x00\xff\xff", 8);
    const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
    CHECK_EQ(e->part, WS_PART_BEGIN);
    CHECK_TEXT((char *)e->data, "He");
    t_raw_send(&peer, T_CONT, "\xca\xc9\xc9\x07\x00", 5);
    char all[8] = "";
    for (int n = 2;; n++) {
        e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, n);
        strcat(all, (char *)e->data);
        if (e->part == WS_PART_END) break;
        CHECK_EQ(e->part, WS_PART_MIDDLE);
    }
    CHECK_TEXT(all, "llo");
    t_raw_close(&peer);

    /* A large one, of which no part is larger than the library's buffers. */
    ws_handle client = t_compressing_client(server, &z, &client_log);
    size_t size = 3000000, got = 0;
    char *data = malloc(size);
    memset(data, 'x', size);
    int n = t_seen(&log, WS_EVENT_MESSAGE_RECEIVE);
    OK(ws_send(client, data, size, WS_BINARY, NULL, NULL));
    do {
        e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, ++n);
        got += e->size;
        CHECK(e->size < 1 << 19);
    } while (e->part != WS_PART_END);
    CHECK_EQ(got, size);
    free(data);
    t_destroy(client, &client_log);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    t_forget(&client_log);
}

/* A message in pieces is compressed as one: RSV1 is on its first frame, and each piece is whole before the next one
 * comes. What is published meanwhile comes behind the last. */
static void pieces_are_compressed(const ws_compression *ours)
{
    enum { SIZE = 3000 };
    t_log log = T_LOG, client_log = T_LOG;
    ws_handle server = recording(ours, &log);
    char *text = t_bytes(SIZE, 1, 1);
    memset(text, 't', SIZE / 2);

    /* What a peer reads. */
    t_raw peer;
    t_raw_offer(&peer, server, "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    ws_handle connection = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_send_part(connection, text, 1000, WS_TEXT, 0, NULL, NULL));
    OK(ws_server_broadcast(server, text, SIZE, WS_TEXT, 0, NULL));
    OK(ws_ping(connection, "ping", 4));
    OK(ws_send_part(connection, NULL, 0, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(ws_send(connection, text, SIZE, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    OK(ws_send_part(connection, NULL, 0, WS_TEXT, 1, t_record, &log));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_frame f = t_raw_read(&peer);
    CHECK_EQ(f.first, 0x40 | WS_TEXT /* no FIN */);
    CHECK(f.size > 4 && f.size < 200);
    CHECK(!memcmp((char *)f.data + f.size - 4, "\0\0\xff\xff", 4)); /* flushed */
    t_raw_expect(&peer, T_PING, "ping", 4);
    t_raw_expect(&peer, 0x00, "", 0);
    t_raw_expect(&peer, T_CONT, "\0", 1); /* RFC 7692 7.2.3.6 */
    f = t_raw_read(&peer);
    CHECK_EQ(f.first, 0x40 | T_TEXT);
    CHECK(f.size < SIZE);
    OK(ws_send_part(connection, text, 255, WS_TEXT, 1, NULL, NULL)); /* one piece alone, and less than min_size */
    t_raw_expect(&peer, T_TEXT, text, 255);
    t_raw_close(&peer);

    /* What our own client sends, whatever is in the pieces. */
    ws_handle client = t_compressing_client(server, ours, &client_log);
    char *noise = t_bytes(100000, 2, 0);
    int n = t_seen(&log, WS_EVENT_MESSAGE_RECEIVE);
    for (int round = 0; round < 3; round++) {
        size_t got = 0;
        const t_event *e;
        OK(ws_send_part(client, text, SIZE, WS_BINARY, 0, NULL, NULL));
        do {
            e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, ++n);
            CHECK(!memcmp(e->data, text + got, e->size));
            got += e->size;
        } while (got < SIZE); /* all of it is there before the next piece */
        OK(ws_send_part(client, noise, 100000, WS_BINARY, 0, NULL, NULL));
        OK(ws_send_part(client, text, SIZE, WS_BINARY, 1, NULL, NULL));
        for (got = 0; e->part != WS_PART_END; got += e->size) {
            e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, ++n);
            for (size_t i = 0; i < e->size; i++)
                CHECK(((char *)e->data)[i] == (got + i < 100000 ? noise[got + i] : text[got + i - 100000]));
        }
        CHECK_EQ(got, 100000 + SIZE);
    }
    free(noise);
    free(text);
    t_destroy(client, &client_log);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    t_forget(&client_log);
}

int main(void)
{
    ws_compression no_takeover = t_compression(0, 0, 0), takeover = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 0, 0);
    pieces_are_compressed(&no_takeover);
    pieces_are_compressed(&takeover);
    parts_are_told_as_they_come();
    return t_done();
}
