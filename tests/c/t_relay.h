/* SPDX-License-Identifier: Apache-2.0 */
/* t_relay.h - a relay that writes down how it is called, and can be made to stand still. */
#ifndef T_RELAY_H
#define T_RELAY_H

#include "t_figures.h"

/* Its calls in their order, each a word: "topic=data" or "*=data" (broadcast) for a message; "+topic" and
 * "-topic", "+~pattern" and "-~pattern" for what begins and ends; "end". */
typedef struct t_relay {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char **words;
    int count;
    bool stands; /* on_message waits until that is over */
    bool standing; /* it does */
    bool busy, ended;
    pthread_t thread;
    void (*message)(struct t_relay *relay, const ws_relay_message *m); /* NULL, or called in on_message */
    void (*end)(struct t_relay *relay);                                /* NULL, or called in on_end */
    ws_handle server;
} t_relay;
#define T_RELAY {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER}

#define T_NAME(text) text, sizeof text - 1

/* Every call is on the same thread, alone, and none is behind the last one. */
static inline void t_relay_word(t_relay *r, const char *word)
{
    pthread_mutex_lock(&r->mutex);
    CHECK(!r->ended && !r->busy);
    if (r->count) CHECK(pthread_equal(r->thread, pthread_self()));
    r->thread = pthread_self();
    r->words = realloc(r->words, (size_t)(r->count + 1) * sizeof *r->words);
    r->words[r->count++] = strdup(word);
    r->busy = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

static inline void t_relay_idle(t_relay *r)
{
    pthread_mutex_lock(&r->mutex);
    r->busy = false;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

static inline void WS_CALL t_relay_message(const ws_relay_message *m, void *user)
{
    t_relay *r = user;
    char word[600];
    CHECK_EQ(m->struct_size, sizeof *m);
    CHECK_EQ(((const char *)m->data)[m->size], 0);
    if (m->broadcast) CHECK(!m->topic && !m->topic_size);
    else CHECK_EQ(((const char *)m->topic)[m->topic_size], 0);
    snprintf(word, sizeof word, "%s=%.200s", m->broadcast ? "*" : (const char *)m->topic, (const char *)m->data);
    t_relay_word(r, word);
    if (r->message) r->message(r, m);
    pthread_mutex_lock(&r->mutex);
    while (r->stands) {
        r->standing = true;
        pthread_cond_broadcast(&r->changed);
        pthread_cond_wait(&r->changed, &r->mutex);
    }
    r->standing = false;
    pthread_mutex_unlock(&r->mutex);
    t_relay_idle(r);
}

static inline void WS_CALL t_relay_interest(const ws_relay_interest *i, void *user)
{
    char word[300];
    CHECK_EQ(i->struct_size, sizeof *i);
    CHECK_EQ(((const char *)i->name)[i->size], 0);
    snprintf(word, sizeof word, "%s%s%s", i->begins ? "+" : "-", i->pattern ? "~" : "", (const char *)i->name);
    t_relay_word(user, word);
    t_relay_idle(user);
}

static inline void WS_CALL t_relay_end(void *user)
{
    t_relay *r = user;
    t_relay_word(r, "end");
    if (r->end) r->end(r);
    pthread_mutex_lock(&r->mutex);
    r->ended = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

static inline ws_relay t_relay_options(t_relay *r)
{
    ws_relay o;
    WS_INIT_STRUCT(&o);
    o.on_message = t_relay_message;
    o.on_interest = t_relay_interest;
    o.on_end = t_relay_end;
    o.user_data = r;
    return o;
}

static inline void t_relay_set(ws_handle server, t_relay *r)
{
    ws_relay o = t_relay_options(r);
    r->server = server;
    OK(ws_server_set_relay(server, &o));
}

static inline void t_relay_wait_while(t_relay *r, bool (*still)(const t_relay *r, int n), int n)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += T_DEADLINE_MS / 1000;
    pthread_mutex_lock(&r->mutex);
    while (still(r, n))
        if (pthread_cond_timedwait(&r->changed, &r->mutex, &end)) FAIL("the relay was called %d times", r->count);
    pthread_mutex_unlock(&r->mutex);
}

static inline bool t_relay_is_short(const t_relay *r, int n) { return r->count < n; }
static inline bool t_relay_goes_on(const t_relay *r, int n) { return (void)n, !r->ended; }
static inline bool t_relay_moves(const t_relay *r, int n) { return (void)n, !r->standing; }

static inline void t_relay_wait(t_relay *r, int calls) { t_relay_wait_while(r, t_relay_is_short, calls); }
static inline void t_relay_wait_end(t_relay *r) { t_relay_wait_while(r, t_relay_goes_on, 0); }

static inline bool t_relay_works(const t_relay *r, int n) { return (void)n, r->busy; }

/* Lets on_message stand still, from the next message on, or go on. */
static inline void t_relay_stand(t_relay *r, bool stands)
{
    if (stands) t_relay_wait_while(r, t_relay_works, 0); /* else the message before may be the one */
    pthread_mutex_lock(&r->mutex);
    r->stands = stands;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->mutex);
}

/* Waits until it does. */
static inline void t_relay_wait_standing(t_relay *r) { t_relay_wait_while(r, t_relay_moves, 0); }

/* Waits for as many words as there are in want, and compares all. */
static inline void t_relay_says(t_relay *r, const char *want)
{
    static char all[1 << 16];
    int words = *want != 0;
    for (const char *at = want; *at; at++) words += *at == ' ';
    t_relay_wait(r, words);
    pthread_mutex_lock(&r->mutex);
    all[0] = 0;
    for (int i = 0; i < r->count; i++) {
        if (i) strcat(all, " ");
        strcat(all, r->words[i]);
    }
    pthread_mutex_unlock(&r->mutex);
    CHECK_TEXT(all, want);
}

/* Forgets what it has written down, behind its end. */
static inline void t_relay_forget(t_relay *r)
{
    CHECK(r->ended);
    for (int i = 0; i < r->count; i++) free(r->words[i]);
    free(r->words);
    *r = (t_relay)T_RELAY;
}

static inline size_t t_publish(ws_handle server, const char *topic, const char *text)
{
    size_t n = 77;
    OK(ws_publish(server, topic, strlen(topic), text, strlen(text), WS_TEXT, 0, &n));
    return n;
}

static inline ws_relay_message t_relayed(const char *topic, const char *text)
{
    ws_relay_message m;
    WS_INIT_STRUCT(&m);
    m.type = WS_TEXT;
    m.broadcast = !topic;
    m.topic = topic;
    m.topic_size = topic ? strlen(topic) : 0;
    m.data = text;
    m.size = strlen(text);
    return m;
}

static inline void t_deliver(ws_handle server, const char *topic, const char *text)
{
    ws_relay_message m = t_relayed(topic, text);
    OK(ws_relay_deliver(server, &m));
}

#endif
