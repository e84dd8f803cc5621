/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libws neither raises SIGPIPE nor changes what it does to the host: by default
 * it kills a host that writes to a closed pipe, ignored it does not, and a
 * handler runs. Each case is a child: this program with the name of the case.
 */
#include "t.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

static volatile sig_atomic_t raised;

static void handler(int number)
{
    (void)number;
    raised = raised + 1;
}

/* Sends to a peer that has ended its stream and then reset the connection: a
 * write gives EPIPE now. The gate keeps the loop from seeing it first. */
static void send_to_the_dead(void)
{
    static t_log log = T_LOG;
    static t_gate gate = T_GATE;
    ws_handle server = t_server(NULL, &log);
    for (int i = 1; i <= 20; i++) {
        t_raw peer;
        t_raw_client(&peer, t_port(server));
        ws_handle accepted = t_wait_event(&log, WS_EVENT_CONNECT, i)->handle;
        t_gate_close(&gate);
        CHECK_EQ(shutdown(peer.fd, SHUT_WR), 0);
        t_raw_reset(&peer);
        /* From C, from Go, in two pieces, with a completion, in parts and as a ping. */
        static const char large[100000];
        static t_latch told = T_LATCH;
        int32_t sent = WS_OK;
        while (sent == WS_OK) switch (i % 5) {
            case 0: sent = ws_send(accepted, "x", 1, WS_TEXT, NULL, NULL); break;
            case 1: sent = ws_send(accepted, large, 1000, WS_BINARY, t_tick, &told); break;
            case 2: sent = ws_send(accepted, large, sizeof large, WS_BINARY, NULL, NULL); break;
            case 3: sent = ws_send_part(accepted, large, 3000, WS_BINARY, 0, NULL, NULL); break;
            case 4: sent = ws_ping(accepted, "x", 1); break;
            }
        t_gate_open(&gate);
        t_wait_event(&log, WS_EVENT_CLOSE, i);
    }
}

static ssize_t write_to_closed_pipe(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    close(ends[0]);
    return write(ends[1], "x", 1);
}

static int child(const char *what)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(T_DEADLINE_MS / 1000);
    if (!strcmp(what, "handled")) signal(SIGPIPE, handler);
    send_to_the_dead();
    CHECK_EQ(raised, 0);
    CHECK_EQ(write_to_closed_pipe(), -1); /* with the default, this is the end */
    CHECK_EQ(errno, EPIPE);
    CHECK_EQ(raised, !strcmp(what, "handled"));
    return 0;
}

static int run(char *program, char *what)
{
    int status;
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (!pid) {
        /* survives exec: set before the library is loaded */
        signal(SIGPIPE, strcmp(what, "ignored") ? SIG_DFL : SIG_IGN);
        execl("/proc/self/exe", program, what, (char *)NULL);
        _exit(127);
    }
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 2) return child(argv[1]);
    int status = run(argv[0], "default");
    CHECK(WIFSIGNALED(status));
    CHECK_EQ(WTERMSIG(status), SIGPIPE);
    CHECK_EQ(run(argv[0], "ignored"), 0);
    CHECK_EQ(run(argv[0], "handled"), 0);
    return 0;
}
