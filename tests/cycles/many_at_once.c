/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ten thousand connections at once, each with an echo; when they are closed, both
 * ends are as before. The clients live in a second process, this program again,
 * so that the descriptors suffice: "--port N" makes it that one.
 */
#include "figures.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { SPARE_FILES = 300 };

static t_latch opens = T_LATCH, echoes = T_LATCH, closes = T_LATCH, ends = T_LATCH;
static long so_far;
static char url[64];

/* As many as wanted, if the hard limit allows that many descriptors. */
static int connections_possible(int wanted)
{
    struct rlimit limit;
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
    rlim_t need = (rlim_t)wanted + SPARE_FILES;
    if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < need) {
        need = limit.rlim_max;
        printf("the hard limit of %ld descriptors allows no more\n", (long)limit.rlim_max);
    }
    if (limit.rlim_cur < need) {
        limit.rlim_cur = need;
        CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    }
    CHECK(need > SPARE_FILES);
    return (int)(need - SPARE_FILES);
}

/* ---- the process with the clients ------------------------------------------------- */

static void say(const ws_event *e, void *unused)
{
    (void)unused;
    t_add(&opens, 1);
    OK(ws_send(e->handle, "here", 4, WS_TEXT, NULL, NULL));
}

static void fail(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("%s", e->text);
}

static void gone(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->clean, 1);
    OK(ws_destroy(e->handle));
}

/* Each of the steps has its own deadline: the machine may be slow. */
static void wait_step_by_step(t_latch *latch, long n)
{
    for (long step = t_count(latch); step < n; step += 100) t_wait(latch, step);
    t_wait(latch, n);
}

static void clients(int count)
{
    ws_handle *all = calloc((size_t)count, sizeof *all);
    CHECK(all);
    for (int i = 0; i < count; i++) {
        t_wait(&opens, so_far + i - 500); /* the server's backlog */
        all[i] = ws_create(NULL);
        CHECK(all[i]);
        OK(ws_on(all[i], WS_EVENT_OPEN, say, NULL));
        OK(ws_on(all[i], WS_EVENT_MESSAGE, t_tick, &echoes));
        OK(ws_on(all[i], WS_EVENT_ERROR, fail, NULL));
        OK(ws_on(all[i], WS_EVENT_CLOSE, gone, NULL));
        OK(ws_on(all[i], WS_EVENT_DESTROYED, t_tick, &ends));
        OK(ws_connect(all[i], url, NULL, NULL, NULL));
    }
    wait_step_by_step(&echoes, so_far + count);
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    CHECK_EQ(stats.connections, count);
    figures most = figures_now();
    printf("%d clients: %ld KiB\n", count, most.rss / 1024);
    for (int i = 0; i < count; i++) OK(ws_close(all[i], NULL, NULL, NULL));
    wait_step_by_step(&ends, so_far += count);
    free(all);
}

/* ---- the process with the server ---------------------------------------------------- */

static int run_clients(char *program, int port, int count)
{
    char port_text[20], count_text[20];
    snprintf(port_text, sizeof port_text, "%d", port);
    snprintf(count_text, sizeof count_text, "%d", count);
    char *arguments[] = {program, "--port", port_text, "--cycles", count_text, NULL};
    pid_t child = fork();
    CHECK(child >= 0);
    if (!child) {
        execv("/proc/self/exe", arguments);
        _exit(127);
    }
    int status = -1;
    CHECK_EQ(waitpid(child, &status, 0), child);
    return status;
}

int main(int argc, char **argv)
{
    int count = connections_possible(figures_option(argc, argv, "--cycles", 10000));
    int port = figures_option(argc, argv, "--port", 0);
    if (port) {
        /* Each handshake may have one, and Go makes another for each whose call the kernel has put aside, as on a busy
         * machine; they stay for the next ones. */
        figures_spare_threads = 2 * HANDSHAKES;
        figures_doublings = 3;
        snprintf(url, sizeof url, "%s", t_url_of_port(port));
        figures_stretches("clients", clients, count, 400); /* less than a connection owns */
        return t_done();
    }
    ws_handle server = t_echo_server();
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_tick, &closes));
    /* The first clients warm the server up. What a connection leaves is left by those of every later round,
     * what the runtime has not given back yet is not. */
    enum { ROUNDS = 5 };
    figures start = figures_now(), before = start, after = start;
    bool leaves = true;
    for (int round = 0; round < ROUNDS && leaves; round++) {
        CHECK_EQ(run_clients(argv[0], t_port(server), count), 0);
        ws_stats stats;
        WS_INIT_STRUCT(&stats);
        OK(ws_stats_get(&stats));
        CHECK(stats.connections_peak >= count);
        wait_step_by_step(&closes, (long)stats.accepted);
        before = after;
        after = figures_back(round ? "server after again" : "server after", &start);
        if (!round) continue;
        /* Each run of clients makes at least two rounds of its own. */
        double left = (double)(after.rss - before.rss) / (2 * count);
        double heap = (double)(after.heap - before.heap) / (2 * count);
        printf("server: each connection left %.1f bytes, %.1f of malloc\n", left, heap);
        leaves = left >= 400 || heap >= HEAP_PER_CYCLE;
    }
    CHECK(!leaves);
    return t_done();
}
