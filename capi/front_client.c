/* SPDX-License-Identifier: Apache-2.0 */
/** @section Clients
 * A client makes one connection at a time. After its close event, or after a
 * failed connect, it can connect again.
 */
#include "internal.h"
#include "ws.h"

/**
 * Makes a client (the module's createWebSocket). Starts the library with
 * defaults if need be.
 *
 * options: NULL for defaults.
 *
 * Returns: the handle, or 0; then ws_last_error tells why. Free it by ws_destroy.
 * Threads: any.
 * Since: 0.1
 */
WS_API ws_handle WS_CALL ws_create(const ws_create_options *options)
{
    if (wsx_refusal) {
        wsx_refuse();
        return 0;
    }
    wsx_error *error = wsx_error_buffer();
    ws_create_options o;
    if (wsx_options(&o, sizeof o, sizeof o, options, "options")) return 0;
    int32_t status;
    if (o.queue && !wsx_argument(o.queue, WSX_QUEUE, "options.queue", &status)) return 0;
    return wsgo_client_create(&o, (uintptr_t)o.user_data, error);
}

/**
 * Connects to url. The result comes as events: completion, open on success;
 * completion, error on failure.
 *
 * url: ws:// or wss://host[:port][/path][?query], NUL-terminated, at most 8196 bytes;
 *   host is a name, an IPv4 address or an IPv6 address in brackets.
 * options: NULL for defaults.
 * completion: NULL, or told once whether the connection is open
 *   (operation WS_OP_CONNECT).
 *
 * Returns: WS_OK: the attempt has started; WS_ERR_URL; WS_ERR_PARAMETER;
 *   WS_ERR_CONNECTION_EXISTS while connecting, open or closing;
 *   WS_ERR_CERT_FILE: ca_path does not exist; WS_ERR_HANDLE, also for accepted
 *   connections.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_connect(ws_handle handle, const char *url, const ws_connect_options *options,
                                  ws_callback completion, void *user_data)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(handle, WSX_CLIENT, "handle", &status)) return status;
    if (!url) return wsx_fail(WS_ERR_PARAMETER, "url: is NULL");
    ws_connect_options o;
    if ((status = wsx_options(&o, sizeof o, sizeof o, options, "options"))) return status;
    /* One byte over the limit is enough to see that it is too long. */
    return wsgo_client_connect(handle, (char *)(uintptr_t)url, strnlen(url, 8197), &o, (uintptr_t)completion,
                               (uintptr_t)user_data, wsx_error_buffer());
}
