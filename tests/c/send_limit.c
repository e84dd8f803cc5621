/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message over max_send_size, or max_message_size without one, is refused by size on
 * every way of sending: outside and inside callbacks, on both roles, also in pieces. One
 * of exactly the limit goes. What comes in is bounded by max_message_size alone.
 */
#include "t.h"

enum { SEND = 1000, RECEIVE = 3000 };

static t_log at_server = T_LOG, at_client = T_LOG;
static char bytes[RECEIVE + 1];

static void refused(ws_handle handle, size_t size)
{
    CHECK_EQ(ws_send(handle, bytes, size, WS_BINARY, NULL, NULL), WS_ERR_TOO_LARGE);
    CHECK_HAS(ws_last_error(), "size: ");
    CHECK_HAS(ws_last_error(), "1000");
}

static void on_message(const ws_event *e, void *unused)
{
    (void)unused;
    refused(e->handle, SEND + 1); /* the batch's own way of sending must not miss it */
    OK(ws_send(e->handle, bytes, SEND, WS_BINARY, NULL, NULL));
    t_record(e, &at_server);
}

int main(void)
{
    ws_server_options so;
    WS_INIT_STRUCT(&so);
    so.max_message_size = RECEIVE;
    so.max_send_size = SEND;
    ws_handle server = t_server(&so, NULL);
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_record, &at_server));
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL));
    ws_create_options co;
    WS_INIT_STRUCT(&co);
    co.max_message_size = RECEIVE;
    co.max_send_size = RECEIVE;
    ws_handle client = ws_create(&co);
    CHECK(client);
    t_listen(client, &at_client);
    OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    ws_handle accepted = t_wait_event(&at_server, WS_EVENT_CONNECT, 1)->handle;

    OK(ws_send(client, bytes, RECEIVE, WS_BINARY, NULL, NULL));
    CHECK_EQ(t_wait_event(&at_server, WS_EVENT_MESSAGE_RECEIVE, 1)->size, RECEIVE);
    CHECK_EQ(t_wait_event(&at_client, WS_EVENT_MESSAGE, 1)->size, SEND);
    refused(accepted, SEND + 1);
    refused(accepted, RECEIVE);
    OK(ws_send(accepted, bytes, SEND, WS_BINARY, NULL, NULL));
    CHECK_EQ(t_wait_event(&at_client, WS_EVENT_MESSAGE, 2)->size, SEND);
    OK(ws_send_part(accepted, bytes, SEND, WS_BINARY, 0, NULL, NULL));
    CHECK_EQ(ws_send_part(accepted, bytes, 1, WS_BINARY, 1, NULL, NULL), WS_ERR_TOO_LARGE);
    OK(ws_send_part(accepted, "", 0, WS_BINARY, 1, NULL, NULL));
    CHECK_EQ(t_wait_event(&at_client, WS_EVENT_MESSAGE, 3)->size, SEND);
    CHECK_EQ(ws_send(client, bytes, RECEIVE + 1, WS_BINARY, NULL, NULL), WS_ERR_TOO_LARGE);

    co.max_send_size = RECEIVE + 1;
    CHECK_EQ(ws_create(&co), 0);
    CHECK_HAS(ws_last_error(), "max_send_size");
    co.max_send_size = -1;
    CHECK_EQ(ws_create(&co), 0);
    CHECK_HAS(ws_last_error(), "max_send_size");
    return t_done();
}
