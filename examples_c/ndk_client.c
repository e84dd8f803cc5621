/* SPDX-License-Identifier: Apache-2.0 */
/* ndk_client.c - a client by the interface of OpenHarmony's NDK. */
#include <semaphore.h>
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "network/netstack/net_websocket.h"

static const char help[] =
    "usage: ndk_client URL [LINE]\n"
    "\n"
    "A client by the interface of OpenHarmony's NDK: sends LINE, \"hello\" unless given, to a\n"
    "server that echoes, such as echo_server, and prints what comes back.\n";

static sem_t over; /* callbacks come on a thread of the client */
static char *line = "hello";

static void on_open(struct WebSocket *client, WebSocket_OpenResult result)
{
    printf("open: %u %s\n", result.code, result.reason);
    int status = OH_WebSocketClient_Send(client, line, strlen(line));
    if (status != WEBSOCKET_OK) printf("send: error %d\n", status);
}

static void on_message(struct WebSocket *client, char *data, uint32_t length)
{
    struct WebSocket_CloseOption options = {1000, "bye"};
    printf("message: %.*s (%u bytes)\n", (int)length, data, length);
    OH_WebSocketClient_Close(client, options);
}

static void on_error(struct WebSocket *client, WebSocket_ErrorResult result)
{
    (void)client;
    printf("error: %u %s\n", result.errorCode, result.errorMessage);
    sem_post(&over);
}

static void on_close(struct WebSocket *client, WebSocket_CloseResult result)
{
    (void)client;
    printf("close: %u %s\n", result.code, result.reason);
    sem_post(&over);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    if (argc < 2 || argc > 3) return wrong_usage(help);
    if (argc == 3) line = argv[2];
    sem_init(&over, 0, 0);
    struct WebSocket *client = OH_WebSocketClient_Constructor(on_open, on_message, on_error, on_close);
    if (!client) return 1;
    struct WebSocket_Header header = {"X-Client", "ndk_client", NULL};
    OH_WebSocketClient_AddHeader(client, header);
    int status = OH_WebSocketClient_Connect(client, argv[1], client->requestOptions);
    if (status == WEBSOCKET_OK) sem_wait(&over);
    else printf("connect: error %d\n", status);
    status = OH_WebSocketClient_Destroy(client);
    printf("destroy: %d\n", status);
    return status != WEBSOCKET_OK;
}
