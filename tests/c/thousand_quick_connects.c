/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A thousand clients that come and go quickly, many at once: each is connected,
 * echoes, closes; the server has one connect and one close for each, and no
 * descriptor is left.
 */
#include "t.h"
#include "t_proc.h"


enum { CONNECTS = T_TIMES(1000), AT_ONCE = T_TIMES(1000) / 10 };

static t_latch connects = T_LATCH, closes = T_LATCH, opens = T_LATCH, ends = T_LATCH, errors = T_LATCH;

static void say(const ws_event *e, void *unused)
{
    (void)unused;
    t_add(&opens, 1);
    OK(ws_send(e->handle, "quick", 5, WS_TEXT, NULL, NULL));
}

static void leave(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->size, 5);
    OK(ws_close(e->handle, NULL, NULL, NULL));
}

static void closed(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->code, 1000);
    CHECK_EQ(e->clean, 1);
    OK(ws_destroy(e->handle));
}

static void start_one(const char *url)
{
    ws_handle client = ws_create(NULL);
    OK(ws_on(client, WS_EVENT_OPEN, say, NULL));
    OK(ws_on(client, WS_EVENT_MESSAGE, leave, NULL));
    OK(ws_on(client, WS_EVENT_CLOSE, closed, NULL));
    OK(ws_on(client, WS_EVENT_ERROR, t_tick, &errors));
    OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &ends));
    OK(ws_connect(client, url, NULL, NULL, NULL));
}

int main(void)
{
    ws_handle server = t_echo_server();
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_tick, &connects));
    OK(ws_server_on(server, WS_EVENT_CLOSE, t_tick, &closes));
    char url[64];
    snprintf(url, sizeof url, "%s", t_url(server));
    int before = t_descriptors();
    for (int i = 0; i < CONNECTS; i++) {
        if (i >= AT_ONCE) t_wait(&ends, i - AT_ONCE + 1);
        start_one(url);
    }
    t_wait(&ends, CONNECTS);
    t_wait(&closes, CONNECTS);
    CHECK_EQ(t_count(&opens), CONNECTS);
    CHECK_EQ(t_count(&connects), CONNECTS);
    CHECK_EQ(t_count(&errors), 0);

    /* Peers that only knock, and leave before, inside and right after their request. */
    for (int i = 0; i < CONNECTS; i++) {
        t_raw peer;
        t_raw_dial(&peer, t_port(server));
        if (i % 4 > 0) t_raw_write(&peer, T_REQUEST, i % 4 == 1 ? 40 : strlen(T_REQUEST));
        if (i % 2) t_raw_reset(&peer);
        else t_raw_close(&peer);
    }
    static t_log log = T_LOG; /* one more round trip: all those were accepted before it */
    ws_handle last = t_open_client(server, &log);
    t_echo_round(last, &log, "last", 4, WS_TEXT, 1);
    t_destroy(last, &log);
    t_wait(&closes, t_count(&connects));
    long long end = t_now() + T_DEADLINE_MS;
    size_t count = 1;
    while (count) { /* the end of a torn connection is nobody's event when it was never open */
        int32_t status = ws_server_connections(server, NULL, 0, &count);
        CHECK(status == WS_OK || status == WS_ERR_BUFFER);
        CHECK(t_now() < end);
    }
    /* connections of ours may still be in the kernel's hands */
    while (t_descriptors() > before + 2) CHECK(t_now() < end);
    return t_done();
}
