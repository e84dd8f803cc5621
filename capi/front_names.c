/* SPDX-License-Identifier: Apache-2.0 */
/** @section Names
 * What the numbers of the library are called, for logs and error messages of the host.
 * Texts are static, and "" for a number that has no name.
 */
#include "front.h"
#include <libws/ws.h>

#define NAME(id) case id: return #id

/**
 * The name of a status or error id: ws_error_name(-101) is "WS_ERR_HANDLE".
 * ws_strerror tells what it means.
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_error_name(int32_t status)
{
    switch (status) {
    NAME(WS_OK);
    NAME(WS_ERR_CONNECT_FAILED);
    NAME(WS_ERR_PERMISSION);
    NAME(WS_ERR_PARAMETER);
    NAME(WS_ERR_URL);
    NAME(WS_ERR_CERT_FILE);
    NAME(WS_ERR_CONNECTION_EXISTS);
    NAME(WS_ERR_LISTEN_IP);
    NAME(WS_ERR_LISTEN_PORT);
    NAME(WS_ERR_NO_CONNECTION);
    NAME(WS_ERR_PORT_OCCUPIED);
    NAME(WS_ERR_DOMAIN);
    NAME(WS_ERR_UNKNOWN);
    NAME(WS_ERR_HANDLE);
    NAME(WS_ERR_STATE);
    NAME(WS_ERR_FULL);
    NAME(WS_ERR_TOO_LARGE);
    NAME(WS_ERR_MEMORY);
    NAME(WS_ERR_TIMEOUT);
    NAME(WS_ERR_CANCELLED);
    NAME(WS_ERR_IN_CALLBACK);
    NAME(WS_ERR_FORKED);
    NAME(WS_ERR_SHUTDOWN);
    NAME(WS_ERR_UNSUPPORTED);
    NAME(WS_ERR_PROTOCOL);
    NAME(WS_ERR_BUFFER);
    NAME(WS_ERR_INTERNAL);
    NAME(WS_ERR_BUSY);
    NAME(WS_ERR_REPLACED);
    default: return "";
    }
}

/**
 * The name of an event type: ws_event_name(1) is "WS_EVENT_OPEN".
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_event_name(int32_t type)
{
    switch (type) {
    NAME(WS_EVENT_OPEN);
    NAME(WS_EVENT_MESSAGE);
    NAME(WS_EVENT_CLOSE);
    NAME(WS_EVENT_ERROR);
    NAME(WS_EVENT_DESTROYED);
    NAME(WS_EVENT_CONNECT);
    NAME(WS_EVENT_MESSAGE_RECEIVE);
    NAME(WS_EVENT_COMPLETION);
    NAME(WS_EVENT_DRAIN);
    NAME(WS_EVENT_OPEN_INFO);
    NAME(WS_EVENT_HEADER_RECEIVE);
    NAME(WS_EVENT_DATA_END);
    NAME(WS_EVENT_PING);
    NAME(WS_EVENT_PONG);
    NAME(WS_EVENT_RECONNECTING);
    NAME(WS_EVENT_UPGRADE);
    NAME(WS_EVENT_REQUEST);
    NAME(WS_EVENT_BEFORE_RECONNECT);
    NAME(WS_EVENT_VERIFY);
    NAME(WS_EVENT_TOPIC_BEGIN);
    NAME(WS_EVENT_TOPIC_END);
    NAME(WS_EVENT_SKIPPED);
    NAME(WS_EVENT_SIGN);
    default: return "";
    }
}

/**
 * The name of a stage (ws_event.stage): ws_stage_name(4) is "WS_STAGE_TLS".
 *
 * Returns: a static string, "" for an unknown one.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_stage_name(int32_t stage)
{
    switch (stage) {
    NAME(WS_STAGE_NONE);
    NAME(WS_STAGE_RESOLVE);
    NAME(WS_STAGE_CONNECT);
    NAME(WS_STAGE_PROXY);
    NAME(WS_STAGE_TLS);
    NAME(WS_STAGE_UPGRADE);
    NAME(WS_STAGE_PROTOCOL);
    NAME(WS_STAGE_TIMEOUT);
    NAME(WS_STAGE_LIMIT);
    NAME(WS_STAGE_RECONNECT);
    NAME(WS_STAGE_IO);
    default: return "";
    }
}

/**
 * What a close code is called in the registry of RFC 6455 11.7:
 * ws_close_code_name(1001) is "Going Away".
 *
 * Returns: a static string, "" for one that is not registered.
 * Threads: any.
 * Since: 0.1
 */
WS_API const char *WS_CALL ws_close_code_name(int32_t code)
{
    switch (code) {
    case 1000: return "Normal Closure";
    case 1001: return "Going Away";
    case 1002: return "Protocol error";
    case 1003: return "Unsupported Data";
    case 1005: return "No Status Rcvd";
    case 1006: return "Abnormal Closure";
    case 1007: return "Invalid frame payload data";
    case 1008: return "Policy Violation";
    case 1009: return "Message Too Big";
    case 1010: return "Mandatory Ext.";
    case 1011: return "Internal Error";
    case 1012: return "Service Restart";
    case 1013: return "Try Again Later";
    case 1014: return "Bad Gateway";
    case 1015: return "TLS handshake";
    case 3000: return "Unauthorized";
    case 3003: return "Forbidden";
    case 3008: return "Timeout";
    default: return "";
    }
}
