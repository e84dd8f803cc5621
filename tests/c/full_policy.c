/* SPDX-License-Identifier: Apache-2.0 */
/*
 * full_policy: what happens to a message that finds no room in the output queue. It is
 * refused, or the connection ends, or the oldest whole messages make room; of both roles,
 * also inside callbacks and in pieces.
 */
#include "t_client.h"

#include <sys/socket.h>

enum { SIZE = 50000, ROOM = 20 * SIZE, MANY = 400 };

static int listener, port;

/* One end is ours, the other a raw one that does not read. */
typedef struct pair {
    ws_handle handle, server;
    t_raw peer;
    t_log log;
} pair;

static void begin(pair *p, int policy, int accepted)
{
    *p = (pair){.log = T_LOG};
    if (accepted) {
        ws_server_options o;
        WS_INIT_STRUCT(&o);
        o.max_buffered = ROOM;
        o.full_policy = policy;
        p->server = t_server(&o, &p->log);
        t_raw_small_client(&p->peer, t_port(p->server));
        p->handle = t_wait_event(&p->log, WS_EVENT_CONNECT, 1)->handle;
    } else {
        ws_create_options o;
        WS_INIT_STRUCT(&o);
        o.max_buffered = ROOM;
        o.full_policy = policy;
        p->handle = ws_create(&o);
        CHECK(p->handle);
        t_listen(p->handle, &p->log);
        t_meet(p->handle, NULL, listener, port, &p->peer);
        t_wait_event(&p->log, WS_EVENT_OPEN, 1);
    }
}

static void finish(pair *p)
{
    t_raw_close(&p->peer);
    if (p->server) OK(ws_server_destroy(p->server));
    else OK(ws_destroy(p->handle));
    t_wait_event(&p->log, WS_EVENT_DESTROYED, 1);
    t_forget(&p->log);
}

/* Message n is its number, again and again. */
static void fill(uint32_t *data, uint32_t n)
{
    for (int i = 0; i < SIZE / 4; i++) data[i] = n;
}

static int32_t send_one(ws_handle handle, uint32_t n, ws_callback completion, void *user_data)
{
    static _Thread_local uint32_t data[SIZE / 4];
    fill(data, n);
    return ws_send(handle, data, SIZE, WS_BINARY, completion, user_data);
}

static uint32_t number(const t_frame *f)
{
    static _Thread_local uint32_t data[SIZE / 4];
    uint32_t n;
    CHECK_EQ(f->first, T_BINARY);
    CHECK_EQ(f->size, SIZE);
    memcpy(&n, f->data, 4);
    fill(data, n);
    CHECK(!memcmp(f->data, data, SIZE));
    return n;
}

static t_latch sent = T_LATCH, dropped = T_LATCH;

static void WS_CALL count(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(e->error == WS_OK || e->error == WS_ERR_FULL);
    t_add(e->error ? &dropped : &sent, 1);
}

static uint64_t dropped_of(ws_handle handle)
{
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(handle, &stats));
    return stats.messages_dropped;
}

static uint64_t dropped_of_all(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    return stats.dropped;
}

/* Of many messages the peer gets the first, which have begun, and the last, in order. */
static void reads_the_newest(pair *p, uint32_t many, long lost)
{
    uint32_t seen = 0, last = 0;
    for (uint32_t n; last != many; last = n, seen++) {
        t_frame f = t_raw_read(&p->peer);
        n = number(&f);
        CHECK(n > last);
    }
    CHECK_EQ(seen, many - lost);
}

static void drops_the_oldest(int accepted)
{
    pair p;
    sent = dropped = (t_latch)T_LATCH;
    uint64_t before = dropped_of_all();
    begin(&p, WS_FULL_DROP_OLDEST, accepted);
    for (uint32_t n = 1; n <= MANY; n++) {
        OK(send_one(p.handle, n, count, NULL));
        CHECK(t_buffered(p.handle) <= ROOM);
    }
    uint64_t lost = dropped_of(p.handle);
    CHECK(lost > 0);
    CHECK_EQ(dropped_of_all() - before, lost);
    t_wait(&dropped, (long)lost);
    reads_the_newest(&p, MANY, (long)lost);
    t_wait(&sent, MANY - (long)lost);
    CHECK_EQ(t_count(&dropped), lost);
    CHECK_EQ(t_buffered(p.handle), 0);
    CHECK_EQ(t_seen(&p.log, WS_EVENT_ERROR), 0);
    finish(&p);
}

static void WS_CALL send_many(const ws_event *e, void *done)
{
    for (uint32_t n = 1; n <= MANY; n++) OK(send_one(e->handle, n, NULL, NULL));
    t_add(done, 1);
}

static void drops_inside_a_callback(void)
{
    pair p;
    t_latch done = T_LATCH;
    begin(&p, WS_FULL_DROP_OLDEST, 1);
    OK(ws_on(p.handle, WS_EVENT_MESSAGE, send_many, &done));
    t_raw_send(&p.peer, T_TEXT, "go", 2);
    t_wait(&done, 1);
    reads_the_newest(&p, MANY, (long)dropped_of(p.handle));
    finish(&p);
}

/* A message whose last piece is still to come stays, and so does one that has begun. */
static void keeps_pieces_together(int accepted)
{
    pair p;
    static char piece[SIZE];
    begin(&p, WS_FULL_DROP_OLDEST, accepted);
    OK(ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL)); /* has begun */
    int32_t status;
    int pieces = 1;
    while (!(status = ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL))) pieces++;
    CHECK_EQ(status, WS_ERR_FULL);
    CHECK_EQ(dropped_of(p.handle), 0);
    for (int i = 0; i < pieces; i++) CHECK_EQ(t_raw_read(&p.peer).first, i ? 0x00 : 0x01);
    OK(ws_send_part(p.handle, "", 0, WS_TEXT, 1, NULL, NULL));
    CHECK_EQ(t_raw_read(&p.peer).first, T_CONT);

    for (uint32_t n = 1; n <= MANY; n++) { /* messages of two pieces are dropped whole */
        static uint32_t data[SIZE / 4];
        fill(data, n);
        OK(ws_send_part(p.handle, data, SIZE / 2, WS_BINARY, 0, NULL, NULL));
        OK(ws_send_part(p.handle, data, SIZE / 2, WS_BINARY, 1, NULL, NULL));
    }
    uint64_t lost = dropped_of(p.handle);
    CHECK(lost > 0);
    uint32_t seen = 0, last = 0, n, m;
    while (last != MANY) {
        t_frame f = t_raw_read(&p.peer);
        CHECK_EQ(f.first, 0x02);
        memcpy(&n, f.data, 4);
        f = t_raw_read(&p.peer);
        CHECK_EQ(f.first, T_CONT);
        memcpy(&m, f.data, 4);
        CHECK_EQ(n, m);
        CHECK(n > last);
        last = n;
        seen++;
    }
    CHECK_EQ(seen, MANY - lost);
    finish(&p);
}

/* What is left of a full queue goes out before the Close frame. */
static void close_sends_what_waits(int accepted)
{
    pair p;
    begin(&p, WS_FULL_DROP_OLDEST, accepted);
    for (uint32_t n = 1; n <= MANY; n++) OK(send_one(p.handle, n, NULL, NULL));
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.timeout_ms = T_DEADLINE_MS;
    uint64_t lost = dropped_of(p.handle);
    OK(ws_close(p.handle, &o, NULL, NULL));
    reads_the_newest(&p, MANY, (long)lost);
    t_raw_expect_close(&p.peer, 1000);
    t_raw_send_close(&p.peer, 1000, "");
    CHECK_EQ(t_wait_event(&p.log, WS_EVENT_CLOSE, 1)->clean, 1);
    finish(&p);
}

/* The message that has begun comes whole, and then the Close frame. */
static void ends(int accepted)
{
    pair p;
    sent = dropped = (t_latch)T_LATCH;
    begin(&p, WS_FULL_CLOSE, accepted);
    uint32_t n = 1;
    int32_t status;
    while (!(status = send_one(p.handle, n, count, NULL))) n++;
    CHECK_EQ(status, WS_ERR_FULL);
    CHECK(t_state(p.handle) >= WS_STATE_CLOSING);
    CHECK_EQ(ws_send(p.handle, "late", 4, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    const t_event *error = t_wait_event(&p.log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_FULL);
    CHECK_EQ(error->stage, WS_STAGE_LIMIT);
    CHECK_EQ(error->code, 1008);
    CHECK_HAS(error->text, "max_buffered");
    uint32_t last = 0;
    t_frame f;
    while ((f = t_raw_read(&p.peer)).first != T_CLOSE) CHECK_EQ(number(&f), ++last);
    CHECK_EQ(f.data[0] << 8 | f.data[1], 1008);
    CHECK(last > 0 && last < n - 1);
    t_raw_send_close(&p.peer, 1008, "");
    t_wait_event(&p.log, WS_EVENT_CLOSE, 1);
    t_wait(&sent, last);
    t_wait(&dropped, n - 1 - last);
    CHECK_EQ(t_seen(&p.log, WS_EVENT_ERROR), 1);
    finish(&p);
}

/* One that never reads is cut off. */
static void cuts(void)
{
    pair p;
    begin(&p, WS_FULL_CLOSE, 1);
    for (uint32_t n = 1; !send_one(p.handle, n, NULL, NULL);) n++;
    CHECK_EQ(t_wait_event(&p.log, WS_EVENT_CLOSE, 1)->code, 1006);
    finish(&p);
}

static void refuses(int accepted)
{
    pair p;
    begin(&p, WS_FULL_REFUSE, accepted);
    uint32_t n = 1;
    while (!send_one(p.handle, n, NULL, NULL)) n++;
    reads_the_newest(&p, n - 1, 0);
    CHECK_EQ(dropped_of(p.handle), 0);
    finish(&p);
}

static void refuses_nonsense(void)
{
    ws_create_options c;
    WS_INIT_STRUCT(&c);
    c.full_policy = 3;
    CHECK_EQ(ws_create(&c), 0);
    CHECK_HAS(ws_last_error(), "options.full_policy");
    ws_server_options s;
    WS_INIT_STRUCT(&s);
    s.full_policy = -1;
    CHECK_EQ(ws_server_create(&s), 0);
    CHECK_HAS(ws_last_error(), "options.full_policy");
}

int main(void)
{
    listener = t_raw_listen(&port);
    int small = 4096;
    CHECK_EQ(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    refuses_nonsense();
    for (int accepted = 0; accepted < 2; accepted++) {
        refuses(accepted);
        drops_the_oldest(accepted);
        keeps_pieces_together(accepted);
        close_sends_what_waits(accepted);
        ends(accepted);
    }
    drops_inside_a_callback();
    cuts();
    close(listener);
    return t_done();
}
