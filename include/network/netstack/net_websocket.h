/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_websocket.h - the WebSocket client of OpenHarmony's NDK, over libws: link with
 * libnet_websocket.so. Programs written for the NDK compile and run unchanged.
 *
 * Every function may be called from any thread, also inside any callback. The callbacks of a
 * client come one after another, on a thread of its own, and may block: other clients go on.
 * Any callback may be NULL.
 *
 * It differs from the system's library in these points:
 *
 *  - wss checks the server's certificate and its name, which the system's does not;
 *    ws_ndk_skip_verification turns that off.
 *  - There may be any number of clients, not 100.
 *  - OH_WebSocketClient_AddHeader copies what it is given.
 *  - Errors have the numbers that this header names; the system's library returns others for
 *    1005 and 1006.
 *  - A connection that is lost ends with code 1006 (RFC 6455 7.1.5), not 1001.
 *  - OH_WebSocketClient_Destroy frees everything.
 *
 * A proxy is taken from the variables http_proxy, https_proxy, all_proxy and no_proxy of the
 * environment. Up to 4 redirects are followed. A ping asks for a sign of life after 30 s of
 * silence; after 30 more the connection is lost.
 */
#ifndef NET_WEBSOCKET_H
#define NET_WEBSOCKET_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "net_websocket_type.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Makes a client.
 *
 * Returns: the client, until OH_WebSocketClient_Destroy; NULL when there is no memory or thread.
 */
struct WebSocket *OH_WebSocketClient_Constructor(WebSocket_OnOpenCallback onOpen, WebSocket_OnMessageCallback onMessage,
                                                 WebSocket_OnErrorCallback onError, WebSocket_OnCloseCallback onclose);

/*
 * Adds a header to client->requestOptions, which is for OH_WebSocketClient_Connect. Name and value
 * are copied; next is not looked at.
 *
 * Returns: WEBSOCKET_OK, WEBSOCKET_CLIENT_NULL, WEBSOCKET_CLIENT_NOT_CREATED, WEBSOCKET_NO_HEADER_CONTEXT,
 *   WEBSOCKET_HEADER_EXCEEDED, WEBSOCKET_CONNECTION_NO_MEMORY.
 */
int OH_WebSocketClient_AddHeader(struct WebSocket *client, struct WebSocket_Header header);

/*
 * Begins to connect; onOpen or onError tells how it went. A client whose connection has ended, or could not be
 * made, may connect again, also inside onClose and onError.
 *
 * url: "ws://..." or "wss://...". options: the headers in it are sent, and no others; client->requestOptions has
 *   those that were added. Both are copied.
 *
 * Returns: WEBSOCKET_OK, WEBSOCKET_CLIENT_NULL, WEBSOCKET_CLIENT_NOT_CREATED, WEBSOCKET_CONNECTION_PARSE_URL_ERROR,
 *   WEBSOCKET_CONNECTION_ERROR, WEBSOCKET_CONNECTION_NO_MEMORY, WEBSOCKET_NO_HEADER_CONTEXT, WEBSOCKET_HEADER_EXCEEDED.
 */
int OH_WebSocketClient_Connect(struct WebSocket *client, const char *url, struct WebSocket_RequestOptions options);

/*
 * Sends a message, which is copied. What is valid UTF-8 and has no NUL byte goes as text, everything else as
 * binary. While connecting it waits for onOpen.
 *
 * length: bytes, 4194304 at the most; 0 sends nothing, and is no error.
 *
 * Returns: WEBSOCKET_OK, WEBSOCKET_CLIENT_NULL, WEBSOCKET_CLIENT_NOT_CREATED, WEBSOCKET_SEND_DATA_NULL,
 *   WEBSOCKET_DATA_LENGTH_EXCEEDED, WEBSOCKET_NO_CLIENT_CONTEXT, WEBSOCKET_QUEUE_LENGTH_EXCEEDED,
 *   WEBSOCKET_SEND_NO_MEMORY.
 */
int OH_WebSocketClient_Send(struct WebSocket *client, char *data, size_t length);

/*
 * Closes the connection: what was sent goes out first. onClose tells the end, after 5 s when the server does not
 * answer. While connecting it ends the attempt, of which nothing is delivered then.
 *
 * options: {0} closes with code 1000 and no reason.
 *
 * Returns: WEBSOCKET_OK, WEBSOCKET_CLIENT_NULL, WEBSOCKET_CLIENT_NOT_CREATED, WEBSOCKET_NO_CONNECTION,
 *   WEBSOCKET_PROTOCOL_ERROR.
 */
int OH_WebSocketClient_Close(struct WebSocket *client, struct WebSocket_CloseOption options);

/*
 * Ends a client. When OH_WebSocketClient_Close was called before it waits up to 5 s for the end of that, so that what
 * was sent arrives; an open connection that was not closed is cut. A callback that runs is waited for, but inside a
 * callback of this client nothing is: what was sent goes out all the same. None is called afterwards.
 *
 * Returns: WEBSOCKET_OK; WEBSOCKET_NO_CONNECTION_CONTEXT: it never was open, and has ended; WEBSOCKET_CLIENT_NULL;
 *   WEBSOCKET_CLIENT_NOT_CREATED, also at the second call.
 */
int OH_WebSocketClient_Destroy(struct WebSocket *client);

/* ---- additions of libws; the NDK has nothing like them ------------------------------------ */

/*
 * Lets the connections that are made from now on take any certificate, which protects from nobody who can change the
 * traffic. skip: 1; 0: chain, dates and name are checked, as from the beginning.
 *
 * Returns: WEBSOCKET_OK, WEBSOCKET_CLIENT_NULL, WEBSOCKET_CLIENT_NOT_CREATED.
 */
int ws_ndk_skip_verification(struct WebSocket *client, int skip);

#ifdef __cplusplus
}
#endif
#endif
