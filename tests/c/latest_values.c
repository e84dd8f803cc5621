/* SPDX-License-Identifier: Apache-2.0 */
/*
 * latest_values: ws_send_with, ws_publish_with and ws_server_broadcast_with. What waits whole is replaced
 * by what is sent with its key and passed by what has a higher priority; of both roles, with pieces,
 * close, publishing, compression, before a client is open, and from several threads.
 */
#include "t_compression.h"

enum { SIZE = 20000, THICK = 50, ROOM = 80 * SIZE, KEYS = 10, ROUNDS = 50 };

static int listener, port;

/* One end is ours, the other a raw one that does not read. */
typedef struct pair {
    ws_handle handle, server;
    t_raw peer;
    t_log log;
} pair;

static ws_handle small_server(int64_t max_buffered, t_log *log)
{
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.max_buffered = max_buffered;
    return t_server(&o, log);
}

static void begin(pair *p, int accepted)
{
    *p = (pair){.log = T_LOG};
    if (accepted) {
        p->server = small_server(ROOM, &p->log);
        t_raw_small_client(&p->peer, t_port(p->server));
        p->handle = t_wait_event(&p->log, WS_EVENT_CONNECT, 1)->handle;
    } else {
        ws_create_options o;
        WS_INIT_STRUCT(&o);
        o.max_buffered = ROOM;
        p->handle = ws_create(&o);
        CHECK(p->handle);
        t_listen(p->handle, &p->log);
        t_meet(p->handle, NULL, listener, port, &p->peer);
        t_wait_event(&p->log, WS_EVENT_OPEN, 1);
    }
}

static void finish(pair *p)
{
    if (p->peer.fd >= 0) t_raw_close(&p->peer);
    if (p->server) OK(ws_server_destroy(p->server));
    else OK(ws_destroy(p->handle));
    t_wait_event(&p->log, WS_EVENT_DESTROYED, 1);
    t_forget(&p->log);
}

static ws_send_options rank(uint64_t key, int32_t priority)
{
    ws_send_options o;
    WS_INIT_STRUCT(&o);
    o.key = key;
    o.priority = priority;
    return o;
}

/* A message says who it is. */
typedef struct note {
    uint32_t who, n;
} note;

enum { WALL = 1000000 };

static int32_t send_note(ws_handle handle, uint32_t who, uint32_t n, uint64_t key, int32_t priority,
                         ws_callback completion, void *user_data)
{
    note m = {who, n};
    ws_send_options o = rank(key, priority);
    return ws_send_with(handle, &m, sizeof m, WS_BINARY, &o, completion, user_data);
}

static void send_wall(ws_handle handle, uint32_t n)
{
    static _Thread_local struct {
        note head;
        char rest[SIZE - sizeof(note)];
    } m;
    m.head = (note){WALL, n};
    OK(ws_send_with(handle, &m, sizeof m, WS_BINARY, NULL, NULL, NULL));
}

/* Many large messages that wait, for a peer that does not read; how many they are, from 0 on. */
static uint32_t wall(ws_handle handle)
{
    uint32_t n = 0;
    while (!t_buffered(handle)) send_wall(handle, n++);
    for (int i = 0; i < THICK; i++) send_wall(handle, n++);
    CHECK(t_buffered(handle) > THICK / 2 * SIZE);
    return n;
}

static note read_note(t_raw *peer)
{
    t_frame f = t_raw_read(peer);
    CHECK_EQ(f.first, T_BINARY);
    note m;
    memcpy(&m, f.data, sizeof m);
    CHECK_EQ(f.size, m.who == WALL ? SIZE : sizeof m);
    return m;
}

static void expect(t_raw *peer, uint32_t who, uint32_t n)
{
    note m = read_note(peer);
    CHECK_EQ(m.who, who);
    CHECK_EQ(m.n, n);
}

static void expect_wall(t_raw *peer, uint32_t from, uint32_t to)
{
    for (uint32_t n = from; n < to; n++) expect(peer, WALL, n);
}

static uint64_t replaced_of(ws_handle handle)
{
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(handle, &stats));
    return stats.messages_replaced;
}

static ws_stats library(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    return stats;
}

static t_latch sent = T_LATCH, replaced = T_LATCH, cut = T_LATCH;

static void fresh_latches(void)
{
    sent = replaced = cut = (t_latch)T_LATCH;
}

/* told[i] is what message i was told: a completion comes once. */
static void WS_CALL once(const ws_event *e, void *told)
{
    CHECK_EQ(e->operation, WS_OP_SEND);
    CHECK_EQ(*(int32_t *)told, 1);
    *(int32_t *)told = e->error;
    if (e->error == WS_ERR_REPLACED) CHECK_HAS(e->text, "replaced");
    t_add(e->error == WS_OK ? &sent : e->error == WS_ERR_REPLACED ? &replaced : &cut, 1);
}

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

/* A subscriber that does not read gets the newest; one that does waits for nobody. */
static void published_values(void)
{
    enum { MANY = 400, VALUE = 20000, LIMIT = 50 * VALUE };
    static char value[VALUE];
    t_log log = T_LOG;
    ws_handle server = small_server(LIMIT, &log);
    t_raw slow;
    t_raw_small_client(&slow, t_port(server));
    ws_handle stuck = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_subscribe(stuck, "prices", 6));
    t_log reader = T_LOG;
    ws_handle client = t_open_client(server, &reader);
    ws_handle other = t_wait_event(&log, WS_EVENT_CONNECT, 2)->handle;
    OK(ws_subscribe(other, "prices", 6));
    ws_send_options o = rank(1, 0);
    for (uint32_t n = 1; n <= MANY; n++) {
        size_t count;
        memcpy(value, &n, sizeof n);
        OK(ws_publish_with(server, "prices", 6, value, VALUE, WS_BINARY, 0, &o, &count));
        CHECK_EQ(count, 2);
    }
    o = rank(0, 1);
    OK(ws_publish_with(server, "prices", 6, "now", 3, WS_TEXT, 0, &o, NULL)); /* passes what waits */
    ws_connection_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(stuck, &stats));
    CHECK_EQ(stats.messages_dropped, 0);
    CHECK(stats.messages_replaced > MANY / 2);
    uint64_t seen = 0;
    int now = 0;
    uint32_t last = 0;
    for (t_frame f; last != MANY || !now;) {
        f = t_raw_read(&slow);
        if (f.first == T_TEXT) {
            CHECK(last < MANY); /* it was sent behind the last one */
            now = 1;
            continue;
        }
        uint32_t n;
        CHECK_EQ(f.size, VALUE);
        memcpy(&n, f.data, sizeof n);
        CHECK(n > last);
        last = n;
        seen++;
    }
    CHECK_EQ(seen + stats.messages_replaced, MANY);
    /* The reader has the last one as well. */
    for (last = 0; last != MANY;) {
        for (int i = t_seen(&reader, WS_EVENT_MESSAGE); i > 0 && last != MANY; i--) {
            const t_event *e = t_wait_event(&reader, WS_EVENT_MESSAGE, i);
            if (e->size == VALUE) memcpy(&last, e->data, sizeof last), i = 0;
        }
        sched_yield();
    }
    WS_INIT_STRUCT(&stats);
    OK(ws_connection_stats_get(other, &stats));
    CHECK_EQ(stats.messages_dropped, 0);
    t_raw_close(&slow);
    t_destroy(client, &reader);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    t_forget(&reader);
}

/* With takeover in both directions: whatever is replaced or passed, all that comes inflates. */
static void compressed_values(void)
{
    t_log log = T_LOG, reader = T_LOG;
    ws_compression z = t_compression(WS_TAKEOVER_OUT | WS_TAKEOVER_IN, 15, 64);
    ws_handle server = ws_server_create(NULL);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &log));
    t_start_compressing(server, &z);
    ws_handle client = t_compressing_client(server, &z, &reader);
    ws_handle handle = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_pause(client));
    static char noise[SIZE];
    unsigned x = 12345;
    for (int i = 0; i < SIZE; i++) noise[i] = (char)((x = x * 1103515245u + 12345u) >> 16);
    char text[600];
    int k = 0;
    enum { VALUES = 300 };
    for (long walls = 0; k < VALUES; k++) {
        ws_send_options o = rank((uint64_t)(k % 7), k % 3);
        int size = snprintf(text, sizeof text, "value %d %d ", k % 7, k);
        while (size < 500) size += snprintf(text + size, sizeof text - (size_t)size, "again and again ");
        if (k % 5 == 4) OK(ws_server_broadcast_with(server, text, (size_t)size, WS_TEXT, 0, &o, NULL));
        else OK(ws_send_with(handle, text, (size_t)size, WS_TEXT, &o, NULL, NULL));
        if (k == 10) /* the first ones leave compressed, the others wait */
            while (walls < THICK || t_buffered(handle) < 10 * SIZE)
                walls++, OK(ws_send_with(handle, noise, SIZE, WS_BINARY, NULL, NULL, NULL));
    }
    CHECK(replaced_of(handle) > VALUES / 2);
    OK(ws_resume(client));
    OK(ws_send(handle, "end", 3, WS_TEXT, NULL, NULL));
    OK(ws_close(handle, NULL, NULL, NULL));
    t_wait_event(&reader, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_seen(&reader, WS_EVENT_ERROR), 0);
    int last[7] = {0}, ended = 0;
    for (int i = 1; i <= t_seen(&reader, WS_EVENT_MESSAGE); i++) {
        const t_event *e = t_wait_event(&reader, WS_EVENT_MESSAGE, i);
        int key, n;
        if (e->size == SIZE) CHECK(!memcmp(e->data, noise, SIZE));
        else if (sscanf((const char *)e->data, "value %d %d ", &key, &n) == 2) last[key] = n > last[key] ? n : last[key];
        else CHECK_TEXT((const char *)e->data, "end"), ended++;
    }
    CHECK_EQ(ended, 1);
    for (int key = 1; key < 7; key++) CHECK(last[key] >= VALUES - 7); /* the newest of each */
    t_destroy(client, &reader);
    OK(ws_server_destroy(server));
    t_forget(&reader);
    t_forget(&log);
}

enum { THREADS = 3, VALUES_OF_EACH = 3000 };

static ws_handle target;
static int32_t told_of[THREADS][VALUES_OF_EACH];
static char came_of[THREADS][VALUES_OF_EACH];

static void *send_values(void *number)
{
    uint32_t who = (uint32_t)(uintptr_t)number;
    for (uint32_t n = 0; n < VALUES_OF_EACH; n++) {
        told_of[who][n] = 1;
        OK(send_note(target, who, n, 1 + who, (int32_t)who, once, &told_of[who][n]));
        if (n % 20 == 0) OK(send_note(target, THREADS, n, 99, 2, NULL, NULL)); /* a key of all */
        if (n % 100 == 0) send_wall(target, n);
    }
    return NULL;
}

/* Several threads and a peer that reads meanwhile: each completion comes once, each key in its order. */
static void from_several_threads(int accepted)
{
    pair p;
    fresh_latches();
    begin(&p, accepted);
    target = p.handle;
    memset(came_of, 0, sizeof came_of);
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++) t_thread(&threads[i], send_values, (void *)i);
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    OK(ws_send(p.handle, "end", 3, WS_TEXT, NULL, NULL));
    uint32_t last[THREADS] = {0};
    long came = 0, walls = 0;
    for (t_frame f; (f = t_raw_read(&p.peer)).first != T_TEXT;) {
        note m;
        memcpy(&m, f.data, sizeof m);
        if (m.who == WALL) walls++;
        if (m.who >= THREADS) continue;
        CHECK(!last[m.who] || m.n > last[m.who]);
        came_of[m.who][m.n] = 1;
        last[m.who] = m.n;
        came++;
    }
    for (int i = 0; i < THREADS; i++) CHECK_EQ(last[i], VALUES_OF_EACH - 1);
    CHECK_EQ(walls, THREADS * VALUES_OF_EACH / 100);
    t_wait(&sent, came);
    t_wait(&replaced, THREADS * VALUES_OF_EACH - came);
    for (int i = 0; i < THREADS; i++)
        for (int n = 0; n < VALUES_OF_EACH; n++) CHECK_EQ(told_of[i][n], came_of[i][n] ? WS_OK : WS_ERR_REPLACED);
    finish(&p);
}

/* However many values a peer does not read, they take the memory of one for each key. */
static void frozen_peer(int accepted, uint32_t many)
{
    enum { DIFFERENT = 1000 };
    pair p;
    begin(&p, accepted);
    wall(p.handle);
    for (uint32_t key = 1; key <= DIFFERENT; key++) OK(send_note(p.handle, key, 0, key, (int32_t)(key % 8), NULL, NULL));
    uint64_t waits = t_buffered(p.handle);
    int64_t memory = library().memory_used;
    for (uint32_t n = 0; n < many; n++) OK(send_note(p.handle, n, n, 1 + n % DIFFERENT, (int32_t)((n * 7919) % 8), NULL, NULL));
    CHECK(t_buffered(p.handle) <= waits);
    CHECK(library().memory_used <= memory + 100000);
    CHECK_EQ(replaced_of(p.handle), many);
    finish(&p);
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

int main(int count, char **words)
{
    listener = t_raw_small_listen(&port);
    uint32_t many = count > 1 ? (uint32_t)atol(words[1]) : 100000;
    refuses_nonsense();
    for (int accepted = 0; accepted < 2; accepted++) {
        newest_comes(accepted);
        urgent_goes_first(accepted);
        pieces_stay_together(accepted);
        close_comes_last(accepted);
        end_tells_the_rest(accepted);
        full_leaves_the_old(accepted);
        from_several_threads(accepted);
    }
    frozen_peer(1, many);
    early_ones_are_replaced();
    published_values();
    compressed_values();
    close(listener);
    return t_done();
}
