/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life.c - everything that the library does, once, in a process to which the system
 * refuses something. Whatever is refused:
 *
 *   - no call but one with _wait or a timeout waits, and what waits ends;
 *   - a call that fails has a text, and the program goes on without what it wanted;
 *   - each open has one close, each call that was taken completes once, each handle tells
 *     that it is destroyed;
 *   - on a connection that stays, no message that was taken is lost, doubled or out of order.
 *
 *   life DIRECTORY_OF_CERTIFICATES
 *
 * Exit status 0: all of that held. The last line tells how much was done.
 */
#include "t.h"
#include "refusals.h"

#include <sys/syscall.h>

enum { CLIENTS = 6, MESSAGES = 30, PUBLISHED = 10, TRIES = 3 };
#define TOPIC_BIT 0x80000000u

/* One client. Its counters change on a loop, or on the main thread for the one with a queue. */
typedef struct line {
    ws_handle handle;
    const char *what;
    bool secure, queued, compressed, tells; /* of its end */
    _Atomic int opens, closes, connected, refused, completions, destroyed;
    _Atomic uint32_t echoed, next_topic;
    _Atomic bool violated;
    int taken, awaited; /* sends that returned WS_OK, calls with a completion that did */
} line;

static line lines[CLIENTS] = {{.what = "plain"}, {.what = "plain, too"}, {.what = "over TLS", .secure = true},
                              {.what = "with a queue", .queued = true}, {.what = "compressed", .compressed = true},
                              {.what = "over TLS with a queue", .secure = true, .queued = true}};
static ws_handle queue, servers[2];
static bool server_tells[2]; /* of its end */
static _Atomic int server_destroyed, accepted, accepted_closed;
static char certificates[300];
static int refused; /* calls of this program */

/* A call that may be refused, with a text then, unless there is no memory for the text. */
static bool took(int32_t status, const char *what)
{
    if (status == WS_OK) return true;
    if (!*ws_last_error() && !getenv("RF_FIRST")) FAIL("%s returns %d without a text", what, status);
    refused++;
    return false;
}

/* Dispatches the queue until the condition holds. */
#define UNTIL(condition)                                                           \
    do {                                                                           \
        long long end_ = t_now() + T_DEADLINE_MS;                                  \
        while (!(condition)) {                                                     \
            if (t_now() > end_) FAIL("it never was so: %s", #condition);           \
            size_t n_;                                                             \
            if (!queue || ws_queue_dispatch(queue, 100, 5, &n_)) usleep(1000);     \
        }                                                                          \
    } while (0)

/* ---- what is heard ------------------------------------------------------------------- */

static void WS_CALL heard(const ws_event *e, void *user_data)
{
    line *l = user_data;
    uint32_t number = 0;
    switch (e->type) {
    case WS_EVENT_OPEN: l->opens++; break;
    case WS_EVENT_CLOSE: l->closes++; break;
    case WS_EVENT_DESTROYED: l->destroyed++; break;
    case WS_EVENT_ERROR:
        if (!*e->text) FAIL("an error without a text");
        if (e->stage == WS_STAGE_PROTOCOL) l->violated = true;
        break;
    case WS_EVENT_MESSAGE:
        CHECK(e->size >= sizeof number);
        memcpy(&number, e->data, sizeof number);
        if (number & TOPIC_BIT) { /* what could not be published is missing; nothing comes again */
            number &= ~TOPIC_BIT;
            if (number < l->next_topic) FAIL("%s: publication %u after %u", l->what, number, l->next_topic);
            l->next_topic = number + 1;
        } else {
            if (number != l->echoed) FAIL("%s: echo %u instead of %u", l->what, number, l->echoed);
            l->echoed++;
        }
    }
}

static void WS_CALL connected(const ws_event *e, void *user_data)
{
    line *l = user_data;
    if (e->error && !*e->text) FAIL("a failed connect without a text");
    if (e->error) l->refused++;
    else l->connected++;
}

static void WS_CALL completed(const ws_event *e, void *user_data)
{
    (void)e;
    ((line *)user_data)->completions++;
}

static void WS_CALL server_heard(const ws_event *e, void *user_data)
{
    (void)user_data;
    switch (e->type) {
    case WS_EVENT_CONNECT:
        accepted++;
        took(ws_subscribe(e->handle, "all", 3), "ws_subscribe");
        break;
    case WS_EVENT_CLOSE: accepted_closed++; break;
    case WS_EVENT_MESSAGE_RECEIVE: /* an echo that cannot be sent ends the connection, or there would be a gap */
        if (!took(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL), "ws_send")) ws_abort(e->handle);
        break;
    case WS_EVENT_DESTROYED: server_destroyed++; break;
    }
}

static void WS_CALL started(const ws_event *e, void *user_data)
{
    *(_Atomic int *)user_data = e->error ? -1 : 1;
}

/* ---- the life -------------------------------------------------------------------------- */

static bool start_server(int which)
{
    servers[which] = ws_server_create(NULL);
    if (!servers[which]) return took(WS_ERR_MEMORY, "ws_server_create");
    static const int events[] = {WS_EVENT_DESTROYED, WS_EVENT_CONNECT, WS_EVENT_MESSAGE_RECEIVE, WS_EVENT_CLOSE};
    for (int i = 0; i < 4; i++) {
        if (!took(ws_server_on(servers[which], events[i], server_heard, NULL), "ws_server_on")) return false;
        server_tells[which] = true;
    }
    char cert[400], key[400];
    snprintf(cert, sizeof cert, "%s/good-cert.pem", certificates);
    snprintf(key, sizeof key, "%s/good-key.pem", certificates);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    ws_compression compression;
    WS_INIT_STRUCT(&compression);
    config.compression = &compression;
    if (which) {
        config.cert_path = cert;
        config.key_path = key;
    }
    static _Atomic int state;
    state = 0;
    if (!took(ws_server_start(servers[which], &config, started, (void *)&state), "ws_server_start")) return false;
    UNTIL(state);
    return state > 0;
}

static void connect_line(line *l)
{
    int32_t port;
    if (!servers[l->secure] || !took(ws_server_port(servers[l->secure], &port), "ws_server_port")) return;
    char url[60], ca[400];
    snprintf(url, sizeof url, "%s://127.0.0.1:%d/", l->secure ? "wss" : "ws", port);
    snprintf(ca, sizeof ca, "%s/ca.pem", certificates);
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    o.handshake_timeout_ms = 500; /* a connection that is never accepted fails by then */
    if (l->secure) o.ca_path = ca;
    ws_compression compression;
    WS_INIT_STRUCT(&compression);
    if (l->compressed) o.compression = &compression;
    for (int i = 0; i < TRIES && !l->connected; i++) {
        int before = l->refused;
        if (took(ws_connect(l->handle, url, &o, connected, l), "ws_connect")) UNTIL(l->connected || l->refused > before);
    }
}

static void make_line(line *l)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.user_data = l;
    if (l->queued) {
        if (!queue) return;
        o.queue = queue;
    }
    l->handle = ws_create(&o);
    if (!l->handle) {
        took(WS_ERR_MEMORY, "ws_create");
        return;
    }
    static const int events[] = {WS_EVENT_DESTROYED, WS_EVENT_OPEN, WS_EVENT_MESSAGE, WS_EVENT_CLOSE, WS_EVENT_ERROR};
    for (int i = 0; i < 5; i++) {
        if (!took(ws_on(l->handle, events[i], heard, l), "ws_on")) return;
        l->tells = true;
    }
    connect_line(l);
}

static void talk(line *l)
{
    static const size_t sizes[] = {4, 100, 1000, 3000, 20000};
    static char data[300000];
    for (int i = 0; l->connected && i < MESSAGES; i++) {
        uint32_t number = (uint32_t)i;
        size_t size = i == MESSAGES - 1 ? sizeof data : sizes[i % 5];
        memcpy(data, &number, sizeof number);
        bool awaits = i % 3 == 0;
        if (!took(ws_send(l->handle, data, size, WS_BINARY, awaits ? completed : NULL, l), "ws_send")) break;
        l->taken++;
        l->awaited += awaits;
    }
}

static void publish(void)
{
    for (int s = 0; s < 2; s++)
        for (uint32_t i = 0; servers[s] && i < PUBLISHED; i++) {
            uint32_t number = i | TOPIC_BIT;
            size_t recipients;
            took(ws_publish(servers[s], "all", 3, &number, sizeof number, WS_BINARY, 0, &recipients), "ws_publish");
        }
}

static void end_line(line *l)
{
    if (!l->handle) return;
    if (l->connected) {
        UNTIL(l->closes || (int)l->echoed == l->taken);
        if (took(ws_close(l->handle, NULL, completed, l), "ws_close")) {
            l->awaited++;
            UNTIL(l->closes);
        }
    }
    if (!took(ws_destroy(l->handle), "ws_destroy")) FAIL("a handle cannot be destroyed");
    if (!l->tells) return;
    UNTIL(l->destroyed);
    CHECK_EQ(l->opens, l->closes);
    CHECK_EQ(l->completions, l->awaited);
    CHECK_EQ(l->destroyed, 1);
    if (l->violated) FAIL("%s: a violation, and both ends are ours", l->what);
}

static void end_server(int which)
{
    if (!servers[which]) return;
    static _Atomic int state;
    state = 0;
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.timeout_ms = 1000;
    if (took(ws_server_stop(servers[which], &o, started, (void *)&state), "ws_server_stop")) UNTIL(state);
    int before = server_destroyed;
    OK(ws_server_destroy(servers[which]));
    if (server_tells[which]) UNTIL(server_destroyed > before);
    server_tells[which] = false;
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    snprintf(certificates, sizeof certificates, "%s", argv[1]);
    syscall(SYS_getppid, RF_BEGINS);
    int tries = 0;
    while (!took(ws_init(NULL), "ws_init"))
        if (++tries == TRIES) { /* it may be refused for ever, and then all else may say so, too */
            CHECK(ws_create(NULL) || *ws_last_error());
            printf("refused: %s\n", ws_last_error());
            return 0;
        }
    queue = ws_queue_create(NULL);
    if (!queue) took(WS_ERR_MEMORY, "ws_queue_create");
    for (int s = 0; s < 2; s++)
        for (int i = 0; i < TRIES && !start_server(s); i++) {
            end_server(s);
            servers[s] = 0;
        }
    for (int i = 0; i < CLIENTS; i++) make_line(&lines[i]);
    for (int i = 0; i < CLIENTS; i++) talk(&lines[i]);
    publish();
    for (int i = 0; i < CLIENTS; i++) end_line(&lines[i]);
    for (int s = 0; s < 2; s++) end_server(s);
    CHECK_EQ(accepted, accepted_closed);
    if (queue) OK(ws_queue_destroy(queue));
    queue = 0;
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    int opened = 0, echoed = 0;
    for (int i = 0; i < CLIENTS; i++) opened += lines[i].opens, echoed += (int)lines[i].echoed;
    printf("%d opened, %d echoes, %d calls refused\n", opened, echoed, refused);
    return 0;
}
