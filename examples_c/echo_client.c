/* SPDX-License-Identifier: Apache-2.0 */
/* echo_client.c - the shortest useful client. */
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include <libws/ws.h>

#include "help.h"

static const char help[] =
    "usage: echo_client URL [TEXT]\n"
    "\n"
    "The shortest useful client: sends TEXT, \"Hello\" unless given, and prints the answer.\n"
    "\n"
    "    echo_client ws://127.0.0.1:8080/ \"Hello\"\n"
    "\n"
    "Status 0: it was answered; 1: it was not; 2: the URL was refused.\n";

static sem_t over;
static int result = 1;

static void on_open(const ws_event *e, void *user_data)
{
    const char *text = user_data;
    ws_send(e->handle, text, strlen(text), WS_TEXT, NULL, NULL);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("%s\n", (const char *)e->data); /* a NUL byte follows the data */
    result = 0;
    ws_close(e->handle, NULL, NULL, NULL);
}

/* The end of a connection, and of an attempt that failed. */
static void on_end(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (e->type == WS_EVENT_ERROR) fprintf(stderr, "%s\n", e->text);
    sem_post(&over);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    if (argc < 2) return wrong_usage(help);
    sem_init(&over, 0, 0);
    ws_handle client = ws_create(NULL);
    ws_on(client, WS_EVENT_OPEN, on_open, argc > 2 ? argv[2] : "Hello");
    ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
    ws_on(client, WS_EVENT_CLOSE, on_end, NULL);
    ws_on(client, WS_EVENT_ERROR, on_end, NULL);
    if (ws_connect(client, argv[1], NULL, NULL, NULL) != WS_OK) {
        fprintf(stderr, "%s\n", ws_last_error());
        return 2;
    }
    sem_wait(&over);
    ws_shutdown_wait(-1);
    return result;
}
