/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_redis.c - a relay over Redis. Two connections: out is of the relay's thread, which publishes; in is of a reader of
 * our own. What it has to subscribe to comes to it by a pair of sockets, because a connection of hiredis is one
 * thread's.
 *
 * A topic is the channel PREFIX:t:TOPIC, broadcasts are PREFIX:all. While somebody wants a pattern all topics are
 * subscribed, and libws finds out whom they fit. The message is the stamp of bridges/nats, a newline, and the data.
 */
#include <errno.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../nats/peers.h"
#include "ws_redis.h"

enum { PREFIX = 64, CHANNEL = PREFIX + 4 + 255, AGAIN_MS = 1000 };

/* A channel or, with a "*" at its end, all that begin so. Kept to be subscribed again. */
typedef struct wanted {
    struct wanted *next;
    size_t size;
    char name[CHANNEL];
} wanted;

struct ws_redis {
    ws_handle server;
    char host[256], prefix[PREFIX + 1], id[WSN_MAX_ID + 1];
    int port, pair[2]; /* [0] is the reader's */
    redisContext *out; /* relay thread only */
    int64_t out_again;
    uint64_t number, patterns;
    redisContext *in; /* reader only, like what follows */
    wanted *all;
    wsn_peers peers;
    pthread_t reader;
    atomic_uint_fast64_t lost;
};

/* What the relay's thread asks of the reader. */
typedef struct order {
    bool begins, pattern, ends; /* ends: the reader */
    size_t size;
    char name[CHANNEL];
} order;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static redisContext *dial(const ws_redis *r)
{
    redisContext *c = redisConnectWithTimeout(r->host, r->port, (struct timeval){1, 0});
    if (c && !c->err) return c;
    if (c) redisFree(c);
    return NULL;
}

static void hang_up(redisContext **c)
{
    if (*c) redisFree(*c);
    *c = NULL;
}

/* ---- the relay's thread -------------------------------------------------------------------- */

static void WS_CALL on_message(const ws_relay_message *m, void *user_data)
{
    ws_redis *r = user_data;
    if (!r->out && now_ms() >= r->out_again) {
        r->out = dial(r);
        if (r->out) redisSetTimeout(r->out, (struct timeval){2, 0});
        r->out_again = now_ms() + AGAIN_MS;
    }
    char channel[CHANNEL], stamp[WSN_MAX_STAMP];
    size_t size = (size_t)snprintf(channel, sizeof channel, "%s:%s", r->prefix, m->broadcast ? "all" : "t:");
    if (!m->broadcast) memcpy(channel + size, m->topic, m->topic_size);
    wsn_stamp s = {.binary = m->type == WS_BINARY,
                   .number = ++r->number,
                   .turn = 1,
                   .time_ms = m->time_ms,
                   .key = m->key,
                   .priority = m->priority,
                   .part = 1,
                   .parts = 1,
                   .size = m->size};
    strcpy(s.from, r->id);
    wsn_stamp_write(stamp, &s);
    size_t first = strlen(stamp) + 1;
    char *data = r->out ? malloc(first + m->size) : NULL;
    redisReply *reply = NULL;
    if (data) {
        memcpy(data, stamp, first);
        data[first - 1] = '\n';
        if (m->size) memcpy(data + first, m->data, m->size);
        reply = redisCommand(r->out, "PUBLISH %b %b", channel, size + m->topic_size, data, first + m->size);
        if (!reply) hang_up(&r->out); /* its error is final, as hiredis says */
    }
    if (!reply || reply->type == REDIS_REPLY_ERROR) r->lost++;
    if (reply) freeReplyObject(reply);
    free(data);
}

static void give(ws_redis *r, const order *o)
{
    while (send(r->pair[1], o, sizeof *o, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

static void WS_CALL on_interest(const ws_relay_interest *i, void *user_data)
{
    ws_redis *r = user_data;
    order o = {.begins = i->begins, .pattern = i->pattern};
    if (i->pattern && (i->begins ? r->patterns++ : --r->patterns)) return; /* not the first, or not the last */
    o.size = (size_t)snprintf(o.name, sizeof o.name, "%s:t:%s", r->prefix, i->pattern ? "*" : "");
    if (!i->pattern) {
        memcpy(o.name + o.size, i->name, i->size);
        o.size += i->size;
    }
    give(r, &o);
}

static void WS_CALL on_end(void *user_data)
{
    give(user_data, &(order){.ends = true});
}

/* ---- the reader ---------------------------------------------------------------------------------- */

static void ask(ws_redis *r, bool begins, const char *name, size_t size, bool pattern)
{
    if (r->in) redisAppendCommand(r->in, "%s%sSUBSCRIBE %b", pattern ? "P" : "", begins ? "" : "UN", name, size);
}

/* Of a pattern every byte but the "*" at its end stands for itself. */
static void ask_for(ws_redis *r, bool begins, const wanted *w)
{
    char name[2 * CHANNEL];
    bool pattern = w->name[w->size] == '*';
    size_t size = 0;
    for (size_t i = 0; i < w->size; i++) {
        if (pattern && strchr("*?[]\\^", w->name[i])) name[size++] = '\\';
        name[size++] = w->name[i];
    }
    if (pattern) name[size++] = '*';
    ask(r, begins, name, size, pattern);
}

static void obey(ws_redis *r, const order *o)
{
    size_t size = o->pattern ? o->size - 1 : o->size; /* the "*" stays behind the name */
    wanted **at = &r->all;
    while (*at && ((*at)->size != size || memcmp((*at)->name, o->name, o->size) != 0)) at = &(*at)->next;
    wanted *w = *at;
    if (o->begins && !w) {
        if (!(w = calloc(1, sizeof *w))) return;
        memcpy(w->name, o->name, o->size);
        w->size = size;
        w->next = r->all;
        r->all = w;
        ask_for(r, true, w);
    } else if (!o->begins && w) {
        ask_for(r, false, w);
        *at = w->next;
        free(w);
    }
}

/* [message, channel, data] or [pmessage, pattern, channel, data]. */
static void take(ws_redis *r, const redisReply *reply)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 3) return;
    const redisReply *channel = reply->element[reply->elements - 2], *message = reply->element[reply->elements - 1];
    const char *end = message->type == REDIS_REPLY_STRING ? memchr(message->str, '\n', (size_t)message->len) : NULL;
    char text[WSN_MAX_STAMP];
    wsn_stamp s;
    if (!end || end - message->str >= WSN_MAX_STAMP) return;
    memcpy(text, message->str, (size_t)(end - message->str));
    text[end - message->str] = 0;
    size_t size = (size_t)message->len - (size_t)(end + 1 - message->str), prefix = strlen(r->prefix) + 3;
    if (!wsn_stamp_read(text, &s) || s.size != size || s.parts != 1 || !strcmp(s.from, r->id)) return;
    wsn_peer *peer = wsn_peer_of(&r->peers, s.from, now_ms());
    if (!peer || !wsn_peer_is_new(peer, s.number)) return; /* it came by a pattern as well */
    bool topic = (size_t)channel->len > prefix && channel->str[prefix - 2] == 't';
    ws_relay_message m = {.struct_size = sizeof m,
                          .type = s.binary ? WS_BINARY : WS_TEXT,
                          .broadcast = !topic,
                          .priority = s.priority,
                          .topic = topic ? channel->str + prefix : NULL,
                          .topic_size = topic ? (size_t)channel->len - prefix : 0,
                          .data = end + 1,
                          .size = size,
                          .key = s.key,
                          .time_ms = s.time_ms};
    ws_relay_deliver(r->server, &m);
}

/* False: the connection is lost. */
static bool work(ws_redis *r, bool readable)
{
    int done = 0;
    void *reply = NULL;
    while (!done)
        if (redisBufferWrite(r->in, &done)) return false;
    if (readable && redisBufferRead(r->in)) return false;
    while (!redisGetReplyFromReader(r->in, &reply)) {
        if (!reply) return true;
        take(r, reply);
        freeReplyObject(reply);
    }
    return false;
}

static void *read_all(void *relay)
{
    ws_redis *r = relay;
    int64_t again = 0;
    for (;;) {
        if (!r->in && now_ms() >= again) {
            again = now_ms() + AGAIN_MS;
            if ((r->in = dial(r))) {
                char all[PREFIX + 8];
                ask(r, true, all, (size_t)snprintf(all, sizeof all, "%s:all", r->prefix), false);
                for (wanted *w = r->all; w; w = w->next) ask_for(r, true, w);
            }
        }
        if (r->in && !work(r, false)) hang_up(&r->in);
        struct pollfd p[2] = {{r->pair[0], POLLIN, 0}, {r->in ? r->in->fd : -1, POLLIN, 0}};
        poll(p, 2, r->in ? -1 : AGAIN_MS);
        order o;
        while (recv(r->pair[0], &o, sizeof o, MSG_DONTWAIT) == sizeof o) {
            if (o.ends) return NULL;
            obey(r, &o);
        }
        if (r->in && p[1].revents && !work(r, true)) hang_up(&r->in);
    }
}

/* ---- begin and end ------------------------------------------------------------------------------------ */

static int begin(ws_redis *r)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&r->reader, NULL, read_all, r);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void release(ws_redis *r)
{
    hang_up(&r->in);
    hang_up(&r->out);
    for (wanted *w = r->all, *next; w; w = next) {
        next = w->next;
        free(w);
    }
    wsn_peers_free(&r->peers);
    close(r->pair[0]);
    close(r->pair[1]);
    free(r);
}

int32_t WS_CALL ws_redis_join(ws_handle server, const char *host, int32_t port, const char *prefix, ws_redis **relay)
{
    if (!host || !prefix || !relay || port < 1 || port > 65535 || strlen(host) > 255 || !*prefix ||
        strlen(prefix) > PREFIX)
        return WS_ERR_PARAMETER;
    ws_redis *r = calloc(1, sizeof *r);
    uint64_t random = (uint64_t)now_ms();
    if (!r || getrandom(&random, sizeof random, 0) < 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, r->pair)) {
        free(r);
        return WS_ERR_MEMORY;
    }
    r->server = server;
    r->port = port;
    strcpy(r->host, host);
    strcpy(r->prefix, prefix);
    snprintf(r->id, sizeof r->id, "%016llx", (unsigned long long)random);
    ws_relay own = {.struct_size = sizeof own,
                    .on_message = on_message,
                    .on_interest = on_interest,
                    .on_end = on_end,
                    .user_data = r};
    int32_t status = begin(r) ? WS_ERR_MEMORY : ws_server_set_relay(server, &own);
    if (!status) {
        *relay = r;
        return WS_OK;
    }
    if (status != WS_ERR_MEMORY) {
        on_end(r);
        pthread_join(r->reader, NULL);
    }
    release(r);
    return status;
}

int32_t WS_CALL ws_redis_leave_wait(ws_redis *r)
{
    if (!r) return WS_ERR_PARAMETER;
    ws_server_set_relay(r->server, NULL); /* an error: the server has ended it */
    pthread_join(r->reader, NULL);
    release(r);
    return WS_OK;
}

uint64_t WS_CALL ws_redis_lost(ws_redis *r)
{
    return r->lost;
}
