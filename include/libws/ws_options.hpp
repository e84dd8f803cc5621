/* SPDX-License-Identifier: Apache-2.0 */
/* Generated from tests/ffi/declarations.json by tests/cpp/generate.py; do not edit. */
/*
 * ws_options.hpp - the option structs of ws_options.h and ws_server_options.h as classes that
 * are zero at first, know their size, and are filled by setters that can be chained:
 *
 *     ws::create_options().max_message_size(1 << 20).high_water_mark(65536)
 *
 * What each member means stands beside it in the C headers. Texts, bytes and arrays are
 * borrowed: they have to live until the call that takes the options has returned. Options inside
 * options (reconnect, compression) are copied. raw() is the C struct, for what takes that.
 */
#ifndef LIBWS_OPTIONS_HPP
#define LIBWS_OPTIONS_HPP

#include "ws_status.hpp"
#include "ws_views.hpp"

LIBWS_BEGIN

/* ws_compression: each setter is the member of that name. */
class compression {
public:
    compression() noexcept { o_.struct_size = sizeof o_; }
    compression &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    compression &level(int32_t v) noexcept { o_.level = v; return *this; }
    compression &min_size(int32_t v) noexcept { o_.min_size = v; return *this; }
    compression &window_bits_out(int32_t v) noexcept { o_.window_bits_out = v; return *this; }
    compression &window_bits_in(int32_t v) noexcept { o_.window_bits_in = v; return *this; }
    compression &max_ratio(int32_t v) noexcept { o_.max_ratio = v; return *this; }
    ws_compression raw() const noexcept { return o_; }
    const ws_compression *at() const noexcept { return &o_; } /* valid as long as this object */
    operator ws_compression() const noexcept { return raw(); }
private:
    ws_compression o_{};
};

/* ws_init_options: each setter is the member of that name. */
class init_options {
public:
    init_options() noexcept { o_.struct_size = sizeof o_; }
    init_options &loops(int32_t v) noexcept { o_.loops = v; return *this; }
    init_options &engine(int32_t v) noexcept { o_.engine = v; return *this; }
    init_options &log_level(int32_t v) noexcept { o_.log_level = v; return *this; }
    init_options &memory_budget(int64_t v) noexcept { o_.memory_budget = v; return *this; }
    init_options &log(ws_log_callback v) noexcept { o_.log = v; return *this; }
    init_options &log_user_data(void *v) noexcept { o_.log_user_data = v; return *this; }
    init_options &log_lines_per_second(int32_t v) noexcept { o_.log_lines_per_second = v; return *this; }
    ws_init_options raw() const noexcept { return o_; }
    operator ws_init_options() const noexcept { return raw(); }
private:
    ws_init_options o_{};
};

/* ws_create_options: each setter is the member of that name. */
class create_options {
public:
    create_options() noexcept { o_.struct_size = sizeof o_; }
    create_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    create_options &max_message_size(int64_t v) noexcept { o_.max_message_size = v; return *this; }
    create_options &max_send_size(int64_t v) noexcept { o_.max_send_size = v; return *this; }
    create_options &max_buffered(int64_t v) noexcept { o_.max_buffered = v; return *this; }
    create_options &user_data(void *v) noexcept { o_.user_data = v; return *this; }
    create_options &high_water_mark(int64_t v) noexcept { o_.high_water_mark = v; return *this; }
    create_options &low_water_mark(int64_t v) noexcept { o_.low_water_mark = v; return *this; }
    create_options &queue(ws_handle v) noexcept { o_.queue = v; return *this; }
    create_options &full_policy(int32_t v) noexcept { o_.full_policy = v; return *this; }
    create_options &correlation_id(c_text v) noexcept { o_.correlation_id = v.c_str(); return *this; }
    create_options &max_send_frame(int64_t v) noexcept { o_.max_send_frame = v; return *this; }
    ws_create_options raw() const noexcept { return o_; }
    operator ws_create_options() const noexcept { return raw(); }
private:
    ws_create_options o_{};
};

/* ws_reconnect_options: each setter is the member of that name. */
class reconnect_options {
public:
    reconnect_options() noexcept { o_.struct_size = sizeof o_; }
    reconnect_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    reconnect_options &first_delay_ms(int32_t v) noexcept { o_.first_delay_ms = v; return *this; }
    reconnect_options &max_delay_ms(int32_t v) noexcept { o_.max_delay_ms = v; return *this; }
    reconnect_options &factor_percent(int32_t v) noexcept { o_.factor_percent = v; return *this; }
    reconnect_options &max_tries(int32_t v) noexcept { o_.max_tries = v; return *this; }
    reconnect_options &exact(int32_t v) noexcept { o_.exact = v; return *this; }
    reconnect_options &final_codes(array<int32_t> v) noexcept { o_.final_codes = v.data(); o_.final_code_count = static_cast<int32_t>(v.size()); return *this; }
    reconnect_options &stable_ms(int32_t v) noexcept { o_.stable_ms = v; return *this; }
    reconnect_options &answer_timeout_ms(int32_t v) noexcept { o_.answer_timeout_ms = v; return *this; }
    reconnect_options &reserved_2(int32_t v) noexcept { o_.reserved_2 = v; return *this; }
    ws_reconnect_options raw() const noexcept { return o_; }
    const ws_reconnect_options *at() const noexcept { return &o_; } /* valid as long as this object */
    operator ws_reconnect_options() const noexcept { return raw(); }
private:
    ws_reconnect_options o_{};
};

/* ws_reconnect_changes: each setter is the member of that name. */
class reconnect_changes {
public:
    reconnect_changes() noexcept { o_.struct_size = sizeof o_; }
    reconnect_changes &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    reconnect_changes &url(c_text v) noexcept { o_.url = v.c_str(); return *this; }
    reconnect_changes &headers(array<ws_header> v) noexcept { o_.headers = v.data(); o_.header_count = v.size(); return *this; }
    reconnect_changes &protocol(c_text v) noexcept { o_.protocol = v.c_str(); return *this; }
    reconnect_changes &connect_address(c_text v) noexcept { o_.connect_address = v.c_str(); return *this; }
    reconnect_changes &proxy_username(c_text v) noexcept { o_.proxy_username = v.c_str(); return *this; }
    reconnect_changes &proxy_password(c_text v) noexcept { o_.proxy_password = v.c_str(); return *this; }
    reconnect_changes &client_cert_path(c_text v) noexcept { o_.client_cert_path = v.c_str(); return *this; }
    reconnect_changes &client_cert(bytes v) noexcept { o_.client_cert = v.data(); o_.client_cert_size = v.size(); return *this; }
    reconnect_changes &client_key_path(c_text v) noexcept { o_.client_key_path = v.c_str(); return *this; }
    reconnect_changes &client_key(bytes v) noexcept { o_.client_key = v.data(); o_.client_key_size = v.size(); return *this; }
    reconnect_changes &client_key_password(c_text v) noexcept { o_.client_key_password = v.c_str(); return *this; }
    ws_reconnect_changes raw() const noexcept { return o_; }
    operator ws_reconnect_changes() const noexcept { return raw(); }
private:
    ws_reconnect_changes o_{};
};

/* ws_connect_options: each setter is the member of that name. */
class connect_options {
public:
    connect_options() noexcept { o_.struct_size = sizeof o_; }
    connect_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    connect_options &headers(array<ws_header> v) noexcept { o_.headers = v.data(); o_.header_count = v.size(); return *this; }
    connect_options &protocol(c_text v) noexcept { o_.protocol = v.c_str(); return *this; }
    connect_options &origin(c_text v) noexcept { o_.origin = v.c_str(); return *this; }
    connect_options &max_redirects(int32_t v) noexcept { o_.max_redirects = v; return *this; }
    connect_options &handshake_timeout_ms(int32_t v) noexcept { o_.handshake_timeout_ms = v; return *this; }
    connect_options &connect_timeout_ms(int32_t v) noexcept { o_.connect_timeout_ms = v; return *this; }
    connect_options &tls_timeout_ms(int32_t v) noexcept { o_.tls_timeout_ms = v; return *this; }
    connect_options &upgrade_timeout_ms(int32_t v) noexcept { o_.upgrade_timeout_ms = v; return *this; }
    connect_options &ping_interval_ms(int32_t v) noexcept { o_.ping_interval_ms = v; return *this; }
    connect_options &pong_timeout_ms(int32_t v) noexcept { o_.pong_timeout_ms = v; return *this; }
    connect_options &idle_timeout_ms(int32_t v) noexcept { o_.idle_timeout_ms = v; return *this; }
    connect_options &write_timeout_ms(int32_t v) noexcept { o_.write_timeout_ms = v; return *this; }
    connect_options &skip_server_cert_verification(int32_t v) noexcept { o_.skip_server_cert_verification = v; return *this; }
    connect_options &min_support_tls_protocol(int32_t v) noexcept { o_.min_support_tls_protocol = v; return *this; }
    connect_options &max_support_tls_protocol(int32_t v) noexcept { o_.max_support_tls_protocol = v; return *this; }
    connect_options &ca_path(c_text v) noexcept { o_.ca_path = v.c_str(); return *this; }
    connect_options &ca(bytes v) noexcept { o_.ca = v.data(); o_.ca_size = v.size(); return *this; }
    connect_options &client_cert_path(c_text v) noexcept { o_.client_cert_path = v.c_str(); return *this; }
    connect_options &client_cert(bytes v) noexcept { o_.client_cert = v.data(); o_.client_cert_size = v.size(); return *this; }
    connect_options &client_key_path(c_text v) noexcept { o_.client_key_path = v.c_str(); return *this; }
    connect_options &client_key(bytes v) noexcept { o_.client_key = v.data(); o_.client_key_size = v.size(); return *this; }
    connect_options &client_key_password(c_text v) noexcept { o_.client_key_password = v.c_str(); return *this; }
    connect_options &server_name(c_text v) noexcept { o_.server_name = v.c_str(); return *this; }
    connect_options &pins(c_text v) noexcept { o_.pins = v.c_str(); return *this; }
    connect_options &cipher_suites(c_text v) noexcept { o_.cipher_suites = v.c_str(); return *this; }
    connect_options &key_log_path(c_text v) noexcept { o_.key_log_path = v.c_str(); return *this; }
    connect_options &proxy(int32_t v) noexcept { o_.proxy = v; return *this; }
    connect_options &proxy_port(int32_t v) noexcept { o_.proxy_port = v; return *this; }
    connect_options &proxy_host(c_text v) noexcept { o_.proxy_host = v.c_str(); return *this; }
    connect_options &proxy_username(c_text v) noexcept { o_.proxy_username = v.c_str(); return *this; }
    connect_options &proxy_password(c_text v) noexcept { o_.proxy_password = v.c_str(); return *this; }
    connect_options &proxy_exclusion_list(c_text v) noexcept { o_.proxy_exclusion_list = v.c_str(); return *this; }
    connect_options &reconnect(const ws::reconnect_options &v) noexcept { reconnect_ = v; has_reconnect_ = true; return *this; }
    connect_options &compression(const ws::compression &v) noexcept { compression_ = v; has_compression_ = true; return *this; }
    connect_options &host(c_text v) noexcept { o_.host = v.c_str(); return *this; }
    connect_options &connect_address(c_text v) noexcept { o_.connect_address = v.c_str(); return *this; }
    connect_options &local_address(c_text v) noexcept { o_.local_address = v.c_str(); return *this; }
    connect_options &local_interface(c_text v) noexcept { o_.local_interface = v.c_str(); return *this; }
    connect_options &address_family(int32_t v) noexcept { o_.address_family = v; return *this; }
    connect_options &tcp_keepalive_ms(int32_t v) noexcept { o_.tcp_keepalive_ms = v; return *this; }
    connect_options &tcp_user_timeout_ms(int32_t v) noexcept { o_.tcp_user_timeout_ms = v; return *this; }
    connect_options &connected_descriptor(ws_socket v) noexcept { o_.connected_descriptor = v; return *this; }
    connect_options &max_answer_head(int32_t v) noexcept { o_.max_answer_head = v; return *this; }
    connect_options &proxy_ca_path(c_text v) noexcept { o_.proxy_ca_path = v.c_str(); return *this; }
    connect_options &proxy_ca(bytes v) noexcept { o_.proxy_ca = v.data(); o_.proxy_ca_size = v.size(); return *this; }
    connect_options &key_exchange_groups(c_text v) noexcept { o_.key_exchange_groups = v.c_str(); return *this; }
    connect_options &alpn(c_text v) noexcept { o_.alpn = v.c_str(); return *this; }
    ws_connect_options raw() const noexcept {
        ws_connect_options c = o_;
        if (has_reconnect_) c.reconnect = reconnect_.at();
        if (has_compression_) c.compression = compression_.at();
        return c;
    }
    operator ws_connect_options() const noexcept { return raw(); }
private:
    ws_connect_options o_{};
    ws::reconnect_options reconnect_;
    bool has_reconnect_ = false;
    ws::compression compression_;
    bool has_compression_ = false;
};

/* ws_close_options: each setter is the member of that name. */
class close_options {
public:
    close_options() noexcept { o_.struct_size = sizeof o_; }
    close_options &code(int32_t v) noexcept { o_.code = v; return *this; }
    close_options &reason(c_text v) noexcept { o_.reason = v.c_str(); return *this; }
    close_options &timeout_ms(int32_t v) noexcept { o_.timeout_ms = v; return *this; }
    close_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    ws_close_options raw() const noexcept { return o_; }
    operator ws_close_options() const noexcept { return raw(); }
private:
    ws_close_options o_{};
};

/* ws_send_options: each setter is the member of that name. */
class send_options {
public:
    send_options() noexcept { o_.struct_size = sizeof o_; }
    send_options &priority(int32_t v) noexcept { o_.priority = v; return *this; }
    send_options &key(uint64_t v) noexcept { o_.key = v; return *this; }
    ws_send_options raw() const noexcept { return o_; }
    operator ws_send_options() const noexcept { return raw(); }
private:
    ws_send_options o_{};
};

/* ws_queue_options: each setter is the member of that name. */
class queue_options {
public:
    queue_options() noexcept { o_.struct_size = sizeof o_; }
    queue_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    queue_options &max_bytes(int64_t v) noexcept { o_.max_bytes = v; return *this; }
    ws_queue_options raw() const noexcept { return o_; }
    operator ws_queue_options() const noexcept { return raw(); }
private:
    ws_queue_options o_{};
};

/* ws_server_options: each setter is the member of that name. */
class server_options {
public:
    server_options() noexcept { o_.struct_size = sizeof o_; }
    server_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    server_options &max_message_size(int64_t v) noexcept { o_.max_message_size = v; return *this; }
    server_options &max_send_size(int64_t v) noexcept { o_.max_send_size = v; return *this; }
    server_options &max_buffered(int64_t v) noexcept { o_.max_buffered = v; return *this; }
    server_options &user_data(void *v) noexcept { o_.user_data = v; return *this; }
    server_options &high_water_mark(int64_t v) noexcept { o_.high_water_mark = v; return *this; }
    server_options &low_water_mark(int64_t v) noexcept { o_.low_water_mark = v; return *this; }
    server_options &queue(ws_handle v) noexcept { o_.queue = v; return *this; }
    server_options &max_fragments(int32_t v) noexcept { o_.max_fragments = v; return *this; }
    server_options &max_control_frames(int32_t v) noexcept { o_.max_control_frames = v; return *this; }
    server_options &full_policy(int32_t v) noexcept { o_.full_policy = v; return *this; }
    server_options &max_subscriptions(int32_t v) noexcept { o_.max_subscriptions = v; return *this; }
    server_options &max_send_frame(int64_t v) noexcept { o_.max_send_frame = v; return *this; }
    ws_server_options raw() const noexcept { return o_; }
    operator ws_server_options() const noexcept { return raw(); }
private:
    ws_server_options o_{};
};

/* ws_certificate: each setter is the member of that name. */
class certificate {
public:
    certificate() noexcept { o_.struct_size = sizeof o_; }
    certificate &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    certificate &cert_path(c_text v) noexcept { o_.cert_path = v.c_str(); return *this; }
    certificate &cert(bytes v) noexcept { o_.cert = v.data(); o_.cert_size = v.size(); return *this; }
    certificate &key_path(c_text v) noexcept { o_.key_path = v.c_str(); return *this; }
    certificate &key(bytes v) noexcept { o_.key = v.data(); o_.key_size = v.size(); return *this; }
    certificate &key_password(c_text v) noexcept { o_.key_password = v.c_str(); return *this; }
    ws_certificate raw() const noexcept { return o_; }
    const ws_certificate *at() const noexcept { return &o_; } /* valid as long as this object */
    operator ws_certificate() const noexcept { return raw(); }
private:
    ws_certificate o_{};
};

/* ws_listener: each setter is the member of that name. */
class listener {
public:
    listener() noexcept { o_.struct_size = sizeof o_; }
    listener &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    listener &ip(c_text v) noexcept { o_.ip = v.c_str(); return *this; }
    listener &path(c_text v) noexcept { o_.path = v.c_str(); return *this; }
    listener &port(int32_t v) noexcept { o_.port = v; return *this; }
    listener &mode(int32_t v) noexcept { o_.mode = v; return *this; }
    listener &descriptor(ws_socket v) noexcept { o_.descriptor = v; return *this; }
    listener &backlog(int32_t v) noexcept { o_.backlog = v; return *this; }
    listener &first_loop(int32_t v) noexcept { o_.first_loop = v; return *this; }
    listener &loops(int32_t v) noexcept { o_.loops = v; return *this; }
    ws_listener raw() const noexcept { return o_; }
    const ws_listener *at() const noexcept { return &o_; } /* valid as long as this object */
    operator ws_listener() const noexcept { return raw(); }
private:
    ws_listener o_{};
};

/* ws_server_config: each setter is the member of that name. */
class server_config {
public:
    server_config() noexcept { o_.struct_size = sizeof o_; }
    server_config &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    server_config &server_port(int32_t v) noexcept { o_.server_port = v; return *this; }
    server_config &server_ip(c_text v) noexcept { o_.server_ip = v.c_str(); return *this; }
    server_config &handshake_timeout_ms(int32_t v) noexcept { o_.handshake_timeout_ms = v; return *this; }
    server_config &backlog(int32_t v) noexcept { o_.backlog = v; return *this; }
    server_config &cert_path(c_text v) noexcept { o_.cert_path = v.c_str(); return *this; }
    server_config &key_path(c_text v) noexcept { o_.key_path = v.c_str(); return *this; }
    server_config &min_support_tls_protocol(int32_t v) noexcept { o_.min_support_tls_protocol = v; return *this; }
    server_config &max_support_tls_protocol(int32_t v) noexcept { o_.max_support_tls_protocol = v; return *this; }
    server_config &cert(bytes v) noexcept { o_.cert = v.data(); o_.cert_size = v.size(); return *this; }
    server_config &key(bytes v) noexcept { o_.key = v.data(); o_.key_size = v.size(); return *this; }
    server_config &key_password(c_text v) noexcept { o_.key_password = v.c_str(); return *this; }
    server_config &certificates(array<ws_certificate> v) noexcept { o_.certificates = v.data(); o_.certificate_count = v.size(); return *this; }
    server_config &client_ca_path(c_text v) noexcept { o_.client_ca_path = v.c_str(); return *this; }
    server_config &client_ca(bytes v) noexcept { o_.client_ca = v.data(); o_.client_ca_size = v.size(); return *this; }
    server_config &cipher_suites(c_text v) noexcept { o_.cipher_suites = v.c_str(); return *this; }
    server_config &protocol(c_text v) noexcept { o_.protocol = v.c_str(); return *this; }
    server_config &origins(c_text v) noexcept { o_.origins = v.c_str(); return *this; }
    server_config &decision_timeout_ms(int32_t v) noexcept { o_.decision_timeout_ms = v; return *this; }
    server_config &keep_alive_timeout_ms(int32_t v) noexcept { o_.keep_alive_timeout_ms = v; return *this; }
    server_config &max_head_size(int32_t v) noexcept { o_.max_head_size = v; return *this; }
    server_config &max_body_size(int32_t v) noexcept { o_.max_body_size = v; return *this; }
    server_config &max_connections(int32_t v) noexcept { o_.max_connections = v; return *this; }
    server_config &max_concurrent_clients_number(int32_t v) noexcept { o_.max_concurrent_clients_number = v; return *this; }
    server_config &max_connections_for_one_client(int32_t v) noexcept { o_.max_connections_for_one_client = v; return *this; }
    server_config &max_upgrades_per_minute(int32_t v) noexcept { o_.max_upgrades_per_minute = v; return *this; }
    server_config &ping_interval_ms(int32_t v) noexcept { o_.ping_interval_ms = v; return *this; }
    server_config &pong_timeout_ms(int32_t v) noexcept { o_.pong_timeout_ms = v; return *this; }
    server_config &idle_timeout_ms(int32_t v) noexcept { o_.idle_timeout_ms = v; return *this; }
    server_config &write_timeout_ms(int32_t v) noexcept { o_.write_timeout_ms = v; return *this; }
    server_config &trusted_proxies(c_text v) noexcept { o_.trusted_proxies = v.c_str(); return *this; }
    server_config &client_address(int32_t v) noexcept { o_.client_address = v; return *this; }
    server_config &tcp_keep_alive_ms(int32_t v) noexcept { o_.tcp_keep_alive_ms = v; return *this; }
    server_config &listeners(array<ws_listener> v) noexcept { o_.listeners = v.data(); o_.listener_count = v.size(); return *this; }
    server_config &compression(const ws::compression &v) noexcept { compression_ = v; has_compression_ = true; return *this; }
    server_config &hosts(c_text v) noexcept { o_.hosts = v.c_str(); return *this; }
    server_config &health_path(c_text v) noexcept { o_.health_path = v.c_str(); return *this; }
    ws_server_config raw() const noexcept {
        ws_server_config c = o_;
        if (has_compression_) c.compression = compression_.at();
        return c;
    }
    operator ws_server_config() const noexcept { return raw(); }
private:
    ws_server_config o_{};
    ws::compression compression_;
    bool has_compression_ = false;
};

/* ws_accept_options: each setter is the member of that name. */
class accept_options {
public:
    accept_options() noexcept { o_.struct_size = sizeof o_; }
    accept_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    accept_options &protocol(c_text v) noexcept { o_.protocol = v.c_str(); return *this; }
    accept_options &headers(array<ws_header> v) noexcept { o_.headers = v.data(); o_.header_count = v.size(); return *this; }
    accept_options &correlation_id(c_text v) noexcept { o_.correlation_id = v.c_str(); return *this; }
    accept_options &max_message_size(int64_t v) noexcept { o_.max_message_size = v; return *this; }
    accept_options &max_send_size(int64_t v) noexcept { o_.max_send_size = v; return *this; }
    accept_options &max_buffered(int64_t v) noexcept { o_.max_buffered = v; return *this; }
    accept_options &high_water_mark(int64_t v) noexcept { o_.high_water_mark = v; return *this; }
    accept_options &low_water_mark(int64_t v) noexcept { o_.low_water_mark = v; return *this; }
    accept_options &ping_interval_ms(int32_t v) noexcept { o_.ping_interval_ms = v; return *this; }
    accept_options &pong_timeout_ms(int32_t v) noexcept { o_.pong_timeout_ms = v; return *this; }
    accept_options &idle_timeout_ms(int32_t v) noexcept { o_.idle_timeout_ms = v; return *this; }
    accept_options &write_timeout_ms(int32_t v) noexcept { o_.write_timeout_ms = v; return *this; }
    ws_accept_options raw() const noexcept { return o_; }
    operator ws_accept_options() const noexcept { return raw(); }
private:
    ws_accept_options o_{};
};

/* ws_adopt_options: each setter is the member of that name. */
class adopt_options {
public:
    adopt_options() noexcept { o_.struct_size = sizeof o_; }
    adopt_options &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    adopt_options &descriptor(ws_socket v) noexcept { o_.descriptor = v; return *this; }
    adopt_options &client_port(int32_t v) noexcept { o_.client_port = v; return *this; }
    adopt_options &client_ip(c_text v) noexcept { o_.client_ip = v.c_str(); return *this; }
    adopt_options &data(bytes v) noexcept { o_.data = v.data(); o_.size = v.size(); return *this; }
    adopt_options &target(c_text v) noexcept { o_.target = v.c_str(); return *this; }
    adopt_options &protocol(c_text v) noexcept { o_.protocol = v.c_str(); return *this; }
    adopt_options &user_data(void *v) noexcept { o_.user_data = v; return *this; }
    ws_adopt_options raw() const noexcept { return o_; }
    operator ws_adopt_options() const noexcept { return raw(); }
private:
    ws_adopt_options o_{};
};

/* ws_response: each setter is the member of that name. */
class response {
public:
    response() noexcept { o_.struct_size = sizeof o_; }
    response &flags(uint32_t v) noexcept { o_.flags = v; return *this; }
    response &status(int32_t v) noexcept { o_.status = v; return *this; }
    response &headers(array<ws_header> v) noexcept { o_.headers = v.data(); o_.header_count = v.size(); return *this; }
    response &body(bytes v) noexcept { o_.body = v.data(); o_.body_size = v.size(); return *this; }
    ws_response raw() const noexcept { return o_; }
    operator ws_response() const noexcept { return raw(); }
private:
    ws_response o_{};
};

LIBWS_END

#endif
