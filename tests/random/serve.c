/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c - random calls on servers and queues. One server, the home, stays. */
#include "random.h"

r_thing *r_home;

/* ---- queues --------------------------------------------------------------------- */

typedef struct queue {
    _Atomic ws_handle handle;
    bool threaded;
    /* What was polled is valid until the next poll or dispatch: whoever polls is
     * alone, dispatchers may meet and find the queue busy. */
    pthread_rwlock_t lock;
} queue;
static queue queues[R_QUEUES];

static bool wanted(bool threaded)
{
    return !strcmp(r_run.receive, "mixed") || !strcmp(r_run.receive, threaded ? "thread" : "queue");
}

static void make(queue *q, r_rng *rng)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    o.flags = q->threaded ? WS_QUEUE_THREAD : r_one_in(rng, 2) ? WS_QUEUE_GATHER : 0;
    o.max_bytes = r_one_in(rng, 2) ? 0 : 1 + r_below(rng, 300000);
    q->handle = R_CALL("ws_queue_create", 0, ws_queue_create(&o));
    R_CHECK(q->handle || r_stop, "ws_queue_create: %s", ws_last_error());
}

/* 0: inline */
ws_handle r_queue_for(r_rng *rng)
{
    if (!strcmp(r_run.receive, "inline") || (!strcmp(r_run.receive, "mixed") && r_one_in(rng, 2))) return 0;
    queue *q;
    do q = &queues[r_below(rng, R_QUEUES)];
    while (!wanted(q->threaded));
    return q->handle;
}

static void dispatch(r_rng *rng, queue *q, int timeout_ms)
{
    size_t n = 0;
    bool inside = r_me()->within;
    r_doing("ws_queue_dispatch", q->handle);
    r_count_calls++;
    int32_t status = ws_queue_dispatch(q->handle, r_below(rng, 40), timeout_ms, &n);
    r_doing(inside ? "a callback" : NULL, 0);
    if (inside) R_CHECK(status == WS_ERR_IN_CALLBACK || (q->threaded && status == WS_ERR_STATE),
                        "ws_queue_dispatch in a callback returns %d", status);
    else if (q->threaded) R_CHECK(status == WS_ERR_STATE || status == WS_ERR_HANDLE,
                                  "ws_queue_dispatch of a queue with a thread returns %d", status);
    else R_CHECK(!status || status == WS_ERR_BUSY || status == WS_ERR_HANDLE || (r_stop && status == WS_ERR_SHUTDOWN),
                 "ws_queue_dispatch returns %d", status);
}

/* Alone with the queue. */
static void poll_events(r_rng *rng, queue *q)
{
    ws_event events[8];
    size_t n = 0;
    events[0].struct_size = sizeof events[0];
    int32_t status = R_CALL("ws_queue_poll", q->handle, ws_queue_poll(q->handle, events, 1 + r_below(rng, 8), 0, &n));
    R_CHECK(!status || (r_stop && (status == WS_ERR_SHUTDOWN || status == WS_ERR_BUSY || status == WS_ERR_HANDLE)),
            "ws_queue_poll returns %d: %s", status, ws_last_error());
    for (size_t i = 0; i < n; i++) r_hear_polled(&events[i]);
    if (!n) return;
    status = R_CALL("ws_queue_flush", q->handle, ws_queue_flush(q->handle));
    R_CHECK(!status || (r_stop && status == WS_ERR_HANDLE), "ws_queue_flush returns %d", status);
}

static void end(r_rng *rng, queue *q)
{
    ws_handle handle = q->handle;
    int32_t status = R_CALL("ws_queue_destroy", handle, ws_queue_destroy(handle));
    R_CHECK(!status || status == WS_ERR_BUSY || (r_stop && status == WS_ERR_HANDLE), "ws_queue_destroy returns %d", status);
    if (!status) make(q, rng);
}

/* The descriptor belongs to the queue; with a thread there is none. */
static void ask_descriptor(queue *q)
{
    int32_t fd = -1;
    int32_t status = R_CALL("ws_queue_fd", q->handle, ws_queue_fd(q->handle, &fd));
    R_CHECK(status == WS_ERR_HANDLE || status == (q->threaded ? WS_ERR_STATE : WS_OK), "ws_queue_fd returns %d",
            status);
    R_CHECK(status || fd >= 0, "ws_queue_fd tells %d", fd);
}

/* Another thread may just be making another queue in its place. */
static void wake(queue *q)
{
    bool threaded = q->threaded;
    int32_t status = R_CALL("ws_queue_wake", q->handle, ws_queue_wake(q->handle));
    R_CHECK(status == WS_ERR_HANDLE || status == (threaded ? WS_ERR_STATE : WS_OK), "ws_queue_wake returns %d", status);
}

void r_queue_act(r_rng *rng)
{
    queue *q = &queues[r_below(rng, R_QUEUES)];
    if (!wanted(q->threaded)) return;
    if (r_one_in(rng, 50)) ask_descriptor(q);
    if (r_one_in(rng, 20)) wake(q);
    if (!r_me()->within && !q->threaded && r_one_in(rng, 3)) {
        if (pthread_rwlock_trywrlock(&q->lock)) return;
        poll_events(rng, q);
    } else if (!r_me()->within && r_one_in(rng, 30)) {
        if (pthread_rwlock_trywrlock(&q->lock)) return;
        end(rng, q);
    } else {
        if (pthread_rwlock_tryrdlock(&q->lock)) return;
        dispatch(rng, q, (int)r_below(rng, 4));
    }
    pthread_rwlock_unlock(&q->lock);
}

void r_queues_drain(void)
{
    for (int i = 0; i < R_QUEUES; i++) {
        size_t n = 0;
        if (!wanted(queues[i].threaded) || queues[i].threaded) continue;
        int32_t status = ws_queue_dispatch(queues[i].handle, 0, 1, &n);
        R_CHECK(!status, "ws_queue_dispatch at the end returns %d", status);
    }
}

void r_queues_end(void)
{
    for (int i = 0; i < R_QUEUES; i++) {
        if (!wanted(queues[i].threaded)) continue;
        int32_t status = ws_queue_destroy(queues[i].handle);
        R_CHECK(!status, "ws_queue_destroy at the end returns %d: %s", status, ws_last_error());
        pthread_rwlock_destroy(&queues[i].lock);
    }
}

/* ---- servers -------------------------------------------------------------------------- */

static void WS_CALL ignore(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
}

static r_thing *create(r_rng *rng, ws_handle by_queue)
{
    r_thing *t = r_thing_new(R_SERVER, r_next(rng));
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = t->queue = by_queue;
    o.user_data = t;
    o.max_message_size = r_one_in(rng, 3) ? 1 << 20 : 0;
    o.max_buffered = r_one_in(rng, 2) ? 0 : 200000;
    o.max_fragments = r_one_in(rng, 2) ? 0 : 10;
    o.max_control_frames = r_one_in(rng, 2) ? 0 : 100;
    o.full_policy = (int32_t)r_below(rng, 3);
    o.max_subscriptions = r_one_in(rng, 2) ? 0 : 3;
    t->max_message = o.max_message_size ? o.max_message_size : 64 << 20;
    ws_handle handle = R_CALL("ws_server_create", 0, ws_server_create(&o));
    if (!handle) {
        R_CHECK(by_queue || r_stop, "ws_server_create: %s", ws_last_error());
        free(t);
        return NULL;
    }
    r_thing_known(t, handle);
    if (!r_told_its_end(t, ws_server_on, r_hear_server)) return NULL;
    static const int events[] = {WS_EVENT_CONNECT, WS_EVENT_MESSAGE_RECEIVE, WS_EVENT_CLOSE, WS_EVENT_ERROR,
                                 WS_EVENT_DRAIN};
    for (int i = 0; i < 5; i++) {
        int32_t status = R_CALL("ws_server_on", handle, ws_server_on(handle, events[i], r_hear_server, t));
        R_CHECK(!status || r_stop, "ws_server_on returns %d", status);
    }
    for (int type = WS_EVENT_UPGRADE; r_home && type <= WS_EVENT_REQUEST; type++) {
        if (r_one_in(rng, 2)) continue;
        int32_t status = R_CALL("ws_server_on", handle, ws_server_on(handle, type, r_hear_request, t));
        R_CHECK(!status || r_stop, "ws_server_on returns %d", status);
    }
    return t;
}

static void start(r_rng *rng, r_thing *t)
{
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    bool busy = r_one_in(rng, 10) && t != r_home, nowhere = !busy && r_one_in(rng, 10) && r_home;
    c.server_ip = nowhere ? (r_one_in(rng, 2) ? "no address" : "192.0.2.1") : "127.0.0.1";
    c.server_port = busy ? r_home_port() : 0;
    c.handshake_timeout_ms = 20 + (int32_t)r_below(rng, 500);
    c.decision_timeout_ms = 20 + (int32_t)r_below(rng, 500);
    c.keep_alive_timeout_ms = r_one_in(rng, 3) ? -1 : 20 + (int32_t)r_below(rng, 100);
    c.ping_interval_ms = r_one_in(rng, 2) ? 0 : 20 + (int32_t)r_below(rng, 500);
    c.idle_timeout_ms = r_one_in(rng, 2) ? 0 : 200 + (int32_t)r_below(rng, 500);
    c.write_timeout_ms = r_one_in(rng, 2) ? 0 : 200 + (int32_t)r_below(rng, 500);
    c.flags = r_one_in(rng, 2) ? 0 : WS_STRICT_PONG;
    static const ws_compression z = {.struct_size = sizeof z, .flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN, .min_size = 1, .window_bits_out = 9};
    if (r_one_in(rng, 2)) c.compression = &z;
    if (t != r_home && r_one_in(rng, 3)) {
        c.flags |= r_one_in(rng, 2) ? WS_MODULE_LIMITS : 0;
        c.max_connections = (int32_t)r_below(rng, 10);
        c.max_connections_for_one_client = (int32_t)r_below(rng, 10);
        c.max_upgrades_per_minute = r_one_in(rng, 2) ? 1 + (int32_t)r_below(rng, 30) : 0;
    }
    r_call *call = r_one_in(rng, 2) ? r_call_new(t, WS_OP_SERVER_START) : NULL;
    bool dead = t->dead;
    int32_t status = R_CALL("ws_server_start", t->handle,
                            ws_server_start(t->handle, &c, call ? r_hear_completion : NULL, call));
    if (busy) R_ALLOW("ws_server_start on a taken port", t, dead, status, WS_ERR_PORT_OCCUPIED, WS_ERR_STATE);
    else if (nowhere) R_ALLOW("ws_server_start nowhere", t, dead, status, WS_ERR_LISTEN_IP, WS_ERR_STATE);
    else R_ALLOW("ws_server_start", t, dead, status, WS_OK, WS_ERR_STATE);
    r_call_returned(call, status);
    if (status) return;
    int32_t port = 0;
    dead = t->dead;
    status = R_CALL("ws_server_port", t->handle, ws_server_port(t->handle, &port));
    R_ALLOW("ws_server_port", t, dead, status, WS_OK, WS_ERR_STATE);
    if (!status) {
        R_CHECK(port > 0 && port < 65536, "ws_server_port tells %d", port);
        t->port = port;
    }
}

static void stop_listening(r_rng *rng, r_thing *t)
{
    r_call *call = r_one_in(rng, 2) ? r_call_new(t, WS_OP_SERVER_STOP_LISTENING) : NULL;
    bool dead = t->dead;
    t->port = 0;
    int32_t status = R_CALL("ws_server_stop_listening", t->handle,
                            ws_server_stop_listening(t->handle, call ? r_hear_completion : NULL, call));
    R_ALLOW("ws_server_stop_listening", t, dead, status, WS_OK, WS_ERR_STATE);
    r_call_returned(call, status);
}

/* A descriptor that somebody else has for a while, so that the socket outlives its server. */
static void hand_over(r_thing *t)
{
    int32_t fd = -1;
    bool dead = t->dead;
    int32_t status = R_CALL("ws_server_descriptor", t->handle, ws_server_descriptor(t->handle, 0, &fd));
    R_ALLOW("ws_server_descriptor", t, dead, status, WS_OK, WS_ERR_STATE);
    ws_listener_info info;
    WS_INIT_STRUCT(&info);
    dead = t->dead;
    int32_t told = R_CALL("ws_server_listener", t->handle, ws_server_listener(t->handle, 0, &info));
    R_ALLOW("ws_server_listener", t, dead, told, WS_OK, WS_ERR_STATE);
    R_CHECK(told || info.count == 1, "the server has %d listeners", info.count);
    if (status == WS_OK) close(fd);
}

/* Figures of the server, as text and as numbers. */
static void look(r_rng *rng, r_thing *t)
{
    bool dead = t->dead;
    ws_server_stats stats;
    WS_INIT_STRUCT(&stats);
    int32_t status = R_CALL("ws_server_stats_get", t->handle, ws_server_stats_get(t->handle, &stats));
    R_ALLOW("ws_server_stats_get", t, dead, status, WS_OK);
    R_CHECK(status || (stats.connections >= 0 && stats.connections <= stats.connections_peak), "%lld connections, at most %lld",
            (long long)stats.connections, (long long)stats.connections_peak);
    static _Thread_local char text[16384];
    size_t size = 0;
    dead = t->dead;
    status = R_CALL("ws_metrics", t->handle, ws_metrics(t->handle, text, r_one_in(rng, 3) ? 100 : sizeof text, &size));
    R_ALLOW("ws_metrics", t, dead, status, WS_OK, WS_ERR_BUFFER);
    R_CHECK(status || strlen(text) == size, "a text of %zu bytes has %zu", size, strlen(text));
}

static void stop(r_rng *rng, r_thing *t)
{
    if (r_one_in(rng, 3)) stop_listening(rng, t);
    r_call *call = r_one_in(rng, 2) ? r_call_new(t, WS_OP_SERVER_STOP) : NULL;
    bool dead = t->dead;
    t->port = 0;
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    if (r_one_in(rng, 2)) o.code = 3000 + (int32_t)r_below(rng, 2000);
    if (r_one_in(rng, 2)) o.timeout_ms = 1 + (int32_t)r_below(rng, 300);
    int32_t status = R_CALL("ws_server_stop", t->handle,
                            ws_server_stop(t->handle, r_one_in(rng, 2) ? &o : NULL, call ? r_hear_completion : NULL, call));
    R_ALLOW("ws_server_stop", t, dead, status, WS_OK, WS_ERR_STATE);
    r_call_returned(call, status);
}

/* Connections that nobody put anywhere, some of which are not told yet, some paused for ever. */
static void ask_connections(r_rng *rng, r_thing *t)
{
    ws_handle all[256];
    size_t n = SIZE_MAX, room = r_one_in(rng, 2) ? r_below(rng, 7) : 256;
    bool dead = t->dead;
    int32_t status = R_CALL("ws_server_connections", t->handle, ws_server_connections(t->handle, all, room, &n));
    R_ALLOW("ws_server_connections", t, dead, status, WS_OK, WS_ERR_BUFFER);
    R_CHECK(status || n <= room, "%zu connections fit into %zu", n, room);
    R_CHECK(status != WS_ERR_BUFFER || n > room, "%zu connections do not fit into %zu", n, room);
    if (status || !n) return;
    ws_handle one = all[r_below(rng, (unsigned)n)];
    r_thing *known = r_thing_of(one); /* its record outlives it for long enough */
    if (known) {
        if (r_one_in(rng, 2)) r_destroy_thing(known, r_me()->within == known);
        else r_act(rng, known, r_me()->within == known);
        return;
    }
    char text[40];
    r_content_make(rng, text, sizeof text);
    status = R_CALL("ws_send", one, ws_send(one, text, sizeof text, WS_TEXT, NULL, NULL));
    R_CHECK(r_stop || !status || status == t_stale(one) || status == WS_ERR_STATE || status == WS_ERR_FULL,
            "ws_send to a listed connection returns %d", status);
}

void r_server_act(r_rng *rng, r_thing *t)
{
    unsigned choice = r_below(rng, 100);
    bool dead = t->dead;
    r_decide_later(rng);
    if (choice < 35) {
        start(rng, t);
    } else if (choice < 40) { /* it has none, or has not started */
        ws_certificate c;
        WS_INIT_STRUCT(&c);
        c.cert = c.key = "no PEM";
        c.cert_size = c.key_size = 6;
        int32_t status = R_CALL("ws_server_set_certificates", t->handle, ws_server_set_certificates(t->handle, &c, 1));
        R_ALLOW("ws_server_set_certificates", t, dead, status, WS_ERR_STATE);
    } else if (choice < 45) {
        stop(rng, t);
    } else if (choice < 55) {
        t->port = 0;
        r_destroy_thing(t, false);
    } else if (choice < 60) {
        hand_over(t);
    } else if (choice < 62) {
        stop_listening(rng, t);
    } else if (choice < 72) {
        ask_connections(rng, t);
    } else if (choice < 75) {
        r_publish(rng, t);
    } else if (choice < 76) {
        r_relay_act(rng, t);
    } else if (choice < 80) {
        look(rng, t);
    } else if (choice < 90) {
        int32_t status = R_CALL("ws_server_on", t->handle, ws_server_on(t->handle, WS_EVENT_CLOSE, ignore, t));
        R_ALLOW("ws_server_on", t, dead, status, WS_OK);
    } else {
        int32_t status = R_CALL("ws_server_off", t->handle, ws_server_off(t->handle, WS_EVENT_CLOSE, ignore, t));
        R_ALLOW("ws_server_off", t, dead, status, WS_OK);
    }
}

void r_serve_act(r_rng *rng, unsigned place)
{
    r_thing *t = r_take(1, place);
    if (!t || (t->dead && r_one_in(rng, 3))) {
        r_thing *made = create(rng, r_queue_for(rng));
        if (made) {
            r_put(1, place, made);
            start(rng, made);
        }
    } else {
        r_server_act(rng, t);
    }
    if (t) r_unpin(t);
}

void r_home_act(r_rng *rng)
{
    if (r_one_in(rng, 2)) r_publish(rng, r_home);
    else if (r_one_in(rng, 8)) r_relay_act(rng, r_home);
    else ask_connections(rng, r_home);
}

int r_home_port(void)
{
    return r_home->port;
}

void r_serve_start(r_rng *rng)
{
    for (int i = 0; i < R_QUEUES; i++) {
        queues[i].threaded = i >= 3;
        pthread_rwlock_init(&queues[i].lock, NULL);
        if (wanted(queues[i].threaded)) make(&queues[i], rng);
    }
    /* Not in the queues of the others: they may be full, or destroyed. */
    r_home = NULL;
    r_thing *home = create(rng, 0);
    R_CHECK(home, "no home");
    ws_server_config c;
    WS_INIT_STRUCT(&c);
    c.server_ip = "127.0.0.1";
    OK(ws_server_start(home->handle, &c, NULL, NULL));
    home->port = t_port(home->handle);
    r_home = home;
}
