/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_skipped: with WS_SKIP_LARGE a message over max_message_size is told by its size, at both
 * ends, compressed or not, and the connection goes on; a ping between its frames is answered.
 */
#include "t_compression.h"

enum { LIMIT = 1000 };

static void skipped(t_log *log, int n, uint64_t size, int type, ws_handle handle)
{
    const t_event *e = t_wait_event(log, WS_EVENT_SKIPPED, n);
    CHECK_EQ(e->message_size, size);
    CHECK_EQ(e->message_type, type);
    CHECK_EQ(e->handle, handle);
    CHECK_EQ(e->size, 0);
}

/* Events of messages, whole or skipped, in their order. */
static void sizes(t_log *log, int whole, const long long *want, int count)
{
    int n = 0;
    for (int i = 0; i < log->count; i++) {
        const t_event *e = log->events[i];
        if (e->type != WS_EVENT_SKIPPED && e->type != whole) continue;
        CHECK(n < count);
        CHECK_EQ(e->type == WS_EVENT_SKIPPED ? -(long long)e->message_size : (long long)e->size, want[n]);
        n++;
    }
    CHECK_EQ(n, count);
}

static void a_server_skips(void)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = LIMIT;
    o.flags = WS_SKIP_LARGE;
    t_log log = T_LOG;
    ws_handle server = t_server(&o, &log);
    OK(ws_server_on(server, WS_EVENT_SKIPPED, t_record, &log));
    t_raw raw;
    t_raw_client(&raw, t_port(server));
    ws_handle c = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    t_log own = T_LOG;
    OK(ws_on(c, WS_EVENT_SKIPPED, t_record, &own));
    ws_connection_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_connection_stats_get(c, &s)); /* counts from here on */
    char *big = t_bytes(100000, 1, 1);
    t_raw_send(&raw, T_TEXT, "one", 3);
    t_raw_send(&raw, T_TEXT, big, LIMIT);
    t_raw_send(&raw, T_TEXT, big, 100000);
    t_raw_send(&raw, T_BINARY & ~T_FIN, big, LIMIT);
    t_raw_send(&raw, T_PING, "between", 7);
    t_raw_send(&raw, T_CONT & ~T_FIN, big, 1);
    t_raw_send(&raw, T_PING, "again", 5);
    t_raw_send(&raw, T_CONT, big, 500);
    t_raw_send(&raw, T_TEXT, "last", 4);
    t_raw_expect(&raw, T_PONG, "between", 7);
    t_raw_expect(&raw, T_PONG, "again", 5);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 3);
    skipped(&log, 1, 100000, WS_TEXT, c);
    skipped(&log, 2, LIMIT + 501, WS_BINARY, c);
    skipped(&own, 2, LIMIT + 501, WS_BINARY, c);
    static const long long want[] = {3, LIMIT, -100000, -LIMIT - 501, 4};
    sizes(&log, WS_EVENT_MESSAGE_RECEIVE, want, 5);
    OK(ws_connection_stats_get(c, &s));
    CHECK_EQ(s.messages_skipped, 2);
    ws_server_stats all;
    WS_INIT_STRUCT(&all);
    OK(ws_server_stats_get(server, &all));
    CHECK_EQ(all.skipped, 2);
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    t_raw_close(&raw);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    free(big);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    t_forget(&own);
}

/* A client by default ends with 1009, and with the flag goes on. */
static void a_client_skips(void)
{
    for (int skips = 0; skips < 2; skips++) {
        ws_create_options o;
        WS_INIT_STRUCT(&o);
        o.max_message_size = LIMIT;
        if (skips) o.flags = WS_SKIP_LARGE;
        t_log log = T_LOG;
        ws_handle client = ws_create(&o);
        CHECK(client);
        t_listen(client, &log);
        OK(ws_on(client, WS_EVENT_SKIPPED, t_record, &log));
        int port, listener = t_raw_listen(&port);
        OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
        t_raw raw;
        t_raw_server(&raw, listener);
        char *big = t_bytes(LIMIT + 1, 1, 1);
        t_raw_send(&raw, T_TEXT, big, LIMIT + 1);
        if (skips) {
            t_raw_send(&raw, T_TEXT, "end", 3);
            t_wait_event(&log, WS_EVENT_MESSAGE, 1);
            skipped(&log, 1, LIMIT + 1, WS_TEXT, client);
            CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
        } else {
            t_raw_expect_close(&raw, 1009);
            CHECK_EQ(t_seen(&log, WS_EVENT_SKIPPED), 0);
        }
        t_destroy(client, &log);
        t_raw_close(&raw);
        close(listener);
        free(big);
    }
}

/* Compressed with takeover: what follows refers to what was skipped. */
static void compressed_ones_too(void)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_message_size = LIMIT;
    o.flags = WS_SKIP_LARGE;
    ws_compression z = t_compression(WS_TAKEOVER_IN | WS_TAKEOVER_OUT, 0, 1);
    t_log log = T_LOG, mine = T_LOG;
    ws_handle server = ws_server_create(&o);
    t_listen_server(server, &log);
    OK(ws_server_on(server, WS_EVENT_SKIPPED, t_record, &log));
    t_start_compressing(server, &z);
    ws_handle client = t_compressing_client(server, &z, &mine);
    char *text = t_bytes(200000, 3, 1);
    for (int i = 0; i < 200000; i++) text[i] = (char)('a' + (text[i] & 7)); /* it shrinks */
    static const long long want[] = {900, -200000, 900, -1001, LIMIT, -50000, 900};
    for (int i = 0; i < 7; i++) OK(ws_send(client, text, (size_t)llabs(want[i]), WS_TEXT, NULL, NULL));
    for (int n = 1; n <= 4; n++) {
        const t_event *e = t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, n);
        CHECK(!memcmp(e->data, text, e->size));
    }
    sizes(&log, WS_EVENT_MESSAGE_RECEIVE, want, 7);
    free(text);
    t_destroy(client, &mine);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
}

static void not_in_pieces(void)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_SKIP_LARGE | WS_RECEIVE_PARTS;
    CHECK_EQ(ws_create(&o), 0);
    CHECK_HAS(ws_last_error(), "WS_RECEIVE_PARTS");
    ws_server_options so;
    WS_INIT_STRUCT(&so);
    so.flags = WS_SKIP_LARGE | WS_RECEIVE_PARTS;
    CHECK_EQ(ws_server_create(&so), 0);
    CHECK_HAS(ws_last_error(), "options.flags");
}

int main(void)
{
    a_server_skips();
    a_client_skips();
    compressed_ones_too();
    not_in_pieces();
    return t_done();
}
