/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth_server.c - lets in who brings the right token, and says the others why not.
 *
 *     auth_server --port 8080 --token SECRET [--later]
 *
 * A client sends "Authorization: Bearer SECRET" with its upgrade request; without it
 * the answer is 401. A browser, which cannot set that field, offers the subprotocols
 * "chat" and "token.SECRET" instead. With --later a thread of its own decides, as it
 * would when it had to ask a database, while the event loop serves the others.
 */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "server.h"

typedef struct question {
    ws_handle handle;
    int right;
    int chat; /* the client offers the subprotocol */
} question;

static const char *token;
static int pipe_ends[2] = {-1, -1}; /* questions for the thread, with --later */

/* Takes as long for a wrong token as for the right one. */
static int is_token(const char *given, size_t size)
{
    size_t right = strlen(token);
    unsigned char differ = size != right;
    for (size_t i = 0; i < size; i++) differ |= (unsigned char)(given[i] ^ token[i % right]);
    return !differ;
}

static void answer(const question *q)
{
    if (q->right) {
        ws_accept_options agreed;
        WS_INIT_STRUCT(&agreed);
        agreed.protocol = q->chat ? "chat" : ""; /* never the token itself */
        ws_accept(q->handle, &agreed);
        return;
    }
    ws_header fields[] = {{"WWW-Authenticate", "Bearer realm=\"auth_server\""}, {"Content-Type", "text/plain"}};
    ws_response refused;
    WS_INIT_STRUCT(&refused);
    refused.status = 401;
    refused.headers = fields;
    refused.header_count = 2;
    refused.body = "a token is needed\n";
    refused.body_size = strlen(refused.body);
    ws_respond(q->handle, &refused);
}

/* Finds the token among the offered subprotocols, "chat, token.SECRET". */
static void look_at_protocols(const char *offered, question *q)
{
    while (*offered) {
        size_t size = strcspn(offered, ",");
        if (size == 4 && !strncmp(offered, "chat", 4)) q->chat = 1;
        if (size > 6 && !strncmp(offered, "token.", 6)) q->right |= is_token(offered + 6, size - 6);
        offered += size;
        offered += strspn(offered, ", ");
    }
}

static void on_upgrade(const ws_event *e, void *user_data)
{
    (void)user_data;
    question q = {.handle = e->handle};
    const char *name, *value;
    for (size_t at = 0; ws_header_next(e->data, e->size, &at, &name, &value);)
        if (!strcasecmp(name, "Authorization") && !strncasecmp(value, "Bearer ", 7))
            q.right |= is_token(value + 7, strlen(value + 7));
    look_at_protocols(e->protocol, &q);
    /* A pipe that is full stays unanswered: the client gets 503 after decision_timeout_ms. */
    if (pipe_ends[1] < 0) answer(&q);
    else if (write(pipe_ends[1], &q, sizeof q) != sizeof q) fprintf(stderr, "auth_server: a question is lost\n");
}

static void *decide(void *unused)
{
    question q;
    while (read(pipe_ends[0], &q, sizeof q) == sizeof q) answer(&q);
    return unused;
}

static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
}

int main(int argc, char **argv)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    int later = 0;
    static const struct option options[] = {{"port", required_argument, NULL, 'p'},
                                            {"token", required_argument, NULL, 't'},
                                            {"later", no_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 't') token = optarg;
        else if (option == 'l') later = 1;
        else return 2;
    }
    if (!token || !*token) {
        fprintf(stderr, "usage: auth_server --port PORT --token SECRET [--later]\n");
        return 2;
    }
    end_signals signals = block_signals();

    pthread_t thread;
    /* Writing must not block the event loop. */
    if (later && (pipe(pipe_ends) || fcntl(pipe_ends[1], F_SETFL, O_NONBLOCK) ||
                  pthread_create(&thread, NULL, decide, NULL)))
        return 1;
    config.decision_timeout_ms = 5000;
    ws_handle server = create_server(NULL);
    ws_server_on(server, WS_EVENT_UPGRADE, on_upgrade, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL);
    int32_t port = start_server(server, &config);
    printf("listening on ws://%s:%d\n", config.server_ip, port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    int32_t status = ws_shutdown_wait(-1);
    if (later) {
        close(pipe_ends[1]);
        pthread_join(thread, NULL);
    }
    return status;
}
