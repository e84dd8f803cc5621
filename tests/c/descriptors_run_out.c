/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host itself uses up all descriptors: a server that can accept nobody answers 503 to who
 * comes, says so by an error, keeps the connections that it has, and accepts again when
 * there are descriptors. A client that gets none fails with the errno.
 */
#include "t_figures.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>

enum { FILES = 400 };

static int taken[FILES], count;

static void take_all(void)
{
    int fd;
    while (count < FILES && (fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0) taken[count++] = fd;
    CHECK_EQ(errno, EMFILE);
}

static void give_one(void)
{
    close(taken[--count]);
}

int main(void)
{
    struct rlimit files;
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = FILES;
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);

    static t_log log = T_LOG, echoes = T_LOG, failed = T_LOG, unknown = T_LOG;
    ws_handle server = t_server(NULL, &log);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    ws_handle old = t_open_client(server, &echoes);
    ws_handle poor = t_client(&failed), nameless = t_client(&unknown);

    for (int round = 1; round <= 3; round++) {
        t_raw late, welcome;
        take_all();
        give_one(); /* for the peer's own end */
        t_raw_dial(&late, t_port(server));
        CHECK_HAS(t_raw_rest(&late), "HTTP/1.1 503 ");
        const t_event *e = t_wait_event(&log, WS_EVENT_ERROR, 1); /* others may come, once a second at most */
        if (e->os_error != EMFILE) FAIL("%s", e->text);
        CHECK_EQ(e->handle, server);
        t_raw_close(&late);
        ws_server_stats s = t_figures(server);
        CHECK_EQ(s.refused_descriptors, round);
        CHECK_EQ(t_limited(&s), round);
        CHECK_EQ(t_totals().refused, round);
        CHECK_EQ(s.accepted, round); /* one of ours, and one welcome of each round */
        take_all();
        t_echo_round(old, &echoes, "still here", 10, WS_TEXT, round);
        OK(ws_connect(poor, t_url(server), NULL, NULL, NULL));
        e = t_wait_event(&failed, WS_EVENT_ERROR, round);
        CHECK_EQ(e->os_error, EMFILE);
        CHECK_EQ(e->stage, WS_STAGE_CONNECT);
        OK(ws_connect(nameless, "ws://name.invalid/", NULL, NULL, NULL)); /* and not "no such host" */
        e = t_wait_event(&unknown, WS_EVENT_ERROR, round);
        if (e->os_error != EMFILE) FAIL("%s", e->text);
        CHECK_EQ(e->stage, WS_STAGE_RESOLVE);
        CHECK_HAS(e->text, "descriptors");

        while (count) give_one();
        t_raw_client(&welcome, t_port(server)); /* waits until the server accepts again */
        t_raw_send(&welcome, T_TEXT, "back", 4);
        t_raw_expect(&welcome, T_TEXT, "back", 4);
        t_raw_send_close(&welcome, 1000, "");
        t_raw_expect_close(&welcome, 1000);
        t_raw_close(&welcome);
        t_wait_event(&log, WS_EVENT_CLOSE, round); /* its descriptor is free before the next round counts them */
    }
    return t_done();
}
