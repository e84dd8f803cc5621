/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_send_with from several threads while the peer reads, and for one that reads nothing:
 * latest_values_of_threads [VALUES], for the latter.
 */
#include "t_latest.h"

enum { THREADS = 3, VALUES_OF_EACH = T_TIMES(3000) / 100 * 100 };

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
        if (f.first != T_BINARY) continue; /* a ping, on a machine that takes long */
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

int main(int count, char **words)
{
    listener = t_raw_small_listen(&port);
    for (int accepted = 0; accepted < 2; accepted++) from_several_threads(accepted);
    frozen_peer(1, count > 1 ? (uint32_t)atol(words[1]) : T_TIMES(100000));
    close(listener);
    return t_done();
}
