/* SPDX-License-Identifier: Apache-2.0 */
/** @section Figures
 * What a server has done, figures for monitoring, and the log.
 */
#include "front.h"
#include <libws/ws.h>

/**
 * Figures of one server. Messages that a loop is just handling may be missing: they are
 * counted before the callbacks of their batch run, those that callbacks send when these
 * have returned.
 *
 * stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
 *   many bytes are written.
 *
 * Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any. The figures are not of one moment. It looks at each connection of the
 *   server, so it is for once a second rather than once a message.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_server_stats_get(ws_handle server, ws_server_stats *stats)
{
    WSX_ENTER();
    int32_t status;
    if (!wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if ((status = wsx_result(stats, &wsx_server_stats_shape, "stats"))) return status;
    ws_server_stats found = {.struct_size = stats->struct_size};
    status = wsgo_server_stats(server, &found, wsx_error_buffer());
    if (!status) wsx_hand_out(stats, &found, &wsx_server_stats_shape);
    return status;
}

/**
 * The figures of ws_stats_get, and of ws_server_stats_get, as text in the format that
 * Prometheus reads (exposition format 0.0.4, media type "text/plain; version=0.0.4"). A
 * host answers a request for /metrics with it; see examples_c/metrics.c.
 *
 * server: a server, whose figures follow those of the library; 0: the library only.
 * buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
 *   for the size only. The next text may be longer: leave some room.
 * size: NULL, or receives how many bytes the text has, without the NUL.
 *
 * Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
 *   WS_ERR_PARAMETER; WS_ERR_HANDLE.
 * Threads: any.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_metrics(ws_handle server, char *buffer, size_t capacity, size_t *size)
{
    WSX_ENTER();
    int32_t status;
    if (server && !wsx_argument(server, WSX_SERVER, "server", &status)) return status;
    if (!buffer && capacity) return wsx_fail(WS_ERR_PARAMETER, "buffer: is NULL, capacity is %zu", capacity);
    size_t unused;
    if ((status = wsx_start())) return status;
    return wsgo_metrics(server, buffer, capacity, size ? size : &unused, wsx_error_buffer());
}

/**
 * Changes ws_init_options.log_level while the library runs.
 *
 * level: WS_LOG_ERROR ... WS_LOG_DEBUG; 0: WS_LOG_WARN.
 *
 * Returns: WS_OK; WS_ERR_STATE: the library has not started; WS_ERR_PARAMETER.
 * Threads: any. Lines that another thread is just telling may still come.
 * Since: 0.1
 */
WS_API int32_t WS_CALL ws_set_log_level(int32_t level)
{
    WSX_ENTER();
    if (!wsx_started()) return wsx_fail(WS_ERR_STATE, "the library has not started");
    return wsgo_set_log_level(level, wsx_error_buffer());
}
