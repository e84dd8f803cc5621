/* SPDX-License-Identifier: Apache-2.0 */
/* What a server does before ws_server_start: limits and config are there, and zeroed. */
#include <stdio.h>
#include <stdlib.h>
#include <libws/ws.h>

int32_t start(ws_handle *server);

int32_t start(ws_handle *server)
{
    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
FRAGMENT
    *server = ws_server_create(&limits);
    return ws_server_start(*server, &config, NULL, NULL);
}
