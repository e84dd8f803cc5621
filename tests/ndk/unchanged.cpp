/* SPDX-License-Identifier: Apache-2.0 */
// A program in C++ as it is written for the NDK, with the include that its documentation shows.
// Usage: unchanged URL of a server that echoes
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "network/netstack/net_websocket.h"

static volatile int over;
static int echoed;

static void onOpen(struct WebSocket *client, WebSocket_OpenResult openResult)
{
    std::printf("onOpen: code: %u, reason: %s\n", openResult.code, openResult.reason);
    char hello[] = "hello";
    std::printf("send: %d\n", OH_WebSocketClient_Send(client, hello, std::strlen(hello)));
}

static void onMessage(struct WebSocket *client, char *data, uint32_t length)
{
    std::printf("onMessage: length: %u, data: %.*s\n", length, static_cast<int>(length), data);
    echoed = length == 5;
    struct WebSocket_CloseOption option;
    option.code = 1000;
    option.reason = "bye";
    std::printf("close: %d\n", OH_WebSocketClient_Close(client, option));
}

static void onError(struct WebSocket *, WebSocket_ErrorResult errorResult)
{
    std::printf("onError: code: %u, message: %s\n", errorResult.errorCode, errorResult.errorMessage);
    over = 1;
}

static void onClose(struct WebSocket *, WebSocket_CloseResult closeResult)
{
    std::printf("onClose: code: %u, reason: %s\n", closeResult.code, closeResult.reason);
    over = 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    WebSocket *client = OH_WebSocketClient_Constructor(onOpen, onMessage, onError, onClose);
    WebSocket_Header header;
    header.fieldName = "X-Test";
    header.fieldValue = "yes";
    header.next = nullptr;
    std::printf("header: %d\n", OH_WebSocketClient_AddHeader(client, header));
    WebSocket_RequestOptions options = client->requestOptions;
    std::printf("connect: %d\n", OH_WebSocketClient_Connect(client, argv[1], options));
    while (!over) usleep(10000);
    std::printf("destroy: %d\n", OH_WebSocketClient_Destroy(client));
    return !echoed;
}
