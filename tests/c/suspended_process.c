/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process that stood still, as one of a phone does, for longer than its heartbeat allows:
 * when it goes on, the peer that has answered meanwhile is alive, and the one that has not is
 * asked anew, or lost and connected to again.
 */
#include "t_client.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { BEAT = 150 };

/* The process that is suspended: a client that sends back what it gets, and a server that does. */
static void child(int port, int tell)
{
    static t_log log = T_LOG;
    ws_handle client = t_flagged_client(0, &log);
    OK(ws_on(client, WS_EVENT_MESSAGE, t_echo, NULL));
    ws_connect_options o = t_options();
    ws_reconnect_options again = t_again(1);
    o.reconnect = &again;
    o.ping_interval_ms = BEAT;
    o.pong_timeout_ms = BEAT;
    o.handshake_timeout_ms = -1;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.ping_interval_ms = config.pong_timeout_ms = BEAT;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_start(server, &config, NULL, NULL));
    int own = t_port(server);
    CHECK_EQ(write(tell, &own, sizeof own), sizeof own);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    for (;;) pause();
}

/* Time that passes is what the test is about. */
static void stand_still(pid_t pid)
{
    int status;
    CHECK_EQ(kill(pid, SIGSTOP), 0);
    CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
    CHECK(WIFSTOPPED(status));
    struct timespec rest = {.tv_nsec = 6 * BEAT * 1000000L};
    while (nanosleep(&rest, &rest) && errno == EINTR) {}
}

/* The next frame that is no ping; pings are answered. */
static t_frame behind_pings(t_raw *peer)
{
    t_frame f;
    while ((f = t_raw_read(peer)).first == T_PING) t_raw_send(peer, T_PONG, f.data, f.size);
    return f;
}

/* It is asked, and answers while the process stands still: in the kernel of that before its clock goes on. */
static void answers_meanwhile(pid_t pid, t_raw *peer)
{
    t_frame f = t_raw_read(peer);
    CHECK_EQ(f.first, T_PING);
    stand_still(pid);
    t_raw_send(peer, T_PONG, f.data, f.size);
    t_raw_settle(peer);
    CHECK_EQ(kill(pid, SIGCONT), 0);
    t_raw_send(peer, T_TEXT, "awake?", 6);
    f = behind_pings(peer);
    CHECK_EQ(f.first, T_TEXT);
    CHECK(f.size == 6 && !memcmp(f.data, "awake?", 6));
}

int main(void)
{
    int port, own, tell[2], listener = t_raw_listen(&port);
    CHECK_EQ(pipe(tell), 0);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        child(port, tell[1]);
    }
    CHECK_EQ(read(tell[0], &own, sizeof own), sizeof own);

    t_raw peer;
    t_raw_client(&peer, own);
    answers_meanwhile(pid, &peer);
    t_raw_close(&peer);
    t_raw_server(&peer, listener); /* it may have been lost before it was taken, and has come again */
    answers_meanwhile(pid, &peer);

    stand_still(pid); /* and this time the peer is gone */
    t_raw_reset(&peer);
    CHECK_EQ(kill(pid, SIGCONT), 0);
    t_raw_server(&peer, listener);
    t_raw_send(&peer, T_TEXT, "again", 5);
    CHECK_EQ(behind_pings(&peer).first, T_TEXT);
    CHECK_EQ(kill(pid, SIGKILL), 0);
    CHECK_EQ(waitpid(pid, NULL, 0), pid);
    t_raw_close(&peer);
    close(listener);
    return 0;
}
