/* SPDX-License-Identifier: Apache-2.0 */
/* A message over the limit is refused by the sender, and ends the connection at the receiver with 1009. */
#include "t.h"

enum { LIMIT = 1000 };

static void sender_refuses(void)
{
    static t_log log = T_LOG;
    const size_t over = 67108864 + 1;
    ws_handle client = t_open_client(t_echo_server(), &log);
    char *data = t_bytes(over, 1, 1);
    CHECK_EQ(ws_send(client, data, over, WS_BINARY, t_record, &log), WS_ERR_TOO_LARGE);
    CHECK_HAS(ws_last_error(), "size");
    CHECK_EQ(ws_send(client, data, (size_t)1 << 60, WS_TEXT, NULL, NULL), WS_ERR_TOO_LARGE); /* not even looked at */
    free(data);
    t_echo_round(client, &log, "still open", 10, WS_TEXT, 1);
    CHECK_TEXT(t_story(&log), "open message"); /* no completion of a call that failed */
}

static ws_handle limited_server(t_log *log)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.max_message_size = LIMIT;
    ws_handle server = t_server(&options, log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    return server;
}

static void receiver_closes(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    ws_handle client = t_open_client(limited_server(&at_server), &at_client);
    char *data = t_bytes(LIMIT + 1, 2, 0);
    t_echo_round(client, &at_client, data, LIMIT, WS_BINARY, 1); /* exactly the limit passes */
    OK(ws_send(client, data, LIMIT + 1, WS_BINARY, NULL, NULL));
    free(data);

    const t_event *error = t_wait_event(&at_server, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_TOO_LARGE);
    CHECK_EQ(error->stage, WS_STAGE_LIMIT);
    CHECK_EQ(error->code, 1009);
    const t_event *closed = t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1009);
    t_wait_event(&at_server, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&at_server), "connect receive error close");
    CHECK_TEXT(t_story(&at_client), "open message close");
}

/* The limit counts all fragments of a message, and is found with the header of the one too many. */
static void fragments_count_together(void)
{
    static t_log log = T_LOG;
    t_raw peer;
    t_raw_client(&peer, t_port(limited_server(&log)));
    char *data = t_bytes(LIMIT, 3, 0);
    t_raw_send(&peer, 0x02, data, LIMIT - 1); /* binary, without FIN */
    t_raw_send(&peer, 0x00, data, 1);
    t_raw_send(&peer, T_CONT, data, 0);
    t_raw_expect(&peer, T_BINARY, t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1)->data, LIMIT);
    t_raw_send(&peer, 0x02, data, LIMIT - 1);
    t_raw_write(&peer, "\x80\x82", 2); /* two bytes are announced: the mask need not come */
    free(data);
    t_raw_expect_close(&peer, 1009);
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006); /* no Close frame was received */
    CHECK_TEXT(t_story(&log), "connect receive error close");
}

int main(void)
{
    sender_refuses();
    receiver_closes();
    fragments_count_together();
    return t_done();
}
