/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_shutdown_wait ends everything under traffic: each open has its close, each
 * handle its destroyed event, and no callback runs when it has returned. It
 * refuses inside a callback and tells when a callback takes too long.
 */
#include "t_every.h"

enum { CLIENTS = 20 };

static int opens, closes, destroys, after_end; /* the loop's thread writes them */
static volatile int ended;
static t_latch messages = T_LATCH, inside = T_LATCH, may_leave = T_LATCH, shut = T_LATCH;

static void note(const ws_event *e, void *unused)
{
    (void)unused;
    after_end += ended;
    switch (e->type) {
    case WS_EVENT_OPEN:
    case WS_EVENT_CONNECT: opens++; break;
    case WS_EVENT_CLOSE: closes++; break;
    case WS_EVENT_DESTROYED: destroys++; break;
    default:
        ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
        t_add(&messages, 1);
    }
}

static void stay(const ws_event *e, void *unused)
{
    (void)e;
    (void)unused;
    CHECK_EQ(ws_shutdown_wait(-1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_shutdown_wait(0), WS_ERR_IN_CALLBACK);
    CHECK(ws_last_error()[0]);
    t_add(&inside, 1);
    t_wait(&may_leave, 1);
}

static void *shut_down(void *unused)
{
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    t_add(&shut, 1);
    return unused;
}

int main(void)
{
    ws_handle server = ws_server_create(NULL), clients[CLIENTS];
    OK(ws_server_on(server, WS_EVENT_CONNECT, note, NULL));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, note, NULL));
    OK(ws_server_on(server, WS_EVENT_CLOSE, note, NULL));
    OK(ws_server_on(server, WS_EVENT_DESTROYED, note, NULL));
    OK(ws_server_start(server, NULL, NULL, NULL));
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = ws_create(NULL);
        OK(ws_on(clients[i], WS_EVENT_OPEN, note, NULL));
        OK(ws_on(clients[i], WS_EVENT_MESSAGE, note, NULL));
        OK(ws_on(clients[i], WS_EVENT_CLOSE, note, NULL));
        OK(ws_on(clients[i], WS_EVENT_DESTROYED, note, NULL));
        if (i == CLIENTS - 1) break; /* the last one never connects */
        t_log done = T_LOG;
        OK(ws_connect(clients[i], t_url(server), NULL, t_record, &done));
        CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
        OK(ws_send(clients[i], "to and fro", 10, WS_TEXT, NULL, NULL));
        t_forget(&done);
    }
    t_wait(&messages, 1000);

    ws_handle blocking = t_open_client(server, NULL);
    OK(ws_on(blocking, WS_EVENT_MESSAGE, stay, NULL));
    OK(ws_send(blocking, "x", 1, WS_TEXT, NULL, NULL));
    t_wait(&inside, 1);
    CHECK_EQ(ws_shutdown_wait(0), WS_ERR_TIMEOUT);
    CHECK_EQ(ws_shutdown_wait(50), WS_ERR_TIMEOUT);
    CHECK(ws_last_error()[0]);

    pthread_t threads[2]; /* two at once, besides */
    for (int i = 0; i < 2; i++) t_thread(&threads[i], shut_down, NULL);
    t_add(&may_leave, 1);
    OK(ws_shutdown_wait(-1));
    ended = 1;
    for (int i = 0; i < 2; i++) t_join(threads[i]);
    CHECK_EQ(opens, 2 * CLIENTS - 1); /* and the blocking one's connect: its client has no listener for open */
    CHECK_EQ(closes, opens);
    CHECK_EQ(destroys, CLIENTS + 1);

    /* What is left: handles are stale, nothing can be made. */
    t_every_call(server, WS_ERR_HANDLE);
    t_every_call(clients[0], WS_ERR_HANDLE);
    t_every_call(clients[CLIENTS - 1], WS_ERR_HANDLE);
    CHECK_EQ(ws_create(NULL), 0);
    CHECK_HAS(ws_last_error(), "shut down");
    CHECK_EQ(ws_server_create(NULL), 0);
    CHECK_HAS(ws_last_error(), "shut down");
    CHECK_EQ(ws_init(NULL), WS_ERR_SHUTDOWN);
    OK(ws_shutdown_wait(0));
    CHECK_EQ(after_end, 0);
    return 0;
}
