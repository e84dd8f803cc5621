/* SPDX-License-Identifier: Apache-2.0 */
/*
 * permessage-deflate (RFC 7692): who gets it, what is on the wire, what comes back, what is
 * published, which violations end a connection with which code, and which options are
 * refused. compressed_pieces.c is about messages in pieces.
 */
#include "t_compression.h"

/* A server with these options that sends every message back. options may be NULL. */
static ws_handle echoing(const ws_server_options *options, const ws_compression *z)
{
    ws_handle server = ws_server_create(options);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    t_start_compressing(server, z);
    return server;
}

static void every_size_comes_back(const ws_compression *ours, const ws_compression *theirs)
{
    ws_handle server = echoing(NULL, theirs);
    t_log log = T_LOG;
    ws_handle client = t_compressing_client(server, ours, &log);
    CHECK_HAS(t_text(client, WS_TEXT_EXTENSIONS), "permessage-deflate");
    static const size_t sizes[] = {0, 1, 125, 126, 256, 4096, 65535, 65536, 300000};
    int n = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int type = WS_TEXT; type <= WS_BINARY; type++) {
            char *data = t_bytes(sizes[i], (unsigned)i, type == WS_TEXT);
            t_echo_round(client, &log, data, sizes[i], type, ++n);
            free(data);
            char *same = malloc(sizes[i] + 1); /* what shrinks */
            memset(same, 'a' + (int)i, sizes[i]);
            t_echo_round(client, &log, same, sizes[i], type, ++n);
            free(same);
        }
    }
    OK(ws_close(client, NULL, NULL, NULL));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1000);
    t_destroy(client, &log);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&log);
}

static void nobody_gets_it_unasked(void)
{
    ws_compression z = t_compression(0, 0, 0);
    ws_handle with = echoing(NULL, &z), without = echoing(NULL, NULL);
    for (int i = 0; i < 2; i++) {
        t_log log = T_LOG;
        ws_handle client = t_compressing_client(i ? with : without, i ? NULL : &z, &log);
        CHECK_TEXT(t_text(client, WS_TEXT_EXTENSIONS), "");
        t_destroy(client, &log);
        t_forget(&log);
    }
    t_raw peer;
    t_raw_offer(&peer, without, "permessage-deflate", "");
    t_raw_send(&peer, T_TEXT | 0x40, "\0", 1);
    t_raw_expect_close(&peer, 1002);
    t_raw_close(&peer);
    t_raw_offer(&peer, with, "permessage-deflate; unknown, x", "");
    t_raw_close(&peer);
    t_raw_dial(&peer, t_port(with));
    t_raw_text(&peer, T_UPGRADE_OF("/", "Sec-WebSocket-Extensions: permessage-deflate;\r\n"));
    CHECK_HAS(t_raw_head(&peer), "HTTP/1.1 400 ");
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(with, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(without, T_DEADLINE_MS));
}

/* The bytes of RFC 7692 7.2.3. */
static void the_examples_of_the_rfc(void)
{
    ws_compression z = t_compression(WS_TAKEOVER_IN, 0, 0);
    ws_handle server = echoing(NULL, &z);
    t_raw peer;
    t_raw_offer(&peer, server, "permessage-deflate", "permessage-deflate; server_no_context_takeover");
    static const struct {
        int first;
        const char *data;
        size_t size;
    } frames[] = {
        {0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00", 7},                 /* 7.2.3.1 */
        {0xc1, "\xf2\x00\x11\x00\x00", 5},                         /* 7.2.3.2, which refers to the one before */
        {0xc1, "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11}, /* 7.2.3.3 */
        {0xc1, "\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 8},             /* 7.2.3.4 */
        {0xc1, "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13}, /* 7.2.3.5 */
    };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        t_raw_send(&peer, frames[i].first, frames[i].data, frames[i].size);
        t_raw_expect(&peer, T_TEXT, "Hello", 5);
    }
    t_raw_send(&peer, 0x41, "\xf2\x48\xcd", 3); /* fragments, 7.2.3.1 */
    t_raw_send(&peer, T_PING, "between", 7);
    t_raw_expect(&peer, T_PONG, "between", 7);
    t_raw_send(&peer, T_CONT, "\xc9\xc9\x07\x00", 4);
    t_raw_expect(&peer, T_TEXT, "Hello", 5);
    t_raw_send(&peer, 0xc1, "\0", 1); /* empty, 7.2.3.6 */
    t_raw_expect(&peer, T_TEXT, "", 0);
    t_raw_send_close(&peer, 1000, "");
    t_raw_expect_close(&peer, 1000);
    t_raw_close(&peer);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

static void is_fatal(ws_handle server, int code, int first, const char *data, size_t size)
{
    t_raw peer;
    t_raw_offer(&peer, server, "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    t_raw_send(&peer, T_TEXT, "before", 6);
    t_raw_send(&peer, first, data, size);
    t_raw_expect(&peer, T_TEXT, "before", 6);
    t_raw_expect_close(&peer, code);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
}

static void violations_have_their_codes(void)
{
    ws_compression z = t_compression(0, 0, 0);
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_message_size = 1000;
    ws_handle server = echoing(&options, &z);
    is_fatal(server, 1002, T_PING | 0x40, "", 0);
    is_fatal(server, 1002, T_TEXT | 0x60, "\0", 1);
    is_fatal(server, 1002, T_CONT | 0x40, "\0", 1);
    is_fatal(server, 1007, 0xc1, "\x07", 1);
    is_fatal(server, 1007, 0xc1, "\xf2\x48\xcd", 3);
    is_fatal(server, 1007, 0xc1, "\xf2\x00\x11\x00\x00", 5);
    is_fatal(server, 1007, 0x41, "\xfa\x0f\x00\x00\x00\xff\xff", 7); /* "\xff" as text, and more was to come */
    /* 8 KiB */
    static const char zeros[] = "\xec\xc1\x01\x0d\x00\x00\x00\xc2\xa0\xf7\x4f\x6d\x0e\x37\xa0\x00\x00\x00\x00\x00\x00\x00\x80\x77\x03";
    is_fatal(server, 1009, 0xc2, zeros, sizeof zeros - 1);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

/* RSV1 marks the first frame of a compressed message, and never a control frame (RFC 7692 6). */
static void only_messages_are_marked(ws_handle sender, t_raw *peer)
{
    char same[1000];
    memset(same, 'a', sizeof same);
    OK(ws_send(sender, same, sizeof same, WS_TEXT, NULL, NULL));
    OK(ws_ping(sender, same, 125));
    OK(ws_send_part(sender, same, sizeof same, WS_BINARY, 0, NULL, NULL));
    OK(ws_send_part(sender, same, sizeof same, WS_BINARY, 0, NULL, NULL));
    OK(ws_send_part(sender, same, sizeof same, WS_BINARY, 1, NULL, NULL));
    t_raw_send(peer, T_PING, same, 125);
    t_frame f = t_raw_read(peer);
    CHECK_EQ(f.first, T_TEXT | 0x40);
    CHECK(f.size < 50);
    CHECK(memcmp(f.data + f.size - 4, "\x00\x00\xff\xff", 4)); /* 7.2.1: the tail is not sent */
    t_raw_expect(peer, T_PING, same, 125);
    static const int pieces[] = {(T_BINARY & ~T_FIN) | 0x40, T_CONT & ~T_FIN, T_CONT};
    for (int i = 0; i < 3; i++) {
        f = t_raw_read(peer);
        CHECK_EQ(f.first, pieces[i]);
        CHECK(f.size < 50);
    }
    CHECK(memcmp(f.data + f.size - 4, "\x00\x00\xff\xff", 4)); /* nor that of the last piece */
    t_raw_expect(peer, T_PONG, same, 125);
    ws_close_options bye;
    WS_INIT_STRUCT(&bye);
    same[123] = 0;
    bye.reason = same;
    OK(ws_close(sender, &bye, NULL, NULL));
    CHECK_TEXT(t_raw_expect_close(peer, 1000), same);
    t_raw_close(peer);
}

static void only_messages_are_marked_by_both(void)
{
    ws_compression z = t_compression(0, 0, 0);
    t_log log = T_LOG;
    ws_handle server = echoing(NULL, &z);
    t_raw peer;
    t_listen_server(server, &log);
    t_raw_offer(&peer, server, "permessage-deflate",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    only_messages_are_marked(t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle, &peer);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);

    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    ws_connect_options options = t_options();
    options.compression = &z;
    OK(ws_connect(client, t_url_of_port(port), &options, NULL, NULL));
    t_raw_agree(&peer, listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    only_messages_are_marked(client, &peer);
    close(listener);
    t_destroy(client, &log);
    t_forget(&log);
}

/* What is published comes compressed to who agreed, plain to others, and between what is sent to one alone. */
static void published_messages_are_compressed(void)
{
    enum { CLIENTS = 3, ROUNDS = 4, SIZE = 5000 };
    ws_compression z = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 0, 0), narrow = t_compression(WS_TAKEOVER_IN, 9, 0);
    const ws_compression *theirs[CLIENTS] = {&z, &narrow, NULL};
    t_log log = T_LOG, logs[CLIENTS] = {T_LOG, T_LOG, T_LOG};
    ws_handle server = ws_server_create(NULL), clients[CLIENTS], connections[CLIENTS];
    t_listen_server(server, &log);
    t_start_compressing(server, &z);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = t_compressing_client(server, theirs[i], &logs[i]);
        connections[i] = t_wait_event(&log, WS_EVENT_CONNECT, i + 1)->handle;
        OK(ws_subscribe(connections[i], "t", 1));
    }
    t_raw packed, plain;
    t_raw_offer(&packed, server, "permessage-deflate; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=10");
    OK(ws_subscribe(t_wait_event(&log, WS_EVENT_CONNECT, CLIENTS + 1)->handle, "t", 1));
    t_raw_offer(&plain, server, "unknown", "");
    OK(ws_subscribe(t_wait_event(&log, WS_EVENT_CONNECT, CLIENTS + 2)->handle, "t", 1));

    char *all = t_bytes(SIZE, 1, 1), *alone = t_bytes(SIZE, 2, 1);
    memset(all, 'a', SIZE / 2);
    memset(alone + SIZE / 2, 'b', SIZE / 2);
    for (int round = 0; round < ROUNDS; round++) {
        size_t n = 0;
        for (int i = 0; i < CLIENTS; i++) OK(ws_send(connections[i], alone, SIZE, WS_TEXT, NULL, NULL));
        if (round % 2) OK(ws_publish(server, "t", 1, all, SIZE, WS_TEXT, 0, &n));
        else OK(ws_server_broadcast(server, all, SIZE, WS_TEXT, 0, &n));
        CHECK_EQ(n, CLIENTS + 2);
        for (int i = 0; i < CLIENTS; i++) {
            OK(ws_send(connections[i], alone, SIZE, WS_TEXT, NULL, NULL));
            for (int k = 0; k < 3; k++) {
                const t_event *e = t_wait_event(&logs[i], WS_EVENT_MESSAGE, 3 * round + k + 1);
                CHECK_EQ(e->size, SIZE);
                CHECK(!memcmp(e->data, k == 1 ? all : alone, SIZE));
            }
        }
        t_frame f = t_raw_read(&packed);
        CHECK_EQ(f.first, 0x40 | T_TEXT);
        CHECK(f.size < SIZE);
        t_raw_expect(&plain, T_TEXT, all, SIZE);
    }
    OK(ws_server_broadcast(server, all, 255, WS_TEXT, 0, NULL)); /* less than min_size */
    t_raw_expect(&packed, T_TEXT, all, 255);
    t_raw_expect(&plain, T_TEXT, all, 255);
    free(all);
    free(alone);
    t_raw_close(&packed);
    t_raw_close(&plain);
    for (int i = 0; i < CLIENTS; i++) t_destroy(clients[i], &logs[i]);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    for (int i = 0; i < CLIENTS; i++) t_forget(&logs[i]);
}

static void options_are_refused_by_name(void)
{
    ws_handle client = ws_create(NULL), server = ws_server_create(NULL);
#define REFUSED(member, value)                                                                \
    do {                                                                                      \
        ws_compression z = t_compression(0, 0, 0);                                                   \
        z.member = value;                                                                     \
        ws_connect_options o = t_options();                                                   \
        o.compression = &z;                                                                   \
        CHECK_EQ(ws_connect(client, "ws://127.0.0.1:1/", &o, NULL, NULL), WS_ERR_PARAMETER);  \
        CHECK_HAS(ws_last_error(), "options.compression");                                    \
        CHECK_HAS(ws_last_error(), #member);                                                  \
        ws_server_config c;                                                                   \
        WS_INIT_STRUCT(&c);                                                                   \
        c.compression = &z;                                                                   \
        CHECK_EQ(ws_server_start(server, &c, NULL, NULL), WS_ERR_PARAMETER);                  \
        CHECK_HAS(ws_last_error(), "config.compression");                                     \
        CHECK_HAS(ws_last_error(), #member);                                                  \
    } while (0)
    REFUSED(struct_size, 3);
    REFUSED(flags, 4);
    REFUSED(level, -1);
    REFUSED(level, 10);
    REFUSED(min_size, -1);
    REFUSED(window_bits_out, 7);
    REFUSED(window_bits_in, 16);
    REFUSED(max_ratio, -2);
    REFUSED(reserved, 1);
}

int main(void)
{
    ws_compression none = t_compression(0, 0, 1), both = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 0, 1),
                   narrow = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 9, 1), out = t_compression(WS_TAKEOVER_OUT, 8, 0);
    narrow.level = 6;
    every_size_comes_back(&none, &none);
    every_size_comes_back(&both, &both);
    every_size_comes_back(&narrow, &both);
    every_size_comes_back(&both, &narrow);
    every_size_comes_back(&out, &out);
    nobody_gets_it_unasked();
    the_examples_of_the_rfc();
    violations_have_their_codes();
    only_messages_are_marked_by_both();
    published_messages_are_compressed();
    options_are_refused_by_name();
    return t_done();
}
