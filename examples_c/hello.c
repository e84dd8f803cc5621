/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hello.c - a whole conversation: a server and a client in one program.
 *
 * All callbacks run on one thread of the library, so they need no locks among
 * themselves; only main, which waits, is another thread.
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libws/ws.h>

#include "help.h"

static const char help[] =
    "usage: hello\n"
    "\n"
    "A whole conversation: a server and a client in one program. The client says\n"
    "\"Hello, server!\", the server answers \"bye\", the client closes.\n";

static sem_t over; /* posted when the client has nothing more to say */

/* Calls return a status; ws_last_error() tells why the last one failed. */
static void must(const char *what, int32_t status)
{
    if (status == WS_OK) return;
    fprintf(stderr, "%s failed: %s (%s)\n", what, ws_last_error(), ws_strerror(status));
    exit(1);
}

/* ---- the server ------------------------------------------------------------ */

static void on_message_receive(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("server: on messageReceive, data:%s\n", (const char *)e->data);
    must("send", ws_send(e->handle, "bye", 3, WS_TEXT, NULL, NULL));
}

static ws_handle start_server(int32_t *port)
{
    ws_handle server = ws_server_create(NULL);
    if (!server) must("server_create", WS_ERR_UNKNOWN);
    must("server_on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message_receive, NULL));

    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1"; /* and server_port 0: any free port */
    must("server_start", ws_server_start(server, &config, NULL, NULL));
    must("server_port", ws_server_port(server, port));
    return server;
}

/* ---- the client ------------------------------------------------------------ */

static void on_sent(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (e->error == WS_OK) printf("send success\n");
    else printf("send fail, err:%s\n", e->text);
}

static void on_closed(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (e->error == WS_OK) printf("close success\n");
    else printf("close fail, err is %s\n", e->text);
}

static void on_open(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("on open, status:%d, message:%s\n", e->status, e->text);
    const char *text = "Hello, server!";
    must("send", ws_send(e->handle, text, strlen(text), WS_TEXT, on_sent, NULL));
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("on message, message:%s\n", (const char *)e->data);
    if (!strcmp(e->data, "bye")) must("close", ws_close(e->handle, NULL, on_closed, NULL));
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("on close, code is %d, reason is %s\n", e->code, e->reason);
    sem_post(&over);
}

/* Comes instead of open when connecting fails; an error later is followed by close. */
static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("on error, error:%d, %s\n", e->error, e->text);
    exit(1);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    int32_t port;
    sem_init(&over, 0, 0);
    ws_handle server = start_server(&port);

    ws_handle client = ws_create(NULL);
    if (!client) must("create", WS_ERR_UNKNOWN);
    must("on open", ws_on(client, WS_EVENT_OPEN, on_open, NULL));
    must("on message", ws_on(client, WS_EVENT_MESSAGE, on_message, NULL));
    must("on close", ws_on(client, WS_EVENT_CLOSE, on_close, NULL));
    must("on error", ws_on(client, WS_EVENT_ERROR, on_error, NULL));
    char url[64];
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    must("connect", ws_connect(client, url, NULL, NULL, NULL));

    sem_wait(&over);
    must("destroy", ws_destroy(client));
    must("server_destroy", ws_server_destroy(server));
    must("shutdown", ws_shutdown_wait(5000)); /* no callback runs from here on */
    return 0;
}
