// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** JNA's direct mapping: each method is the function of its name. */
final class JnaCalls {
    private JnaCalls() {
    }

    static native int ws_init(long p0);

    static native int ws_shutdown_wait(long p0);

    static native int ws_stats_get(long p0);

    static native long ws_version_string();

    static native int ws_version_number();

    static native int ws_abi_version();

    static native int ws_has_feature(long p0);

    static native long ws_strerror(int p0);

    static native long ws_last_error();

    static native int ws_on(long p0, int p1, long p2, long p3);

    static native int ws_off(long p0, int p1, long p2, long p3);

    static native int ws_off_wait(long p0, int p1, long p2, long p3, long p4);

    static native int ws_set_user_data(long p0, long p1);

    static native int ws_user_data(long p0, long p1);

    static native int ws_set_correlation_id(long p0, long p1);

    static native int ws_send(long p0, long p1, long p2, int p3, long p4, long p5);

    static native int ws_send_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6);

    static native int ws_send_part(long p0, long p1, long p2, int p3, int p4, long p5, long p6);

    static native int ws_ping(long p0, long p1, long p2);

    static native int ws_pong(long p0, long p1, long p2);

    static native int ws_close(long p0, long p1, long p2, long p3);

    static native int ws_close_wait(long p0, long p1, long p2);

    static native int ws_abort(long p0);

    static native int ws_destroy(long p0);

    static native int ws_destroy_wait(long p0, long p1);

    static native int ws_pause(long p0);

    static native int ws_resume(long p0);

    static native int ws_state(long p0, long p1);

    static native int ws_buffered_amount(long p0, long p1);

    static native int ws_connection_info(long p0, long p1);

    static native int ws_connection_stats_get(long p0, long p1);

    static native int ws_connection_text(long p0, int p1, long p2, long p3, long p4);

    static native long ws_create(long p0);

    static native int ws_connect(long p0, long p1, long p2, long p3, long p4);

    static native int ws_connect_wait(long p0, long p1, long p2, long p3);

    static native int ws_reconnect_with(long p0, long p1);

    static native int ws_network_changed();

    static native long ws_server_create(long p0);

    static native int ws_server_start(long p0, long p1, long p2, long p3);

    static native int ws_server_set_certificates(long p0, long p1, long p2);

    static native int ws_server_stop(long p0, long p1, long p2, long p3);

    static native int ws_server_stop_wait(long p0, long p1, long p2);

    static native int ws_server_on(long p0, int p1, long p2, long p3);

    static native int ws_server_off(long p0, int p1, long p2, long p3);

    static native int ws_server_off_wait(long p0, int p1, long p2, long p3, long p4);

    static native int ws_server_port(long p0, long p1);

    static native int ws_server_connections(long p0, long p1, long p2, long p3);

    static native int ws_server_destroy(long p0);

    static native int ws_server_destroy_wait(long p0, long p1);

    static native int ws_server_adopt(long p0, long p1, long p2);

    static native int ws_server_listener(long p0, long p1, long p2);

    static native int ws_server_descriptor(long p0, long p1, long p2);

    static native int ws_server_stop_listening(long p0, long p1, long p2);

    static native int ws_subscribe(long p0, long p1, long p2);

    static native int ws_unsubscribe(long p0, long p1, long p2);

    static native int ws_subscribe_pattern(long p0, long p1, long p2);

    static native int ws_unsubscribe_pattern(long p0, long p1, long p2);

    static native int ws_is_subscribed(long p0, long p1, long p2, long p3);

    static native int ws_subscriptions(long p0, long p1, long p2, long p3);

    static native int ws_subscription_next(long p0, long p1, long p2, long p3, long p4, long p5);

    static native int ws_topic_subscribers(long p0, long p1, long p2, long p3, long p4, long p5);

    static native int ws_publish(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7);

    static native int ws_server_broadcast(long p0, long p1, long p2, int p3, long p4, long p5);

    static native int ws_publish_with(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7, long p8);

    static native int ws_server_broadcast_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6);

    static native int ws_server_set_relay(long p0, long p1);

    static native int ws_relay_deliver(long p0, long p1);

    static native int ws_accept(long p0, long p1);

    static native int ws_respond(long p0, long p1);

    static native int ws_verify_answer(long p0, long p1, int p2);

    static native int ws_sign_answer(long p0, long p1, long p2, long p3);

    static native long ws_queue_create(long p0);

    static native int ws_queue_fd(long p0, long p1);

    static native int ws_queue_dispatch(long p0, long p1, int p2, long p3);

    static native int ws_queue_poll(long p0, long p1, long p2, int p3, long p4);

    static native int ws_queue_flush(long p0);

    static native int ws_queue_wake(long p0);

    static native int ws_queue_destroy(long p0);

    static native int ws_post(long p0, long p1, long p2, long p3, long p4);

    static native int ws_post_cancel(long p0, long p1);

    static native int ws_server_stats_get(long p0, long p1);

    static native int ws_metrics(long p0, long p1, long p2, long p3);

    static native int ws_set_log_level(int p0);

    static native long ws_error_name(int p0);

    static native long ws_event_name(int p0);

    static native long ws_stage_name(int p0);

    static native long ws_close_code_name(int p0);}
