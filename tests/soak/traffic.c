/* SPDX-License-Identifier: Apache-2.0 */
/*
 * traffic.c - clients that send numbered messages with checksums, and a server
 * that sends them back. As long as a connection lives, nothing may be missing,
 * doubled, out of order or changed, in either direction.
 */
#include "soak.h"

enum { CLIENTS = 40, WINDOW = 8, LARGEST = 300000, STUCK_MS = 30000 };

typedef struct header {
    uint32_t number, size;
    uint64_t sum;
} header;

typedef struct end {
    uint32_t sent, received, quota; /* of this connection; only its callbacks touch them */
    bool open, told;
    _Atomic long long progress;     /* when something happened last */
    _Atomic ws_handle handle;       /* 0: there is none */
} end;

soak_counts soak;
static end clients[CLIENTS];
static ws_handle server, server_queue, client_queue;
static _Atomic uint64_t rng;
static char url[64];
static atomic_bool resting;
static t_latch ended = T_LATCH, server_ended = T_LATCH;
static long made;
static atomic_long accepted, dropped;

static unsigned below(unsigned n)
{
    return (unsigned)(soak_random(&rng) >> 33) % n;
}

/* ---- messages ------------------------------------------------------------------- */

static uint64_t sum(const unsigned char *p, size_t size)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < size; i++) h = (h ^ p[i]) * 1099511628211u;
    return h;
}

static void check(const ws_event *e, uint32_t number)
{
    header h;
    CHECK(e->size >= sizeof h);
    memcpy(&h, e->data, sizeof h);
    if (h.number != number) FAIL("message %u of %#llx comes where %u should", h.number, (unsigned long long)e->handle,
                                 number);
    CHECK_EQ(h.size, e->size);
    CHECK(h.sum == sum((const unsigned char *)e->data + sizeof h, e->size - sizeof h));
}

/* The connection may have broken meanwhile; anything else is wrong. */
static void sent(ws_handle handle, int32_t status)
{
    if (status && status != WS_ERR_STATE && status != t_stale(handle)) FAIL("ws_send returns %d", status);
}

static void send_next(end *c, ws_handle handle)
{
    size_t size = sizeof(header) + (below(20) ? below(2000) : below(5) ? below(60000) : below(LARGEST));
    unsigned char *bytes = malloc(size);
    CHECK(bytes);
    header h = {.number = c->sent++, .size = (uint32_t)size};
    uint64_t x = soak_random(&rng);
    for (size_t i = sizeof h; i < size; i++) bytes[i] = (unsigned char)((x = x * 6364136223846793005u + 1) >> 56);
    h.sum = sum(bytes + sizeof h, size - sizeof h);
    memcpy(bytes, &h, sizeof h);
    sent(handle, ws_send(handle, bytes, size, WS_BINARY, NULL, NULL));
    free(bytes);
}

/* ---- clients ---------------------------------------------------------------------- */

static void client_event(const ws_event *e, void *user_data)
{
    end *c = user_data;
    c->progress = t_now();
    switch (e->type) {
    case WS_EVENT_OPEN:
        CHECK(!c->open);
        c->open = true;
        soak.opens++;
        for (int i = 0; i < WINDOW; i++) send_next(c, e->handle);
        break;
    case WS_EVENT_MESSAGE:
        check(e, c->received++);
        soak.messages++;
        soak.bytes += (long)e->size;
        if (c->sent < c->quota && !resting) send_next(c, e->handle);
        else if (c->received == c->sent) ws_close(e->handle, NULL, NULL, NULL);
        break;
    case WS_EVENT_CLOSE:
        CHECK(c->open);
        c->open = false;
        /* A clean end means that all of it came back. */
        if (e->clean) CHECK_EQ(c->received, c->sent);
        if (e->clean) soak.clean++;
        else soak.broken++;
        OK(ws_destroy(e->handle));
        break;
    case WS_EVENT_ERROR:
        if (!c->open) {
            soak.refused++;
            OK(ws_destroy(e->handle));
        }
        break;
    case WS_EVENT_DESTROYED:
        c->handle = 0;
        t_add(&ended, 1);
    }
}

static void begin(end *c, int number)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = number % 2 ? client_queue : 0;
    ws_handle handle = ws_create(&o);
    CHECK(handle);
    c->sent = c->received = 0;
    c->open = false;
    c->quota = WINDOW + below(1500);
    c->progress = t_now();
    c->handle = handle;
    made++;
    static const int events[] = {WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR, WS_EVENT_DESTROYED};
    for (int i = 0; i < 5; i++) OK(ws_on(handle, events[i], client_event, c));
    OK(ws_connect(handle, url, NULL, NULL, NULL));
}

void traffic_run(int port)
{
    snprintf(url, sizeof url, "%s", t_url_of_port(port));
    resting = false;
    for (int i = 0; i < CLIENTS; i++)
        if (!clients[i].handle) begin(&clients[i], i);
}

void traffic_watch(void)
{
    for (int i = 0; i < CLIENTS; i++)
        if (clients[i].handle && t_now() - clients[i].progress > STUCK_MS)
            FAIL("client %d does not go on: %u sent, %u received, open %d", i, clients[i].sent, clients[i].received,
                 clients[i].open);
}

void traffic_rest(void)
{
    resting = true;
    t_wait(&ended, made);
    long long deadline = t_now() + T_DEADLINE_MS;
    while (dropped < accepted) { /* what the proxy has cut, its server hears soon */
        if (t_now() > deadline) FAIL("%ld of %ld accepted connections have not ended", accepted - dropped,
                                     (long)accepted);
        usleep(1000);
    }
}

/* ---- the server ------------------------------------------------------------------------ */

static void connection_event(const ws_event *e, void *user_data)
{
    uint32_t *next = user_data;
    if (e->type == WS_EVENT_MESSAGE) {
        check(e, (*next)++);
        sent(e->handle, ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
    } else {
        free(next); /* destroyed */
        dropped++;
    }
}

static void connect_event(const ws_event *e, void *unused)
{
    (void)unused;
    uint32_t *next = calloc(1, sizeof *next);
    CHECK(next);
    accepted++;
    OK(ws_on(e->handle, WS_EVENT_MESSAGE, connection_event, next));
    OK(ws_on(e->handle, WS_EVENT_DESTROYED, connection_event, next));
}

static ws_handle make_queue(void)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_QUEUE_THREAD;
    ws_handle queue = ws_queue_create(&o);
    CHECK(queue);
    return queue;
}

void traffic_start(uint64_t seed)
{
    rng = seed;
    client_queue = make_queue();
    server_queue = seed % 2 ? make_queue() : 0;
    ws_server_options o;
    WS_INIT_STRUCT(&o);
    o.queue = server_queue;
    server = ws_server_create(&o);
    CHECK(server);
    OK(ws_server_on(server, WS_EVENT_CONNECT, connect_event, NULL));
    OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &server_ended));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    OK(ws_server_start(server, &config, NULL, NULL));
}

int traffic_port(void)
{
    return t_port(server);
}

void traffic_end(void)
{
    OK(ws_server_destroy(server));
    t_wait(&server_ended, 1);
    OK(ws_queue_destroy(client_queue));
    if (server_queue) OK(ws_queue_destroy(server_queue));
}
