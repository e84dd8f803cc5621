/* SPDX-License-Identifier: Apache-2.0 */
/* Close before onOpen says that there is no connection, ends the attempt, and nothing is told of it. Destroy does, too. */
#include "n.h"

int main(void)
{
    int port, listener = t_raw_listen(&port);
    for (int i = 0; i < 4; i++) {
        struct WebSocket *c = n_client();
        t_raw peer;
        N_OK(OH_WebSocketClient_Connect(c, t_url_of_port(port), n_nothing));
        t_raw_take(&peer, listener);
        t_raw_head(&peer); /* and no answer */
        N_OK(n_send(c, "waits"));
        if (i % 2) CHECK_EQ(n_end(c, 3000, "x"), WEBSOCKET_NO_CONNECTION);
        if (i < 2) {
            if (i) CHECK_TEXT(t_raw_rest(&peer), "");
            CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
            if (!i) CHECK_TEXT(t_raw_rest(&peer), "");
        } else {
            CHECK_EQ(OH_WebSocketClient_Destroy(c), WEBSOCKET_NO_CONNECTION_CONTEXT);
            CHECK_TEXT(t_raw_rest(&peer), "");
        }
        t_raw_close(&peer);
        CHECK_TEXT(n_story(), "");
    }
    close(listener);
    return t_done();
}
