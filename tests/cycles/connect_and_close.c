/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that come and go leave nothing behind, each way:
 *   --way 0  clients of libws, a server that is not
 *   --way 1  clients and server of libws
 *   --way 2  a server of libws, clients that are not
 */
#include "figures.h"

enum { AT_ONCE = 50 };

static t_latch ended = T_LATCH;
static long started;
static char url[64];

/* ---- clients of libws ----------------------------------------------------------- */

static void say(const ws_event *e, void *unused)
{
    (void)unused;
    OK(ws_send(e->handle, "one of many", 11, WS_TEXT, NULL, NULL));
}

static void leave(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->size, 11);
    OK(ws_close(e->handle, NULL, NULL, NULL));
}

static void closed(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK_EQ(e->code, 1000);
    CHECK_EQ(e->clean, 1);
    OK(ws_destroy(e->handle));
}

static void fail(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("%s", e->text);
}

static void clients(int cycles)
{
    for (int i = 0; i < cycles; i++) {
        t_wait(&ended, ++started - AT_ONCE);
        ws_handle client = ws_create(NULL);
        OK(ws_on(client, WS_EVENT_OPEN, say, NULL));
        OK(ws_on(client, WS_EVENT_MESSAGE, leave, NULL));
        OK(ws_on(client, WS_EVENT_CLOSE, closed, NULL));
        OK(ws_on(client, WS_EVENT_ERROR, fail, NULL));
        OK(ws_on(client, WS_EVENT_DESTROYED, t_tick, &ended));
        OK(ws_connect(client, url, NULL, NULL, NULL));
    }
    t_wait(&ended, started);
}

/* ---- a server that is not libws: it answers one connection after the other ----------- */

static int listener;

static void *serve(void *unused)
{
    (void)unused;
    for (;;) {
        t_raw peer;
        t_raw_server(&peer, listener);
        t_frame f = t_raw_read(&peer);
        t_raw_send(&peer, f.first, f.data, f.size);
        t_raw_expect_close(&peer, 1000);
        t_raw_send_close(&peer, 1000, "");
        t_raw_close(&peer);
    }
    return NULL;
}

/* ---- clients that are not libws -------------------------------------------------------- */

static int port;
static t_latch closes = T_LATCH;

static void raw_clients(int cycles)
{
    for (int i = 0; i < cycles; i++) {
        t_raw peer;
        t_raw_client(&peer, port);
        t_raw_send(&peer, T_TEXT, "one of many", 11);
        t_raw_expect(&peer, T_TEXT, "one of many", 11);
        t_raw_send_close(&peer, 1000, "");
        t_raw_expect_close(&peer, 1000);
        t_raw_expect_end(&peer);
        t_raw_close(&peer);
    }
    t_wait(&closes, started += cycles);
}

int main(int argc, char **argv)
{
    int cycles = figures_option(argc, argv, "--cycles", 10000), way = figures_option(argc, argv, "--way", 1);
    if (way == 0) {
        listener = t_raw_listen(&port);
        for (int i = 0; i < 4; i++) {
            pthread_t thread;
            t_thread(&thread, serve, NULL);
        }
    } else {
        ws_handle server = t_echo_server();
        OK(ws_server_on(server, WS_EVENT_CLOSE, t_tick, &closes));
        port = t_port(server);
    }
    snprintf(url, sizeof url, "%s", t_url_of_port(port));
    static const char *const ways[] = {"clients", "clients and server", "server"};
    figures_stretches(ways[way], way == 2 ? raw_clients : clients, cycles / 2, 100);
    return t_done();
}
