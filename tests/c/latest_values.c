/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_send_with: what waits whole is replaced by what is sent with its key and passed by what has a
 * higher priority; of both roles, with pieces, a close and a full queue, and before a client is open.
 */
#include "t_latest.h"

enum { KEYS = 10, ROUNDS = 50 };

static int32_t told[ROUNDS][KEYS];

/* Of each key the newest comes, in the place of the first. */
static void newest_comes(int accepted)
{
    pair p;
    fresh_latches();
    uint64_t before = library().replaced;
    begin(&p, accepted);
    uint32_t walls = wall(p.handle);
    uint64_t waits = 0;
    for (uint32_t n = 0; n < ROUNDS; n++) {
        for (uint32_t key = 1; key <= KEYS; key++) {
            int32_t *one = &told[n][key - 1];
            *one = 1;
            /* by turns in the other order: their places stay */
            OK(send_note(p.handle, n % 2 ? KEYS + 1 - key : key, n, n % 2 ? KEYS + 1 - key : key, 0, once, one));
        }
        if (!n) waits = t_buffered(p.handle);
        CHECK_EQ(t_buffered(p.handle), waits);
    }
    CHECK_EQ(replaced_of(p.handle), KEYS * (ROUNDS - 1));
    CHECK_EQ(library().replaced - before, KEYS * (ROUNDS - 1));
    t_wait(&replaced, KEYS * (ROUNDS - 1));
    if (p.server) {
        ws_server_stats s;
        WS_INIT_STRUCT(&s);
        OK(ws_server_stats_get(p.server, &s));
        CHECK_EQ(s.replaced, KEYS * (ROUNDS - 1));
        char page[16384];
        size_t size;
        OK(ws_metrics(p.server, page, sizeof page, &size));
        CHECK_HAS(page, "\nlibws_server_replaced_messages_total{");
        CHECK_HAS(page, "\nlibws_replaced_messages_total ");
    }
    OK(ws_send(p.handle, "end", 3, WS_TEXT, NULL, NULL)); /* behind all */
    expect_wall(&p.peer, 0, walls);
    for (uint32_t key = 1; key <= KEYS; key++) expect(&p.peer, key, ROUNDS - 1);
    t_raw_expect(&p.peer, T_TEXT, "end", 3);
    t_wait(&sent, KEYS);
    for (uint32_t n = 0; n < ROUNDS; n++)
        for (int i = 0; i < KEYS; i++) CHECK_EQ(told[n][i], n == ROUNDS - 1 ? WS_OK : WS_ERR_REPLACED);
    CHECK_EQ(t_count(&cut), 0);
    CHECK_EQ(t_buffered(p.handle), 0);

    /* When nothing waits nothing is replaced. */
    for (uint32_t n = 0; n < 5; n++) {
        OK(send_note(p.handle, 1, n, 1, 0, NULL, NULL));
        expect(&p.peer, 1, n);
    }
    CHECK_EQ(replaced_of(p.handle), KEYS * (ROUNDS - 1));
    finish(&p);
}

/* What is small goes first, what is urgent before that; the same priority keeps its order. */
static void urgent_goes_first(int accepted)
{
    pair p;
    begin(&p, accepted);
    uint32_t walls = wall(p.handle);
    OK(send_note(p.handle, 1, 0, 0, 1, NULL, NULL));
    OK(send_note(p.handle, 7, 0, 0, 7, NULL, NULL));
    OK(send_note(p.handle, 3, 0, 9, 3, NULL, NULL));
    OK(send_note(p.handle, 7, 1, 0, 7, NULL, NULL));
    OK(send_note(p.handle, 1, 1, 8, 1, NULL, NULL));
    OK(send_note(p.handle, 1, 2, 0, 1, NULL, NULL));
    OK(send_note(p.handle, 1, 3, 8, 1, NULL, NULL)); /* takes the place of the one before the last */
    OK(send_note(p.handle, 5, 0, 9, 5, NULL, NULL)); /* goes where its own priority is */
    OK(ws_ping(p.handle, "p", 1));                   /* before all that waits whole */
    CHECK_EQ(replaced_of(p.handle), 2);
    static const note order[] = {{7, 0}, {7, 1}, {5, 0}, {1, 0}, {1, 3}, {1, 2}};
    uint32_t before = 0;
    t_frame f;
    while ((f = t_raw_read(&p.peer)).first == T_BINARY && f.size == SIZE) before++;
    CHECK_EQ(f.first, T_PING);
    CHECK(before + THICK / 2 < walls);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) expect(&p.peer, order[i].who, order[i].n);
    expect_wall(&p.peer, before, walls);
    finish(&p);
}

/* Nothing comes into a message in pieces, but all of it may be passed. */
static void pieces_stay_together(int accepted)
{
    pair p;
    static char piece[SIZE];
    begin(&p, accepted);
    uint32_t walls = wall(p.handle);
    OK(ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL));
    CHECK_EQ(send_note(p.handle, 7, 0, 0, 7, NULL, NULL), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "pieces");
    OK(ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL));
    if (p.server) { /* published: behind the last piece, and one for each key */
        for (uint32_t n = 0; n < 5; n++) {
            note m = {4, n};
            ws_send_options o = rank(4, n ? 0 : 2);
            size_t count;
            OK(ws_server_broadcast_with(p.server, &m, sizeof m, WS_BINARY, 0, &o, &count));
            CHECK_EQ(count, 1);
        }
        CHECK_EQ(replaced_of(p.handle), 4);
    }
    OK(ws_send_part(p.handle, piece, 1, WS_TEXT, 1, NULL, NULL));
    OK(send_note(p.handle, 7, 1, 0, 7, NULL, NULL));
    uint32_t before = 0;
    t_frame f;
    note m;
    while ((f = t_raw_read(&p.peer)).size == SIZE) before++;
    CHECK_EQ(f.first, T_BINARY);
    memcpy(&m, f.data, sizeof m);
    CHECK_EQ(m.who, 7);
    CHECK(before + THICK / 2 < walls);
    expect_wall(&p.peer, before, walls);
    CHECK_EQ(t_raw_read(&p.peer).first, WS_TEXT);
    CHECK_EQ(t_raw_read(&p.peer).first, 0);
    CHECK_EQ(t_raw_read(&p.peer).first, T_CONT);
    if (p.server) expect(&p.peer, 4, 4);

    OK(ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL)); /* nothing waits: it has begun */
    while (t_buffered(p.handle) < THICK / 2 * SIZE)
        OK(ws_send_part(p.handle, piece, SIZE, WS_TEXT, 0, NULL, NULL));
    OK(ws_send_part(p.handle, piece, 1, WS_TEXT, 1, NULL, NULL));
    OK(send_note(p.handle, 7, 2, 0, 7, NULL, NULL));
    while ((f = t_raw_read(&p.peer)).first != T_CONT) CHECK(f.first == WS_TEXT || f.first == 0);
    expect(&p.peer, 7, 2);
    finish(&p);
}

/* A Close frame is behind all that waits. */
static void close_comes_last(int accepted)
{
    pair p;
    begin(&p, accepted);
    uint32_t walls = wall(p.handle);
    for (uint32_t n = 0; n < 5; n++) OK(send_note(p.handle, 1, n, 1, 0, NULL, NULL));
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.timeout_ms = T_DEADLINE_MS;
    OK(ws_close(p.handle, &o, NULL, NULL));
    CHECK_EQ(send_note(p.handle, 1, 9, 1, 0, NULL, NULL), WS_ERR_STATE);
    expect_wall(&p.peer, 0, walls);
    expect(&p.peer, 1, 4);
    t_raw_expect_close(&p.peer, 1000);
    t_raw_send_close(&p.peer, 1000, "");
    t_raw_close(&p.peer); /* or the library waits for that */
    CHECK_EQ(t_wait_event(&p.log, WS_EVENT_CLOSE, 1)->clean, 1);
    int32_t status = send_note(p.handle, 1, 9, 1, 0, NULL, NULL);
    CHECK(status == WS_ERR_STATE || (accepted && status == WS_ERR_NO_CONNECTION));
    finish(&p);
}

/* The end of the connection tells each message that still waits once, and no other. */
static void end_tells_the_rest(int accepted)
{
    pair p;
    fresh_latches();
    begin(&p, accepted);
    wall(p.handle);
    for (uint32_t n = 0; n < ROUNDS; n++) {
        for (uint32_t key = 1; key <= KEYS; key++) {
            told[n][key - 1] = 1;
            OK(send_note(p.handle, key, n, key, (int32_t)(key % 8), once, &told[n][key - 1]));
        }
    }
    OK(ws_abort(p.handle));
    t_wait(&replaced, KEYS * (ROUNDS - 1));
    t_wait(&cut, KEYS);
    t_wait_event(&p.log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_count(&sent), 0);
    for (int i = 0; i < KEYS; i++) CHECK(told[ROUNDS - 1][i] != WS_OK && told[ROUNDS - 1][i] != WS_ERR_REPLACED);
    finish(&p);
}

/* A full queue refuses: the old one stays. A newer one of the same size always has room. */
static void full_leaves_the_old(int accepted)
{
    pair p;
    begin(&p, accepted);
    OK(ws_on(p.handle, WS_EVENT_DRAIN, t_record, &p.log));
    uint32_t walls = wall(p.handle);
    OK(send_note(p.handle, 1, 0, 1, 0, NULL, NULL));
    uint32_t fillers = 0;
    static char filler[SIZE];
    while (t_buffered(p.handle) + SIZE + 100 <= ROOM) fillers++, OK(ws_send(p.handle, filler, SIZE, WS_TEXT, NULL, NULL));
    ws_send_options o = rank(1, 0);
    static char large[2 * SIZE];
    CHECK_EQ(ws_send_with(p.handle, large, sizeof large, WS_BINARY, &o, NULL, NULL), WS_ERR_FULL);
    CHECK_EQ(replaced_of(p.handle), 0);
    for (uint32_t n = 1; n <= 5; n++) OK(send_note(p.handle, 1, n, 1, 0, NULL, NULL));
    CHECK_EQ(replaced_of(p.handle), 5);
    expect_wall(&p.peer, 0, walls);
    expect(&p.peer, 1, 5);
    for (uint32_t i = 0; i < fillers; i++) CHECK_EQ(t_raw_read(&p.peer).size, SIZE);
    t_wait_event(&p.log, WS_EVENT_DRAIN, 1);
    finish(&p);
}

/* What is sent before a client is open is replaced, too. */
static void early_ones_are_replaced(void)
{
    t_log log = T_LOG;
    fresh_latches();
    ws_handle client = t_client(&log);
    t_raw peer;
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    int32_t one[10];
    OK(send_note(client, 2, 0, 0, 0, NULL, NULL));
    for (uint32_t n = 0; n < 10; n++) {
        one[n] = 1;
        OK(send_note(client, 1, n, 1, 1, once, &one[n]));
    }
    CHECK_EQ(replaced_of(client), 9);
    t_wait(&replaced, 9);
    t_raw_server(&peer, listener);
    expect(&peer, 1, 9);
    expect(&peer, 2, 0);
    t_wait(&sent, 1);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

static void refuses_nonsense(void)
{
    pair p;
    begin(&p, 1);
    static const int32_t bad[] = {-1, 8, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ws_send_options o = rank(1, bad[i]);
        CHECK_EQ(ws_send_with(p.handle, "x", 1, WS_TEXT, &o, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "options.priority");
        CHECK_EQ(ws_publish_with(p.server, "t", 1, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "options.priority");
        CHECK_EQ(ws_server_broadcast_with(p.server, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "options.priority");
    }
    ws_send_options o = rank(1, 0);
    o.struct_size = 8;
    CHECK_EQ(ws_send_with(p.handle, "x", 1, WS_TEXT, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options: struct_size");
    CHECK_EQ(ws_publish_with(p.server, "t", 1, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_server_broadcast_with(p.server, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_PARAMETER);
    o = rank(1, 0);
    CHECK_EQ(ws_send_with(p.handle, NULL, 1, WS_TEXT, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_send_with(p.handle, "x", 1, 3, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_send_with(p.handle, "\xff", 1, WS_TEXT, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_send_with(p.server, "x", 1, WS_TEXT, &o, NULL, NULL), WS_ERR_HANDLE);
    CHECK_EQ(ws_publish_with(p.handle, "t", 1, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_HANDLE);
    CHECK_EQ(ws_publish_with(p.server, "", 0, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_server_broadcast_with(p.handle, "x", 1, WS_TEXT, 0, &o, NULL), WS_ERR_HANDLE);
    OK(ws_send_with(p.handle, "y", 1, WS_TEXT, NULL, NULL, NULL));
    t_raw_expect(&p.peer, T_TEXT, "y", 1);
    CHECK_EQ(ws_has_feature("send_with"), 1);
    CHECK_TEXT(ws_error_name(WS_ERR_REPLACED), "WS_ERR_REPLACED");
    finish(&p);
}

int main(void)
{
    listener = t_raw_small_listen(&port);
    refuses_nonsense();
    for (int accepted = 0; accepted < 2; accepted++) {
        newest_comes(accepted);
        urgent_goes_first(accepted);
        pieces_stay_together(accepted);
        close_comes_last(accepted);
        end_tells_the_rest(accepted);
        full_leaves_the_old(accepted);
    }
    early_ones_are_replaced();
    close(listener);
    return t_done();
}
