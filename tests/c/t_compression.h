/* SPDX-License-Identifier: Apache-2.0 */
/* t_compression.h - for tests of permessage-deflate (RFC 7692): who offers it and who agrees. */
#ifndef T_COMPRESSION_H
#define T_COMPRESSION_H

#include "t_client.h"
#include "t_requests.h"

static inline ws_compression t_compression(uint32_t flags, int bits, int min_size)
{
    ws_compression z;
    WS_INIT_STRUCT(&z);
    z.flags = flags;
    z.window_bits_out = z.window_bits_in = bits;
    z.min_size = min_size;
    return z;
}

static inline void t_start_compressing(ws_handle server, const ws_compression *z)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.compression = z;
    OK(ws_server_start(server, &config, NULL, NULL));
}

static inline ws_handle t_compressing_client(ws_handle server, const ws_compression *z, t_log *log)
{
    ws_handle client = t_client(log);
    ws_connect_options options = t_options();
    options.compression = z;
    OK(ws_connect(client, t_url(server), &options, NULL, NULL));
    t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

/* A client that offers the extension; the answer's value of the field, "" for none. */
static inline void t_raw_offer(t_raw *peer, ws_handle server, const char *offer, const char *answer)
{
    char request[400];
    snprintf(request, sizeof request, T_UPGRADE_OF("/", "Sec-WebSocket-Extensions: %s\r\n"), offer);
    t_raw_dial(peer, t_port(server));
    t_raw_text(peer, request);
    const char *head = t_raw_head(peer);
    CHECK_HAS(head, "HTTP/1.1 101 ");
    peer->masks = 1;
    char field[300];
    snprintf(field, sizeof field, "\r\nSec-WebSocket-Extensions: %s\r\n", answer);
    if (*answer) CHECK_HAS(head, field);
    else CHECK(!strstr(head, "Extensions"));
}

/* A server that agrees to what a client of the library offers. */
static inline void t_raw_agree(t_raw *peer, int listener)
{
    t_raw_take(peer, listener);
    t_raw_head(peer);
    char answer[400];
    const char *right = t_raw_answer(peer);
    snprintf(answer, sizeof answer,
             "%.*sSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n",
             (int)strlen(right) - 2, right);
    t_raw_text(peer, answer);
}

#endif
