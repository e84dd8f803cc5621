/* SPDX-License-Identifier: Apache-2.0 */
/* wss checks certificate and name, unless ws_ndk_skip_verification says otherwise; the system's authorities are asked. */
#include "t_tls.h"

#include "n.h"

int main(void)
{
    static const char *const names[] = {"good", "wrong-name", "expired", "unknown"};
    CHECK_EQ(setenv("SSL_CERT_FILE", t_cert("ca"), 1), 0); /* before the first call */
    CHECK_EQ(setenv("SSL_CERT_DIR", "/nowhere", 1), 0);
    for (int i = 0; i < 4; i++) {
        ws_handle server = t_secure_server(names[i], NULL);
        struct WebSocket *c = n_client();
        N_OK(OH_WebSocketClient_Connect(c, t_secure_url(server), n_nothing));
        if (i == 0) n_wait('o', 1);
        else {
            CHECK_EQ(n_wait('e', 1)->code, WEBSOCKET_CONNECTION_ERROR);
            CHECK_HAS(n_find('e', 1)->text, "certificate");
            N_OK(ws_ndk_skip_verification(c, 1));
            N_OK(OH_WebSocketClient_Connect(c, t_secure_url(server), n_nothing));
            n_wait('o', 1);
        }
        N_OK(n_end(c, 0, NULL));
        n_wait('c', 1);
        if (i) {
            N_OK(ws_ndk_skip_verification(c, 0));
            N_OK(OH_WebSocketClient_Connect(c, t_secure_url(server), n_nothing));
            CHECK_EQ(n_wait('e', 2)->code, WEBSOCKET_CONNECTION_ERROR);
        }
        N_OK(OH_WebSocketClient_Destroy(c));
        n_forget();
    }
    return t_done();
}
