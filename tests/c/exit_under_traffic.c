/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exit() and the return from main need no shutdown, while the loops deliver:
 * handlers of atexit run, the status is the right one, and nothing crashes.
 * Each round is a child: this program with the name of a way to end.
 */
#include "t.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { ROUNDS = 24, STATUS = 7 };

static t_latch echoed = T_LATCH;
static int exit_in_callback;
static ws_handle clients[4];

static void at_exit(void)
{
    static const char text[] = "atexit";
    CHECK_EQ(write(STDOUT_FILENO, text, 6), 6);
}

/* Each message goes to and fro for ever. */
static void bounce(const ws_event *e, void *unused)
{
    (void)unused;
    ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL); /* a full queue is fine here */
    t_add(&echoed, 1);
    if (exit_in_callback && t_count(&echoed) > 2000) exit(STATUS);
}

static void *keep_sending(void *unused)
{
    (void)unused;
    for (;;)
        for (int i = 0; i < 4; i++) ws_send(clients[i], "more", 4, WS_TEXT, NULL, NULL);
    return NULL;
}

static int traffic(const char *way)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* never left behind */
    alarm(T_DEADLINE_MS / 1000);
    atexit(at_exit);
    exit_in_callback = !strcmp(way, "callback");
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, bounce, NULL));
    for (int i = 0; i < 4; i++) {
        clients[i] = t_open_client(server, NULL);
        OK(ws_on(clients[i], WS_EVENT_MESSAGE, bounce, NULL));
        for (int n = 0; n < 20; n++) OK(ws_send(clients[i], "to and fro", 10, WS_TEXT, NULL, NULL));
    }
    pthread_t thread;
    t_thread(&thread, keep_sending, NULL);
    t_wait(&echoed, 1000);
    if (!strcmp(way, "exit")) exit(STATUS);
    if (exit_in_callback) pause(); /* until the callback ends the process */
    return STATUS;
}

int main(int argc, char **argv)
{
    if (argc == 2) return traffic(argv[1]);
    static char *const ways[] = {"exit", "return", "callback"};
    for (int i = 0; i < ROUNDS; i++) {
        int out[2], status;
        char text[7] = "";
        CHECK_EQ(pipe(out), 0);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (!pid) {
            dup2(out[1], STDOUT_FILENO);
            close(out[0]);
            close(out[1]);
            execl("/proc/self/exe", argv[0], ways[i % 3], (char *)NULL);
            _exit(127);
        }
        close(out[1]);
        CHECK_EQ(waitpid(pid, &status, 0), pid);
        if (!WIFEXITED(status)) FAIL("%s: killed by signal %d", ways[i % 3], WTERMSIG(status));
        CHECK_EQ(WEXITSTATUS(status), STATUS);
        CHECK_EQ(read(out[0], text, 6), 6);
        CHECK_TEXT(text, "atexit");
        close(out[0]);
    }
    return 0;
}
