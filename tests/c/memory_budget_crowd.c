/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A crowd that sends huge messages and never reads the answers cannot take more
 * memory than the budget and what is being handed over; who behaves goes on
 * meanwhile, the worst ones end with 1013, and nothing is kept when all are gone.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "t.h"

enum { BUDGET = 8 << 20, CROWD = 16, HUGE_SIZE = 1 << 20, LOOPS = 2, ROUNDS = 50 };

/* Beyond the budget: an eighth for what was read already, and a message per loop that
 * is copied into a queue or into what the kernel has not taken. */
enum { BEYOND = BUDGET / 8 + LOOPS * (HUGE_SIZE + (128 << 10)) };

static unsigned char *frame;
static size_t frame_size;
static atomic_bool over;

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)unused;
    int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    CHECK(status == WS_OK || status == WS_ERR_MEMORY || status == WS_ERR_FULL || status == WS_ERR_STATE ||
          status == t_stale(e->handle));
}

static void *write_for_ever(void *peer)
{
    t_raw *raw = peer;
    for (size_t at = 0; !atomic_load(&over);) {
        ssize_t n = send(raw->fd, frame + at, frame_size - at, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue; /* held up */
        if (n <= 0) break;
        if ((at += (size_t)n) == frame_size) at = 0;
    }
    return NULL;
}

static ws_stats stats(void)
{
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    return s;
}

static void *watch(void *unused)
{
    (void)unused;
    while (!atomic_load(&over)) {
        ws_stats s = stats();
        if (s.memory_used > BUDGET + BEYOND) FAIL("%lld bytes are in use", (long long)s.memory_used);
        usleep(200);
    }
    return NULL;
}

/* Sends until there is memory for it and its answer. */
static void round_of(ws_handle client, t_log *log, int n)
{
    char text[32];
    int size = snprintf(text, sizeof text, "round %d", n);
    long long end = t_now() + T_DEADLINE_MS;
    for (;;) {
        int before = t_seen(log, WS_EVENT_MESSAGE);
        int32_t status = ws_send(client, text, (size_t)size, WS_TEXT, NULL, NULL);
        CHECK(status == WS_OK || status == WS_ERR_MEMORY);
        long long again = t_now() + 1000;
        while (status == WS_OK && t_seen(log, WS_EVENT_MESSAGE) == before && t_now() < again) usleep(100);
        if (t_seen(log, WS_EVENT_MESSAGE) > before) return;
        CHECK(t_now() < end);
    }
}

int main(void)
{
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.memory_budget = BUDGET;
    init.loops = LOOPS;
    OK(ws_init(&init));
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answer, NULL));
    ws_handle client = t_open_client(server, &log);

    void *data = calloc(1, HUGE_SIZE);
    frame = malloc(HUGE_SIZE + 14);
    CHECK(data && frame);
    frame_size = t_frame_build(frame, T_BINARY, 1, data, HUGE_SIZE);
    static t_raw crowd[CROWD];
    pthread_t writers[CROWD], watcher;
    t_thread(&watcher, watch, NULL);
    for (int i = 0; i < CROWD; i++) {
        t_raw_small_client(&crowd[i], t_port(server));
        t_thread(&writers[i], write_for_ever, &crowd[i]);
    }
    for (int i = 0; i < ROUNDS; i++) round_of(client, &log, i);
    long long end = t_now() + T_DEADLINE_MS;
    while (!stats().relieved) { /* the worst ones end */
        CHECK(t_now() < end);
        round_of(client, &log, ROUNDS);
    }

    atomic_store(&over, true);
    for (int i = 0; i < CROWD; i++) shutdown(crowd[i].fd, SHUT_RDWR);
    for (int i = 0; i < CROWD; i++) {
        t_join(writers[i]);
        t_raw_close(&crowd[i]);
    }
    t_join(watcher);
    end = t_now() + T_DEADLINE_MS;
    while (stats().memory_used) {
        if (t_now() > end)
            FAIL("%lld bytes are still in use by %lld connections", (long long)stats().memory_used,
                 (long long)stats().connections);
        usleep(1000);
    }
    free(data);
    free(frame);
    return t_done();
}
