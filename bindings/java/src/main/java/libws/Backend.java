// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/**
 * The functions of the library and its memory, by JNA or by java.lang.foreign. Pointers and sizes are long:
 * libws is built for systems of 64 bits only.
 */
abstract class Backend {
    /** How the library is called: "jna" or "ffm". */
    abstract String name();

    abstract long malloc(long size);

    abstract void free(long address);

    abstract int getInt(long address);

    abstract long getLong(long address);

    abstract void putInt(long address, int value);

    abstract void putLong(long address, long value);

    abstract void read(long address, byte[] into, int offset, int length);

    abstract void write(long address, byte[] from, int offset, int length);

    /** Memory of the library as a buffer in the order of the machine; valid as long as that memory. */
    abstract java.nio.ByteBuffer view(long address, int length);

    /** Where a direct buffer begins. */
    abstract long address(java.nio.ByteBuffer direct);

    /** A text of C; "" for NULL. */
    abstract String text(long address);

    abstract int ws_init(long p0);

    abstract int ws_shutdown_wait(long p0);

    abstract int ws_stats_get(long p0);

    abstract long ws_version_string();

    abstract int ws_version_number();

    abstract int ws_abi_version();

    abstract int ws_has_feature(long p0);

    abstract long ws_strerror(int p0);

    abstract long ws_last_error();

    abstract int ws_on(long p0, int p1, long p2, long p3);

    abstract int ws_off(long p0, int p1, long p2, long p3);

    abstract int ws_off_wait(long p0, int p1, long p2, long p3, long p4);

    abstract int ws_set_user_data(long p0, long p1);

    abstract int ws_user_data(long p0, long p1);

    abstract int ws_set_correlation_id(long p0, long p1);

    abstract int ws_send(long p0, long p1, long p2, int p3, long p4, long p5);

    abstract int ws_send_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6);

    abstract int ws_send_part(long p0, long p1, long p2, int p3, int p4, long p5, long p6);

    abstract int ws_ping(long p0, long p1, long p2);

    abstract int ws_pong(long p0, long p1, long p2);

    abstract int ws_close(long p0, long p1, long p2, long p3);

    abstract int ws_close_wait(long p0, long p1, long p2);

    abstract int ws_abort(long p0);

    abstract int ws_destroy(long p0);

    abstract int ws_destroy_wait(long p0, long p1);

    abstract int ws_pause(long p0);

    abstract int ws_resume(long p0);

    abstract int ws_state(long p0, long p1);

    abstract int ws_buffered_amount(long p0, long p1);

    abstract int ws_connection_info(long p0, long p1);

    abstract int ws_connection_stats_get(long p0, long p1);

    abstract int ws_connection_text(long p0, int p1, long p2, long p3, long p4);

    abstract long ws_create(long p0);

    abstract int ws_connect(long p0, long p1, long p2, long p3, long p4);

    abstract int ws_connect_wait(long p0, long p1, long p2, long p3);

    abstract int ws_reconnect_with(long p0, long p1);

    abstract int ws_network_changed();

    abstract long ws_server_create(long p0);

    abstract int ws_server_start(long p0, long p1, long p2, long p3);

    abstract int ws_server_set_certificates(long p0, long p1, long p2);

    abstract int ws_server_stop(long p0, long p1, long p2, long p3);

    abstract int ws_server_stop_wait(long p0, long p1, long p2);

    abstract int ws_server_on(long p0, int p1, long p2, long p3);

    abstract int ws_server_off(long p0, int p1, long p2, long p3);

    abstract int ws_server_off_wait(long p0, int p1, long p2, long p3, long p4);

    abstract int ws_server_port(long p0, long p1);

    abstract int ws_server_connections(long p0, long p1, long p2, long p3);

    abstract int ws_server_destroy(long p0);

    abstract int ws_server_destroy_wait(long p0, long p1);

    abstract int ws_server_adopt(long p0, long p1, long p2);

    abstract int ws_server_listener(long p0, long p1, long p2);

    abstract int ws_server_descriptor(long p0, long p1, long p2);

    abstract int ws_server_stop_listening(long p0, long p1, long p2);

    abstract int ws_subscribe(long p0, long p1, long p2);

    abstract int ws_unsubscribe(long p0, long p1, long p2);

    abstract int ws_subscribe_pattern(long p0, long p1, long p2);

    abstract int ws_unsubscribe_pattern(long p0, long p1, long p2);

    abstract int ws_is_subscribed(long p0, long p1, long p2, long p3);

    abstract int ws_subscriptions(long p0, long p1, long p2, long p3);

    abstract int ws_subscription_next(long p0, long p1, long p2, long p3, long p4, long p5);

    abstract int ws_topic_subscribers(long p0, long p1, long p2, long p3, long p4, long p5);

    abstract int ws_publish(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7);

    abstract int ws_server_broadcast(long p0, long p1, long p2, int p3, long p4, long p5);

    abstract int ws_publish_with(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7, long p8);

    abstract int ws_server_broadcast_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6);

    abstract int ws_server_set_relay(long p0, long p1);

    abstract int ws_relay_deliver(long p0, long p1);

    abstract int ws_accept(long p0, long p1);

    abstract int ws_respond(long p0, long p1);

    abstract int ws_verify_answer(long p0, long p1, int p2);

    abstract int ws_sign_answer(long p0, long p1, long p2, long p3);

    abstract long ws_queue_create(long p0);

    abstract int ws_queue_fd(long p0, long p1);

    abstract int ws_queue_dispatch(long p0, long p1, int p2, long p3);

    abstract int ws_queue_poll(long p0, long p1, long p2, int p3, long p4);

    abstract int ws_queue_flush(long p0);

    abstract int ws_queue_wake(long p0);

    abstract int ws_queue_destroy(long p0);

    abstract int ws_post(long p0, long p1, long p2, long p3, long p4);

    abstract int ws_post_cancel(long p0, long p1);

    abstract int ws_server_stats_get(long p0, long p1);

    abstract int ws_metrics(long p0, long p1, long p2, long p3);

    abstract int ws_set_log_level(int p0);

    abstract long ws_error_name(int p0);

    abstract long ws_event_name(int p0);

    abstract long ws_stage_name(int p0);

    abstract long ws_close_code_name(int p0);}
