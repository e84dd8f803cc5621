/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client that breaks the protocol reads a Close frame with the right code and
 * then the end of the stream; the host hears what came before, error and close.
 */
#include "t_violations.h"

int main(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    for (int i = 0; i < VIOLATIONS + HEADERS; i++) {
        t_raw peer;
        t_raw_client(&peer, t_port(server));
        int code = violate(&peer, i);
        t_raw_expect(&peer, T_TEXT, "good", 4); /* the answer to what came before goes out first */
        CHECK_TEXT(t_raw_expect_close(&peer, code), "");
        t_raw_expect_end(&peer);
        t_raw_close(&peer);
        check_violation(&log, "connect receive error close", i, code);
    }
    return t_done();
}
