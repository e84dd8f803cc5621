/* SPDX-License-Identifier: Apache-2.0 */
/* WS_NO_CODE: the Close frame says nothing, of a client and of a server that stops; with a code or reason it is refused. */
#include "t.h"

int main(void)
{
    static t_log log = T_LOG, served = T_LOG;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    close(listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);

    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.flags = WS_NO_CODE;
    static const int codes[] = {1000, 1005, 3000};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        options.code = codes[i];
        CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "WS_NO_CODE");
    }
    options.code = -1;
    CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
    options.code = 0;
    options.reason = "why";
    CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "WS_NO_CODE");
    CHECK_EQ(t_state(client), WS_STATE_OPEN);

    options.reason = NULL;
    OK(ws_close(client, &options, NULL, NULL));
    CHECK_TEXT(t_raw_expect_close(&peer, 0), "");
    t_raw_send(&peer, T_CLOSE, "", 0);
    t_raw_close(&peer);
    const t_event *end = t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(end->code, 1005);
    CHECK_EQ(end->clean, 1);

    /* And of a server. */
    ws_handle server = t_server(NULL, &served);
    t_raw_client(&peer, t_port(server));
    t_wait_event(&served, WS_EVENT_CONNECT, 1);
    options.reason = "why";
    CHECK_EQ(ws_server_stop(server, &options, NULL, NULL), WS_ERR_PARAMETER);
    options.reason = NULL;
    OK(ws_server_stop(server, &options, NULL, NULL));
    CHECK_TEXT(t_raw_expect_close(&peer, 0), "");
    t_raw_send(&peer, T_CLOSE, "", 0);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&served, WS_EVENT_CLOSE, 1)->code, 1005);
    return t_done();
}
