/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A callback may go on as a coroutine, on a stack of the host's own, and call every
 * function there, of servers and clients; the coroutine goes on in a later callback, on
 * whatever thread that is. 16 KiB of stack are enough for a call (docs/platforms.md).
 */
#include "t_coroutine.h"

enum { STACK = 16 << 10, ROUNDS = 40, LARGE = 70000 };

static ws_handle server, client;
static t_latch completed = T_LATCH, resumed = T_LATCH, gone = T_LATCH;
static char large[LARGE];

static void a_clients_life(void)
{
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    ws_handle h = ws_create(&options);
    CHECK(h);
    OK(ws_on(h, WS_EVENT_DESTROYED, t_tick, &gone));
    ws_header header = {"X-Of", "a coroutine"};
    ws_connect_options connect;
    WS_INIT_STRUCT(&connect);
    connect.headers = &header;
    connect.header_count = 1;
    OK(ws_connect(h, "ws://127.0.0.1:1/", &connect, NULL, NULL));
    OK(ws_destroy(h));
}

static void a_servers_life(void)
{
    ws_handle h = ws_server_create(NULL);
    int32_t port;
    CHECK(h);
    OK(ws_server_on(h, WS_EVENT_DESTROYED, t_tick, &gone));
    OK(ws_server_start(h, NULL, NULL, NULL));
    OK(ws_server_port(h, &port));
    OK(ws_server_stop(h, NULL, NULL, NULL));
    OK(ws_server_destroy(h));
}

static void figures(void)
{
    ws_stats all;
    ws_server_stats of_server;
    size_t size;
    WS_INIT_STRUCT(&all);
    WS_INIT_STRUCT(&of_server);
    OK(ws_stats_get(&all));
    OK(ws_server_stats_get(server, &of_server));
    OK(ws_metrics(server, NULL, 0, &size));
}

/* The peer answers with as much, so the queue may be full. */
static void may(int32_t status)
{
    CHECK(status == WS_OK || status == WS_ERR_FULL);
}

static _Atomic long wanted; /* completions of sends that were taken */

/* Everything that a connection can do and that leaves it open. */
static void use(ws_handle h, int accepted)
{
    int32_t state;
    uint64_t bytes;
    ws_connection info;
    ws_connection_stats stats;
    WS_INIT_STRUCT(&info);
    WS_INIT_STRUCT(&stats);
    may(ws_send(h, "short", 5, WS_TEXT, NULL, NULL));
    may(ws_send(h, large, sizeof large, WS_BINARY, NULL, NULL));
    int32_t told = ws_send(h, "told", 4, WS_TEXT, t_tick, &completed);
    may(told);
    wanted += told == WS_OK;
    CHECK_EQ(ws_send(h, "\xff", 1, WS_TEXT, NULL, NULL), WS_ERR_PARAMETER);
    if (ws_send_part(h, "in ", 3, WS_TEXT, 0, NULL, NULL) == WS_OK) {
        may(ws_ping(h, "?", 1));
        OK(ws_send_part(h, "", 0, WS_TEXT, 1, NULL, NULL));
    }
    OK(ws_state(h, &state));
    OK(ws_buffered_amount(h, &bytes));
    OK(ws_connection_stats_get(h, &stats));
    OK(ws_pause(h));
    OK(ws_resume(h));
    if (!accepted) return;
    OK(ws_connection_info(h, &info));
    OK(ws_subscribe(h, "room", 4));
    OK(ws_publish(server, "room", 4, "to all", 6, WS_TEXT, 0, NULL));
    OK(ws_server_broadcast(server, large, sizeof large, WS_BINARY, 0, NULL));
    OK(ws_unsubscribe(h, "room", 4));
}

typedef struct worker {
    t_coroutine routine;
    ws_handle handle;
    int accepted, rounds;
} worker;

static void work(t_coroutine *c)
{
    worker *w = c->argument;
    for (int i = 0; i < ROUNDS; i++) {
        use(w->handle, w->accepted);
        t_coroutine_yield(c); /* the rest in the next callback */
        a_clients_life();
        if (i % 10 == 0) a_servers_life();
        figures();
        t_coroutine_yield(c);
        t_add(&resumed, 1);
    }
}

static void on_message(const ws_event *e, void *user)
{
    worker *w = user;
    if (w->routine.over) return;
    w->handle = e->handle;
    t_coroutine_resume(&w->routine);
}

int main(void)
{
    static worker of_server = {.accepted = 1}, of_client;
    t_coroutine_make(&of_server.routine, STACK, work, &of_server);
    t_coroutine_make(&of_client.routine, STACK, work, &of_client);
    server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, &of_server));
    client = t_open_client(server, NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, on_message, &of_client));
    for (int i = 0; i < 2 * ROUNDS + 2; i++) OK(ws_send(client, "go on", 5, WS_TEXT, NULL, NULL));
    t_wait(&resumed, 2 * ROUNDS);
    t_wait(&completed, wanted);
    t_wait(&gone, 2 * ROUNDS + 2 * ROUNDS / 10);
    size_t used = t_coroutine_used(&of_server.routine), other = t_coroutine_used(&of_client.routine);
    if (other > used) used = other;
    if (getenv("WS_TEST_TELL")) printf("stack used: %zu\n", used);
    CHECK(used < STACK / 2);
    return t_done();
}
