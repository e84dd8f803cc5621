/* SPDX-License-Identifier: Apache-2.0 */
/* t_requests.h - for tests of what a server's host is asked. */
#ifndef T_REQUESTS_H
#define T_REQUESTS_H

#include "t.h"

/* An upgrade request for a target, with more fields, each with its CR LF. */
#define T_UPGRADE_OF(target, fields)                                                                  \
    "GET " target " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"     \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" fields "\r\n"

/* The value of a field of a recorded request, NULL when it has none. */
static inline const char *t_field(const t_event *e, const char *name)
{
    const char *key, *value;
    for (size_t at = 0; ws_header_next(e->data, e->size, &at, &key, &value);)
        if (!strcmp(key, name)) return value;
    return NULL;
}

/* Static text. */
static inline const char *t_text(ws_handle handle, int which)
{
    static char text[4000];
    OK(ws_connection_text(handle, which, text, sizeof text, NULL));
    return text;
}

#endif
