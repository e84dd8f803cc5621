/* SPDX-License-Identifier: Apache-2.0 */
/* A whole conversation over TLS: open, a message each way, a close that the client starts; every completion comes. */
#include "t_tls.h"

static void WS_CALL answer(const ws_event *e, void *log)
{
    OK(ws_send(e->handle, "bye", 3, WS_TEXT, t_record, log));
}

int main(void)
{
    static t_log mine = T_LOG, theirs = T_LOG;
    ws_handle server = t_secure_server("good", &theirs);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, answer, &theirs));
    ws_handle client = t_client(&mine);
    ws_connect_options options = t_trusting();
    OK(ws_connect(client, t_secure_url(server), &options, t_record, &mine));
    const t_event *opened = t_wait_event(&mine, WS_EVENT_OPEN, 1);
    CHECK_EQ(opened->status, 101);
    OK(ws_send(client, "Hello, server!", 14, WS_TEXT, t_record, &mine));
    CHECK_TEXT((const char *)t_wait_event(&theirs, WS_EVENT_MESSAGE_RECEIVE, 1)->data, "Hello, server!");
    CHECK_TEXT((const char *)t_wait_event(&mine, WS_EVENT_MESSAGE, 1)->data, "bye");

    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(t_wait_event(&theirs, WS_EVENT_CONNECT, 1)->handle, &info));
    CHECK_TEXT(info.client_ip, "127.0.0.1");

    ws_close_options close;
    WS_INIT_STRUCT(&close);
    close.code = 3005;
    close.reason = "said all";
    OK(ws_close(client, &close, t_record, &mine));
    const t_event *ends[] = {t_wait_event(&mine, WS_EVENT_CLOSE, 1), t_wait_event(&theirs, WS_EVENT_CLOSE, 1)};
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(ends[i]->code, 3005);
        CHECK_TEXT(ends[i]->reason, "said all");
        CHECK_EQ(ends[i]->clean, 1);
    }
    for (int i = 1; i <= 3; i++) CHECK_EQ(t_wait_event(&mine, WS_EVENT_COMPLETION, i)->error, WS_OK);
    CHECK_EQ(t_seen(&mine, WS_EVENT_ERROR) + t_seen(&theirs, WS_EVENT_ERROR), 0);

    OK(ws_connect(client, t_secure_url(server), &options, NULL, NULL)); /* and once more */
    t_wait_event(&mine, WS_EVENT_OPEN, 2);
    return t_done();
}
