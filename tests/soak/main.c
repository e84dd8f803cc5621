/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - soak [--seconds N] [--seed N]: time, a line per ten seconds, and the
 * verdict. The time is cut into phases; between them all connections end. What
 * each phase leaves behind is a leak; what only the first ones leave is not.
 */
#include "soak.h"

enum { PHASES = 4, RSS_MORE = 2 << 20, HEAP_MORE = 64 << 10 };

static void tell(long seconds)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    figures f = figures_now();
    printf("%5ld s: %ld messages, %ld MiB, %ld opens (%ld clean, %ld broken, %ld refused), "
           "%ld cuts, %ld resets, %ld delays; "
           "%ld threads, %ld descriptors, %ld KiB resident, %ld KiB buffers\n",
           seconds, soak.messages, soak.bytes >> 20, soak.opens, soak.clean, soak.broken, soak.refused, soak.cuts,
           soak.resets, soak.delays, f.threads, f.descriptors, f.rss / 1024, (long)stats.memory_used / 1024);
    fflush(stdout);
}

static void at_rest(void)
{
    long long end = t_now() + T_DEADLINE_MS;
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    do {
        CHECK(t_now() < end);
        usleep(1000); /* the loop gives its buffers back after the last event */
        OK(ws_stats_get(&stats));
    } while (stats.connections || stats.memory_used || proxy_relays());
}

int main(int argc, char **argv)
{
    int seconds = figures_option(argc, argv, "--seconds", 60);
    int seed = figures_option(argc, argv, "--seed", (int)getpid());
    printf("soak: seed %d, %d seconds\n", seed, seconds);
    fflush(stdout);
    traffic_start((uint64_t)seed);
    int port = proxy_start((uint64_t)seed * 31, traffic_port());
    figures_spare_threads = HANDSHAKES;
    figures start = figures_now(), before = start;
    long long began = t_now(), told = began;
    bool rss_leaks = true, heap_leaks = true;
    for (int phase = 0; phase < PHASES; phase++) {
        while (t_now() < began + (phase + 1) * 1000ll * seconds / PHASES) {
            traffic_run(port);
            usleep(20000); /* how often ended clients are replaced */
            traffic_watch();
            if (t_now() - told < 10000) continue;
            told += 10000;
            tell((told - began) / 1000);
        }
        traffic_rest();
        at_rest();
        figures now = figures_back("at rest", &start);
        if (phase && now.rss - before.rss <= RSS_MORE) rss_leaks = false;
        if (phase && now.heap - before.heap <= HEAP_MORE) heap_leaks = false;
        before = now;
    }
    tell((t_now() - began) / 1000);
    if (rss_leaks) FAIL("each phase left more than %d KiB resident", RSS_MORE >> 10);
    if (heap_leaks) FAIL("each phase left more than %d KiB of malloc", HEAP_MORE >> 10);
    CHECK(soak.messages > 0 && soak.clean > 0 && soak.broken > 0);
    traffic_end();
    proxy_stop();
    return t_done();
}
