/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client connects again with the same handle and the same listeners: after its
 * close, inside its close event, and inside the error event of a failed connect.
 */
#include "t.h"

enum { ROUNDS = 50 };

static ws_handle server;
static void after_close(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_client(&log);
    for (int i = 1; i <= ROUNDS; i++) {
        OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
        t_wait_event(&log, WS_EVENT_OPEN, i);
        CHECK_EQ(ws_connect(client, t_url(server), NULL, NULL, NULL), WS_ERR_CONNECTION_EXISTS);
        t_echo_round(client, &log, "round", 5, WS_TEXT, i);
        OK(ws_close(client, NULL, NULL, NULL));
        CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, i)->clean, 1);
    }
    CHECK_EQ(t_seen(&log, 0), 3 * ROUNDS);
    t_destroy(client, &log);
}

static void close_now(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_close(e->handle, NULL, NULL, NULL));
}

static void again(const ws_event *e, void *rounds)
{
    CHECK_EQ(t_state(e->handle), WS_STATE_CLOSED);
    t_add(rounds, 1);
    if (t_count(rounds) < ROUNDS) OK(ws_connect(e->handle, t_url(server), NULL, NULL, NULL));
}

static void inside_close(void)
{
    static t_latch rounds = T_LATCH;
    static t_log log = T_LOG;
    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_OPEN, close_now, NULL));
    OK(ws_on(client, WS_EVENT_CLOSE, again, &rounds));
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    t_wait(&rounds, ROUNDS);
    CHECK_EQ(t_seen(&log, WS_EVENT_OPEN), ROUNDS);
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), ROUNDS);
    for (int i = 0; i < 2 * ROUNDS; i++) CHECK_EQ(log.events[i]->type, i % 2 ? WS_EVENT_CLOSE : WS_EVENT_OPEN);
}

static void inside_error(void)
{
    static t_latch rounds = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, ROUNDS - 5};
    static t_log log = T_LOG;
    int port, nobody = t_raw_refuse(&port);
    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_ERROR, again, &rounds));
    OK(ws_on(client, WS_EVENT_CLOSE, again, &rounds));
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 1); /* the server's port, from inside the error event */
    OK(ws_close(client, NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 2); /* and from inside close */
    CHECK_TEXT(t_story(&log), "error open close open");
    OK(ws_off(client, WS_EVENT_CLOSE, again, &rounds)); /* the shutdown is not to be answered */
    close(nobody);
}

int main(void)
{
    server = t_echo_server();
    after_close();
    inside_close();
    inside_error();
    return t_done();
}
