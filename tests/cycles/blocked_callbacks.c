/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hundreds of callbacks that block, each in a queue of its own, hold up nobody
 * else, and leave nothing behind. --host 1: threads of the host dispatch the
 * queues; else threads of the library.
 */
#include "figures.h"

#include <stdatomic.h>
#include <stdbool.h>

static int host;
static ws_handle server;
static t_latch blocked = T_LATCH, released = T_LATCH, ends = T_LATCH;
static long so_far;

static void block(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    long mine = t_count(&released);
    t_add(&blocked, 1);
    t_wait(&released, mine + 1);
}

static void greet(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, "block", 5, WS_TEXT, NULL, NULL));
}

typedef struct one {
    ws_handle queue, client;
    pthread_t thread; /* the host's that dispatches */
    atomic_bool over;
} one;

static void end(const ws_event *e, void *user_data)
{
    (void)e;
    ((one *)user_data)->over = true;
    t_add(&ends, 1);
}

static void *dispatch(void *user_data)
{
    one *o = user_data;
    for (size_t n; !o->over;) OK(ws_queue_dispatch(o->queue, 0, 1000, &n));
    return NULL;
}

static void cycle(int count)
{
    one *all = calloc((size_t)count, sizeof *all);
    CHECK(all);
    long before = t_count(&blocked);
    for (one *o = all; o < all + count; o++) {
        ws_queue_options q;
        ws_create_options c;
        WS_INIT_STRUCT(&q);
        WS_INIT_STRUCT(&c);
        q.flags = host ? 0 : WS_QUEUE_THREAD;
        c.queue = o->queue = ws_queue_create(&q);
        CHECK(o->queue);
        if (host) t_thread(&o->thread, dispatch, o);
        o->client = ws_create(&c);
        CHECK(o->client);
        OK(ws_on(o->client, WS_EVENT_MESSAGE, block, NULL));
        OK(ws_on(o->client, WS_EVENT_DESTROYED, end, o));
        OK(ws_connect(o->client, t_url(server), NULL, NULL, NULL));
    }
    t_wait(&blocked, before + count);
    /* All of them stand; others go on. */
    t_log log = T_LOG;
    ws_handle other = t_open_client(server, &log);
    t_wait_event(&log, WS_EVENT_MESSAGE, 1);
    t_destroy(other, &log);
    t_forget(&log);
    t_add(&released, 1);
    for (one *o = all; o < all + count; o++) OK(ws_destroy(o->client));
    t_wait(&ends, so_far += count);
    for (one *o = all; o < all + count; o++) {
        if (host) t_join(o->thread);
        OK(ws_queue_destroy(o->queue));
    }
    free(all);
}

int main(int argc, char **argv)
{
    host = figures_option(argc, argv, "--host", 0);
    server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, greet, NULL));
    figures_spare_threads = HANDSHAKES;
    figures_stretches(host ? "blocked host threads" : "blocked library threads", cycle,
                      figures_option(argc, argv, "--cycles", 500), 1500);
    return t_done();
}
