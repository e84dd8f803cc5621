/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stop, then ws_shutdown_wait: every connection closes politely. The same holds for a client
 * that was closing. A stop that takes longer than the wait goes on, and ws_server_destroy cuts it.
 */
#include "t.h"

static t_log log_ = T_LOG, client_log = T_LOG;

static void *shut_down(void *unused)
{
    OK(ws_shutdown_wait(-1));
    return unused;
}

int main(void)
{
    enum { PEERS = 5 };
    t_raw peers[PEERS], slow, silent;
    int port, listener = t_raw_listen(&port);
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.timeout_ms = 3600000;
    ws_handle server = t_server(NULL, &log_), other = t_server(NULL, NULL);
    for (int i = 0; i < PEERS; i++) t_raw_client(&peers[i], t_port(server));
    t_wait_event(&log_, WS_EVENT_CONNECT, PEERS);
    t_raw_client(&silent, t_port(other));
    ws_handle client = t_client(&client_log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&slow, listener);
    close(listener);
    t_wait_event(&client_log, WS_EVENT_OPEN, 1);

    OK(ws_server_stop(server, &options, NULL, NULL));
    OK(ws_server_stop(other, &options, NULL, NULL));
    OK(ws_close(client, &options, NULL, NULL));
    CHECK_EQ(ws_shutdown_wait(0), WS_ERR_TIMEOUT);
    CHECK_EQ(ws_create(NULL), 0); /* the end has begun */
    pthread_t thread;
    t_thread(&thread, shut_down, NULL);
    OK(ws_server_destroy(other)); /* its peer never answers */
    t_raw_expect_close(&silent, 1001);
    for (int i = 0; i < PEERS; i++) {
        CHECK_TEXT(t_raw_expect_close(&peers[i], 1001), "server is going away");
        t_raw_send_close(&peers[i], 1001, "server is going away");
        t_raw_expect_end(&peers[i]);
        t_raw_close(&peers[i]);
    }
    t_raw_expect_close(&slow, 1000);
    t_raw_send_close(&slow, 1000, "CLOSE_NORMAL");
    t_raw_close(&slow);
    t_join(thread);
    t_raw_close(&silent);
    for (int i = 1; i <= PEERS; i++) CHECK_EQ(t_wait_event(&log_, WS_EVENT_CLOSE, i)->clean, 1);
    CHECK_EQ(t_wait_event(&client_log, WS_EVENT_CLOSE, 1)->clean, 1);
    CHECK_EQ(t_seen(&client_log, WS_EVENT_DESTROYED), 1);
    CHECK_EQ(t_seen(&log_, WS_EVENT_DESTROYED), 1);
    return t_done();
}
