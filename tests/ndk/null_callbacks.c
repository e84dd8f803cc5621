/* SPDX-License-Identifier: Apache-2.0 */
/* Callbacks may be NULL, and be set in the client later; the one that is there when it is due is called. */
#include "n.h"

int main(void)
{
    int port, refuses = t_raw_refuse(&port);
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    struct WebSocket *c = OH_WebSocketClient_Constructor(NULL, NULL, NULL, NULL);
    CHECK(c && !c->onOpen && !c->onMessage && !c->onError && !c->onClose && !c->requestOptions.headers);
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle;
    OK(ws_send(accepted, "x", 1, WS_TEXT, NULL, NULL));
    N_OK(n_send(c, "y"));
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
    OK(ws_close(accepted, NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    int status = OH_WebSocketClient_Destroy(c); /* nobody has seen whether the client knows that it is open */
    CHECK(status == WEBSOCKET_OK || status == WEBSOCKET_NO_CONNECTION_CONTEXT);

    c = OH_WebSocketClient_Constructor(NULL, NULL, NULL, NULL);
    N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing)); /* fails */
    CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);

    c = OH_WebSocketClient_Constructor(NULL, NULL, NULL, NULL);
    c->onOpen = n_open;
    c->onClose = n_close;
    N_OK(OH_WebSocketClient_Connect(c, t_url(server), n_nothing));
    n_wait('o', 1);
    N_OK(n_end(c, 0, NULL));
    n_wait('c', 1);
    N_OK(OH_WebSocketClient_Destroy(c));
    close(refuses);
    return t_done();
}
