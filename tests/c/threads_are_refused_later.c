/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A system that gives no more threads once the library runs: peers that begin a handshake
 * and go no further, clients, large messages and rubbish for the garbage collector need none.
 * A name is looked up without one.
 */
#include "t_refusals.h"

enum { PEERS = 40, CLIENTS = 30, LARGE = 1 << 20 };

static const unsigned char hello[] = {0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3}; /* the first bytes of a ClientHello */

int main(void)
{
    static t_log log = T_LOG, logs[CLIENTS], named = T_LOG;
    static t_raw peers[PEERS];
    ws_handle clients[CLIENTS], server = t_echo_server(), first = t_open_client(server, &log);
    int port = t_port(server);
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        clients[i] = t_client(&logs[i]);
    }
    ws_handle by_name = t_client(&named);
    t_echo_round(first, &log, "hello", 5, WS_TEXT, 1);
    t_threads_left = 0;

    for (int i = 0; i < PEERS; i++) {
        t_raw_dial(&peers[i], port);
        CHECK_EQ(write(peers[i].fd, hello, sizeof hello), sizeof hello);
    }
    for (int i = 0; i < CLIENTS; i++) OK(ws_connect(clients[i], t_url(server), NULL, NULL, NULL));
    for (int i = 0; i < CLIENTS; i++) t_wait_event(&logs[i], WS_EVENT_OPEN, 1);
    void *data = t_bytes(LARGE, 1, 0);
    for (int i = 0; i < CLIENTS; i++) t_echo_round(clients[i], &logs[i], data, LARGE, WS_BINARY, 1);
    free(data);

    char url[64];
    snprintf(url, sizeof url, "%s://localhost:%d/", t_tls() ? "wss" : "ws", port);
    OK(ws_connect(by_name, url, NULL, t_record, &named));
    const t_event *end = t_wait_event(&named, WS_EVENT_COMPLETION, 1);
    if (t_tls()) CHECK(!end->error || end->stage == WS_STAGE_TLS); /* the certificate may be for the address only */
    else CHECK_EQ(end->error, WS_OK);
    t_echo_round(first, &log, "still alive", 11, WS_TEXT, 2);
    t_threads_left = 1 << 30;
    for (int i = 0; i < PEERS; i++) t_raw_close(&peers[i]);
    return t_done();
}
