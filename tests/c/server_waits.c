/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_off_wait waits for callbacks of all connections of the server, ws_server_stop_wait
 * for the last connection, also of a stop that has begun, ws_server_destroy_wait for the last
 * event: then what its callbacks use is freed.
 */
#include <stdatomic.h>

#include "t.h"

static t_latch inside = T_LATCH, may_leave = T_LATCH;
static atomic_int left;

static void stay(const ws_event *e, void *user_data)
{
    (void)user_data;
    CHECK_EQ(ws_server_off_wait(e->server, WS_EVENT_CONNECT, NULL, NULL, -1), WS_ERR_IN_CALLBACK);
    CHECK_HAS(ws_last_error(), "ws_server_off_wait");
    t_add(&inside, 1);
    t_wait(&may_leave, t_count(&inside));
    left++;
}

static void off(void)
{
    ws_handle server = t_server(NULL, NULL), client = t_open_client(server, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, stay, NULL));
    CHECK_EQ(ws_server_off_wait(server, WS_EVENT_MESSAGE_RECEIVE, stay, NULL, -2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "timeout_ms");
    CHECK_EQ(ws_server_off_wait(server, WS_EVENT_OPEN, stay, NULL, -1), WS_ERR_PARAMETER);
    CHECK_EQ(ws_server_off_wait(client, WS_EVENT_CONNECT, stay, NULL, -1), WS_ERR_HANDLE);
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait(&inside, 1);
    CHECK_EQ(ws_server_off_wait(server, WS_EVENT_MESSAGE_RECEIVE, stay, NULL, 0), WS_ERR_TIMEOUT);
    CHECK_EQ(ws_server_off_wait(server, WS_EVENT_MESSAGE_RECEIVE, stay, NULL, 50), WS_ERR_TIMEOUT);
    CHECK_EQ(left, 0);
    t_add(&may_leave, 1);
    OK(ws_server_off_wait(server, WS_EVENT_MESSAGE_RECEIVE, NULL, NULL, -1));
    CHECK_EQ(left, 1);
    OK(ws_server_destroy_wait(server, -1));
    OK(ws_destroy_wait(client, -1));
}

static t_latch heard = T_LATCH;

static void still_hears(const ws_event *e, void *unused)
{
    t_echo(e, unused);
    t_add(&heard, 1);
}

/* Freed right after the wait, while messages go on. */
static void user_data_may_be_freed(void)
{
    ws_handle server = t_server(NULL, NULL), clients[4];
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, still_hears, NULL));
    for (int i = 0; i < 4; i++) {
        clients[i] = t_open_client(server, NULL);
        OK(ws_on(clients[i], WS_EVENT_MESSAGE, t_echo, NULL)); /* to and fro, for ever */
        OK(ws_send(clients[i], "x", 1, WS_TEXT, NULL, NULL));
    }
    for (int i = 0; i < 200; i++) {
        t_latch *mine = malloc(sizeof *mine);
        *mine = (t_latch)T_LATCH;
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_tick, mine));
        t_wait(mine, 1 + i % 5);
        OK(ws_server_off_wait(server, WS_EVENT_MESSAGE_RECEIVE, t_tick, mine, T_DEADLINE_MS));
        memset(mine, 0xa5, sizeof *mine);
        free(mine);
    }
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    long all = t_count(&heard);
    for (int i = 0; i < 4; i++) OK(ws_destroy_wait(clients[i], T_DEADLINE_MS));
    CHECK_EQ(t_count(&heard), all); /* nothing came since */
}

static ws_close_options lasts(int32_t timeout_ms)
{
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.timeout_ms = timeout_ms;
    return o;
}

static void stop(void)
{
    t_log log = T_LOG;
    t_raw slow;
    ws_handle server = t_server(NULL, &log);
    int port = t_port(server);
    t_raw_client(&slow, port);
    t_wait_event(&log, WS_EVENT_CONNECT, 1);
    CHECK_EQ(ws_server_stop_wait(server, NULL, -2), WS_ERR_PARAMETER);
    ws_close_options options = lasts(0);
    options.code = 1005;
    CHECK_EQ(ws_server_stop_wait(server, &options, -1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.code");
    CHECK_EQ(t_port(server), port); /* nothing was stopped */

    options = lasts(3600000);
    CHECK_EQ(ws_server_stop_wait(server, &options, 0), WS_ERR_TIMEOUT);
    CHECK_HAS(ws_last_error(), "goes on");
    CHECK_EQ(ws_server_stop(server, NULL, NULL, NULL), WS_ERR_STATE); /* it has begun */
    CHECK_EQ(ws_server_stop_wait(server, NULL, 50), WS_ERR_TIMEOUT);  /* and is waited for again */
    CHECK_EQ(t_seen(&log, WS_EVENT_CLOSE), 0);
    t_raw_expect_close(&slow, 1001);
    t_raw_send_close(&slow, 1001, "");
    OK(ws_server_stop_wait(server, NULL, -1));
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->clean, 1);
    CHECK_TEXT(t_story(&log), "connect close"); /* it was told before the wait was over */
    CHECK_EQ(ws_server_stop_wait(server, NULL, -1), WS_ERR_STATE);
    t_raw_close(&slow);

    OK(ws_server_start(server, NULL, NULL, NULL)); /* it is stopped, and may be started */
    OK(ws_server_stop_wait(server, NULL, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(server, -1));
    CHECK_EQ(ws_server_destroy_wait(server, -1), WS_ERR_HANDLE);
    CHECK_EQ(t_seen(&log, WS_EVENT_DESTROYED), 1);
    t_forget(&log);
}

static t_latch began = T_LATCH;

static void *stops(void *server)
{
    t_add(&began, 1);
    ws_close_options options = lasts(3600000);
    int32_t status = ws_server_stop_wait(*(ws_handle *)server, &options, -1);
    CHECK(status == WS_ERR_CANCELLED || status == WS_ERR_HANDLE);
    return NULL;
}

/* Both waits end when the server does. */
static void destroyed_while_it_stops(void)
{
    t_raw slow;
    ws_handle server = t_server(NULL, NULL);
    t_raw_client(&slow, t_port(server));
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) t_thread(&threads[i], stops, &server);
    t_wait(&began, 2);
    t_raw_expect_close(&slow, 1001);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    for (int i = 0; i < 2; i++) t_join(threads[i]);
    t_raw_close(&slow);
}

int main(void)
{
    off();
    user_data_may_be_freed();
    stop();
    destroyed_while_it_stops();
    return t_done();
}
