/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a peer sent before it saw our Close frame is told to the host, before the close
 * event (RFC 6455 5.5.1): to the one that calls ws_close, and to a server that stops.
 */
#include "t.h"

enum { MESSAGES = 300 };

static void peer_sends_on(t_raw *peer, t_log *log, int code)
{
    t_frame frame = t_raw_read(peer);
    CHECK_EQ(frame.first, T_CLOSE);
    CHECK_EQ(frame.data[0] << 8 | frame.data[1], code);
    static unsigned char big[100000]; /* in many reads */
    for (int i = 0; i < MESSAGES; i++) {
        char text[30];
        snprintf(text, sizeof text, "message %d", i);
        t_raw_send(peer, T_TEXT, text, strlen(text));
    }
    t_raw_send(peer, T_BINARY, big, sizeof big);
    t_raw_send_close(peer, code, "");
    t_raw_close(peer);
    CHECK_EQ(t_wait_event(log, WS_EVENT_CLOSE, 1)->clean, 1);
}

static void all_were_told(t_log *log, int type)
{
    CHECK_EQ(t_seen(log, type), MESSAGES + 1);
    for (int i = 0; i < MESSAGES; i++) {
        char text[30];
        snprintf(text, sizeof text, "message %d", i);
        CHECK_TEXT((const char *)t_wait_event(log, type, i + 1)->data, text);
    }
    CHECK_EQ(t_wait_event(log, type, MESSAGES + 1)->size, 100000);
    CHECK_EQ(t_seen(log, WS_EVENT_ERROR), 0);
}

int main(void)
{
    static t_log at_server = T_LOG, at_client = T_LOG;
    t_raw peer;
    ws_handle server = t_server(NULL, &at_server);
    t_raw_client(&peer, t_port(server));
    t_wait_event(&at_server, WS_EVENT_CONNECT, 1);
    OK(ws_server_stop(server, NULL, NULL, NULL));
    peer_sends_on(&peer, &at_server, 1001);
    all_were_told(&at_server, WS_EVENT_MESSAGE_RECEIVE);

    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&at_client);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw_server(&peer, listener);
    t_wait_event(&at_client, WS_EVENT_OPEN, 1);
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    options.code = 1000;
    OK(ws_close(client, &options, NULL, NULL));
    t_frame frame = t_raw_read(&peer);
    CHECK_EQ(frame.first, T_CLOSE);
    for (int i = 0; i < 3; i++) t_raw_send(&peer, T_TEXT, "late", 4);
    t_raw_send_close(&peer, 1000, "");
    t_raw_close(&peer);
    t_wait_event(&at_client, WS_EVENT_CLOSE, 1);
    CHECK_EQ(t_seen(&at_client, WS_EVENT_MESSAGE), 3);
    close(listener);
    return t_done();
}
