/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that resets the TCP connection in the middle of a frame: error of stage IO, then close with 1006. */
#include "t.h"

#include <errno.h>

/* A whole message, then a frame of which only the begin comes. */
static void begin_frame(t_raw *peer)
{
    unsigned char frame[2000];
    t_raw_send(peer, T_TEXT, "whole", 5);
    t_frame_build(frame, T_BINARY, peer->masks, frame, 1000);
    t_raw_write(peer, frame, 300);
}

static void check(t_log *log, const char *story)
{
    const t_event *error = t_wait_event(log, WS_EVENT_ERROR, 1);
    CHECK_EQ(error->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(error->stage, WS_STAGE_IO);
    CHECK_EQ(error->os_error, ECONNRESET);
    CHECK_EQ(error->code, 0); /* nothing could be sent */
    CHECK_HAS(error->text, "127.0.0.1");
    const t_event *closed = t_wait_event(log, WS_EVENT_CLOSE, 1);
    CHECK_EQ(closed->code, 1006);
    CHECK_EQ(closed->clean, 0);
    CHECK_TEXT(closed->reason, "");
    CHECK_TEXT(t_story(log), story);
}

static void of_an_accepted_connection(void)
{
    static t_log log = T_LOG;
    t_raw peer;
    t_raw_client(&peer, t_port(t_server(NULL, &log)));
    begin_frame(&peer);
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
    t_raw_reset(&peer);
    check(&log, "connect receive error close");
}

static void of_a_client(void)
{
    static t_log log = T_LOG;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    begin_frame(&peer);
    t_wait_event(&log, WS_EVENT_MESSAGE, 1);
    t_raw_reset(&peer);
    check(&log, "open message error close");
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    CHECK_EQ(ws_send(client, "x", 1, WS_TEXT, NULL, NULL), WS_ERR_STATE);
    close(listener);
}

int main(void)
{
    of_an_accepted_connection();
    of_a_client();
    return t_done();
}
