/* SPDX-License-Identifier: Apache-2.0 */
/* t.c - checks, latches and the recorder of events. */
#include "t.h"

#include <errno.h>
#include <stdarg.h>
#include <time.h>

/* ---- checks ------------------------------------------------------------------ */

void t_fail(const char *file, int line, const char *format, ...)
{
    char text[2000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* _exit: the failure may be inside a callback or a forked child. */
    fprintf(stderr, "%s:%d: %s\n", file, line, text);
    fprintf(stderr, "ws_last_error: \"%s\"\n", ws_last_error());
    fflush(NULL);
    _exit(1);
}

void t_equal(const char *file, int line, const char *what, long long got, long long want)
{
    if (got != want) t_fail(file, line, "%s is %lld, not %lld", what, got, want);
}

void t_equal_text(const char *file, int line, const char *what, const char *got, const char *want)
{
    if (strcmp(got, want)) t_fail(file, line, "%s is \"%s\", not \"%s\"", what, got, want);
}

void t_contains(const char *file, int line, const char *what, const char *text, const char *part)
{
    if (!strstr(text, part)) t_fail(file, line, "%s is \"%s\", without \"%s\"", what, text, part);
}

/* ---- waiting ------------------------------------------------------------------ */

long long t_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

int t_deadline_ms(void)
{
    enum { LEAST_MS = 60000, MOST = 10 }; /* what hangs shall still end */
    double load = 0;
    if (getloadavg(&load, 1) != 1) load = 0;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    double factor = processors > 0 ? load / (double)processors : 1;
    if (factor < 1) factor = 1;
    if (factor > MOST) factor = MOST;
    return (int)(LEAST_MS * factor);
}

static struct timespec deadline(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += T_DEADLINE_MS / 1000;
    return end;
}

void t_add(t_latch *latch, long n)
{
    pthread_mutex_lock(&latch->mutex);
    latch->count += n;
    pthread_cond_broadcast(&latch->changed);
    pthread_mutex_unlock(&latch->mutex);
}

long t_count(t_latch *latch)
{
    pthread_mutex_lock(&latch->mutex);
    long count = latch->count;
    pthread_mutex_unlock(&latch->mutex);
    return count;
}

void t_wait_at(const char *file, int line, t_latch *latch, long n)
{
    struct timespec end = deadline();
    pthread_mutex_lock(&latch->mutex);
    while (latch->count < n)
        if (pthread_cond_timedwait(&latch->changed, &latch->mutex, &end) == ETIMEDOUT)
            t_fail(file, line, "waited for %ld, only %ld happened", n, latch->count);
    pthread_mutex_unlock(&latch->mutex);
}

void WS_CALL t_tick(const ws_event *event, void *latch)
{
    (void)event;
    t_add(latch, 1);
}

void t_thread(pthread_t *thread, void *(*body)(void *), void *argument)
{
    CHECK_EQ(pthread_create(thread, NULL, body, argument), 0);
}

void t_join(pthread_t thread)
{
    struct timespec end = deadline();
    CHECK_EQ(pthread_timedjoin_np(thread, NULL, &end), 0);
}

/* ---- recorded events -------------------------------------------------------------- */

/* A test may end without forgetting what it has recorded: that is no leak of the library,
 * which is what the sanitizer is asked about. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:t_record\n";
}

static void *copy(const void *data, size_t size)
{
    char *p = malloc(size + 1);
    CHECK(p);
    if (size) memcpy(p, data, size);
    p[size] = 0;
    return p;
}

void WS_CALL t_record(const ws_event *e, void *user_data)
{
    t_log *log = user_data;
    CHECK_EQ(e->struct_size, sizeof *e);
    CHECK(e->data && e->reason && e->text && e->protocol && e->method && e->target && e->body && e->correlation_id); /* never NULL */
    CHECK_EQ(((const char *)e->body)[e->body_size], 0);
    CHECK_EQ(strlen(e->reason), e->reason_size);
    if (e->type == WS_EVENT_MESSAGE || e->type == WS_EVENT_MESSAGE_RECEIVE)
        CHECK_EQ(((const char *)e->data)[e->size], 0);
    t_event *mine = malloc(sizeof *mine);
    CHECK(mine);
    *mine = (t_event){
        .type = e->type, .handle = e->handle, .server = e->server, .data = copy(e->data, e->size), .size = e->size,
        .message_type = e->message_type, .status = e->status, .code = e->code, .clean = e->clean, .error = e->error,
        .stage = e->stage, .os_error = e->os_error, .operation = e->operation, .reason = copy(e->reason, e->reason_size),
        .reason_size = e->reason_size, .text = copy(e->text, strlen(e->text)), .thread = gettid(),
        .protocol = copy(e->protocol, strlen(e->protocol)), .round_trip_us = e->round_trip_us, .delay_ms = e->delay_ms,
        .attempt = e->attempt, .will_reconnect = e->will_reconnect, .part = e->part, .pattern = e->pattern,
        .message_size = e->message_size, .token = e->token, .scheme = e->scheme,
        .method = copy(e->method, strlen(e->method)), .target = copy(e->target, strlen(e->target)),
        .correlation_id = copy(e->correlation_id, strlen(e->correlation_id)),
        .body = copy(e->body, e->body_size), .body_size = e->body_size,
    };
    pthread_mutex_lock(&log->mutex);
    if (log->count == log->room) {
        log->room = log->room ? 2 * log->room : 64;
        log->events = realloc(log->events, (size_t)log->room * sizeof *log->events);
        CHECK(log->events);
    }
    log->events[log->count++] = mine;
    pthread_cond_broadcast(&log->changed);
    pthread_mutex_unlock(&log->mutex);
}

const t_event *t_wait_event_at(const char *file, int line, t_log *log, int type, int n)
{
    struct timespec end = deadline();
    int from = 0, found = 0;
    pthread_mutex_lock(&log->mutex);
    for (;;) {
        for (; from < log->count; from++)
            if (log->events[from]->type == type && ++found == n) {
                const t_event *e = log->events[from];
                pthread_mutex_unlock(&log->mutex);
                return e;
            }
        if (pthread_cond_timedwait(&log->changed, &log->mutex, &end) == ETIMEDOUT) {
            pthread_mutex_unlock(&log->mutex);
            t_fail(file, line, "waited for event %d of type %d; only this happened: %s", n, type, t_story(log));
        }
    }
}

int t_seen(t_log *log, int type)
{
    int n = 0;
    pthread_mutex_lock(&log->mutex);
    for (int i = 0; i < log->count; i++) n += !type || log->events[i]->type == type;
    pthread_mutex_unlock(&log->mutex);
    return n;
}

const char *t_story(t_log *log)
{
    static const char *const words[] = {"?", "open", "message", "close", "error", "destroyed", "connect", "receive",
                                        "?",
                                       "drain", "open-info", "header", "data-end", "ping", "pong", "reconnecting",
                                       "upgrade", "request", "asks", "verify", "topic-begin", "topic-end", "skipped",
                                       "sign"};
    static const char *const completions[] = {"?", "connect-done", "send-done", "close-done", "start-done",
                                              "stop-done", "stop-listening-done", "post-done"};
    static _Thread_local char story[1000];
    size_t used = 0;
    story[0] = 0;
    pthread_mutex_lock(&log->mutex);
    for (int i = 0; i < log->count && used < sizeof story - 20; i++) {
        const t_event *e = log->events[i];
        const char *word = e->type == WS_EVENT_COMPLETION ? completions[e->operation] : words[e->type];
        used += (size_t)snprintf(story + used, sizeof story - used, "%s%s", i ? " " : "", word);
    }
    pthread_mutex_unlock(&log->mutex);
    return story;
}

void t_forget(t_log *log)
{
    pthread_mutex_lock(&log->mutex);
    for (int i = 0; i < log->count; i++) {
        free(log->events[i]->data);
        free(log->events[i]->reason);
        free(log->events[i]->text);
        free(log->events[i]->protocol);
        free(log->events[i]->method);
        free(log->events[i]->target);
        free(log->events[i]->correlation_id);
        free(log->events[i]->body);
        free(log->events[i]);
    }
    free(log->events);
    log->events = NULL;
    log->count = log->room = 0;
    pthread_mutex_unlock(&log->mutex);
}
