/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idle_timeout_ms: a connection without messages is closed with 1001, however many
 * pings and pongs go both ways. write_timeout_ms: a peer whose kernel takes nothing
 * of what waits is cut off.
 */
#include "t_client.h"

static int port, listener;

static void idle(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_connect_options o = t_options();
    o.idle_timeout_ms = 300;
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    char answer[600];
    const char *right = t_raw_answer(&peer);
    memcpy(answer, right, strlen(right));
    size_t size = strlen(right);
    size += t_frame_build((unsigned char *)answer + size, T_TEXT, 0, "last", 4);
    t_raw_write(&peer, answer, size); /* at once, so that no time passes before the message */
    t_frame f;
    do { /* pings and pongs are no messages: were they, there would be no end */
        unsigned char ping[20];
        t_raw_try_write(&peer, ping, t_frame_build(ping, T_PING, 0, "ping", 4));
        f = t_raw_read(&peer);
    } while (f.first == T_PONG);
    CHECK_EQ(f.first, T_CLOSE);
    CHECK_EQ(f.data[0] << 8 | f.data[1], 1001);
    const t_event *error = t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_EQ(error->code, 1001);
    CHECK_HAS(error->text, "no message");
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->clean, 0);
    CHECK_TEXT(t_story(&log), "open message error close");
    t_destroy(client, &log);
    t_forget(&log);
}

/* A peer that keeps silent outlasts one that has a limit, when it has none itself. */
static void no_limit_by_default(void)
{
    t_log log = T_LOG;
    t_raw peer;
    ws_handle client = t_client(&log);
    t_meet(client, NULL, listener, port, &peer);
    idle();
    OK(ws_send(client, "still", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "still", 5);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
}

static void WS_CALL failed(const ws_event *e, void *latch)
{
    CHECK_EQ(e->error, WS_ERR_TIMEOUT);
    t_add(latch, 1);
}

static void stuck(int keep)
{
    enum { SIZE = 1 << 20, COUNT = 15 };
    t_log log = T_LOG;
    t_latch ended = T_LATCH;
    t_raw peer;
    char *data = t_bytes(SIZE, 1, 0);
    ws_reconnect_options again = t_again(3600000);
    ws_connect_options o = t_options();
    o.write_timeout_ms = 2000; /* all must be sent within it */
    o.ping_interval_ms = -1;
    if (keep) {
        again.flags = WS_KEEP_SENDS;
        o.reconnect = &again;
    }
    ws_handle client = t_client(&log);
    t_meet(client, &o, listener, port, &peer);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    for (int i = 0; i < COUNT; i++) OK(ws_send(client, data, SIZE, WS_BINARY, NULL, NULL));
    if (!keep) OK(ws_send(client, data, 1, WS_BINARY, failed, &ended));
    const t_event *close = t_wait_event(&log, WS_EVENT_CLOSE, 1), *error = t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TIMEOUT);
    CHECK_EQ(error->stage, WS_STAGE_TIMEOUT);
    CHECK_HAS(error->text, "the kernel took no byte");
    CHECK_EQ(close->code, 1006);
    CHECK_EQ(close->will_reconnect, keep);
    if (!keep) t_wait(&ended, 1);
    CHECK_EQ(t_state(client), keep ? WS_STATE_CONNECTING : WS_STATE_CLOSED);
    CHECK_EQ(t_buffered(client) > 0, keep); /* what has not left waits for the next connection */
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    free(data);
}

/* A peer that reads slowly, but reads, is none that is stuck. */
static void slow_is_not_stuck(void)
{
    enum { SIZE = 1 << 20, COUNT = 8 };
    t_log log = T_LOG;
    t_latch sent = T_LATCH;
    t_raw peer;
    char *data = t_bytes(SIZE, 2, 0);
    ws_connect_options o = t_options();
    o.write_timeout_ms = 5000;
    ws_handle client = t_client(&log);
    t_meet(client, &o, listener, port, &peer);
    for (int i = 0; i < COUNT; i++) OK(ws_send(client, data, SIZE, WS_BINARY, t_tick, &sent));
    for (int i = 0; i < COUNT; i++) t_raw_expect(&peer, T_BINARY, data, SIZE);
    t_wait(&sent, COUNT);
    CHECK_EQ(t_seen(&log, WS_EVENT_ERROR), 0);
    t_raw_close(&peer);
    t_destroy(client, &log);
    t_forget(&log);
    free(data);
}

int main(void)
{
    listener = t_raw_small_listen(&port); /* the kernels take less than what is sent */
    idle();
    no_limit_by_default();
    stuck(0);
    stuck(1);
    slow_is_not_stuck();
    close(listener);
    return t_done();
}
