/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that breaks the protocol reads a Close frame with the right code and
 * then the end of the stream; the host hears what came before, error and close,
 * and the client can connect again.
 */
#include "t_violations.h"

int main(void)
{
    static t_log log = T_LOG;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_MESSAGE, t_echo, NULL));
    for (int i = 0; i < VIOLATIONS + HEADERS; i++) {
        t_raw peer;
        OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
        t_raw_server(&peer, listener);
        int code = violate(&peer, i);
        t_raw_expect(&peer, T_TEXT, "good", 4);
        CHECK_TEXT(t_raw_expect_close(&peer, code), "");
        t_raw_expect_end(&peer);
        t_raw_close(&peer);
        check_violation(&log, "open message error close", i, code);
    }
    close(listener);
    return t_done();
}
