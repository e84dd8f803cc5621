/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hundreds of clients wait for peers that never answer, without a deadline: for the
 * upgrade, for TLS, for a proxy. Another client connects beside them all the same, and
 * they take no threads.
 */
#include "t.h"

enum { STUCK = 200 };

static t_log log_ = T_LOG;

static long threads(void)
{
    char line[256];
    long n = -1;
    FILE *f = fopen("/proc/self/status", "r");
    CHECK(f);
    while (fgets(line, sizeof line, f)) sscanf(line, "Threads: %ld", &n);
    fclose(f);
    return n;
}

static void stuck(ws_handle *clients, const char *url, const ws_connect_options *o)
{
    for (int i = 0; i < STUCK; i++) {
        CHECK(clients[i] = ws_create(NULL));
        OK(ws_connect(clients[i], url, o, NULL, NULL));
    }
}

int main(void)
{
    static ws_handle clients[3 * STUCK];
    int port;
    char url[60];
    int silent = t_raw_listen(&port); /* the kernel takes connections, and nobody says a word */
    ws_handle server = t_server(NULL, NULL);
    long before = threads();

    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    o.handshake_timeout_ms = -1;
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    stuck(clients, url, &o);
    snprintf(url, sizeof url, "wss://127.0.0.1:%d/", port);
    stuck(clients + STUCK, url, &o);
    o.proxy = WS_PROXY_HTTP;
    o.proxy_host = "127.0.0.1";
    o.proxy_port = port;
    stuck(clients + 2 * STUCK, "ws://target.invalid/", &o);

    ws_handle client = t_open_client(server, &log_);
    CHECK(threads() < before + STUCK / 4);

    for (int i = 0; i < 3 * STUCK; i++) OK(ws_destroy(clients[i]));
    t_destroy(client, &log_);
    OK(ws_server_destroy(server));
    close(silent);
    t_forget(&log_);
    return t_done();
}
