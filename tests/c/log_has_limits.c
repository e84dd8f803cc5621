/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: a peer cannot flood it, what is left out is counted and told, nothing is lost
 * without a word; the level can be changed while the library runs.
 */
#include "t.h"

#include <limits.h>

enum { REQUESTS = 200 };

static t_latch told = T_LATCH, left_out = T_LATCH, words = T_LATCH;

static void WS_CALL on_line(int32_t level, const char *line, void *unused)
{
    (void)unused;
    CHECK_EQ(level, WS_LOG_INFO);
    const char *at = strstr(line, " lines of this level were left out");
    if (at) {
        CHECK_HAS(line, "log_lines_per_second");
        t_add(&left_out, atol(line));
        t_add(&words, 1);
    } else {
        t_add(&told, 1);
    }
}

static uint64_t bad_requests(ws_handle server)
{
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    return s.refused_bad_requests;
}

static uint64_t suppressed(void)
{
    ws_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_stats_get(&s));
    return s.log_suppressed;
}

static void ask(ws_handle server, int n)
{
    uint64_t before = bad_requests(server);
    for (int i = 0; i < n; i++) {
        t_raw peer;
        t_raw_dial(&peer, t_port(server));
        t_raw_text(&peer, "nonsense\r\n\r\n");
        t_raw_rest(&peer);
        t_raw_close(&peer);
    }
    T_UNTIL_SO(bad_requests(server) == before + (uint64_t)n);
}

int main(void)
{
    CHECK_EQ(ws_set_log_level(WS_LOG_INFO), WS_ERR_STATE);
    ws_init_options o;
    WS_INIT_STRUCT(&o);
    static const int wrong[] = {-2, 1000001, INT_MAX, INT_MIN};
    for (int i = 0; i < 4; i++) {
        o.log_lines_per_second = wrong[i];
        CHECK_EQ(ws_init(&o), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "log_lines_per_second");
    }
    o.log_lines_per_second = 1;
    o.log_level = WS_LOG_INFO;
    o.log = on_line;
    o.reserved = 1;
    CHECK_EQ(ws_init(&o), WS_ERR_PARAMETER);
    o.reserved = 0;
    OK(ws_init(&o));
    ws_handle server = t_server(NULL, NULL);

    ask(server, REQUESTS); /* each is worth a line */
    CHECK(suppressed() > 0);
    t_wait(&words, 1); /* by itself, although nothing more is logged */
    T_UNTIL_SO(t_count(&told) + t_count(&left_out) == REQUESTS);
    CHECK_EQ(t_count(&left_out), suppressed());

    CHECK_EQ(ws_set_log_level(-1), WS_ERR_PARAMETER);
    CHECK_EQ(ws_set_log_level(WS_LOG_DEBUG + 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "level");
    OK(ws_set_log_level(0)); /* WS_LOG_WARN */
    ask(server, 3);
    CHECK_EQ(t_count(&told) + t_count(&left_out), REQUESTS);
    OK(ws_set_log_level(WS_LOG_INFO));
    ask(server, 3); /* what was left out of these is told at the end */
    int status = t_done();
    CHECK_EQ(t_count(&told) + t_count(&left_out), REQUESTS + 3);
    return status;
}
