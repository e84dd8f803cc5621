/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The completion of a send comes exactly once, in the order of the sends, never
 * inside the call, and before the destroyed event; with an error when the
 * message never left.
 */
#include "t.h"

enum { COUNT = 500 };

static _Thread_local int inside_send;
static t_latch completed = T_LATCH;

static void on_sent(const ws_event *e, void *user_data)
{
    CHECK(!inside_send);
    CHECK_EQ(e->type, WS_EVENT_COMPLETION);
    CHECK_EQ(e->operation, WS_OP_SEND);
    CHECK_EQ(e->error, WS_OK);
    CHECK_EQ((long)(intptr_t)user_data, t_count(&completed)); /* in order, so each once */
    t_add(&completed, 1);
}

static void send_numbered(ws_handle handle, long number)
{
    inside_send = 1;
    OK(ws_send(handle, "message", 7, WS_TEXT, on_sent, (void *)(intptr_t)number));
    inside_send = 0;
}

static void send_in_callback(const ws_event *e, void *unused)
{
    (void)unused;
    if (strcmp(e->data, "go")) return;
    for (long i = 0; i < COUNT; i++) {
        send_numbered(e->handle, COUNT + i);
        OK(ws_send(e->handle, "between", 7, WS_TEXT, NULL, NULL));
    }
}

static void each_send_completes_once(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, NULL), client = t_open_client(server, &log);
    for (long i = 0; i < COUNT; i++) send_numbered(client, i);
    t_wait(&completed, COUNT);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, send_in_callback, NULL));
    OK(ws_send(client, "go", 2, WS_TEXT, NULL, NULL));
    t_wait(&completed, 2 * COUNT);
    t_wait_event(&log, WS_EVENT_MESSAGE, 2 * COUNT);
    CHECK_EQ(t_count(&completed), 2 * COUNT);
}

/* A peer that does not read holds the completion back; then it comes with an error. */
static ws_handle stuck_client(t_raw *peer, t_log *log, int *sends)
{
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(peer, listener);
    close(listener);
    t_wait_event(log, WS_EVENT_OPEN, 1);
    char *data = t_bytes(1 << 20, 1, 0);
    int32_t status = WS_OK;
    for (*sends = 0; status == WS_OK; *sends += !status)
        status = ws_send(client, data, 1 << 20, WS_BINARY, t_record, log);
    CHECK_EQ(status, WS_ERR_FULL); /* and this one does not complete */
    free(data);
    return client;
}

static void count_results(t_log *log, int sends, int error)
{
    int good = 0, bad = 0;
    for (int i = 1; i <= sends; i++) {
        const t_event *e = t_wait_event(log, WS_EVENT_COMPLETION, i);
        CHECK_EQ(e->operation, WS_OP_SEND);
        if (e->error == WS_OK) {
            CHECK_EQ(bad, 0); /* what left, left first */
            good++;
            continue;
        }
        CHECK_EQ(e->error, error);
        CHECK(e->text[0]);
        bad++;
    }
    CHECK(bad > 0);
    CHECK_EQ(t_seen(log, WS_EVENT_COMPLETION), sends);
}

static void destroy_fails_what_waits(void)
{
    static t_log log = T_LOG;
    t_raw peer;
    int sends;
    ws_handle client = stuck_client(&peer, &log, &sends);
    t_destroy(client, &log);
    count_results(&log, sends, WS_ERR_CANCELLED);
    CHECK_EQ(log.events[log.count - 1]->type, WS_EVENT_DESTROYED);
    t_raw_close(&peer);
}

static void a_lost_connection_fails_what_waits(void)
{
    static t_log log = T_LOG;
    t_raw peer;
    int sends;
    ws_handle client = stuck_client(&peer, &log, &sends);
    t_raw_reset(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
    count_results(&log, sends, WS_ERR_CONNECT_FAILED);
    t_destroy(client, &log);
}

int main(void)
{
    each_send_completes_once();
    destroy_fails_what_waits();
    a_lost_connection_fails_what_waits();
    return t_done();
}
