/* SPDX-License-Identifier: Apache-2.0 */
/* status_page.c - gathers figures and answers requests for the page; status_page.h says how it is used. */
#include "status_page.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(_WIN32)
#define strcasecmp _stricmp
#define strncasecmp _strnicmp
#else
#include <strings.h>
#endif

#include "status_page_html.h" /* status_page_html, status_page_html_len */

enum { TOPICS = 64, NAME = 255, ECHO = 32 };

static const char topic[] = "$libws-status"; /* the "$" keeps it out of patterns as "#" */
static const char subprotocol[] = "libws-status";

typedef struct {
    size_t size; /* 0: a free place */
    int pattern;
    char name[NAME];
} topic_name;

struct status_page {
    status_page_options with;
    ws_handle queue; /* has no events: the thread waits in it, for the time or for ws_queue_wake */
    pthread_t thread;
    atomic_int ends;
    pthread_mutex_t lock; /* guards what follows */
    int64_t topics;       /* that live, also those without a place */
    topic_name names[TOPICS];
};

/* ---- Text ------------------------------------------------------------------ */

/* A JSON text that grows; failed when memory was short. */
typedef struct {
    char *data;
    size_t size, room;
    int failed;
} text;

static void put(text *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(t->data ? t->data + t->size : NULL, t->room - t->size, format, arguments);
    va_end(arguments);
    if (size < 0 || t->failed) {
        t->failed = 1;
    } else if ((size_t)size < t->room - t->size) {
        t->size += (size_t)size;
    } else {
        size_t room = 2 * t->room + (size_t)size + 1024;
        char *larger = realloc(t->data, room);
        if (!larger) {
            t->failed = 1;
            return;
        }
        t->data = larger;
        t->room = room;
        va_start(arguments, format);
        t->size += (size_t)vsnprintf(t->data + t->size, t->room - t->size, format, arguments);
        va_end(arguments);
    }
}

/* A name of any bytes, as encodeURIComponent writes it. */
static void put_name(text *t, const char *name, size_t size)
{
    put(t, "\"");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)name[i];
        int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        put(t, letter || (c && strchr("-_.~/", c)) ? "%c" : "%%%02X", c);
    }
    put(t, "\"");
}

/* ---- Figures ------------------------------------------------------------------ */

typedef struct {
    const char *name;
    size_t offset;
} figure;

#define OF_STATS(name) {#name, offsetof(ws_stats, name)}
#define OF_SERVER(name) {#name, offsetof(ws_server_stats, name)}

/* All have eight bytes, and none is above 2^63. */
static const figure of_library[] = {
    OF_STATS(connections), OF_STATS(connections_peak), OF_STATS(connection_limit), OF_STATS(accepted),
    OF_STATS(refused), OF_STATS(unheard), OF_STATS(relieved), OF_STATS(memory_budget), OF_STATS(memory_used),
    OF_STATS(dropped), OF_STATS(uptime_us), OF_STATS(loop_cpu_us), OF_STATS(queued_events), OF_STATS(queued_bytes),
    OF_STATS(log_suppressed), OF_STATS(defects), OF_STATS(replaced),
};

static const figure of_server[] = {
    OF_SERVER(connections), OF_SERVER(connections_peak), OF_SERVER(accepted), OF_SERVER(upgrades),
    OF_SERVER(messages_received), OF_SERVER(messages_sent), OF_SERVER(bytes_received), OF_SERVER(bytes_sent),
    OF_SERVER(pings_received), OF_SERVER(pings_sent), OF_SERVER(pongs_received), OF_SERVER(dropped),
    OF_SERVER(tls_handshakes), OF_SERVER(tls_failures), OF_SERVER(refused_descriptors), OF_SERVER(refused_ceiling),
    OF_SERVER(refused_connections), OF_SERVER(refused_clients), OF_SERVER(refused_per_client), OF_SERVER(refused_rate),
    OF_SERVER(refused_bad_requests), OF_SERVER(refused_origins), OF_SERVER(refused_late), OF_SERVER(refused_sizes),
    OF_SERVER(refused_unavailable), OF_SERVER(left), OF_SERVER(buffered), OF_SERVER(skipped), OF_SERVER(replaced),
    OF_SERVER(relay_sent), OF_SERVER(relay_delivered), OF_SERVER(relay_dropped), OF_SERVER(relay_refused),
    OF_SERVER(relay_waiting), OF_SERVER(relay_waiting_bytes), OF_SERVER(relay_lag_ms), OF_SERVER(relay_age_ms),
    OF_SERVER(relay_subscriptions),
};

static void put_figures(text *t, const void *from, const figure *figures, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t value;
        memcpy(&value, (const char *)from + figures[i].offset, sizeof value);
        put(t, "%s\"%s\":%lld", i ? "," : "{", figures[i].name, (long long)value);
    }
    put(t, "}");
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* How long the last heartbeat of each connection took to be answered; null when they are too many. */
static void put_round_trips(text *t, const status_page *p)
{
    size_t room = (size_t)p->with.round_trips, count = 0, known = 0;
    ws_handle *all = room ? malloc(room * sizeof *all) : NULL;
    int64_t *took = room ? malloc(room * sizeof *took) : NULL;
    if (all && took && ws_server_connections(p->with.server, all, room, &count) == WS_OK) {
        for (size_t i = 0; i < count; i++) {
            ws_connection_stats one;
            WS_INIT_STRUCT(&one);
            if (ws_connection_stats_get(all[i], &one) != WS_OK || one.round_trip_us < 0) continue;
            took[known++] = one.round_trip_us;
        }
        qsort(took, known, sizeof *took, by_size);
        put(t, "{\"count\":%zu", known);
        if (known)
            put(t, ",\"median_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld", (long long)took[known / 2],
                (long long)took[known * 99 / 100], (long long)took[known - 1]);
        put(t, "}");
    } else {
        put(t, "null");
    }
    free(all);
    free(took);
}

/* At most so many names, with who gets what is published there; a pattern has no number of its own. */
static void put_topics(text *t, status_page *p, size_t most)
{
    topic_name *names = malloc(sizeof p->names); /* a copy, so that no call is made under the lock */
    if (!names) {
        t->failed = 1;
        return;
    }
    pthread_mutex_lock(&p->lock);
    memcpy(names, p->names, sizeof p->names);
    put(t, "{\"live\":%lld,\"named\":[", (long long)p->topics);
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0, written = 0; i < TOPICS && written < most; i++) {
        size_t count;
        if (!names[i].size) continue;
        put(t, written++ ? ",{\"name\":" : "{\"name\":");
        put_name(t, names[i].name, names[i].size);
        if (names[i].pattern) put(t, ",\"pattern\":true}");
        else if (ws_topic_subscribers(p->with.server, names[i].name, names[i].size, NULL, 0, &count) == WS_OK)
            put(t, ",\"subscribers\":%zu}", count);
        else put(t, ",\"subscribers\":0}");
    }
    put(t, "]}");
    free(names);
}

/* Sends all of it, with fewer names of topics when it is more than max_send_size. */
static void publish(status_page *p)
{
    for (size_t most = TOPICS;; most /= 4) {
        ws_stats library;
        ws_server_stats server;
        WS_INIT_STRUCT(&library);
        WS_INIT_STRUCT(&server);
        if (ws_stats_get(&library) != WS_OK || ws_server_stats_get(p->with.server, &server) != WS_OK) return;
        text t = {0};
        put(&t, "{\"libws\":\"%s\",\"interval_ms\":%d,\"loops\":%d,\"library\":", ws_version_string(),
            p->with.interval_ms, (int)library.loops);
        put_figures(&t, &library, of_library, sizeof of_library / sizeof *of_library);
        put(&t, ",\"server\":");
        put_figures(&t, &server, of_server, sizeof of_server / sizeof *of_server);
        put(&t, ",\"round_trips\":");
        put_round_trips(&t, p);
        put(&t, ",\"topics\":");
        put_topics(&t, p, most);
        put(&t, "}");
        int32_t status = WS_OK; /* without memory the next time is soon */
        if (!t.failed)
            status = ws_publish(p->with.through, topic, sizeof topic - 1, t.data, t.size, WS_TEXT, 0, NULL);
        free(t.data);
        if (status != WS_ERR_TOO_LARGE || !most) return;
    }
}

/* Publishes while somebody has subscribed, and sleeps otherwise. */
static void *watch(void *page)
{
    status_page *p = page;
    size_t count;
    int32_t wait_ms = -1;
    while (ws_queue_dispatch(p->queue, 0, wait_ms, &count) == WS_OK && !atomic_load(&p->ends)) {
        count = 0;
        ws_topic_subscribers(p->with.through, topic, sizeof topic - 1, NULL, 0, &count);
        wait_ms = count ? p->with.interval_ms : -1;
        if (count) publish(p);
    }
    return NULL;
}

static void on_topic(const ws_event *e, void *page)
{
    status_page *p = page;
    if (e->size == sizeof topic - 1 && !memcmp(e->data, topic, e->size)) return;
    int begins = e->type == WS_EVENT_TOPIC_BEGIN;
    pthread_mutex_lock(&p->lock);
    p->topics += begins ? 1 : -1;
    for (size_t i = 0; i < TOPICS; i++) {
        topic_name *n = &p->names[i];
        if (begins && !n->size) {
            n->size = e->size;
            n->pattern = e->pattern;
            memcpy(n->name, e->data, e->size);
            break;
        }
        if (!begins && n->size == e->size && n->pattern == e->pattern && !memcmp(n->name, e->data, e->size)) {
            n->size = 0;
            break;
        }
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- Who may see it ------------------------------------------------------------------ */

/* The value of a field, or NULL; of several the first. */
static const char *field(const ws_event *e, const char *wanted)
{
    const char *name, *value;
    for (size_t at = 0; ws_header_next(e->data, e->size, &at, &name, &value);)
        if (!strcasecmp(name, wanted)) return value;
    return NULL;
}

int status_page_from_this_machine(const ws_event *e, void *user_data)
{
    (void)user_data;
    static const char *const forwarded[] = {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"};
    for (size_t i = 0; i < sizeof forwarded / sizeof *forwarded; i++)
        if (field(e, forwarded[i])) return 0;
    ws_connection who;
    WS_INIT_STRUCT(&who);
    if (ws_connection_info(e->handle, &who) != WS_OK) return 0;
    if (strncmp(who.client_ip, "127.", 4) && strcmp(who.client_ip, "::1") && strncmp(who.client_ip, "::ffff:127.", 11))
        return 0;
    const char *host = field(e, "Host");
    if (!host) return 0;
    size_t size = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (size == 9 && !strncasecmp(host, "localhost", 9)) return 1;
    if (size == 5 && !strncmp(host, "[::1]", 5)) return 1;
    return !strncmp(host, "127.", 4) && strspn(host, "0123456789.") == size; /* and no name as 127.example */
}

/* Whether a page of the same host asks, or no browser (RFC 6455 10.2), whatever ws_server_config.origins allows for
 * the rest of the server. */
static int same_origin(const ws_event *e)
{
    const char *origin = field(e, "Origin"), *host = field(e, "Host");
    if (!origin) return 1;
    const char *authority = strstr(origin, "://");
    return authority && host && !strcasecmp(authority + 3, host);
}

/* ---- Requests ------------------------------------------------------------------ */

static int32_t answer(const ws_event *e, int32_t status, const char *type, const void *body, size_t size)
{
    static const char allowed[] = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
                                  "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                                  "frame-ancestors 'none'";
    ws_header fields[] = {{"Content-Type", type}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"},
                          {"Referrer-Policy", "no-referrer"}, {"Content-Security-Policy", allowed},
                          {"Allow", "GET, HEAD"}};
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = status;
    r.headers = fields;
    r.header_count = status == 405 ? 6 : 5;
    r.body = body;
    r.body_size = size;
    return ws_respond(e->handle, &r);
}

static void say(const ws_event *e, int32_t status, const char *line)
{
    answer(e, status, "text/plain; charset=utf-8", line, strlen(line));
}

static void on_request(const ws_event *e)
{
    if (strcmp(e->method, "GET") && strcmp(e->method, "HEAD")) say(e, 405, "GET it\n");
    else if (answer(e, 200, "text/html; charset=utf-8", status_page_html, status_page_html_len) == WS_ERR_TOO_LARGE)
        say(e, 503, "the page is larger than max_buffered of this server\n");
}

static void on_upgrade(status_page *p, const ws_event *e)
{
    ws_accept_options agreed;
    WS_INIT_STRUCT(&agreed);
    agreed.protocol = subprotocol;
    if (!same_origin(e)) say(e, 403, "only the page of this server may connect here\n");
    else if (ws_set_user_data(e->handle, p) == WS_OK && ws_accept(e->handle, &agreed) == WS_ERR_PARAMETER)
        say(e, 400, "the subprotocol libws-status is wanted here\n");
}

int status_page_event(status_page *p, const ws_event *e)
{
    if (e->type == WS_EVENT_REQUEST || e->type == WS_EVENT_UPGRADE) {
        size_t size = strcspn(e->target, "?");
        if (size != strlen(p->with.path) || strncmp(e->target, p->with.path, size)) return 0;
        if (e->server != p->with.through) return 0;
        if (!p->with.check(e, p->with.user_data)) say(e, 403, "you may not see this\n");
        else if (e->type == WS_EVENT_REQUEST) on_request(e);
        else on_upgrade(p, e);
        return 1;
    }
    if (e->user_data != p || e->type == WS_EVENT_COMPLETION) return 0;
    if (e->type == WS_EVENT_CONNECT) {
        if (ws_subscribe(e->handle, topic, sizeof topic - 1) == WS_OK) ws_queue_wake(p->queue);
        else ws_close(e->handle, NULL, NULL, NULL);
    } else if (e->type == WS_EVENT_MESSAGE_RECEIVE) {
        if (e->size <= ECHO && e->part == WS_PART_WHOLE && e->message_type == WS_TEXT)
            ws_send(e->handle, e->data, e->size, WS_TEXT, NULL, NULL); /* it measures how long this takes */
        else
            ws_close(e->handle, NULL, NULL, NULL); /* this is no page of ours */
    }
    return 1;
}

/* ---- Begin and end ------------------------------------------------------------------ */

/* A thread that gets no signals, which are the host's. */
static int start_thread(status_page *p)
{
#if defined(_WIN32)
    return pthread_create(&p->thread, NULL, watch, p);
#else
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&p->thread, NULL, watch, p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
#endif
}

static void release(status_page *p)
{
    ws_server_off_wait(p->with.server, WS_EVENT_TOPIC_BEGIN, on_topic, p, -1);
    ws_server_off_wait(p->with.server, WS_EVENT_TOPIC_END, on_topic, p, -1);
    ws_queue_destroy(p->queue);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

status_page *status_page_create(const status_page_options *options)
{
    status_page *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->with = *options;
    if (!p->with.through) p->with.through = p->with.server;
    if (!p->with.path) p->with.path = "/status";
    if (!p->with.check) p->with.check = status_page_from_this_machine;
    if (!p->with.interval_ms) p->with.interval_ms = 1000;
    pthread_mutex_init(&p->lock, NULL);
    const status_page_options *o = &p->with;
    if (o->interval_ms >= 100 && o->interval_ms <= 60000 && o->round_trips >= 0 && o->round_trips <= 10000 &&
        (p->queue = ws_queue_create(NULL)) && ws_server_on(o->server, WS_EVENT_TOPIC_BEGIN, on_topic, p) == WS_OK &&
        ws_server_on(o->server, WS_EVENT_TOPIC_END, on_topic, p) == WS_OK && !start_thread(p))
        return p;
    release(p);
    return NULL;
}

void status_page_destroy(status_page *p)
{
    atomic_store(&p->ends, 1);
    ws_queue_wake(p->queue);
    pthread_join(p->thread, NULL);
    release(p);
}
