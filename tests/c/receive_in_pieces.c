/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_RECEIVE_PARTS a message is told as it comes: begin, any number of middles,
 * end, or whole when it came at once. Text may be cut inside a character; control
 * frames go between. A large message never is in memory as a whole.
 */
#include "t_client.h"

static int port, listener;

/* What has come, put together again. */
typedef struct inbox {
    t_latch messages;
    char *data; /* with size, inside and type guarded by lock */
    size_t size;
    int inside, type;
    _Atomic int parts;
    _Atomic size_t largest;
    _Atomic int64_t most_memory;
} inbox;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void WS_CALL collect(const ws_event *e, void *user_data)
{
    inbox *in = user_data;
    pthread_mutex_lock(&lock);
    if (e->part == WS_PART_WHOLE || e->part == WS_PART_BEGIN) {
        CHECK(!in->inside);
        in->size = 0;
        in->parts = 0;
        in->type = e->message_type;
    } else {
        CHECK(in->inside);
    }
    CHECK_EQ(e->message_type, in->type);
    CHECK_EQ(((const char *)e->data)[e->size], 0);
    if (in->data && e->size) memcpy(in->data + in->size, e->data, e->size);
    in->size += e->size;
    in->parts++;
    if (e->size > in->largest) in->largest = e->size;
    in->inside = e->part == WS_PART_BEGIN || e->part == WS_PART_MIDDLE;
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    if (stats.memory_used > in->most_memory) in->most_memory = stats.memory_used;
    bool whole = !in->inside;
    pthread_mutex_unlock(&lock);
    if (whole) t_add(&in->messages, 1);
}

static void is(inbox *in, long n, const void *data, size_t size, int type)
{
    t_wait(&in->messages, n);
    pthread_mutex_lock(&lock);
    CHECK_EQ(in->size, size);
    CHECK_EQ(in->type, type);
    CHECK(!memcmp(in->data, data, size));
    pthread_mutex_unlock(&lock);
}

static void pieces(t_raw *peer)
{
    /* Text cut inside a character, with a ping between; empty first and last fragments. */
    t_raw_send(peer, 0x01, "", 0);
    t_raw_send(peer, 0x00, "Gr\xc3", 3);
    t_raw_settle(peer);
    t_raw_send(peer, T_PING, "between", 7);
    t_raw_expect(peer, T_PONG, "between", 7); /* so the first part has come alone */
    t_raw_send(peer, 0x00, "\xbc\xc3\x9f", 3);
    t_raw_send(peer, T_CONT, "", 0);
}

static void at(t_raw *peer, inbox *in, size_t big)
{
    pieces(peer);
    is(in, 1, "Gr\xc3\xbc\xc3\x9f", 6, WS_TEXT);
    CHECK(in->parts >= 2);

    /* Small messages come whole, an empty one too. */
    t_raw_send(peer, T_TEXT, "whole", 5);
    is(in, 2, "whole", 5, WS_TEXT);
    CHECK_EQ(in->parts, 1);
    t_raw_send(peer, T_BINARY, "", 0);
    is(in, 3, "", 0, WS_BINARY);
    CHECK_EQ(in->parts, 1);

    /* One frame that comes byte by byte. */
    unsigned char frame[40];
    size_t size = t_frame_build(frame, T_TEXT, peer->masks, "slow \xe2\x82\xac", 8);
    for (size_t i = 0; i < size; i++) {
        t_raw_write(peer, frame + i, 1);
        t_raw_settle(peer);
    }
    is(in, 4, "slow \xe2\x82\xac", 8, WS_TEXT);

    /* Many fragments, some of one byte. */
    char *data = t_bytes(100000, 9, 0);
    size_t sent = 0;
    for (int i = 0; sent < 100000; i++) {
        size_t n = i % 3 ? 1 : 5000;
        if (n > 100000 - sent) n = 100000 - sent;
        t_raw_send(peer, (i ? 0x00 : 0x02) | (sent + n == 100000 ? T_FIN : 0), data + sent, n);
        sent += n;
    }
    is(in, 5, data, 100000, WS_BINARY);
    free(data);

    /* A frame of many MiB is in memory in small pieces only. */
    data = t_bytes(big, 4, 1);
    in->most_memory = 0;
    in->largest = 0;
    t_raw_send(peer, T_TEXT, data, big);
    is(in, 6, data, big, WS_TEXT);
    CHECK(in->parts > 2);
    CHECK(in->largest < big / 4);
    CHECK(in->most_memory < (int64_t)big / 2);
    free(data);

    /* Wrong text is refused at the piece that shows it, 1007; the message has no end. */
    t_raw_send(peer, 0x01, "good", 4);
    t_raw_send(peer, T_CONT, "\xff", 1);
    t_raw_expect_close(peer, 1007);
    t_raw_close(peer);
}

static inbox accepted = {.messages = T_LATCH};

int main(void)
{
    enum { BIG = 32 << 20 };
    t_log log = T_LOG;
    t_raw peer;
    listener = t_raw_listen(&port);
    inbox mine = {.messages = T_LATCH, .data = malloc(BIG)};
    ws_handle client = t_flagged_client(WS_RECEIVE_PARTS, NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, collect, &mine));
    OK(ws_on(client, WS_EVENT_ERROR, t_record, &log));
    OK(ws_on(client, WS_EVENT_CLOSE, t_record, &log));
    t_meet(client, NULL, listener, port, &peer);
    at(&peer, &mine, BIG);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->error, WS_ERR_PROTOCOL);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_count(&mine.messages), 6);

    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_RECEIVE_PARTS;
    accepted.data = malloc(BIG);
    ws_handle server = t_server(&o, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, collect, &accepted));
    t_raw_client(&peer, t_port(server));
    at(&peer, &accepted, BIG);

    /* The limit holds for the message as a whole. */
    ws_create_options small;
    WS_INIT_STRUCT(&small);
    small.flags = WS_RECEIVE_PARTS;
    small.max_message_size = 1000;
    t_forget(&log);
    client = ws_create(&small);
    CHECK(client);
    t_listen(client, &log);
    t_meet(client, NULL, listener, port, &peer);
    char *data = t_bytes(600, 2, 0);
    t_raw_send(&peer, 0x02, data, 600);
    const t_event *begin = t_wait_event(&log, WS_EVENT_MESSAGE, 1);
    CHECK_EQ(begin->part, WS_PART_BEGIN);
    t_raw_send(&peer, T_CONT, data, 600);
    t_raw_expect_close(&peer, 1009);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_ERROR, 1)->error, WS_ERR_TOO_LARGE);
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    for (int i = 1; i <= t_seen(&log, WS_EVENT_MESSAGE); i++)
        CHECK(t_wait_event(&log, WS_EVENT_MESSAGE, i)->part != WS_PART_END);

    /* The next connection begins a message anew. */
    t_forget(&log);
    t_meet(client, NULL, listener, port, &peer);
    t_raw_send(&peer, T_TEXT, "new", 3);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_MESSAGE, 1)->part, WS_PART_WHOLE);
    t_raw_close(&peer);
    t_destroy(client, &log);
    free(data);
    free(mine.data);
    close(listener);
    int status = t_done();
    free(accepted.data);
    return status;
}
