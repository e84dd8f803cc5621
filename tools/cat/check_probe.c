/* SPDX-License-Identifier: Apache-2.0 */
/* check_probe.c - connections whose events the main thread dispatches while it waits for them. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "say.h"
#include "stop.h"

static ws_handle queue;

static void on_open(const ws_event *e, void *user)
{
    probe *p = user;
    p->open = 1;
    snprintf(p->protocol, sizeof p->protocol, "%s", e->protocol);
}

static void on_error(const ws_event *e, void *user)
{
    probe *p = user;
    p->status = e->status;
    p->stage = e->stage;
    snprintf(p->text, sizeof p->text, "%s", e->text);
    if (!p->open) p->over = 1;
}

static void on_close(const ws_event *e, void *user)
{
    probe *p = user;
    p->over = 1;
    p->code = e->code;
    p->clean = e->clean;
}

static void on_pong(const ws_event *e, void *user)
{
    probe *p = user;
    if (p->pongs < 8) p->round_trip_us[p->pongs++] = e->round_trip_us;
}

static void on_message(const ws_event *e, void *user)
{
    (void)e;
    ((probe *)user)->messages++;
}

void probe_open(probe *p, const target *t, const ws_connect_options *options)
{
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    memset(p, 0, sizeof *p);
    if (!queue) {
        queue = ws_queue_create(NULL);
        stop_wakes(queue);
    }
    create.queue = queue;
    create.max_buffered = 64 << 20;
    p->client = ws_create(&create);
    ws_on(p->client, WS_EVENT_OPEN_INFO, on_open, p);
    ws_on(p->client, WS_EVENT_ERROR, on_error, p);
    ws_on(p->client, WS_EVENT_CLOSE, on_close, p);
    ws_on(p->client, WS_EVENT_PONG, on_pong, p);
    ws_on(p->client, WS_EVENT_MESSAGE, on_message, p);
    if (ws_connect(p->client, t->url, options, NULL, NULL) != WS_OK) {
        snprintf(p->text, sizeof p->text, "%s", ws_last_error());
        p->over = 1;
    }
    probe_wait(p, &p->open, 1, 60000);
}

int probe_wait(probe *p, const int *what, int least, int64_t ms)
{
    size_t events;
    for (int64_t end = now_us() + ms * 1000; *what < least && !p->over && !stop_wanted() && now_us() < end;)
        ws_queue_dispatch(queue, 64, 50, &events);
    return *what >= least;
}

void probe_text(const probe *p, int which, char *text, size_t size)
{
    *text = 0;
    ws_connection_text(p->client, which, text, size, NULL);
}

void probe_end(probe *p)
{
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = 500; /* how it closes is not what this one is about */
    if (p->open && !p->over && ws_close(p->client, &options, NULL, NULL) == WS_OK) probe_wait(p, &p->over, 1, 6000);
    ws_destroy(p->client);
}
