# SPDX-License-Identifier: Apache-2.0
# Generated from tests/ffi/declarations.json by bindings/python/generate.py; do not edit.
"""Keyword arguments, which are the members and flags of the structs of options in ws_options.h and
ws_server_options.h: what each does, its range and its default stand beside the member of the same
name there. Times (members in _ms) are seconds here, and lose the _ms; flags are bool, without WS_;
None is what -1 is there: off, or no limit; of key 0: none. What is not given has the library's default.
"""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Mapping, NamedTuple, Sequence, Tuple, TypedDict, Union

if TYPE_CHECKING:
    Headers = Union[Mapping[str, str], Sequence[Tuple[str, str]]]


class CompressionOptions(TypedDict, total=False):
    """Keyword compression; True is {}."""

    # ws_compression
    takeover_out: bool
    takeover_in: bool
    level: int | None
    min_size: int | None
    window_bits_out: int | None
    window_bits_in: int | None
    max_ratio: int | None


class ReconnectOptions(TypedDict, total=False):
    """Keyword reconnect; True is {}."""

    # ws_reconnect_options
    keep_sends: bool
    retry_certificate: bool
    # without ask_before_reconnect: set when before_reconnect is given
    first_delay: float | None
    max_delay: float | None
    factor_percent: int | None
    max_tries: int | None
    exact: int | None
    final_codes: Sequence[int]
    stable: float | None
    answer_timeout: float | None


class ConnectOptions(TypedDict, total=False):
    """Keyword arguments of connect."""

    # ws_create_options
    refuse_early: bool
    receive_parts: bool
    # without ping_events: always set: ping() waits for a pong
    skip_large: bool
    manual_pong: bool
    max_message_size: int | None
    max_send_size: int | None
    max_buffered: int | None
    # without user_data: handles are looked up by their number
    high_water_mark: int | None
    low_water_mark: int | None
    # without queue: each event loop, and each thread that waits, has a queue of its own
    full_policy: int | None
    correlation_id: str | None
    max_send_frame: int | None
    # ws_connect_options
    origin_of_url: bool
    support_origin_port: bool
    strict_pong: bool
    no_resumption: bool
    acknowledged_sends: bool
    keep_cookies: bool
    # without verify_events: set when verify is given
    sign_events: bool
    renegotiate_once: bool
    require_protocol: bool
    headers: Headers
    protocol: str | None
    origin: str | None
    max_redirects: int | None
    handshake_timeout: float | None
    connect_timeout: float | None
    tls_timeout: float | None
    upgrade_timeout: float | None
    ping_interval: float | None
    pong_timeout: float | None
    idle_timeout: float | None
    write_timeout: float | None
    skip_server_cert_verification: int | None
    min_support_tls_protocol: int | None
    max_support_tls_protocol: int | None
    ca_path: str | os.PathLike[str] | None
    ca: bytes | str | None
    client_cert_path: str | os.PathLike[str] | None
    client_cert: bytes | str | None
    client_key_path: str | os.PathLike[str] | None
    client_key: bytes | str | None
    client_key_password: str | None
    server_name: str | None
    pins: str | None
    cipher_suites: str | None
    key_log_path: str | os.PathLike[str] | None
    proxy: int | None
    proxy_port: int | None
    proxy_host: str | None
    proxy_username: str | None
    proxy_password: str | None
    proxy_exclusion_list: str | None
    reconnect: bool | ReconnectOptions
    compression: bool | CompressionOptions
    host: str | None
    connect_address: str | None
    local_address: str | None
    local_interface: str | None
    address_family: int | None
    tcp_keepalive: float | None
    tcp_user_timeout: float | None
    connected_descriptor: int
    max_answer_head: int | None
    proxy_ca_path: str | os.PathLike[str] | None
    proxy_ca: bytes | str | None
    key_exchange_groups: str | None
    alpn: str | None


class ReconnectChanges(TypedDict, total=False):
    """What before_reconnect gives back: what is different from now on."""

    # ws_reconnect_changes
    url: str | None
    headers: Headers
    protocol: str | None
    connect_address: str | None
    proxy_username: str | None
    proxy_password: str | None
    client_cert_path: str | os.PathLike[str] | None
    client_cert: bytes | str | None
    client_key_path: str | os.PathLike[str] | None
    client_key: bytes | str | None
    client_key_password: str | None


class CertificateOptions(TypedDict, total=False):
    """An element of certificates."""

    # ws_certificate
    sign_events: bool
    cert_path: str | os.PathLike[str] | None
    cert: bytes | str | None
    key_path: str | os.PathLike[str] | None
    key: bytes | str | None
    key_password: str | None


class ListenerOptions(TypedDict, total=False):
    """An element of listeners: one more place where a server listens."""

    # ws_listener
    reuse_port: bool
    plain: bool
    ipv6_only: bool
    ip: str | None
    path: str | os.PathLike[str] | None
    port: int | None
    mode: int | None
    descriptor: int
    backlog: int | None
    first_loop: int | None
    loops: int | None


class ServeOptions(TypedDict, total=False):
    """Keyword arguments of serve."""

    # ws_server_options
    receive_parts: bool
    # without ping_events: always set: ping() waits for a pong
    # without upgrade_events: set when on_upgrade is given
    # without request_events: set when on_request is given
    keep_request: bool
    # without topic_events: set when on_event is given
    skip_large: bool
    manual_pong: bool
    max_message_size: int | None
    max_send_size: int | None
    max_buffered: int | None
    # without user_data: handles are looked up by their number
    high_water_mark: int | None
    low_water_mark: int | None
    # without queue: each event loop, and each thread that waits, has a queue of its own
    max_fragments: int | None
    max_control_frames: int | None
    full_policy: int | None
    max_subscriptions: int | None
    max_send_frame: int | None
    # ws_server_config
    module_limits: bool
    strict_pong: bool
    client_cert_optional: bool
    listeners_only: bool
    reuse_port: bool
    http_origins: bool
    require_protocol: bool
    no_listeners: bool
    ipv6_only: bool
    # without verify_events: set when verify is given
    sign_events: bool
    # without server_port: the argument port
    # without server_ip: the argument host
    handshake_timeout: float | None
    backlog: int | None
    cert_path: str | os.PathLike[str] | None
    key_path: str | os.PathLike[str] | None
    min_support_tls_protocol: int | None
    max_support_tls_protocol: int | None
    cert: bytes | str | None
    key: bytes | str | None
    key_password: str | None
    certificates: Sequence[CertificateOptions]
    client_ca_path: str | os.PathLike[str] | None
    client_ca: bytes | str | None
    cipher_suites: str | None
    protocol: str | None
    origins: str | None
    decision_timeout: float | None
    keep_alive_timeout: float | None
    max_head_size: int | None
    max_body_size: int | None
    max_connections: int | None
    max_concurrent_clients_number: int | None
    max_connections_for_one_client: int | None
    max_upgrades_per_minute: int | None
    ping_interval: float | None
    pong_timeout: float | None
    idle_timeout: float | None
    write_timeout: float | None
    trusted_proxies: str | None
    client_address: int | None
    tcp_keep_alive: float | None
    listeners: Sequence[ListenerOptions]
    compression: bool | CompressionOptions
    hosts: str | None
    health_path: str | os.PathLike[str] | None


class AcceptOptions(TypedDict, total=False):
    """What Upgrade.accept may change for one connection."""

    # ws_accept_options
    no_compression: bool
    protocol: str | None
    headers: Headers
    correlation_id: str | None
    max_message_size: int | None
    max_send_size: int | None
    max_buffered: int | None
    high_water_mark: int | None
    low_water_mark: int | None
    ping_interval: float | None
    pong_timeout: float | None
    idle_timeout: float | None
    write_timeout: float | None


class AdoptOptions(TypedDict, total=False):
    """Keyword arguments of Server.adopt."""

    # ws_adopt_options
    upgraded: bool
    # without descriptor: an argument of its own
    client_port: int | None
    client_ip: str | None
    data: bytes | str | None
    target: str | None
    protocol: str | None
    # without user_data: handles are looked up by their number


class ResponseOptions(TypedDict, total=False):
    """An answer to a request."""

    # ws_response
    last_response: bool
    # without status: an argument of its own
    headers: Headers
    # without body: an argument of its own


class CloseOptions(TypedDict, total=False):
    """Keyword arguments of close."""

    # ws_close_options
    # without code: an argument of its own
    # without reason: an argument of its own
    timeout: float | None
    cut_reason: bool
    no_code: bool


class SendOptions(TypedDict, total=False):
    """Keyword arguments of send, send_nowait, publish and broadcast."""

    # ws_send_options
    priority: int | None
    key: int | None


class InitOptions(TypedDict, total=False):
    """Keyword arguments of init."""

    # ws_init_options
    loops: int | None
    engine: int | None
    log_level: int | None
    memory_budget: int | None
    # without log: it would be called on threads of the library; WS_LOG=debug in the environment prints
    # without log_user_data: goes with log
    log_lines_per_second: int | None


class QueueOptions(TypedDict, total=False):
    """Not given by programs: each loop makes its own queue."""

    # ws_queue_options
    queue_thread: bool
    queue_gather: bool
    max_bytes: int | None


class Member(NamedTuple):
    """Where a keyword goes: member of a struct, how it is written, and what goes with it."""

    name: str
    kind: str
    size: str
    struct: str
    value: int


# struct: keyword: where it goes
TABLE: dict[str, dict[str, Member]] = {
    "ws_compression": {
        "takeover_out": Member("flags", "flag", "", "", 1),
        "takeover_in": Member("flags", "flag", "", "", 2),
        "level": Member("level", "integer", "", "", 0),
        "min_size": Member("min_size", "integer", "", "", 0),
        "window_bits_out": Member("window_bits_out", "integer", "", "", 0),
        "window_bits_in": Member("window_bits_in", "integer", "", "", 0),
        "max_ratio": Member("max_ratio", "integer", "", "", 0),
    },
    "ws_init_options": {
        "loops": Member("loops", "integer", "", "", 0),
        "engine": Member("engine", "integer", "", "", 0),
        "log_level": Member("log_level", "integer", "", "", 0),
        "memory_budget": Member("memory_budget", "integer", "", "", 0),
        "log_lines_per_second": Member("log_lines_per_second", "integer", "", "", 0),
    },
    "ws_create_options": {
        "refuse_early": Member("flags", "flag", "", "", 1),
        "receive_parts": Member("flags", "flag", "", "", 2),
        "ping_events": Member("flags", "flag", "", "", 4),
        "skip_large": Member("flags", "flag", "", "", 128),
        "manual_pong": Member("flags", "flag", "", "", 256),
        "max_message_size": Member("max_message_size", "integer", "", "", 0),
        "max_send_size": Member("max_send_size", "integer", "", "", 0),
        "max_buffered": Member("max_buffered", "integer", "", "", 0),
        "high_water_mark": Member("high_water_mark", "integer", "", "", 0),
        "low_water_mark": Member("low_water_mark", "integer", "", "", 0),
        "full_policy": Member("full_policy", "integer", "", "", 0),
        "correlation_id": Member("correlation_id", "text", "", "", 0),
        "max_send_frame": Member("max_send_frame", "integer", "", "", 0),
    },
    "ws_reconnect_options": {
        "keep_sends": Member("flags", "flag", "", "", 1),
        "retry_certificate": Member("flags", "flag", "", "", 2),
        "ask_before_reconnect": Member("flags", "flag", "", "", 4),
        "first_delay": Member("first_delay_ms", "milliseconds", "", "", 0),
        "max_delay": Member("max_delay_ms", "milliseconds", "", "", 0),
        "factor_percent": Member("factor_percent", "integer", "", "", 0),
        "max_tries": Member("max_tries", "integer", "", "", 0),
        "exact": Member("exact", "integer", "", "", 0),
        "final_codes": Member("final_codes", "ints", "final_code_count", "", 0),
        "stable": Member("stable_ms", "milliseconds", "", "", 0),
        "answer_timeout": Member("answer_timeout_ms", "milliseconds", "", "", 0),
    },
    "ws_reconnect_changes": {
        "url": Member("url", "text", "", "", 0),
        "headers": Member("headers", "headers", "header_count", "", 0),
        "protocol": Member("protocol", "text", "", "", 0),
        "connect_address": Member("connect_address", "text", "", "", 0),
        "proxy_username": Member("proxy_username", "text", "", "", 0),
        "proxy_password": Member("proxy_password", "text", "", "", 0),
        "client_cert_path": Member("client_cert_path", "path", "", "", 0),
        "client_cert": Member("client_cert", "bytes", "client_cert_size", "", 0),
        "client_key_path": Member("client_key_path", "path", "", "", 0),
        "client_key": Member("client_key", "bytes", "client_key_size", "", 0),
        "client_key_password": Member("client_key_password", "text", "", "", 0),
    },
    "ws_connect_options": {
        "origin_of_url": Member("flags", "flag", "", "", 8),
        "support_origin_port": Member("flags", "flag", "", "", 1),
        "strict_pong": Member("flags", "flag", "", "", 2),
        "no_resumption": Member("flags", "flag", "", "", 4),
        "acknowledged_sends": Member("flags", "flag", "", "", 16),
        "keep_cookies": Member("flags", "flag", "", "", 64),
        "verify_events": Member("flags", "flag", "", "", 4096),
        "sign_events": Member("flags", "flag", "", "", 8192),
        "renegotiate_once": Member("flags", "flag", "", "", 16384),
        "require_protocol": Member("flags", "flag", "", "", 256),
        "headers": Member("headers", "headers", "header_count", "", 0),
        "protocol": Member("protocol", "text", "", "", 0),
        "origin": Member("origin", "text", "", "", 0),
        "max_redirects": Member("max_redirects", "integer", "", "", 0),
        "handshake_timeout": Member("handshake_timeout_ms", "milliseconds", "", "", 0),
        "connect_timeout": Member("connect_timeout_ms", "milliseconds", "", "", 0),
        "tls_timeout": Member("tls_timeout_ms", "milliseconds", "", "", 0),
        "upgrade_timeout": Member("upgrade_timeout_ms", "milliseconds", "", "", 0),
        "ping_interval": Member("ping_interval_ms", "milliseconds", "", "", 0),
        "pong_timeout": Member("pong_timeout_ms", "milliseconds", "", "", 0),
        "idle_timeout": Member("idle_timeout_ms", "milliseconds", "", "", 0),
        "write_timeout": Member("write_timeout_ms", "milliseconds", "", "", 0),
        "skip_server_cert_verification": Member("skip_server_cert_verification", "integer", "", "", 0),
        "min_support_tls_protocol": Member("min_support_tls_protocol", "integer", "", "", 0),
        "max_support_tls_protocol": Member("max_support_tls_protocol", "integer", "", "", 0),
        "ca_path": Member("ca_path", "path", "", "", 0),
        "ca": Member("ca", "bytes", "ca_size", "", 0),
        "client_cert_path": Member("client_cert_path", "path", "", "", 0),
        "client_cert": Member("client_cert", "bytes", "client_cert_size", "", 0),
        "client_key_path": Member("client_key_path", "path", "", "", 0),
        "client_key": Member("client_key", "bytes", "client_key_size", "", 0),
        "client_key_password": Member("client_key_password", "text", "", "", 0),
        "server_name": Member("server_name", "text", "", "", 0),
        "pins": Member("pins", "text", "", "", 0),
        "cipher_suites": Member("cipher_suites", "text", "", "", 0),
        "key_log_path": Member("key_log_path", "path", "", "", 0),
        "proxy": Member("proxy", "integer", "", "", 0),
        "proxy_port": Member("proxy_port", "integer", "", "", 0),
        "proxy_host": Member("proxy_host", "text", "", "", 0),
        "proxy_username": Member("proxy_username", "text", "", "", 0),
        "proxy_password": Member("proxy_password", "text", "", "", 0),
        "proxy_exclusion_list": Member("proxy_exclusion_list", "text", "", "", 0),
        "reconnect": Member("reconnect", "struct", "", "ws_reconnect_options", 0),
        "compression": Member("compression", "struct", "", "ws_compression", 0),
        "host": Member("host", "text", "", "", 0),
        "connect_address": Member("connect_address", "text", "", "", 0),
        "local_address": Member("local_address", "text", "", "", 0),
        "local_interface": Member("local_interface", "text", "", "", 0),
        "address_family": Member("address_family", "integer", "", "", 0),
        "tcp_keepalive": Member("tcp_keepalive_ms", "milliseconds", "", "", 0),
        "tcp_user_timeout": Member("tcp_user_timeout_ms", "milliseconds", "", "", 0),
        "connected_descriptor": Member("connected_descriptor", "descriptor", "", "", 32),
        "max_answer_head": Member("max_answer_head", "integer", "", "", 0),
        "proxy_ca_path": Member("proxy_ca_path", "path", "", "", 0),
        "proxy_ca": Member("proxy_ca", "bytes", "proxy_ca_size", "", 0),
        "key_exchange_groups": Member("key_exchange_groups", "text", "", "", 0),
        "alpn": Member("alpn", "text", "", "", 0),
    },
    "ws_close_options": {
        "code": Member("code", "integer", "", "", 0),
        "reason": Member("reason", "text", "", "", 0),
        "timeout": Member("timeout_ms", "milliseconds", "", "", 0),
        "cut_reason": Member("flags", "flag", "", "", 1),
        "no_code": Member("flags", "flag", "", "", 2),
    },
    "ws_send_options": {
        "priority": Member("priority", "integer", "", "", 0),
        "key": Member("key", "unsigned", "", "", 0),
    },
    "ws_queue_options": {
        "queue_thread": Member("flags", "flag", "", "", 1),
        "queue_gather": Member("flags", "flag", "", "", 2),
        "max_bytes": Member("max_bytes", "integer", "", "", 0),
    },
    "ws_server_options": {
        "receive_parts": Member("flags", "flag", "", "", 2),
        "ping_events": Member("flags", "flag", "", "", 4),
        "upgrade_events": Member("flags", "flag", "", "", 8),
        "request_events": Member("flags", "flag", "", "", 16),
        "keep_request": Member("flags", "flag", "", "", 32),
        "topic_events": Member("flags", "flag", "", "", 64),
        "skip_large": Member("flags", "flag", "", "", 128),
        "manual_pong": Member("flags", "flag", "", "", 256),
        "max_message_size": Member("max_message_size", "integer", "", "", 0),
        "max_send_size": Member("max_send_size", "integer", "", "", 0),
        "max_buffered": Member("max_buffered", "integer", "", "", 0),
        "high_water_mark": Member("high_water_mark", "integer", "", "", 0),
        "low_water_mark": Member("low_water_mark", "integer", "", "", 0),
        "max_fragments": Member("max_fragments", "integer", "", "", 0),
        "max_control_frames": Member("max_control_frames", "integer", "", "", 0),
        "full_policy": Member("full_policy", "integer", "", "", 0),
        "max_subscriptions": Member("max_subscriptions", "integer", "", "", 0),
        "max_send_frame": Member("max_send_frame", "integer", "", "", 0),
    },
    "ws_certificate": {
        "sign_events": Member("flags", "flag", "", "", 8192),
        "cert_path": Member("cert_path", "path", "", "", 0),
        "cert": Member("cert", "bytes", "cert_size", "", 0),
        "key_path": Member("key_path", "path", "", "", 0),
        "key": Member("key", "bytes", "key_size", "", 0),
        "key_password": Member("key_password", "text", "", "", 0),
    },
    "ws_listener": {
        "reuse_port": Member("flags", "flag", "", "", 2),
        "plain": Member("flags", "flag", "", "", 4),
        "ipv6_only": Member("flags", "flag", "", "", 8),
        "ip": Member("ip", "text", "", "", 0),
        "path": Member("path", "path", "", "", 0),
        "port": Member("port", "integer", "", "", 0),
        "mode": Member("mode", "integer", "", "", 0),
        "descriptor": Member("descriptor", "descriptor", "", "", 1),
        "backlog": Member("backlog", "integer", "", "", 0),
        "first_loop": Member("first_loop", "integer", "", "", 0),
        "loops": Member("loops", "integer", "", "", 0),
    },
    "ws_server_config": {
        "module_limits": Member("flags", "flag", "", "", 1),
        "strict_pong": Member("flags", "flag", "", "", 2),
        "client_cert_optional": Member("flags", "flag", "", "", 16),
        "listeners_only": Member("flags", "flag", "", "", 32),
        "reuse_port": Member("flags", "flag", "", "", 64),
        "http_origins": Member("flags", "flag", "", "", 128),
        "require_protocol": Member("flags", "flag", "", "", 256),
        "no_listeners": Member("flags", "flag", "", "", 512),
        "ipv6_only": Member("flags", "flag", "", "", 1024),
        "verify_events": Member("flags", "flag", "", "", 4096),
        "sign_events": Member("flags", "flag", "", "", 8192),
        "server_port": Member("server_port", "integer", "", "", 0),
        "server_ip": Member("server_ip", "text", "", "", 0),
        "handshake_timeout": Member("handshake_timeout_ms", "milliseconds", "", "", 0),
        "backlog": Member("backlog", "integer", "", "", 0),
        "cert_path": Member("cert_path", "path", "", "", 0),
        "key_path": Member("key_path", "path", "", "", 0),
        "min_support_tls_protocol": Member("min_support_tls_protocol", "integer", "", "", 0),
        "max_support_tls_protocol": Member("max_support_tls_protocol", "integer", "", "", 0),
        "cert": Member("cert", "bytes", "cert_size", "", 0),
        "key": Member("key", "bytes", "key_size", "", 0),
        "key_password": Member("key_password", "text", "", "", 0),
        "certificates": Member("certificates", "structs", "certificate_count", "ws_certificate", 0),
        "client_ca_path": Member("client_ca_path", "path", "", "", 0),
        "client_ca": Member("client_ca", "bytes", "client_ca_size", "", 0),
        "cipher_suites": Member("cipher_suites", "text", "", "", 0),
        "protocol": Member("protocol", "text", "", "", 0),
        "origins": Member("origins", "text", "", "", 0),
        "decision_timeout": Member("decision_timeout_ms", "milliseconds", "", "", 0),
        "keep_alive_timeout": Member("keep_alive_timeout_ms", "milliseconds", "", "", 0),
        "max_head_size": Member("max_head_size", "integer", "", "", 0),
        "max_body_size": Member("max_body_size", "integer", "", "", 0),
        "max_connections": Member("max_connections", "integer", "", "", 0),
        "max_concurrent_clients_number": Member("max_concurrent_clients_number", "integer", "", "", 0),
        "max_connections_for_one_client": Member("max_connections_for_one_client", "integer", "", "", 0),
        "max_upgrades_per_minute": Member("max_upgrades_per_minute", "integer", "", "", 0),
        "ping_interval": Member("ping_interval_ms", "milliseconds", "", "", 0),
        "pong_timeout": Member("pong_timeout_ms", "milliseconds", "", "", 0),
        "idle_timeout": Member("idle_timeout_ms", "milliseconds", "", "", 0),
        "write_timeout": Member("write_timeout_ms", "milliseconds", "", "", 0),
        "trusted_proxies": Member("trusted_proxies", "text", "", "", 0),
        "client_address": Member("client_address", "integer", "", "", 0),
        "tcp_keep_alive": Member("tcp_keep_alive_ms", "milliseconds", "", "", 0),
        "listeners": Member("listeners", "structs", "listener_count", "ws_listener", 0),
        "compression": Member("compression", "struct", "", "ws_compression", 0),
        "hosts": Member("hosts", "text", "", "", 0),
        "health_path": Member("health_path", "path", "", "", 0),
    },
    "ws_accept_options": {
        "no_compression": Member("flags", "flag", "", "", 1),
        "protocol": Member("protocol", "text", "", "", 0),
        "headers": Member("headers", "headers", "header_count", "", 0),
        "correlation_id": Member("correlation_id", "text", "", "", 0),
        "max_message_size": Member("max_message_size", "integer", "", "", 0),
        "max_send_size": Member("max_send_size", "integer", "", "", 0),
        "max_buffered": Member("max_buffered", "integer", "", "", 0),
        "high_water_mark": Member("high_water_mark", "integer", "", "", 0),
        "low_water_mark": Member("low_water_mark", "integer", "", "", 0),
        "ping_interval": Member("ping_interval_ms", "milliseconds", "", "", 0),
        "pong_timeout": Member("pong_timeout_ms", "milliseconds", "", "", 0),
        "idle_timeout": Member("idle_timeout_ms", "milliseconds", "", "", 0),
        "write_timeout": Member("write_timeout_ms", "milliseconds", "", "", 0),
    },
    "ws_adopt_options": {
        "upgraded": Member("flags", "flag", "", "", 1),
        "descriptor": Member("descriptor", "descriptor", "", "", 0),
        "client_port": Member("client_port", "integer", "", "", 0),
        "client_ip": Member("client_ip", "text", "", "", 0),
        "data": Member("data", "bytes", "size", "", 0),
        "target": Member("target", "text", "", "", 0),
        "protocol": Member("protocol", "text", "", "", 0),
    },
    "ws_response": {
        "last_response": Member("flags", "flag", "", "", 1),
        "status": Member("status", "integer", "", "", 0),
        "headers": Member("headers", "headers", "header_count", "", 0),
        "body": Member("body", "bytes", "body_size", "", 0),
    },
}
