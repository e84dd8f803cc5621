/* SPDX-License-Identifier: Apache-2.0 */
/* script.c - runs one script, and checks that nothing is left of it. */
#include "fuzz.h"

typedef struct lane {
    r_rng rng;
    unsigned number;
} lane;

/* ---- a lane ------------------------------------------------------------------------- */

/* Lets the loops and queues have their turn: until something is told, for a moment at the most. */
static void wait(r_rng *rng)
{
    long told = r_count_events;
    for (int i = 0; i < 20 && r_count_events == told; i++) {
        usleep(50);
        r_queue_act(rng);
    }
}

static void *go(void *argument)
{
    lane *l = argument;
    while (l->rng.at < l->rng.end) {
        switch (r_below(&l->rng, 8)) {
        case 0:
        case 1: wait(&l->rng); break;
        case 2:
        case 3: f_peer_act(&l->rng, l->number); break;
        default: r_step(&l->rng);
        }
    }
    return NULL;
}

/* Splits the bytes; returns the number of lanes. */
static unsigned split(const uint8_t *at, const uint8_t *end, lane lanes[F_LANES])
{
    unsigned n = 0;
    while (at < end && n < F_LANES) {
        const uint8_t *next = n + 1 < F_LANES ? memmem(at, (size_t)(end - at), F_NEXT, 2) : NULL;
        /* What the end of a lane cuts short goes on by numbers that depend on it. */
        lanes[n].rng = (r_rng){.state = (uint64_t)(end - at), .at = at, .end = next ? next : end};
        lanes[n].number = n;
        n++;
        at = next ? next + 2 : end;
    }
    return n;
}

/* ---- nothing is left ------------------------------------------------------------------ */

static void check_figures(void)
{
    long long end = t_now() + T_DEADLINE_MS;
    ws_stats s;
    do { /* what ended a moment ago is counted by the loops */
        WS_INIT_STRUCT(&s);
        OK(ws_stats_get(&s));
        R_CHECK(!s.defects, "%llu defects", (unsigned long long)s.defects);
        if (!s.connections && !s.memory_used && !s.queued_events && !s.queued_bytes) return;
        sched_yield();
    } while (t_now() < end);
    R_FAIL("at the end of a script there are %lld connections, %lld bytes of buffers, %llu events and %llu bytes in queues",
           (long long)s.connections, (long long)s.memory_used, (unsigned long long)s.queued_events,
           (unsigned long long)s.queued_bytes);
}

/* Slots are used again, so that their numbers stay as small as the number of handles at once. */
static void check_slots(void)
{
    enum { INDEX_BITS = 28, MOST = 1000 };
    uint64_t slot = r_home->handle & ((1ull << INDEX_BITS) - 1);
    R_CHECK(slot < MOST, "slot %llu: they do not come back", (unsigned long long)slot);
}

static void start_once(void)
{
    static bool started;
    if (started) return;
    started = true;
    const char *loops = getenv("WS_FUZZ_LOOPS");
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.loops = loops ? atoi(loops) : 1;
    OK(ws_init(&init));
    r_run.connections = 4;
    r_run.servers = 2;
    r_watch_start();
}

static void end_by_shutdown(void)
{
    r_doing("ws_shutdown_wait", 0);
    int32_t status = ws_shutdown_wait(T_DEADLINE_MS);
    r_done();
    R_CHECK(!status, "ws_shutdown_wait returns %d: %s", status, ws_last_error());
}

void f_run(const uint8_t *data, size_t size, bool ends)
{
    static const char *const ways[] = {"inline", "mixed", "queue", "thread"};
    start_once();
    if (size < 2) return;
    r_run.receive = ways[data[0] % 4];
    lane lanes[F_LANES];
    unsigned n = split(data + 1, data + size, lanes);
    pthread_t threads[F_LANES];
    r_rng start = R_RNG(size);

    r_stop = false;
    r_garbled = false;
    r_serve_start(&start);
    check_slots();
    go(&lanes[0]);
    for (unsigned i = 1; i < n; i++) t_thread(&threads[i], go, &lanes[i]);
    if (ends) {
        r_stop = true;
        end_by_shutdown();
    }
    for (unsigned i = 1; i < n; i++) t_join(threads[i]);
    r_stop = true;
    if (ends) end_by_shutdown(); /* of what the threads did meanwhile */
    else r_end_by_hand();
    R_CHECK(!r_things_alive(), "%ld handles were never destroyed", r_things_alive());
    R_CHECK(!r_calls_open(), "%ld calls never completed", r_calls_open());
    r_queues_end();
    r_forget_places();
    f_peers_end();
    check_figures();
}
