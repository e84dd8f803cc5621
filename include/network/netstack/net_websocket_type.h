/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net_websocket_type.h - types of the WebSocket client as OpenHarmony's NDK has it. Names,
 * values and the order of members are those of its header, so that programs written for one
 * compile with the other; it is plain C99, and C++.
 *
 * Strings are NUL-terminated. What a callback gets is valid until it returns, and never NULL.
 */
#ifndef NET_WEBSOCKET_TYPE_H
#define NET_WEBSOCKET_TYPE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A client. Made by OH_WebSocketClient_Constructor. */
typedef struct WebSocket WebSocket;

/* onClose: how the connection ended. */
typedef struct WebSocket_CloseResult {
    uint32_t code;      /* that the server has sent (RFC 6455 7.4); 1005: its Close frame had none; 1006: the connection
                           was lost without a Close frame */
    const char *reason; /* that the server has sent; "" when there is none */
} WebSocket_CloseResult;

/* OH_WebSocketClient_Close: what the Close frame says. */
typedef struct WebSocket_CloseOption {
    uint32_t code;      /* 1000..1003, 1007..1014, 3000..4999; 0: 1000, without a reason */
    const char *reason; /* UTF-8, at most 123 bytes; NULL: none, and the code is 1000 */
} WebSocket_CloseOption;

/* onError: what failed. */
typedef struct WebSocket_ErrorResult {
    uint32_t errorCode;       /* a WebSocket_ErrCode */
    const char *errorMessage; /* what was tried, with what, and why it failed */
} WebSocket_ErrorResult;

/* onOpen: the answer of the server. */
typedef struct WebSocket_OpenResult {
    uint32_t code;      /* the HTTP status, 101 */
    const char *reason; /* its text, such as "Switching Protocols" */
} WebSocket_OpenResult;

/* A field of the request, in a list. */
typedef struct WebSocket_Header {
    const char *fieldName;
    const char *fieldValue;
    struct WebSocket_Header *next; /* NULL: the last one */
} WebSocket_Header;

/* OH_WebSocketClient_Connect: what is asked of the server besides. */
typedef struct WebSocket_RequestOptions {
    struct WebSocket_Header *headers; /* NULL: none */
} WebSocket_RequestOptions;

/* The connection is open; OH_WebSocketClient_Send was possible before. */
typedef void (*WebSocket_OnOpenCallback)(struct WebSocket *client, WebSocket_OpenResult openResult);

/* A whole message, text or not. A NUL byte that is not counted in length follows it. */
typedef void (*WebSocket_OnMessageCallback)(struct WebSocket *client, char *data, uint32_t length);

/* Connecting failed, and nothing more comes; or the server broke the rules, and onClose follows. */
typedef void (*WebSocket_OnErrorCallback)(struct WebSocket *client, WebSocket_ErrorResult errorResult);

/* The connection is over; one for each onOpen. */
typedef void (*WebSocket_OnCloseCallback)(struct WebSocket *client, WebSocket_CloseResult closeResult);

/* What the library shows of a client. The callbacks are looked at each time one is due. */
struct WebSocket {
    WebSocket_OnOpenCallback onOpen;
    WebSocket_OnMessageCallback onMessage;
    WebSocket_OnErrorCallback onError;
    WebSocket_OnCloseCallback onClose;
    WebSocket_RequestOptions requestOptions; /* what OH_WebSocketClient_AddHeader has added */
};

/* What functions return, and errorCode of onError. */
typedef enum WebSocket_ErrCode {
    WEBSOCKET_OK = 0,
    E_BASE = 1000,
    WEBSOCKET_CLIENT_NULL = (E_BASE + 1),                /* the client is NULL */
    WEBSOCKET_CLIENT_NOT_CREATED = (E_BASE + 2),         /* there is no such client, or no longer */
    WEBSOCKET_CONNECTION_ERROR = (E_BASE + 3),           /* connecting failed, or cannot begin: it has begun already */
    WEBSOCKET_CONNECTION_PARSE_URL_ERROR = (E_BASE + 5), /* the URL is NULL or cannot be used */
    WEBSOCKET_CONNECTION_NO_MEMORY = (E_BASE + 6),       /* no memory to connect */
    WEBSOCKET_CONNECTION_CLOSED_BY_PEER = (E_BASE + 7),  /* not produced: onClose tells it */
    WEBSOCKET_DESTROYED = (E_BASE + 8),                  /* not produced: it is WEBSOCKET_CLIENT_NOT_CREATED */
    WEBSOCKET_PROTOCOL_ERROR = (E_BASE + 9),             /* the server broke RFC 6455; or a code or reason that may not be sent */
    WEBSOCKET_SEND_NO_MEMORY = (E_BASE + 10),            /* no memory for the message */
    WEBSOCKET_SEND_DATA_NULL = (E_BASE + 11),            /* the data is NULL, or cannot be read */
    WEBSOCKET_DATA_LENGTH_EXCEEDED = (E_BASE + 12),      /* a message of more than 4 MiB to send, or 1 GiB received */
    WEBSOCKET_QUEUE_LENGTH_EXCEEDED = (E_BASE + 13),     /* 16 MiB wait to be sent already */
    WEBSOCKET_NO_CLIENT_CONTEXT = (E_BASE + 14),         /* it is neither connecting nor open */
    WEBSOCKET_NO_HEADER_CONTEXT = (E_BASE + 15),         /* a header without name or value, or one that may not be sent */
    WEBSOCKET_HEADER_EXCEEDED = (E_BASE + 16),           /* more than 1000 headers */
    WEBSOCKET_NO_CONNECTION = (E_BASE + 17),             /* it is not open; what was connecting has ended */
    WEBSOCKET_NO_CONNECTION_CONTEXT = (E_BASE + 18)      /* the client is gone; it never was open */
} WebSocket_ErrCode;

#ifdef __cplusplus
}
#endif
#endif
