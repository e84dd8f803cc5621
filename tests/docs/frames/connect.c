/* SPDX-License-Identifier: Apache-2.0 */
/* What a client does before ws_connect: options is there, and zeroed. */
#include <stdio.h>
#include <stdlib.h>
#include <libws/ws.h>

int32_t start(ws_handle client, const char *token);

int32_t start(ws_handle client, const char *token)
{
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    (void)token;
FRAGMENT
    return ws_connect(client, "wss://example.com/", &options, NULL, NULL);
}
