/* SPDX-License-Identifier: Apache-2.0 */
/* exports.h - what the Go half of capi offers to the C half. */
#ifndef WSX_EXPORTS_H
#define WSX_EXPORTS_H

#include "relay.h"
#include "thread.h"

WSX_HIDDEN_BEGINS

extern void wsgo_ready(void);
extern int32_t wsgo_init(ws_init_options *options, wsx_error *error);
extern int32_t wsgo_stats(ws_stats *stats, wsx_error *error);
extern int32_t wsgo_server_stats(uint64_t handle, ws_server_stats *stats, wsx_error *error);
extern int32_t wsgo_metrics(uint64_t handle, char *buffer, size_t capacity, size_t *size, wsx_error *error);
extern int32_t wsgo_set_log_level(int32_t level, wsx_error *error);
extern void wsgo_shutdown(void);
extern uint64_t wsgo_client_create(ws_create_options *options, uintptr_t user_data, wsx_error *error);
extern int32_t wsgo_client_connect(uint64_t handle, char *url, size_t url_size, ws_connect_options *options,
                                   uintptr_t completion, uintptr_t user_data, wsx_error *error);
extern int32_t wsgo_reconnect_with(uint64_t handle, ws_reconnect_changes *changes, size_t url_size, wsx_error *error);
extern int32_t wsgo_verify_answer(uint64_t handle, uint64_t token, int32_t accept, wsx_error *error);
extern int32_t wsgo_sign_answer(uint64_t handle, uint64_t token, uintptr_t signature, size_t size, wsx_error *error);
/* inside: in a callback of the connection's loop. */
extern int32_t wsgo_send(uint64_t handle, uintptr_t data, size_t size, int32_t type, int32_t inside,
                         uintptr_t completion, uintptr_t user_data, wsx_error *error);
/* waits: set to 1 when the message leaves at wsgo_let_go. */
extern int32_t wsgo_send_by_queue(uint64_t handle, uintptr_t data, size_t size, int32_t type, uintptr_t completion,
                                  uintptr_t user_data, int32_t *waits, wsx_error *error);
extern void wsgo_let_go(uint64_t *handles, size_t count);
extern int32_t wsgo_send_with(uint64_t handle, uintptr_t data, size_t size, int32_t type, ws_send_options *options,
                              uintptr_t completion, uintptr_t user_data, wsx_error *error);
extern int32_t wsgo_sent(uint64_t handle, uint32_t epoch, uintptr_t frame, size_t size, int64_t sent, int32_t os_error,
                         wsx_error *error);
extern void wsgo_sent_gathered(uint64_t handle, uint32_t epoch, uint64_t size, int64_t sent, int32_t os_error);
extern int32_t wsgo_send_part(uint64_t handle, uintptr_t data, size_t size, int32_t type, int32_t ends,
                              uintptr_t completion, uintptr_t user_data, wsx_error *error);
extern int32_t wsgo_ping(uint64_t handle, uintptr_t data, size_t size, wsx_error *error);
extern int32_t wsgo_pong(uint64_t handle, uintptr_t data, size_t size, wsx_error *error);
extern int32_t wsgo_abort(uint64_t handle, wsx_error *error);
extern int32_t wsgo_connection_stats(uint64_t handle, ws_connection_stats *stats, wsx_error *error);
extern int32_t wsgo_connection_text(uint64_t handle, int32_t which, char *buffer, size_t capacity, size_t *size,
                                    wsx_error *error);
extern void wsgo_network_changed(void);
extern int32_t wsgo_close(uint64_t handle, int32_t code, char *reason, size_t reason_size, int32_t timeout_ms,
                          uint32_t flags, uintptr_t completion, uintptr_t user_data, wsx_error *error);
extern void wsgo_destroy(uint64_t handle);
extern void wsgo_flush(uint32_t loop);
extern int32_t wsgo_pause(uint64_t handle, int32_t pause, wsx_error *error);
extern void wsgo_queue_not_full(uint64_t handle);
extern void wsgo_queue_ended(uint64_t handle);
extern void wsgo_queue_mark(uint64_t handle);
extern void wsgo_memory_relaxed(void);
extern int32_t wsgo_post(uint64_t target, int64_t delay_ms, uintptr_t callback, uintptr_t user_data, uint64_t *id,
                         wsx_error *error);
extern int32_t wsgo_post_cancel(uint64_t target, uint64_t id, wsx_error *error);
extern void wsgo_post_done(void);
extern void wsgo_error_unheard(uint64_t handle, char *text);
extern void wsgo_queue_unheard(uint32_t messages);
extern int32_t wsgo_connection_info(uint64_t handle, ws_connection *info, wsx_error *error);
extern uint64_t wsgo_server_create(ws_server_options *options, uintptr_t user_data, wsx_error *error);
extern int32_t wsgo_server_start(uint64_t handle, ws_server_config *config, uintptr_t completion, uintptr_t user_data,
                                 wsx_error *error);
extern int32_t wsgo_server_set_certificates(uint64_t handle, ws_certificate *certificates, size_t count,
                                             wsx_error *error);
extern int32_t wsgo_server_stop(uint64_t handle, int32_t code, char *reason, size_t reason_size, int32_t timeout_ms,
                                uint32_t flags, uintptr_t completion, uintptr_t user_data, int32_t waits,
                                wsx_error *error);
extern void wsgo_server_destroy(uint64_t handle);
extern int32_t wsgo_server_port(uint64_t handle, int32_t *port, wsx_error *error);
extern int32_t wsgo_server_adopt(uint64_t handle, ws_adopt_options *options, uintptr_t user_data, uint64_t *connection,
                                 wsx_error *error);
extern int32_t wsgo_server_listener(uint64_t handle, size_t index, ws_listener_info *info, wsx_error *error);
extern int32_t wsgo_server_descriptor(uint64_t handle, size_t index, ws_socket *descriptor, wsx_error *error);
extern int32_t wsgo_server_stop_listening(uint64_t handle, uintptr_t callback, uintptr_t user, wsx_error *error);
extern int32_t wsgo_subscribe(uint64_t handle, uintptr_t topic, size_t size, int32_t wanted, int32_t pattern,
                              wsx_error *error);
extern int32_t wsgo_topic_subscribers(uint64_t handle, uintptr_t topic, size_t size, uint64_t *out, size_t capacity,
                                      size_t *count, wsx_error *error);
extern int32_t wsgo_is_subscribed(uint64_t handle, uintptr_t topic, size_t size, int32_t *how, wsx_error *error);
extern int32_t wsgo_subscriptions(uint64_t handle, void *buffer, size_t capacity, size_t *size, wsx_error *error);
extern int32_t wsgo_publish(uint64_t handle, uintptr_t topic, size_t topic_size, uintptr_t data, size_t size,
                            int32_t type, uint64_t except, ws_send_options *options, size_t *recipients, wsx_error *error);
extern int32_t wsgo_server_set_relay(uint64_t handle, ws_relay *relay, wsx_error *error);
extern int32_t wsgo_server_end_relay(uint64_t handle, wsx_error *error);
extern int32_t wsgo_relay_next(uintptr_t relay, wsx_relay_item *item);
extern void wsgo_relay_over(uintptr_t relay);
extern int32_t wsgo_relay_deliver(uint64_t handle, ws_relay_message *message, wsx_error *error);
extern int32_t wsgo_accept(uint64_t handle, ws_accept_options *options, wsx_error *error);
extern int32_t wsgo_respond(uint64_t handle, ws_response *response, wsx_error *error);
extern int32_t wsgo_server_connections(uint64_t handle, uint64_t *out, size_t capacity, size_t *count,
                                       wsx_error *error);

WSX_HIDDEN_ENDS

#endif
