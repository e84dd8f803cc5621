/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Close then Destroy delivers what waits: to the server what was sent, to the program what has come. Destroy waits for
 * a callback that runs, and when it has returned none is called; callbacks of two clients may end each other.
 */
#include "n.h"

#include <stdatomic.h>

static t_latch entered = T_LATCH, may_go = T_LATCH;
static atomic_int left;

static void what_was_sent_arrives(void)
{
    enum { MESSAGES = 100, SIZE = 100000 };
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    struct WebSocket *c = n_client();
    char *data = t_bytes(SIZE, 1, 1);
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    n_wait('o', 1);
    for (int i = 0; i < MESSAGES; i++) N_OK(OH_WebSocketClient_Send(c, data, SIZE));
    N_OK(n_end(c, 0, NULL));
    N_OK(OH_WebSocketClient_Destroy(c));
    CHECK_TEXT(n_story(), "oc");
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, MESSAGES);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1000);
    free(data);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);
    n_forget();
}

/* A server that does not answer the Close frame: 5 s, and it is over. */
static void a_server_that_does_not_answer(void)
{
    int port, listener = t_raw_listen(&port);
    struct WebSocket *c = n_client();
    t_raw peer;
    N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
    t_raw_server(&peer, listener);
    close(listener);
    n_wait('o', 1);
    long long begin = t_now();
    N_OK(n_end(c, 0, NULL));
    N_OK(OH_WebSocketClient_Destroy(c));
    CHECK(t_now() - begin >= 4900);
    int seen = n_count;
    t_raw_close(&peer);
    CHECK_EQ(n_count, seen);
    n_forget();
}

static void block(struct WebSocket *c, char *data, uint32_t n)
{
    (void)c, (void)data, (void)n;
    t_add(&entered, 1);
    t_wait(&may_go, 1);
    left++;
}

static void *let_go(void *unused)
{
    t_wait(&entered, 1);
    t_add(&may_go, 1);
    return unused;
}

static void a_callback_that_runs(void)
{
    ws_handle server = t_echo_server();
    struct WebSocket *c = OH_WebSocketClient_Constructor(n_open, block, n_error, n_close);
    pthread_t thread;
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    for (int i = 0; i < 10; i++) N_OK(n_send(c, "x"));
    t_wait(&entered, 1);
    t_thread(&thread, let_go, NULL);
    N_OK(OH_WebSocketClient_Destroy(c));
    CHECK(left >= 1); /* the one that ran, and perhaps some before Destroy had begun */
    int after = left;
    t_join(thread);
    CHECK_EQ(left, after);
    n_forget();
}

/* Two callbacks, each of which ends the other's client. */
static struct WebSocket *pair[2];
static t_latch both = T_LATCH, ended = T_LATCH;

static void end_the_other(struct WebSocket *c, char *data, uint32_t n)
{
    (void)data, (void)n;
    t_add(&both, 1);
    t_wait(&both, 2);
    int status = OH_WebSocketClient_Destroy(pair[c == pair[0]]);
    CHECK(status == WEBSOCKET_OK);
    t_add(&ended, 1);
}

static void each_other(void)
{
    ws_handle server = t_echo_server();
    for (int i = 0; i < 2; i++) {
        pair[i] = OH_WebSocketClient_Constructor(NULL, end_the_other, NULL, NULL);
        N_OK(OH_WebSocketClient_Connect(pair[i], t_url(server), n_nothing));
    }
    for (int i = 0; i < 2; i++) N_OK(n_send(pair[i], "x"));
    t_wait(&ended, 2);
    for (int i = 0; i < 2; i++) CHECK_EQ(OH_WebSocketClient_Destroy(pair[i]), WEBSOCKET_CLIENT_NOT_CREATED);
}

int main(void)
{
    what_was_sent_arrives();
    a_server_that_does_not_answer();
    a_callback_that_runs();
    each_other();
    return t_done();
}
