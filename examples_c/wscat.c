/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wscat.c - talks to a server from a terminal, as simply as can be. tools/cat is the tool that has grown of it.
 *
 *     wscat wss://127.0.0.1:8443/ [--ca FILE] [--insecure]
 *
 * Each line of stdin is sent as a text message, each message is printed as a
 * line. At the end of stdin the connection is closed. Status 0 after a clean
 * close, 1 when connecting failed or the connection was lost.
 */
#include <getopt.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include <libws/ws.h>

static sem_t opened, over, room;
static int result;

static void on_open(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&opened);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    fwrite(e->data, 1, e->size, stdout);
    putchar('\n');
    fflush(stdout);
}

/* There is room in the output queue again. */
static void on_drain(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&room);
}

/* Comes alone when connecting fails, and before close when the connection breaks. */
static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    fprintf(stderr, "wscat: %s\n", e->text);
    result = 1;
    sem_post(&opened);
    sem_post(&room);
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (!e->clean) result = 1;
    else if (e->code != 1000) fprintf(stderr, "wscat: closed with %d %s\n", e->code, e->reason);
    sem_post(&room);
    sem_post(&over);
}

/* Sends a line; waits while the queue is full. 0 when the connection has ended. */
static int send_line(ws_handle client, const char *line, size_t size)
{
    int32_t status;
    while ((status = ws_send(client, line, size, WS_TEXT, NULL, NULL)) == WS_ERR_FULL) sem_wait(&room);
    if (status == WS_ERR_PARAMETER) fprintf(stderr, "wscat: %s\n", ws_last_error()); /* not UTF-8 */
    return status == WS_OK || status == WS_ERR_PARAMETER;
}

int main(int argc, char **argv)
{
    ws_connect_options tls;
    WS_INIT_STRUCT(&tls);
    static const struct option options[] = {
        {"ca", required_argument, NULL, 'c'},
        {"insecure", no_argument, NULL, 'i'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'c') tls.ca_path = optarg;
        else if (option == 'i') tls.skip_server_cert_verification = 1;
        else break;
    }
    if (option != -1 || optind + 1 != argc) {
        fprintf(stderr, "usage: wscat URL [--ca FILE] [--insecure]\n");
        return 2;
    }
    sem_init(&opened, 0, 0);
    sem_init(&over, 0, 0);
    sem_init(&room, 0, 0);
    ws_handle client = ws_create(NULL);
    ws_on(client, WS_EVENT_OPEN, on_open, NULL);
    ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
    ws_on(client, WS_EVENT_DRAIN, on_drain, NULL);
    ws_on(client, WS_EVENT_ERROR, on_error, NULL);
    ws_on(client, WS_EVENT_CLOSE, on_close, NULL);
    if (ws_connect(client, argv[optind], &tls, NULL, NULL) != WS_OK) {
        fprintf(stderr, "wscat: %s\n", ws_last_error());
        return 2;
    }
    sem_wait(&opened);
    if (!result) {
        char *line = NULL;
        size_t space = 0;
        for (ssize_t n; (n = getline(&line, &space, stdin)) > 0;) {
            if (line[n - 1] == '\n') n--;
            if (!send_line(client, line, (size_t)n)) break;
        }
        free(line);
        ws_close(client, NULL, NULL, NULL); /* fails when the server has closed: as well */
        sem_wait(&over);
    }
    ws_shutdown_wait(-1);
    return result;
}
