/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_pings.c - a server whose only work are its heartbeats.
 *
 *     libws_pings PORT MILLISECONDS
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libws/ws.h>

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = atoi(argv[1]);
    config.ping_interval_ms = atoi(argv[2]);
    if (ws_server_start(ws_server_create(NULL), &config, NULL, NULL) != WS_OK) {
        fprintf(stderr, "libws_pings: %s\n", ws_last_error());
        return 1;
    }
    for (;;) pause();
}
