/* SPDX-License-Identifier: Apache-2.0 */
/* t_ends.c - servers and clients made of libws. */
#define T_KIT
#include "t.h"

#include <sched.h>
#include <signal.h>

/* ---- the way of receiving -------------------------------------------------------- */

static ws_handle queue; /* 0: inline */

static void *dispatch(void *unused)
{
    (void)unused;
    for (size_t n;;) {
        int32_t status = ws_queue_dispatch(queue, 0, -1, &n);
        if (status == WS_ERR_SHUTDOWN) return NULL;
        if (status == WS_ERR_BUSY) sched_yield(); /* ws_shutdown_wait drains a queue that nobody has dispatched yet */
        else OK(status);
    }
    return NULL;
}

static void choose(void)
{
    const char *way = getenv("WS_TEST_RECEIVE");
    if (!way || !strcmp(way, "inline")) return;
    ws_queue_options options;
    WS_INIT_STRUCT(&options);
    if (!strcmp(way, "thread")) options.flags = WS_QUEUE_THREAD;
    else if (strcmp(way, "queue")) FAIL("WS_TEST_RECEIVE is \"%s\", not inline, queue or thread", way);
    queue = ws_queue_create(&options);
    if (!queue) CHECK_HAS(ws_last_error(), "fork"); /* there the calls of the test fail as they should */
    if (!queue || options.flags) return;
    sigset_t all, mine; /* signals are the main thread's, as in a host that cares */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mine);
    pthread_t thread;
    t_thread(&thread, dispatch, NULL);
    pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &mine, NULL);
}

int t_by_queue(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, choose);
    return queue != 0;
}

/* Options that are not as they should be stay so: they are what the test is about. */
#define WITH_QUEUE(create, type)                                                                  \
    type mine;                                                                                    \
    WS_INIT_STRUCT(&mine);                                                                        \
    if (!t_by_queue() || (options && (options->struct_size != sizeof mine || options->queue)))    \
        return create(options);                                                                   \
    if (options) mine = *options;                                                                 \
    mine.queue = queue;                                                                           \
    return create(&mine)

ws_handle t_create(const ws_create_options *options)
{
    WITH_QUEUE(ws_create, ws_create_options);
}

ws_handle t_server_create(const ws_server_options *options)
{
    WITH_QUEUE(ws_server_create, ws_server_options);
}

/* ---- ends ---------------------------------------------------------------------------- */

void t_listen(ws_handle handle, t_log *log)
{
    int32_t state;
    OK(ws_state(handle, &state));
    if (state != WS_STATE_OPEN) OK(ws_on(handle, WS_EVENT_OPEN, t_record, log)); /* a client: accepted ones are open */
    OK(ws_on(handle, WS_EVENT_MESSAGE, t_record, log));
    OK(ws_on(handle, WS_EVENT_CLOSE, t_record, log));
    OK(ws_on(handle, WS_EVENT_ERROR, t_record, log));
    OK(ws_on(handle, WS_EVENT_DESTROYED, t_record, log));
}

void t_listen_server(ws_handle server, t_log *log)
{
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, log));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_record, log));
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_record, log));
    OK(ws_server_on(server, WS_EVENT_ERROR, t_record, log));
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_record, log));
}

ws_handle t_server(const ws_server_options *options, t_log *log)
{
    ws_handle server = t_server_create(options);
    CHECK(server);
    if (log) t_listen_server(server, log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.ping_interval_ms = (int32_t)T_DEADLINE_MS; /* who is slow as the machine is not asked for a sign of life */
    OK(t_server_start(server, &config, NULL, NULL));
    return server;
}

void WS_CALL t_echo(const ws_event *e, void *unused)
{
    (void)unused;
    int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    /* A shutdown or destroy of another thread may come between; a lost echo is missed elsewhere. */
    if (status != t_stale(e->handle) && status != WS_ERR_STATE) OK(status);
}

ws_handle t_echo_server(void)
{
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    return server;
}

int t_port(ws_handle server)
{
    int32_t port = 0;
    OK(ws_server_port(server, &port));
    CHECK(port > 0 && port < 65536);
    return port;
}

const char *t_url_of_port(int port)
{
    static _Thread_local char url[64];
    snprintf(url, sizeof url, "%s://127.0.0.1:%d/", t_tls() ? "wss" : "ws", port);
    return url;
}

const char *t_url(ws_handle server)
{
    return t_url_of_port(t_port(server));
}

ws_handle t_client(t_log *log)
{
    ws_handle client = t_create(NULL);
    CHECK(client);
    if (log) t_listen(client, log);
    return client;
}

ws_handle t_open_client(ws_handle server, t_log *log)
{
    t_log opened = T_LOG;
    ws_handle client = t_client(log);
    OK(t_connect(client, t_url(server), NULL, t_record, &opened));
    CHECK_EQ(t_wait_event(&opened, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&opened);
    if (log) t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

void t_echo_round(ws_handle client, t_log *log, const void *data, size_t size, int type, int n)
{
    OK(ws_send(client, data, size, type, NULL, NULL));
    const t_event *e = t_wait_event(log, WS_EVENT_MESSAGE, n);
    CHECK_EQ(e->message_type, type);
    CHECK_EQ(e->size, size);
    CHECK_EQ(size ? memcmp(e->data, data, size) : 0, 0);
}

static void stand(const ws_event *e, void *user_data)
{
    (void)e;
    t_gate *gate = user_data;
    t_add(&gate->closed, 1);
    t_wait(&gate->opened, t_count(&gate->closed));
}

void t_gate_close(t_gate *gate)
{
    long times = t_count(&gate->closed);
    if (!gate->peer) {
        ws_handle server = t_server(NULL, NULL);
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, stand, gate));
        gate->peer = malloc(sizeof *gate->peer);
        t_raw_client(gate->peer, t_port(server));
    }
    t_raw_send(gate->peer, T_TEXT, "stand", 5);
    t_wait(&gate->closed, times + 1);
}

void t_gate_open(t_gate *gate)
{
    t_add(&gate->opened, 1);
}

void *t_bytes(size_t size, unsigned seed, int text)
{
    unsigned char *p = malloc(size + 1);
    CHECK(p);
    unsigned x = seed * 2654435761u + 1;
    for (size_t i = 0; i < size; i++) {
        x = x * 1664525u + 1013904223u; /* a linear congruential generator is enough */
        p[i] = text ? (unsigned char)(' ' + (x >> 24) % 95) : (unsigned char)(x >> 24);
    }
    p[size] = 0;
    return p;
}

int t_state(ws_handle handle)
{
    int32_t state = -1;
    OK(ws_state(handle, &state));
    return state;
}

void t_destroy(ws_handle client, t_log *log)
{
    OK(ws_destroy(client));
    t_wait_event(log, WS_EVENT_DESTROYED, 1);
}

bool t_defects_wanted;

int t_done(void)
{
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    if (t_defects_wanted) CHECK(stats.defects > 0);
    else CHECK_EQ(stats.defects, 0);
    return 0;
}
