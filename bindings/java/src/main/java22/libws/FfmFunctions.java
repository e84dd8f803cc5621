// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/java/generate.py; do not edit.
package libws;

import java.lang.invoke.MethodHandle;

/** Every function by java.lang.foreign, for Java 22 and newer. */
abstract class FfmFunctions extends Backend {
    private static final MethodHandle ws_init = Ffm.find("ws_init", int.class, long.class);
    private static final MethodHandle ws_shutdown_wait = Ffm.find("ws_shutdown_wait", int.class, long.class);
    private static final MethodHandle ws_stats_get = Ffm.find("ws_stats_get", int.class, long.class);
    private static final MethodHandle ws_version_string = Ffm.find("ws_version_string", long.class);
    private static final MethodHandle ws_version_number = Ffm.find("ws_version_number", int.class);
    private static final MethodHandle ws_abi_version = Ffm.find("ws_abi_version", int.class);
    private static final MethodHandle ws_has_feature = Ffm.find("ws_has_feature", int.class, long.class);
    private static final MethodHandle ws_strerror = Ffm.find("ws_strerror", long.class, int.class);
    private static final MethodHandle ws_last_error = Ffm.find("ws_last_error", long.class);
    private static final MethodHandle ws_on = Ffm.find("ws_on", int.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_off = Ffm.find("ws_off", int.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_off_wait = Ffm.find("ws_off_wait", int.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_set_user_data = Ffm.find("ws_set_user_data", int.class, long.class, long.class);
    private static final MethodHandle ws_user_data = Ffm.find("ws_user_data", int.class, long.class, long.class);
    private static final MethodHandle ws_set_correlation_id = Ffm.find("ws_set_correlation_id", int.class, long.class, long.class);
    private static final MethodHandle ws_send = Ffm.find("ws_send", int.class, long.class, long.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_send_with = Ffm.find("ws_send_with", int.class, long.class, long.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_send_part = Ffm.find("ws_send_part", int.class, long.class, long.class, long.class, int.class, int.class, long.class, long.class);
    private static final MethodHandle ws_ping = Ffm.find("ws_ping", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_pong = Ffm.find("ws_pong", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_close = Ffm.find("ws_close", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_close_wait = Ffm.find("ws_close_wait", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_abort = Ffm.find("ws_abort", int.class, long.class);
    private static final MethodHandle ws_destroy = Ffm.find("ws_destroy", int.class, long.class);
    private static final MethodHandle ws_destroy_wait = Ffm.find("ws_destroy_wait", int.class, long.class, long.class);
    private static final MethodHandle ws_pause = Ffm.find("ws_pause", int.class, long.class);
    private static final MethodHandle ws_resume = Ffm.find("ws_resume", int.class, long.class);
    private static final MethodHandle ws_state = Ffm.find("ws_state", int.class, long.class, long.class);
    private static final MethodHandle ws_buffered_amount = Ffm.find("ws_buffered_amount", int.class, long.class, long.class);
    private static final MethodHandle ws_connection_info = Ffm.find("ws_connection_info", int.class, long.class, long.class);
    private static final MethodHandle ws_connection_stats_get = Ffm.find("ws_connection_stats_get", int.class, long.class, long.class);
    private static final MethodHandle ws_connection_text = Ffm.find("ws_connection_text", int.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_create = Ffm.find("ws_create", long.class, long.class);
    private static final MethodHandle ws_connect = Ffm.find("ws_connect", int.class, long.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_connect_wait = Ffm.find("ws_connect_wait", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_reconnect_with = Ffm.find("ws_reconnect_with", int.class, long.class, long.class);
    private static final MethodHandle ws_network_changed = Ffm.find("ws_network_changed", int.class);
    private static final MethodHandle ws_server_create = Ffm.find("ws_server_create", long.class, long.class);
    private static final MethodHandle ws_server_start = Ffm.find("ws_server_start", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_set_certificates = Ffm.find("ws_server_set_certificates", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_stop = Ffm.find("ws_server_stop", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_stop_wait = Ffm.find("ws_server_stop_wait", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_on = Ffm.find("ws_server_on", int.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_server_off = Ffm.find("ws_server_off", int.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_server_off_wait = Ffm.find("ws_server_off_wait", int.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_port = Ffm.find("ws_server_port", int.class, long.class, long.class);
    private static final MethodHandle ws_server_connections = Ffm.find("ws_server_connections", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_destroy = Ffm.find("ws_server_destroy", int.class, long.class);
    private static final MethodHandle ws_server_destroy_wait = Ffm.find("ws_server_destroy_wait", int.class, long.class, long.class);
    private static final MethodHandle ws_server_adopt = Ffm.find("ws_server_adopt", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_listener = Ffm.find("ws_server_listener", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_descriptor = Ffm.find("ws_server_descriptor", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_stop_listening = Ffm.find("ws_server_stop_listening", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_subscribe = Ffm.find("ws_subscribe", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_unsubscribe = Ffm.find("ws_unsubscribe", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_subscribe_pattern = Ffm.find("ws_subscribe_pattern", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_unsubscribe_pattern = Ffm.find("ws_unsubscribe_pattern", int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_is_subscribed = Ffm.find("ws_is_subscribed", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_subscriptions = Ffm.find("ws_subscriptions", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_subscription_next = Ffm.find("ws_subscription_next", int.class, long.class, long.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_topic_subscribers = Ffm.find("ws_topic_subscribers", int.class, long.class, long.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_publish = Ffm.find("ws_publish", int.class, long.class, long.class, long.class, long.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_server_broadcast = Ffm.find("ws_server_broadcast", int.class, long.class, long.class, long.class, int.class, long.class, long.class);
    private static final MethodHandle ws_publish_with = Ffm.find("ws_publish_with", int.class, long.class, long.class, long.class, long.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_broadcast_with = Ffm.find("ws_server_broadcast_with", int.class, long.class, long.class, long.class, int.class, long.class, long.class, long.class);
    private static final MethodHandle ws_server_set_relay = Ffm.find("ws_server_set_relay", int.class, long.class, long.class);
    private static final MethodHandle ws_relay_deliver = Ffm.find("ws_relay_deliver", int.class, long.class, long.class);
    private static final MethodHandle ws_accept = Ffm.find("ws_accept", int.class, long.class, long.class);
    private static final MethodHandle ws_respond = Ffm.find("ws_respond", int.class, long.class, long.class);
    private static final MethodHandle ws_verify_answer = Ffm.find("ws_verify_answer", int.class, long.class, long.class, int.class);
    private static final MethodHandle ws_sign_answer = Ffm.find("ws_sign_answer", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_queue_create = Ffm.find("ws_queue_create", long.class, long.class);
    private static final MethodHandle ws_queue_fd = Ffm.find("ws_queue_fd", int.class, long.class, long.class);
    private static final MethodHandle ws_queue_dispatch = Ffm.find("ws_queue_dispatch", int.class, long.class, long.class, int.class, long.class);
    private static final MethodHandle ws_queue_poll = Ffm.find("ws_queue_poll", int.class, long.class, long.class, long.class, int.class, long.class);
    private static final MethodHandle ws_queue_flush = Ffm.find("ws_queue_flush", int.class, long.class);
    private static final MethodHandle ws_queue_wake = Ffm.find("ws_queue_wake", int.class, long.class);
    private static final MethodHandle ws_queue_destroy = Ffm.find("ws_queue_destroy", int.class, long.class);
    private static final MethodHandle ws_post = Ffm.find("ws_post", int.class, long.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_post_cancel = Ffm.find("ws_post_cancel", int.class, long.class, long.class);
    private static final MethodHandle ws_server_stats_get = Ffm.find("ws_server_stats_get", int.class, long.class, long.class);
    private static final MethodHandle ws_metrics = Ffm.find("ws_metrics", int.class, long.class, long.class, long.class, long.class);
    private static final MethodHandle ws_set_log_level = Ffm.find("ws_set_log_level", int.class, int.class);
    private static final MethodHandle ws_error_name = Ffm.find("ws_error_name", long.class, int.class);
    private static final MethodHandle ws_event_name = Ffm.find("ws_event_name", long.class, int.class);
    private static final MethodHandle ws_stage_name = Ffm.find("ws_stage_name", long.class, int.class);
    private static final MethodHandle ws_close_code_name = Ffm.find("ws_close_code_name", long.class, int.class);

    @Override
    int ws_init(long p0) {
        try {
            return (int) ws_init.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_shutdown_wait(long p0) {
        try {
            return (int) ws_shutdown_wait.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_stats_get(long p0) {
        try {
            return (int) ws_stats_get.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_version_string() {
        try {
            return (long) ws_version_string.invokeExact();
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_version_number() {
        try {
            return (int) ws_version_number.invokeExact();
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_abi_version() {
        try {
            return (int) ws_abi_version.invokeExact();
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_has_feature(long p0) {
        try {
            return (int) ws_has_feature.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_strerror(int p0) {
        try {
            return (long) ws_strerror.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_last_error() {
        try {
            return (long) ws_last_error.invokeExact();
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_on(long p0, int p1, long p2, long p3) {
        try {
            return (int) ws_on.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_off(long p0, int p1, long p2, long p3) {
        try {
            return (int) ws_off.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_off_wait(long p0, int p1, long p2, long p3, long p4) {
        try {
            return (int) ws_off_wait.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_set_user_data(long p0, long p1) {
        try {
            return (int) ws_set_user_data.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_user_data(long p0, long p1) {
        try {
            return (int) ws_user_data.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_set_correlation_id(long p0, long p1) {
        try {
            return (int) ws_set_correlation_id.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_send(long p0, long p1, long p2, int p3, long p4, long p5) {
        try {
            return (int) ws_send.invokeExact(p0, p1, p2, p3, p4, p5);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_send_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6) {
        try {
            return (int) ws_send_with.invokeExact(p0, p1, p2, p3, p4, p5, p6);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_send_part(long p0, long p1, long p2, int p3, int p4, long p5, long p6) {
        try {
            return (int) ws_send_part.invokeExact(p0, p1, p2, p3, p4, p5, p6);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_ping(long p0, long p1, long p2) {
        try {
            return (int) ws_ping.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_pong(long p0, long p1, long p2) {
        try {
            return (int) ws_pong.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_close(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_close.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_close_wait(long p0, long p1, long p2) {
        try {
            return (int) ws_close_wait.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_abort(long p0) {
        try {
            return (int) ws_abort.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_destroy(long p0) {
        try {
            return (int) ws_destroy.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_destroy_wait(long p0, long p1) {
        try {
            return (int) ws_destroy_wait.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_pause(long p0) {
        try {
            return (int) ws_pause.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_resume(long p0) {
        try {
            return (int) ws_resume.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_state(long p0, long p1) {
        try {
            return (int) ws_state.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_buffered_amount(long p0, long p1) {
        try {
            return (int) ws_buffered_amount.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_connection_info(long p0, long p1) {
        try {
            return (int) ws_connection_info.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_connection_stats_get(long p0, long p1) {
        try {
            return (int) ws_connection_stats_get.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_connection_text(long p0, int p1, long p2, long p3, long p4) {
        try {
            return (int) ws_connection_text.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_create(long p0) {
        try {
            return (long) ws_create.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_connect(long p0, long p1, long p2, long p3, long p4) {
        try {
            return (int) ws_connect.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_connect_wait(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_connect_wait.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_reconnect_with(long p0, long p1) {
        try {
            return (int) ws_reconnect_with.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_network_changed() {
        try {
            return (int) ws_network_changed.invokeExact();
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_server_create(long p0) {
        try {
            return (long) ws_server_create.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_start(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_server_start.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_set_certificates(long p0, long p1, long p2) {
        try {
            return (int) ws_server_set_certificates.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_stop(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_server_stop.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_stop_wait(long p0, long p1, long p2) {
        try {
            return (int) ws_server_stop_wait.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_on(long p0, int p1, long p2, long p3) {
        try {
            return (int) ws_server_on.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_off(long p0, int p1, long p2, long p3) {
        try {
            return (int) ws_server_off.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_off_wait(long p0, int p1, long p2, long p3, long p4) {
        try {
            return (int) ws_server_off_wait.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_port(long p0, long p1) {
        try {
            return (int) ws_server_port.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_connections(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_server_connections.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_destroy(long p0) {
        try {
            return (int) ws_server_destroy.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_destroy_wait(long p0, long p1) {
        try {
            return (int) ws_server_destroy_wait.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_adopt(long p0, long p1, long p2) {
        try {
            return (int) ws_server_adopt.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_listener(long p0, long p1, long p2) {
        try {
            return (int) ws_server_listener.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_descriptor(long p0, long p1, long p2) {
        try {
            return (int) ws_server_descriptor.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_stop_listening(long p0, long p1, long p2) {
        try {
            return (int) ws_server_stop_listening.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_subscribe(long p0, long p1, long p2) {
        try {
            return (int) ws_subscribe.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_unsubscribe(long p0, long p1, long p2) {
        try {
            return (int) ws_unsubscribe.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_subscribe_pattern(long p0, long p1, long p2) {
        try {
            return (int) ws_subscribe_pattern.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_unsubscribe_pattern(long p0, long p1, long p2) {
        try {
            return (int) ws_unsubscribe_pattern.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_is_subscribed(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_is_subscribed.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_subscriptions(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_subscriptions.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_subscription_next(long p0, long p1, long p2, long p3, long p4, long p5) {
        try {
            return (int) ws_subscription_next.invokeExact(p0, p1, p2, p3, p4, p5);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_topic_subscribers(long p0, long p1, long p2, long p3, long p4, long p5) {
        try {
            return (int) ws_topic_subscribers.invokeExact(p0, p1, p2, p3, p4, p5);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_publish(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7) {
        try {
            return (int) ws_publish.invokeExact(p0, p1, p2, p3, p4, p5, p6, p7);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_broadcast(long p0, long p1, long p2, int p3, long p4, long p5) {
        try {
            return (int) ws_server_broadcast.invokeExact(p0, p1, p2, p3, p4, p5);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_publish_with(long p0, long p1, long p2, long p3, long p4, int p5, long p6, long p7, long p8) {
        try {
            return (int) ws_publish_with.invokeExact(p0, p1, p2, p3, p4, p5, p6, p7, p8);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_broadcast_with(long p0, long p1, long p2, int p3, long p4, long p5, long p6) {
        try {
            return (int) ws_server_broadcast_with.invokeExact(p0, p1, p2, p3, p4, p5, p6);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_set_relay(long p0, long p1) {
        try {
            return (int) ws_server_set_relay.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_relay_deliver(long p0, long p1) {
        try {
            return (int) ws_relay_deliver.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_accept(long p0, long p1) {
        try {
            return (int) ws_accept.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_respond(long p0, long p1) {
        try {
            return (int) ws_respond.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_verify_answer(long p0, long p1, int p2) {
        try {
            return (int) ws_verify_answer.invokeExact(p0, p1, p2);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_sign_answer(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_sign_answer.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_queue_create(long p0) {
        try {
            return (long) ws_queue_create.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_fd(long p0, long p1) {
        try {
            return (int) ws_queue_fd.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_dispatch(long p0, long p1, int p2, long p3) {
        try {
            return (int) ws_queue_dispatch.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_poll(long p0, long p1, long p2, int p3, long p4) {
        try {
            return (int) ws_queue_poll.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_flush(long p0) {
        try {
            return (int) ws_queue_flush.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_wake(long p0) {
        try {
            return (int) ws_queue_wake.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_queue_destroy(long p0) {
        try {
            return (int) ws_queue_destroy.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_post(long p0, long p1, long p2, long p3, long p4) {
        try {
            return (int) ws_post.invokeExact(p0, p1, p2, p3, p4);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_post_cancel(long p0, long p1) {
        try {
            return (int) ws_post_cancel.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_server_stats_get(long p0, long p1) {
        try {
            return (int) ws_server_stats_get.invokeExact(p0, p1);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_metrics(long p0, long p1, long p2, long p3) {
        try {
            return (int) ws_metrics.invokeExact(p0, p1, p2, p3);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    int ws_set_log_level(int p0) {
        try {
            return (int) ws_set_log_level.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_error_name(int p0) {
        try {
            return (long) ws_error_name.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_event_name(int p0) {
        try {
            return (long) ws_event_name.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_stage_name(int p0) {
        try {
            return (long) ws_stage_name.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }

    @Override
    long ws_close_code_name(int p0) {
        try {
            return (long) ws_close_code_name.invokeExact(p0);
        } catch (Throwable t) {
            throw Ffm.thrown(t);
        }
    }
}
