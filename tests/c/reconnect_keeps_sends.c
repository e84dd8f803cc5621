/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_KEEP_SENDS: a message of which no byte has left when the connection is lost is
 * sent by the next one, in order, and none is sent twice. Without it all that waits
 * fails. Messages in pieces are kept whole or not at all. What is kept goes uncompressed.
 */
#include "t_compression.h"
#include "t_numbers.h"

static int port, listener;

enum { COUNT = 120, SIZE = 64 << 10, PATIENCE_MS = 3600000 }; /* slow machines read megabytes for longer than the default */

static ws_handle keeping(uint32_t flags, t_log *log, t_raw *peer)
{
    ws_reconnect_options again = t_again(1);
    again.flags = flags;
    return t_meeting_client(&again, 0, log, listener, port, peer);
}

/* Reads whole messages up to the number, at most so many; none comes twice. */
static int last = -1;

static void read_numbers(t_raw *peer, int most, int until)
{
    while (most-- && last < until) {
        last = t_read_number(peer, SIZE, last);
        CHECK_EQ(t_sent[last].arrived, 1);
    }
}

static void nothing_twice_nothing_forgotten(void)
{
    t_log log = T_LOG;
    t_raw peer;
    t_numbers_begin();
    ws_handle client = keeping(WS_KEEP_SENDS, &log, &peer);
    t_send_numbers(client, SIZE, 0, 50);
    read_numbers(&peer, 5, 49);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    t_send_numbers(client, SIZE, 50, 70);
    t_raw_server(&peer, listener);
    read_numbers(&peer, 3, 69);
    t_send_numbers(client, SIZE, 70, 100);
    t_raw_reset(&peer);
    t_raw_server(&peer, listener);
    t_send_numbers(client, SIZE, 100, COUNT);
    read_numbers(&peer, COUNT, COUNT - 1);
    int failed = 0, missing = 0;
    for (int i = 0; i < COUNT; i++) {
        t_wait(&t_sent[i].done, 1);
        failed += t_sent[i].error != WS_OK;
        missing += !t_sent[i].arrived;
        if (t_sent[i].error != WS_OK) CHECK_EQ(t_sent[i].arrived, 0);
    }
    CHECK(failed <= 2); /* one of each loss: of it some bytes had left */
    CHECK(last == COUNT - 1 && missing < COUNT - 8);
    CHECK_EQ(t_buffered(client), 0);

    /* What waits goes out before a Close frame. */
    for (int i = 0; i < COUNT; i++) t_sent[i].arrived = 0;
    last = -1;
    t_send_numbers(client, SIZE, 0, COUNT);
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = PATIENCE_MS;
    OK(ws_close(client, &options, NULL, NULL));
    read_numbers(&peer, COUNT, COUNT - 1);
    for (int i = 0; i < COUNT; i++) CHECK_EQ(t_sent[i].arrived, 1);
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);
    t_destroy(client, &log);
    for (int i = 0; i < COUNT; i++) CHECK_EQ(t_sent[i].times, 2);
    t_forget(&log);
}

static void without_it_all_fails(void)
{
    t_log log = T_LOG, sends = T_LOG;
    t_raw peer;
    char *data = t_bytes(8 << 20, 1, 0);
    ws_handle client = keeping(0, &log, &peer);
    OK(ws_send(client, data, 8 << 20, WS_BINARY, t_record, &sends));
    OK(ws_send(client, "behind", 6, WS_TEXT, t_record, &sends));
    t_raw_reset(&peer);
    for (int i = 1; i <= 2; i++) CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, i)->error, WS_ERR_CONNECT_FAILED);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    OK(ws_send(client, "while waiting", 13, WS_TEXT, NULL, NULL));
    t_raw_server(&peer, listener);
    t_raw_expect(&peer, T_TEXT, "while waiting", 13);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    t_forget(&sends);
    free(data);
}

/* Kept messages outlive tries that fail, and end with the client's patience. */
static void refuse(void)
{
    t_raw peer;
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    t_raw_text(&peer, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    t_raw_close(&peer);
}

static void outlive_failed_tries(void)
{
    t_log log = T_LOG, sends = T_LOG;
    t_raw peer;
    ws_reconnect_options again = t_again(1);
    again.flags = WS_KEEP_SENDS;
    again.max_tries = 2;
    ws_connect_options o = t_options();
    o.reconnect = &again;
    ws_handle client = t_flagged_client(0, &log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    OK(ws_send(client, "one", 3, WS_TEXT, t_record, &sends));
    refuse();
    refuse();
    t_raw_server(&peer, listener);
    t_raw_expect(&peer, T_TEXT, "one", 3);
    CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_raw_reset(&peer);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 3);
    OK(ws_send(client, "two", 3, WS_TEXT, t_record, &sends));
    refuse();
    refuse();
    CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, 2)->error, WS_ERR_CONNECT_FAILED);
    T_UNTIL_SO(t_state(client) == WS_STATE_CLOSED);
    CHECK_EQ(t_buffered(client), 0);
    t_destroy(client, &log);
    CHECK_EQ(t_seen(&sends, 0), 2);
    t_forget(&log);
    t_forget(&sends);
}

/* A message in pieces that was cut off does not go on on another connection. */
static void pieces_are_not_torn(void)
{
    enum { BIG = 8 << 20 };
    t_log log = T_LOG, sends = T_LOG;
    t_raw peer;
    char *data = t_bytes(BIG, 1, 0);
    ws_handle client = keeping(WS_KEEP_SENDS, &log, &peer);
    OK(ws_send_part(client, data, BIG, WS_BINARY, 0, t_record, &sends)); /* begins to leave */
    OK(ws_send_part(client, "b", 1, WS_BINARY, 0, t_record, &sends));
    OK(ws_send_part(client, "c", 1, WS_BINARY, 1, t_record, &sends));
    OK(ws_send_part(client, "kept ", 5, WS_TEXT, 0, NULL, NULL));
    OK(ws_send_part(client, "whole", 5, WS_TEXT, 1, NULL, NULL));
    OK(ws_send_part(client, "no end", 6, WS_TEXT, 0, t_record, &sends));
    t_raw_reset(&peer);
    for (int i = 1; i <= 4; i++) CHECK_EQ(t_wait_event(&sends, WS_EVENT_COMPLETION, i)->error, WS_ERR_CONNECT_FAILED);
    t_wait_event(&log, WS_EVENT_RECONNECTING, 1);
    OK(ws_send(client, "next", 4, WS_TEXT, NULL, NULL));
    t_raw_server(&peer, listener);
    t_raw_expect(&peer, 0x01, "kept ", 5);
    t_raw_expect(&peer, T_CONT, "whole", 5);
    t_raw_expect(&peer, T_TEXT, "next", 4);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    t_forget(&sends);
    free(data);
}

/* The next connection may have agreed to no compression. */
static void what_is_kept_is_not_compressed(void)
{
    enum { BIG = 8 << 20, SMALL = 3000 };
    t_log log = T_LOG;
    t_raw peer;
    char *data = t_bytes(BIG, 1, 0), same[SMALL];
    memset(same, 'a', sizeof same);
    ws_compression z = t_compression(0, 0, 0);
    ws_reconnect_options again = t_again(1);
    again.flags = WS_KEEP_SENDS;
    ws_connect_options o = t_options();
    o.reconnect = &again;
    o.compression = &z;
    ws_handle client = t_flagged_client(0, &log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    t_raw_agree(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    OK(ws_send(client, data, BIG, WS_BINARY, NULL, NULL)); /* begins to leave */
    OK(ws_send(client, same, SMALL, WS_TEXT, NULL, NULL));
    OK(ws_send_part(client, same, SMALL, WS_BINARY, 0, NULL, NULL));
    OK(ws_send_part(client, same, SMALL, WS_BINARY, 1, NULL, NULL));
    t_raw_reset(&peer);
    t_raw_server(&peer, listener);
    t_raw_expect(&peer, T_TEXT, same, SMALL);
    t_raw_expect(&peer, T_BINARY & ~T_FIN, same, SMALL);
    t_raw_expect(&peer, T_CONT, same, SMALL);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    free(data);
}

int main(void)
{
    listener = t_raw_small_listen(&port);
    nothing_twice_nothing_forgotten();
    without_it_all_fails();
    outlive_failed_tries();
    pieces_are_not_torn();
    what_is_kept_is_not_compressed();
    close(listener);
    return t_done();
}
