/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every frame of a client has a mask of its own (RFC 6455 5.3, 10.3), whatever it is and whatever
 * way it takes: sent early, in pieces, compressed, from inside a callback, as an answer.
 */
#include "t_client.h"

enum { EACH = 20, MOST = 12 * EACH };

static unsigned char masks[MOST][4];
static int seen;

static void frames(t_raw *peer, int first, int n)
{
    while (n--) {
        t_frame f = t_raw_read(peer); /* which checks that it is masked */
        CHECK_EQ(f.first, first);
        CHECK(seen < MOST);
        memcpy(masks[seen++], f.data - 4, 4);
    }
}

int main(void)
{
    int port, listener = t_raw_listen(&port);
    t_log log = T_LOG;
    ws_compression z;
    WS_INIT_STRUCT(&z);
    z.flags = WS_TAKEOVER_OUT;
    ws_connect_options options = t_options();
    options.compression = &z;
    ws_handle client = ws_create(NULL);
    CHECK(client);
    t_listen(client, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, t_echo, NULL));
    OK(ws_connect(client, t_url_of_port(port), &options, NULL, NULL));
    t_raw peer;
    t_raw_take(&peer, listener);
    CHECK_HAS(t_raw_head(&peer), "permessage-deflate");
    for (int i = 0; i < EACH; i++) OK(ws_send(client, "early", 5, WS_TEXT, NULL, NULL));
    const char *right = t_raw_answer(&peer);
    char answer[400];
    snprintf(answer, sizeof answer,
             "%.*sSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n",
             (int)strlen(right) - 2, right);
    t_raw_text(&peer, answer);
    frames(&peer, T_TEXT, EACH);

    char *large = calloc(1, 100000);
    CHECK(large);
    for (int i = 0; i < EACH; i++) {
        OK(ws_send(client, "", 0, WS_TEXT, NULL, NULL));
        OK(ws_send(client, "same", 4, WS_BINARY, NULL, NULL));
        OK(ws_send(client, large, 100000, WS_BINARY, NULL, NULL)); /* compressed */
        OK(ws_send_part(client, "piece", 5, WS_TEXT, 0, NULL, NULL));
        OK(ws_ping(client, "p", 1));
        OK(ws_send_part(client, "piece", 5, WS_TEXT, 1, NULL, NULL));
        frames(&peer, T_TEXT, 1);
        frames(&peer, T_BINARY, 1);
        frames(&peer, T_BINARY | 0x40, 1);
        frames(&peer, (T_TEXT & ~T_FIN) | 0x40, 1); /* compressed as well */
        frames(&peer, T_PING, 1);
        frames(&peer, T_CONT, 1);
        t_raw_send(&peer, T_PING, "q", 1);
        frames(&peer, T_PONG, 1);
        t_raw_send(&peer, T_TEXT, "echo", 4);
        frames(&peer, T_TEXT, 1);
    }
    free(large);
    OK(ws_close(client, NULL, NULL, NULL));
    frames(&peer, T_CLOSE, 1);
    t_raw_close(&peer);
    close(listener);

    /* Two of them are equal by chance once in 300000 runs, so that is allowed. */
    int equal = 0, zero = 0;
    for (int i = 0; i < seen; i++) {
        zero += !memcmp(masks[i], "\0\0\0", 4);
        for (int k = 0; k < i; k++) equal += !memcmp(masks[i], masks[k], 4);
    }
    CHECK_EQ(seen, 9 * EACH + 1);
    CHECK(equal <= 1);
    CHECK(zero <= 1);
    t_destroy(client, &log);
    t_forget(&log);
    return t_done();
}
