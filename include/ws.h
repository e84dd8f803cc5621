#ifndef WS_H
#define WS_H
#include "ws_types.h"
#ifdef __cplusplus
extern "C" {
#endif
WS_API int32_t WS_CALL ws_init(const ws_init_options *options);
WS_API int32_t WS_CALL ws_shutdown_wait(int64_t timeout_ms);
WS_API const char *WS_CALL ws_version_string(void);
WS_API uint32_t WS_CALL ws_version_number(void);
WS_API uint32_t WS_CALL ws_abi_version(void);
WS_API int32_t WS_CALL ws_has_feature(const char *name);
WS_API const char *WS_CALL ws_strerror(int32_t status);
WS_API const char *WS_CALL ws_last_error(void);
WS_API int32_t WS_CALL ws_on(ws_handle handle, int32_t event, ws_callback callback, void *user_data);
WS_API int32_t WS_CALL ws_off(ws_handle handle, int32_t event, ws_callback callback, void *user_data);
WS_API int32_t WS_CALL ws_off_wait(ws_handle handle, int32_t event, ws_callback callback, void *user_data,
                                   int64_t timeout_ms);
WS_API int32_t WS_CALL ws_set_user_data(ws_handle handle, void *user_data);
WS_API int32_t WS_CALL ws_user_data(ws_handle handle, void **user_data);
WS_API int32_t WS_CALL ws_send(ws_handle handle, const void *data, size_t size, int32_t type, ws_callback completion,
                               void *user_data);
WS_API int32_t WS_CALL ws_close(ws_handle handle, const ws_close_options *options, ws_callback completion,
                                void *user_data);
WS_API int32_t WS_CALL ws_destroy(ws_handle handle);
WS_API int32_t WS_CALL ws_state(ws_handle handle, int32_t *state);
WS_API int32_t WS_CALL ws_buffered_amount(ws_handle handle, uint64_t *bytes);
WS_API int32_t WS_CALL ws_connection_info(ws_handle handle, ws_connection *info);
WS_API ws_handle WS_CALL ws_create(const ws_create_options *options);
WS_API int32_t WS_CALL ws_connect(ws_handle handle, const char *url, const ws_connect_options *options,
                                  ws_callback completion, void *user_data);
WS_API ws_handle WS_CALL ws_server_create(const ws_server_options *options);
WS_API int32_t WS_CALL ws_server_start(ws_handle server, const ws_server_config *config, ws_callback completion,
                                       void *user_data);
WS_API int32_t WS_CALL ws_server_stop(ws_handle server, ws_callback completion, void *user_data);
WS_API int32_t WS_CALL ws_server_on(ws_handle server, int32_t event, ws_callback callback, void *user_data);
WS_API int32_t WS_CALL ws_server_off(ws_handle server, int32_t event, ws_callback callback, void *user_data);
WS_API int32_t WS_CALL ws_server_port(ws_handle server, int32_t *port);
WS_API int32_t WS_CALL ws_server_connections(ws_handle server, ws_handle *connections, size_t capacity, size_t *count);
WS_API int32_t WS_CALL ws_server_destroy(ws_handle server);
#ifdef __cplusplus
}
#endif
#endif
