/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When ws_destroy_wait has returned WS_OK, no callback of the handle runs or comes any more,
 * completions included: what they use is freed then. It works under traffic, from several threads,
 * for a handle that was destroyed already, and for an accepted one. Inside a callback that it
 * would wait for it refuses and destroys nothing.
 */
#include <stdatomic.h>

#include "t.h"

enum { ROUNDS = 60, SENDS = 40 };

static ws_handle server;

/* What callbacks use; filled with rubbish when it is freed. */
typedef struct mine {
    int alive;
    atomic_int events, completions;
} mine;

static void hear(const ws_event *e, void *user_data)
{
    mine *m = user_data;
    CHECK_EQ(m->alive, 1);
    if (e->type == WS_EVENT_COMPLETION) m->completions++;
    else m->events++;
}

/* A client as a class of C++ would be it. */
static void under_traffic(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        mine *m = calloc(1, sizeof *m);
        m->alive = 1;
        ws_handle client = ws_create(NULL);
        for (int event = WS_EVENT_OPEN; event <= WS_EVENT_DESTROYED; event++) OK(ws_on(client, event, hear, m));
        int sent = 0;
        OK(ws_connect(client, t_url(server), NULL, hear, m));
        for (int n = 0; n < SENDS; n++) sent += ws_send(client, "x", 1, WS_TEXT, hear, m) == WS_OK;
        if (i % 3) T_UNTIL_SO(m->events >= i % 7);
        OK(ws_destroy_wait(client, T_DEADLINE_MS));
        CHECK_EQ(m->completions, sent + 1);
        memset(m, 0xa5, sizeof *m);
        free(m);
        CHECK_EQ(ws_destroy_wait(client, -1), WS_ERR_HANDLE);
    }
}

static t_latch inside = T_LATCH, may_leave = T_LATCH;
static atomic_int left;

static void stay(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    t_add(&inside, 1);
    t_wait(&may_leave, t_count(&inside));
    left++;
}

static void *destroys(void *client)
{
    int32_t status = ws_destroy_wait(*(ws_handle *)client, -1);
    if (status != WS_ERR_HANDLE) OK(status); /* it is gone before this thread comes */
    CHECK_EQ(left, 1);
    return NULL;
}

static void while_a_callback_runs(void)
{
    static t_log log = T_LOG;
    ws_handle client = t_open_client(server, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, stay, NULL));
    OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
    t_wait(&inside, 1);
    CHECK_EQ(ws_destroy_wait(client, -2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "timeout_ms");
    CHECK_EQ(t_state(client), WS_STATE_OPEN); /* nothing has happened */
    CHECK_EQ(ws_destroy_wait(client, 0), WS_ERR_TIMEOUT);
    CHECK_HAS(ws_last_error(), "goes on");
    CHECK_EQ(ws_send(client, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_HANDLE); /* it is stale */
    CHECK_EQ(ws_destroy_wait(client, 50), WS_ERR_TIMEOUT); /* and waited for again */
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) t_thread(&threads[i], destroys, &client);
    CHECK_EQ(left, 0);
    t_add(&may_leave, 1);
    for (int i = 0; i < 3; i++) t_join(threads[i]);
    CHECK_EQ(ws_destroy_wait(client, -1), WS_ERR_HANDLE);
    CHECK_TEXT(t_story(&log), "open message close destroyed");
    t_forget(&log);
}

static ws_handle other;

static void call_inside(const ws_event *e, void *done)
{
    CHECK_EQ(ws_destroy_wait(e->handle, -1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_destroy_wait(e->handle, 0), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_destroy_wait(other, -1), WS_ERR_IN_CALLBACK); /* its events come by the same loop or queue */
    CHECK_HAS(ws_last_error(), "ws_destroy_wait");
    CHECK_EQ(ws_close_wait(e->handle, NULL, -1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_connect_wait(other, "ws://127.0.0.1:1/", NULL, -1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_server_destroy_wait(server, -1), WS_ERR_IN_CALLBACK);
    CHECK_EQ(ws_server_stop_wait(server, NULL, -1), WS_ERR_IN_CALLBACK);
    t_add(done, 1);
}

static void inside_a_callback(void)
{
    static t_latch done = T_LATCH;
    static t_log log = T_LOG;
    ws_handle client = t_open_client(server, &log);
    other = t_client(NULL);
    OK(ws_on(client, WS_EVENT_MESSAGE, call_inside, &done));
    for (int i = 1; i <= 2; i++) { /* nothing was destroyed, so it is called again */
        OK(ws_send(client, "x", 1, WS_TEXT, NULL, NULL));
        t_wait(&done, i);
    }
    OK(ws_destroy_wait(client, -1));
    OK(ws_destroy_wait(other, -1)); /* it was never connected */
    CHECK_TEXT(t_story(&log), "open message message close destroyed");
    t_forget(&log);
}

static t_log accepted_log = T_LOG;

static void take(const ws_event *e, void *unused)
{
    (void)unused;
    t_listen(e->handle, &accepted_log);
}

static void accepted(void)
{
    static t_log log = T_LOG;
    OK(ws_server_on(server, WS_EVENT_CONNECT, take, NULL));
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &accepted_log));
    ws_handle client = t_open_client(server, &log);
    ws_handle connection = t_wait_event(&accepted_log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_destroy_wait(connection, T_DEADLINE_MS));
    CHECK_TEXT(t_story(&accepted_log), "connect close destroyed");
    CHECK_EQ(ws_destroy_wait(connection, T_DEADLINE_MS), WS_ERR_NO_CONNECTION);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    OK(ws_destroy_wait(client, -1));
    t_forget(&log);
    t_forget(&accepted_log);
}

int main(void)
{
    server = t_echo_server();
    under_traffic();
    while_a_callback_runs();
    inside_a_callback();
    accepted();
    CHECK_EQ(ws_destroy_wait(server, -1), WS_ERR_HANDLE); /* of another kind */
    return t_done();
}
