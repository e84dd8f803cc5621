/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws_bombs.c - a server that takes compressed messages of any ratio and drops them.
 *
 *     libws_bombs PORT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <libws/ws.h>

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    ws_compression compression;
    ws_server_config config;
    WS_INIT_STRUCT(&compression);
    WS_INIT_STRUCT(&config);
    compression.max_ratio = -1;
    config.server_ip = "127.0.0.1";
    config.server_port = atoi(argv[1]);
    config.compression = &compression;
    if (ws_server_start(ws_server_create(NULL), &config, NULL, NULL) != WS_OK) {
        fprintf(stderr, "libws_bombs: %s\n", ws_last_error());
        return 1;
    }
    for (;;) pause();
}
