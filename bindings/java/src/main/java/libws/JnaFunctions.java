// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

/** Every function by JNA, for Java 8 and newer. */
abstract class JnaFunctions extends Backend {
    @Override
    int ws_init(long p0) {
        return JnaCalls.ws_init(p0);
    }

    @Override
    int ws_shutdown_wait(long p0) {
        return JnaCalls.ws_shutdown_wait(p0);
    }

    @Override
    int ws_stats_get(long p0) {
        return JnaCalls.ws_stats_get(p0);
    }

    @Override
    long ws_version_string() {
        return JnaCalls.ws_version_string();
    }

    @Override
    int ws_version_number() {
        return JnaCalls.ws_version_number();
    }

    @Override
    int ws_abi_version() {
        return JnaCalls.ws_abi_version();
    }

    @Override
    int ws_has_feature(long p0) {
        return JnaCalls.ws_has_feature(p0);
    }

    @Override
    long ws_strerror(int p0) {
        return JnaCalls.ws_strerror(p0);
    }

    @Override
    long ws_last_error() {
        return JnaCalls.ws_last_error();
    }

    @Override
    int ws_on(long p0, int p1, long p2, long p3) {
        return JnaCalls.ws_on(p0, p1, p2, p3);
    }

    @Override
    int ws_off(long p0, int p1, long p2, long p3) {
        return JnaCalls.ws_off(p0, p1, p2, p3);
    }

    @Override
    int ws_off_wait(long p0, int p1, long p2, long p3, long p4) {
        return JnaCalls.ws_off_wait(p0, p1, p2, p3, p4);
    }

    @Override
    int ws_set_user_data(long p0, long p1) {
        return JnaCalls.ws_set_user_data(p0, p1);
    }

    @Override
    int ws_user_data(long p0, long p1) {
        return JnaCalls.ws_user_data(p0, p1);
    }

    @Override
    int ws_set_correlation_id(long p0, long p1) {
        return JnaCalls.ws_set_correlation_id(p0, p1);
    }

    @Override
    int ws_send(long p0, long p1, long p2, int p3, long p4, long p5) {
        return JnaCalls.ws_send(p0, p1, p2, p3, p4, p5);
    }

    @Override
    int ws_send_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6) {
        return JnaCalls.ws_send_with(p0, p1, p2, p3, p4, p5, p6);
    }

    @Override
    int ws_send_part(long p0, long p1, long p2, int p3, int p4, long p5, long p6) {
        return JnaCalls.ws_send_part(p0, p1, p2, p3, p4, p5, p6);
    }

    @Override
    int ws_ping(long p0, long p1, long p2) {
        return JnaCalls.ws_ping(p0, p1, p2);
    }

    @Override
    int ws_pong(long p0, long p1, long p2) {
        return JnaCalls.ws_pong(p0, p1, p2);
    }

    @Override
    int ws_close(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_close(p0, p1, p2, p3);
    }

    @Override
    int ws_close_wait(long p0, long p1, long p2) {
        return JnaCalls.ws_close_wait(p0, p1, p2);
    }

    @Override
    int ws_abort(long p0) {
        return JnaCalls.ws_abort(p0);
    }

    @Override
    int ws_destroy(long p0) {
        return JnaCalls.ws_destroy(p0);
    }

    @Override
    int ws_destroy_wait(long p0, long p1) {
        return JnaCalls.ws_destroy_wait(p0, p1);
    }

    @Override
    int ws_pause(long p0) {
        return JnaCalls.ws_pause(p0);
    }

    @Override
    int ws_resume(long p0) {
        return JnaCalls.ws_resume(p0);
    }

    @Override
    int ws_state(long p0, long p1) {
        return JnaCalls.ws_state(p0, p1);
    }

    @Override
    int ws_buffered_amount(long p0, long p1) {
        return JnaCalls.ws_buffered_amount(p0, p1);
    }

    @Override
    int ws_connection_info(long p0, long p1) {
        return JnaCalls.ws_connection_info(p0, p1);
    }

    @Override
    int ws_connection_stats_get(long p0, long p1) {
        return JnaCalls.ws_connection_stats_get(p0, p1);
    }

    @Override
    int ws_connection_text(long p0, int p1, long p2, long p3, long p4) {
        return JnaCalls.ws_connection_text(p0, p1, p2, p3, p4);
    }

    @Override
    long ws_create(long p0) {
        return JnaCalls.ws_create(p0);
    }

    @Override
    int ws_connect(long p0, long p1, long p2, long p3, long p4) {
        return JnaCalls.ws_connect(p0, p1, p2, p3, p4);
    }

    @Override
    int ws_connect_wait(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_connect_wait(p0, p1, p2, p3);
    }

    @Override
    int ws_reconnect_with(long p0, long p1) {
        return JnaCalls.ws_reconnect_with(p0, p1);
    }

    @Override
    int ws_network_changed() {
        return JnaCalls.ws_network_changed();
    }

    @Override
    long ws_server_create(long p0) {
        return JnaCalls.ws_server_create(p0);
    }

    @Override
    int ws_server_start(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_server_start(p0, p1, p2, p3);
    }

    @Override
    int ws_server_set_certificates(long p0, long p1, long p2) {
        return JnaCalls.ws_server_set_certificates(p0, p1, p2);
    }

    @Override
    int ws_server_stop(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_server_stop(p0, p1, p2, p3);
    }

    @Override
    int ws_server_stop_wait(long p0, long p1, long p2) {
        return JnaCalls.ws_server_stop_wait(p0, p1, p2);
    }

    @Override
    int ws_server_on(long p0, int p1, long p2, long p3) {
        return JnaCalls.ws_server_on(p0, p1, p2, p3);
    }

    @Override
    int ws_server_off(long p0, int p1, long p2, long p3) {
        return JnaCalls.ws_server_off(p0, p1, p2, p3);
    }

    @Override
    int ws_server_off_wait(long p0, int p1, long p2, long p3, long p4) {
        return JnaCalls.ws_server_off_wait(p0, p1, p2, p3, p4);
    }

    @Override
    int ws_server_port(long p0, long p1) {
        return JnaCalls.ws_server_port(p0, p1);
    }

    @Override
    int ws_server_connections(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_server_connections(p0, p1, p2, p3);
    }

    @Override
    int ws_server_destroy(long p0) {
        return JnaCalls.ws_server_destroy(p0);
    }

    @Override
    int ws_server_destroy_wait(long p0, long p1) {
        return JnaCalls.ws_server_destroy_wait(p0, p1);
    }

    @Override
    int ws_server_adopt(long p0, long p1, long p2) {
        return JnaCalls.ws_server_adopt(p0, p1, p2);
    }

    @Override
    int ws_server_listener(long p0, long p1, long p2) {
        return JnaCalls.ws_server_listener(p0, p1, p2);
    }

    @Override
    int ws_server_descriptor(long p0, long p1, long p2) {
        return JnaCalls.ws_server_descriptor(p0, p1, p2);
    }

    @Override
    int ws_server_stop_listening(long p0, long p1, long p2) {
        return JnaCalls.ws_server_stop_listening(p0, p1, p2);
    }

    @Override
    int ws_subscribe(long p0, long p1, long p2) {
        return JnaCalls.ws_subscribe(p0, p1, p2);
    }

    @Override
    int ws_unsubscribe(long p0, long p1, long p2) {
        return JnaCalls.ws_unsubscribe(p0, p1, p2);
    }

    @Override
    int ws_subscribe_pattern(long p0, long p1, long p2) {
        return JnaCalls.ws_subscribe_pattern(p0, p1, p2);
    }

    @Override
    int ws_unsubscribe_pattern(long p0, long p1, long p2) {
        return JnaCalls.ws_unsubscribe_pattern(p0, p1, p2);
    }

    @Override
    int ws_is_subscribed(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_is_subscribed(p0, p1, p2, p3);
    }

    @Override
    int ws_subscriptions(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_subscriptions(p0, p1, p2, p3);
    }

    @Override
    int ws_subscription_next(long p0, long p1, long p2, long p3, long p4, long p5) {
        return JnaCalls.ws_subscription_next(p0, p1, p2, p3, p4, p5);
    }

    @Override
    int ws_topic_subscribers(long p0, long p1, long p2, long p3, long p4, long p5) {
        return JnaCalls.ws_topic_subscribers(p0, p1, p2, p3, p4, p5);
    }

    @Override
    int ws_publish(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7) {
        return JnaCalls.ws_publish(p0, p1, p2, p3, p4, p5, p6, p7);
    }

    @Override
    int ws_server_broadcast(long p0, long p1, long p2, int p3, long p4, long p5) {
        return JnaCalls.ws_server_broadcast(p0, p1, p2, p3, p4, p5);
    }

    @Override
    int ws_publish_with(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7, long p8) {
        return JnaCalls.ws_publish_with(p0, p1, p2, p3, p4, p5, p6, p7, p8);
    }

    @Override
    int ws_server_broadcast_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6) {
        return JnaCalls.ws_server_broadcast_with(p0, p1, p2, p3, p4, p5, p6);
    }

    @Override
    int ws_server_set_relay(long p0, long p1) {
        return JnaCalls.ws_server_set_relay(p0, p1);
    }

    @Override
    int ws_relay_deliver(long p0, long p1) {
        return JnaCalls.ws_relay_deliver(p0, p1);
    }

    @Override
    int ws_accept(long p0, long p1) {
        return JnaCalls.ws_accept(p0, p1);
    }

    @Override
    int ws_respond(long p0, long p1) {
        return JnaCalls.ws_respond(p0, p1);
    }

    @Override
    int ws_verify_answer(long p0, long p1, int p2) {
        return JnaCalls.ws_verify_answer(p0, p1, p2);
    }

    @Override
    int ws_sign_answer(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_sign_answer(p0, p1, p2, p3);
    }

    @Override
    long ws_queue_create(long p0) {
        return JnaCalls.ws_queue_create(p0);
    }

    @Override
    int ws_queue_fd(long p0, long p1) {
        return JnaCalls.ws_queue_fd(p0, p1);
    }

    @Override
    int ws_queue_dispatch(long p0, long p1, int p2, long p3) {
        return JnaCalls.ws_queue_dispatch(p0, p1, p2, p3);
    }

    @Override
    int ws_queue_poll(long p0, long p1, long p2, int p3, long p4) {
        return JnaCalls.ws_queue_poll(p0, p1, p2, p3, p4);
    }

    @Override
    int ws_queue_flush(long p0) {
        return JnaCalls.ws_queue_flush(p0);
    }

    @Override
    int ws_queue_wake(long p0) {
        return JnaCalls.ws_queue_wake(p0);
    }

    @Override
    int ws_queue_destroy(long p0) {
        return JnaCalls.ws_queue_destroy(p0);
    }

    @Override
    int ws_post(long p0, long p1, long p2, long p3, long p4) {
        return JnaCalls.ws_post(p0, p1, p2, p3, p4);
    }

    @Override
    int ws_post_cancel(long p0, long p1) {
        return JnaCalls.ws_post_cancel(p0, p1);
    }

    @Override
    int ws_server_stats_get(long p0, long p1) {
        return JnaCalls.ws_server_stats_get(p0, p1);
    }

    @Override
    int ws_metrics(long p0, long p1, long p2, long p3) {
        return JnaCalls.ws_metrics(p0, p1, p2, p3);
    }

    @Override
    int ws_set_log_level(int p0) {
        return JnaCalls.ws_set_log_level(p0);
    }

    @Override
    long ws_error_name(int p0) {
        return JnaCalls.ws_error_name(p0);
    }

    @Override
    long ws_event_name(int p0) {
        return JnaCalls.ws_event_name(p0);
    }

    @Override
    long ws_stage_name(int p0) {
        return JnaCalls.ws_stage_name(p0);
    }

    @Override
    long ws_close_code_name(int p0) {
        return JnaCalls.ws_close_code_name(p0);
    }
}
