/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that start, serve, stop and end leave nothing behind. */
#include "figures.h"

static t_latch stops = T_LATCH, ends = T_LATCH, greetings = T_LATCH, last = T_LATCH;
static long stopped, started;

static void greet(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, "welcome", 7, WS_TEXT, NULL, NULL));
}

/* Every second server starts twice before it ends. */
static void cycle(int cycles)
{
    for (int i = 0; i < cycles; i++) {
        ws_handle server = ws_server_create(NULL);
        OK(ws_server_on(server, WS_EVENT_CONNECT, greet, NULL));
        OK(ws_server_on(server, WS_EVENT_DESTROYED, t_tick, &ends));
        for (int round = 0; round <= i % 2; round++) {
            ws_server_config config;
            WS_INIT_STRUCT(&config);
            config.server_ip = "127.0.0.1";
            OK(ws_server_start(server, &config, NULL, NULL));
            ws_handle client = ws_create(NULL);
            OK(ws_on(client, WS_EVENT_MESSAGE, t_tick, &greetings));
            OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &last));
            OK(ws_connect(client, t_url(server), NULL, NULL, NULL));
            t_wait(&greetings, ++stopped);
            OK(ws_server_stop(server, NULL, t_tick, &stops));
            t_wait(&stops, stopped);
            OK(ws_destroy(client));
            t_wait(&last, stopped);
        }
        OK(ws_server_destroy(server));
        t_wait(&ends, ++started);
    }
}

int main(int argc, char **argv)
{
    figures_stretches("start and stop", cycle, figures_option(argc, argv, "--cycles", 1000) / 2, 1000);
    return t_done();
}
