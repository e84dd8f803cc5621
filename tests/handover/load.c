/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c PROGRAM - clients of examples_c/handover while it is replaced again and again. Each
 * sends numbered messages, one after the answer to the other. Who is told 1001 connects
 * again and repeats what was not answered. None may stay without its answer, no connect may
 * fail, and nothing but 1001 may end a connection. Over TLS when WS_TEST_TLS is 1: the keys of
 * session tickets end with the server that gave them, and clients come back with theirs.
 */
#include <stdatomic.h>

#include "../c/t_tls.h"

#include <fcntl.h>
#include <sys/wait.h>

enum { CLIENTS = 8, HANDOVERS = 5, ROUNDS = 20 };

typedef struct a_client {
    ws_handle handle;
    long sent, answered;       /* the loop's, until it has ended */
    _Atomic long answers;
    t_latch closed;
} a_client;

static a_client clients[CLIENTS];
static char url[64];
static _Atomic int over;
static _Atomic long connects;

static void say(a_client *c)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%ld of %ld", c->sent, (long)(c - clients));
    int32_t status = ws_send(c->handle, text, (size_t)n, WS_TEXT, NULL, NULL);
    if (status != WS_ERR_STATE) OK(status); /* the server's Close frame is here already */
}

static void WS_CALL connected(const ws_event *e, void *c)
{
    if (e->error) FAIL("client %d cannot connect: %s", (int)((a_client *)c - clients), e->text);
    atomic_fetch_add(&connects, 1);
}

static void WS_CALL opened(const ws_event *e, void *c)
{
    (void)e;
    say(c); /* what was not answered */
}

static void WS_CALL answered(const ws_event *e, void *user_data)
{
    a_client *c = user_data;
    char want[40];
    int n = snprintf(want, sizeof want, "%ld of %ld", c->sent, (long)(c - clients));
    if ((size_t)n != e->size || memcmp(want, e->data, e->size)) FAIL("\"%.*s\" instead of \"%s\"", (int)e->size, (const char *)e->data, want);
    c->answered++;
    c->sent++;
    atomic_fetch_add(&c->answers, 1);
    say(c);
}

static void WS_CALL failed(const ws_event *e, void *c)
{
    FAIL("client %d: %s", (int)((a_client *)c - clients), e->text);
}

static void WS_CALL closed(const ws_event *e, void *user_data)
{
    a_client *c = user_data;
    if (over) {
        t_add(&c->closed, 1);
        return;
    }
    CHECK_EQ(e->code, 1001);
    CHECK_EQ(e->clean, 1);
    OK(ws_connect(c->handle, url, NULL, connected, c));
}

/* Connects again and again, to be in the middle of it when the server changes. */
static void *knock(void *unused)
{
    while (!over) {
        t_log log = T_LOG;
        ws_handle client = t_client(&log);
        OK(ws_connect(client, url, NULL, t_record, &log));
        const t_event *e = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
        if (e->error) FAIL("a connect failed: %s", e->text);
        atomic_fetch_add(&connects, 1);
        t_destroy(client, &log);
        t_forget(&log);
    }
    return unused;
}

static void all_go_on(void)
{
    for (int i = 0; i < CLIENTS; i++) {
        long from = clients[i].answers;
        T_UNTIL_SO(clients[i].answers >= from + ROUNDS);
    }
}

int main(int argc, char **argv)
{
    CHECK_EQ(argc, 2);
    int orders[2], words[2];
    CHECK_EQ(pipe2(orders, O_CLOEXEC) | pipe2(words, O_CLOEXEC), 0);
    pid_t first = fork();
    if (!first) {
        dup2(orders[0], 0), dup2(words[1], 1);
        if (t_tls()) execl(argv[1], argv[1], "--port", "0", "--cert", t_cert("good-cert"), "--key", t_cert("good-key"), (char *)NULL);
        else execl(argv[1], argv[1], "--port", "0", (char *)NULL);
        _exit(127);
    }
    close(orders[0]), close(words[1]);
    FILE *told = fdopen(words[0], "re");
    char line[100];
    CHECK(fgets(line, sizeof line, told));
    CHECK_EQ(sscanf(line, "listening on %60s", url), 1);

    for (int i = 0; i < CLIENTS; i++) {
        a_client *c = &clients[i];
        c->closed = (t_latch)T_LATCH;
        c->handle = ws_create(NULL);
        OK(ws_on(c->handle, WS_EVENT_OPEN, opened, c));
        OK(ws_on(c->handle, WS_EVENT_MESSAGE, answered, c));
        OK(ws_on(c->handle, WS_EVENT_ERROR, failed, c));
        OK(ws_on(c->handle, WS_EVENT_CLOSE, closed, c));
        OK(ws_connect(c->handle, url, NULL, connected, c));
    }
    pthread_t knocks[2];
    for (int i = 0; i < 2; i++) t_thread(&knocks[i], knock, NULL);
    for (int i = 0; i < HANDOVERS; i++) {
        all_go_on();
        CHECK_EQ(write(orders[1], "handover\n", 9), 9);
        int listens = 0, ended = 0;
        while (!listens || !ended) {
            CHECK(fgets(line, sizeof line, told));
            listens += !strncmp(line, "listening", 9);
            ended += !strcmp(line, "ended\n");
        }
        CHECK_HAS(url, t_tls() ? "wss://127.0.0.1:" : "ws://127.0.0.1:");
        if (i == 0) {
            int status;
            CHECK_EQ(waitpid(first, &status, 0), first);
            CHECK_EQ(status, 0);
        }
    }
    all_go_on();
    over = 1;
    for (int i = 0; i < 2; i++) t_join(knocks[i]);
    close(orders[1]); /* the last one ends */
    long messages = 0;
    for (int i = 0; i < CLIENTS; i++) {
        t_wait(&clients[i].closed, 1);
        messages += clients[i].answered;
        CHECK_EQ(clients[i].answered, clients[i].sent);
    }
    CHECK(fgets(line, sizeof line, told));
    CHECK_TEXT(line, "ended\n");
    CHECK(!fgets(line, sizeof line, told)); /* nobody is left who could say something */
    printf("%ld messages answered, %ld connects, %d handovers\n", messages, (long)connects, HANDOVERS);
    fclose(told);
    return t_done();
}
