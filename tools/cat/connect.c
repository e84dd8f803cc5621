/* SPDX-License-Identifier: Apache-2.0 */
/* connect.c - talks to a server: events come by a queue that the main thread dispatches. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "progress.h"
#include "prompt.h"
#include "say.h"
#include "session.h"
#include "show.h"
#include "stop.h"
#include "target.h"

enum { SILENCE_MS = 1000, ANSWERS_MS = 10000, TICK_MS = 100 };

static void on_open(const ws_event *e, void *user)
{
    session *run = user;
    run->last_us = now_us();
    show_connected(e->handle, e);
    if (run->opened++) return; /* connected again */
    run->started_us = run->last_us;
    sender_start(run);
}

static void on_message(const ws_event *e, void *user)
{
    session *run = user;
    run->last_us = now_us();
    run->received_bytes += (int64_t)e->size;
    if (run->output && fwrite(e->data, 1, e->size, run->output) != e->size && run->status != STATUS_FAILED) {
        say("--output %s: %s", run->s->output, strerror(errno));
        run->status = STATUS_FAILED;
        ws_abort(run->client);
    }
    if (e->part == WS_PART_WHOLE) show_message("in", e->data, e->size, e->message_type);
    if (e->part == WS_PART_WHOLE || e->part == WS_PART_END) run->received++;
}

static void on_drain(const ws_event *e, void *user)
{
    (void)e;
    sem_post(&((session *)user)->room);
}

static void end(session *run)
{
    run->over = 1;
    sem_post(&run->room);
}

static void on_error(const ws_event *e, void *user)
{
    session *run = user;
    if (run->interrupted && e->error == WS_ERR_CANCELLED) return end(run);
    show_error(e);
    run->status = e->status ? STATUS_REFUSED : e->stage == WS_STAGE_TLS ? STATUS_TLS : STATUS_FAILED;
    if (!run->opened) end(run);
    if (e->stage == WS_STAGE_RECONNECT) end(run);
}

static void on_close(const ws_event *e, void *user)
{
    session *run = user;
    if (e->will_reconnect) {
        run->status = 0; /* it is not over */
        sem_post(&run->room);
        return;
    }
    show_closed(e);
    if (!e->clean && !run->status && !run->interrupted) run->status = STATUS_FAILED;
    if (e->clean && !run->closing && e->code != 1000 && e->code != 1001 && e->code != 1005) run->status = STATUS_CLOSED;
    end(run);
}

static void on_reconnecting(const ws_event *e, void *user)
{
    (void)user;
    show_reconnecting(e);
}

static void on_header(const ws_event *e, void *user)
{
    (void)user;
    show_header(e);
}

static void on_ping(const ws_event *e, void *user)
{
    if (((session *)user)->s->show_pings) show_pong(e, 1);
}

static void on_pong(const ws_event *e, void *user)
{
    const settings *s = ((session *)user)->s;
    if (s->show_pings || s->ping_ms || s->slash || ((session *)user)->interactive) show_pong(e, 0);
}

static void listen_to(session *run)
{
    const settings *s = run->s;
    ws_on(run->client, WS_EVENT_OPEN_INFO, on_open, run);
    ws_on(run->client, WS_EVENT_MESSAGE, on_message, run);
    ws_on(run->client, WS_EVENT_DRAIN, on_drain, run);
    ws_on(run->client, WS_EVENT_ERROR, on_error, run);
    ws_on(run->client, WS_EVENT_CLOSE, on_close, run);
    ws_on(run->client, WS_EVENT_RECONNECTING, on_reconnecting, run);
    if (s->verbose) ws_on(run->client, WS_EVENT_HEADER_RECEIVE, on_header, run);
    ws_on(run->client, WS_EVENT_PING, on_ping, run);
    ws_on(run->client, WS_EVENT_PONG, on_pong, run);
}

static void begin_close(session *run)
{
    ws_close_options options;
    if (run->closing) return;
    run->closing = 1;
    int given = run->s->close && !make_close(run->s->close, &options);
    ws_close(run->client, given ? &options : NULL, NULL, NULL); /* fails when the server has closed: as well */
}

/* Whether nothing more is to come, when all was sent; status: what the program ends with. */
static int waited_enough(session *run, int *status)
{
    const settings *s = run->s;
    uint64_t waiting = 0;
    int64_t now = now_us();
    if (!run->sent_all) return 0;
    ws_buffered_amount(run->client, &waiting);
    if (waiting || !run->sent_all_us) run->sent_all_us = now; /* the wait begins when the kernel has it all */
    if (s->stay) return 0;
    int64_t since = now - run->sent_all_us;
    if (s->count) {
        if (since < (s->wait_ms ? s->wait_ms : ANSWERS_MS) * 1000) return 0;
        *status = STATUS_TOO_FEW;
        say("%lld of %lld messages came in time", (long long)run->received, (long long)s->count);
        return 1;
    }
    if (s->wait_ms) return since >= s->wait_ms * 1000;
    if (run->interactive || (run->received >= run->sent && !waiting)) return 1;
    int64_t quiet = now - (run->last_us > run->sent_all_us ? run->last_us : run->sent_all_us);
    return quiet >= SILENCE_MS * 1000;
}

static void ping_when_due(session *run, int64_t *next)
{
    if (!run->s->ping_ms || !run->opened || run->closing || now_us() < *next) return;
    static unsigned number; /* tells one pong from another */
    char text[16];
    *next = now_us() + run->s->ping_ms * 1000;
    int size = snprintf(text, sizeof text, "%u", ++number);
    ws_ping(run->client, text, (size_t)size);
}

static void run_until_over(session *run)
{
    int64_t next_ping = 0;
    while (!run->over) {
        int32_t timeout = run->s->ping_ms && run->s->ping_ms < TICK_MS ? (int32_t)run->s->ping_ms : TICK_MS;
        size_t events;
        ws_queue_dispatch(run->queue, 64, timeout, &events);
        if (stop_wanted() && !run->interrupted) {
            run->interrupted = 1;
            if (run->opened) begin_close(run);
            else ws_abort(run->client);
        }
        ping_when_due(run, &next_ping);
        progress_tick(run);
        if (run->over || run->closing || !run->opened) continue;
        int status = 0;
        if ((run->s->count && run->received >= run->s->count) || waited_enough(run, &status)) {
            run->status = status;
            begin_close(run);
        }
    }
}

static int32_t create(session *run)
{
    const settings *s = run->s;
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.queue = run->queue;
    options.max_message_size = s->max_size ? s->max_size : s->files.count || s->output ? -1 : 0;
    if (s->output) options.flags |= WS_RECEIVE_PARTS;
    if (s->files.count) options.max_buffered = 1 << 20; /* so that the line of progress is true */
    run->client = ws_create(&options);
    return run->client ? WS_OK : WS_ERR_UNKNOWN;
}

int run_connect(const settings *s)
{
    static session run;
    static target t; /* what it points to lives as long as the program */
    ws_close_options close_options;
    run.s = s;
    if (make_target(&t, s) || sender_check(s) || (s->close && make_close(s->close, &close_options)) || show_open_files(s)) return STATUS_USAGE;
    if (s->output && !(run.output = strcmp(s->output, "-") ? fopen(s->output, "wb") : stdout)) return wrong("--output %s: %s", s->output, strerror(errno));
    sem_init(&run.room, 0, 0);
    run.queue = ws_queue_create(NULL);
    if (!run.queue || create(&run) != WS_OK) return wrong("%s", ws_last_error());
    listen_to(&run);
    stop_wakes(run.queue);
    if (ws_connect(run.client, t.url, &t.options, NULL, NULL) != WS_OK) return wrong("%s", ws_last_error());
    run_until_over(&run);
    prompt_close();
    progress_end();
    ws_shutdown_wait(5000);
    if (s->count && run.received < s->count && !run.status) run.status = STATUS_TOO_FEW;
    int written = show_close_files();
    if (run.output && (fflush(run.output) || ferror(run.output))) written = 0;
    if (!written) say("not all could be written: %s", strerror(errno));
    return !written && !run.status ? STATUS_FAILED : run.status;
}
