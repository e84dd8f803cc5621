/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections stay below the soft limit of descriptors less 256: a client beyond
 * it gets 503 and the host's own descriptors are safe. When one has gone the
 * next is welcome. Clients that connect all at once stay below it as well.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "t_figures.h"

enum { FILES = 300, CEILING = FILES - 256, CLIENTS = CEILING + 10 };

static t_latch refused = T_LATCH;

static void in_completion(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->error != WS_ERR_MEMORY) return;
    CHECK_EQ(e->stage, WS_STAGE_LIMIT);
    CHECK_HAS(e->text, "descriptor limit");
    t_add(&refused, 1);
}

/* Clients whose server never answers: each holds a descriptor while it waits. */
static void connect_all_at_once(void)
{
    int port, listener = t_raw_listen(&port);
    ws_handle clients[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = t_client(NULL);
        int32_t status = ws_connect(clients[i], t_url_of_port(port), NULL, in_completion, NULL);
        if (status == WS_ERR_MEMORY) t_add(&refused, 1);
        else OK(status);
    }
    t_wait(&refused, CLIENTS - CEILING);
    for (int i = 0; i < CLIENTS; i++) OK(ws_destroy(clients[i]));
    close(listener);
}

int main(void)
{
    struct rlimit files;
    CHECK(getrlimit(RLIMIT_NOFILE, &files) == 0);
    files.rlim_cur = FILES;
    CHECK(setrlimit(RLIMIT_NOFILE, &files) == 0);
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    static t_raw peers[CEILING];
    for (int i = 0; i < CEILING; i++) {
        t_raw_client(&peers[i], t_port(server));
        t_wait_event(&log, WS_EVENT_CONNECT, i + 1);
    }
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    CHECK_EQ(stats.connections, CEILING);
    CHECK_EQ(stats.connection_limit, CEILING);
    CHECK_EQ(stats.refused, 0);

    t_raw late;
    t_raw_dial(&late, t_port(server));
    t_raw_text(&late, T_REQUEST);
    CHECK_HAS(t_raw_head(&late), "HTTP/1.1 503 ");
    CHECK_HAS(late.head, "Retry-After:");
    const t_event *told = t_wait_event(&log, WS_EVENT_ERROR, 1);
    CHECK_EQ(told->handle, server);
    CHECK_EQ(told->stage, WS_STAGE_LIMIT);
    CHECK_EQ(told->status, 503);
    t_raw_close(&late);
    ws_handle client = t_client(NULL);
    CHECK_EQ(ws_connect(client, t_url(server), NULL, NULL, NULL), WS_ERR_MEMORY);
    CHECK_HAS(ws_last_error(), "descriptor limit");

    t_raw_close(&peers[0]);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    t_raw_client(&late, t_port(server));
    t_wait_event(&log, WS_EVENT_CONNECT, CEILING + 1);
    OK(ws_stats_get(&stats));
    CHECK_EQ(stats.refused, 1);
    ws_server_stats own = t_figures(server);
    CHECK_EQ(own.refused_ceiling, 1); /* the client of ours that did not even try is no client of the server */
    CHECK_EQ(t_limited(&own), 1);
    CHECK_EQ(own.accepted, CEILING + 1);
    CHECK_EQ(own.connections_peak, CEILING);
    CHECK_EQ(stats.accepted, CEILING + 1);
    CHECK_EQ(stats.connections_peak, CEILING);
    t_raw_close(&late);
    for (int i = 1; i < CEILING; i++) t_raw_close(&peers[i]);
    t_wait_event(&log, WS_EVENT_CLOSE, CEILING + 1);
    connect_all_at_once();
    return t_done();
}
