// SPDX-License-Identifier: Apache-2.0
// Written by generate.mjs. Options by their names here: [name, member of C, kind, inner struct], and flags; numbers of the ABI.
'use strict';

exports.OPTIONS = {
    ws_create_options: {
        members: [
            ["maxMessageSize", "max_message_size", "I64"],
            ["maxSendSize", "max_send_size", "I64"],
            ["maxBuffered", "max_buffered", "I64"],
            ["highWaterMark", "high_water_mark", "I64"],
            ["lowWaterMark", "low_water_mark", "I64"],
            ["fullPolicy", "full_policy",{"refuse":0,"close":1,"dropOldest":2}],
            ["correlationId", "correlation_id", "TEXT"],
            ["maxSendFrame", "max_send_frame", "I64"],
        ],
        flags: {"refuseEarly":1,"skipLarge":128,"manualPong":256},
    },
    ws_connect_options: {
        members: [
            ["origin", "origin", "TEXT"],
            ["maxRedirects", "max_redirects", "I32"],
            ["handshakeTimeout", "handshake_timeout_ms", "I32"],
            ["connectTimeout", "connect_timeout_ms", "I32"],
            ["tlsTimeout", "tls_timeout_ms", "I32"],
            ["upgradeTimeout", "upgrade_timeout_ms", "I32"],
            ["pingInterval", "ping_interval_ms", "seconds"],
            ["pongTimeout", "pong_timeout_ms", "seconds"],
            ["idleTimeout", "idle_timeout_ms", "I32"],
            ["writeTimeout", "write_timeout_ms", "I32"],
            ["skipServerCertVerification", "skip_server_cert_verification", "boolean"],
            ["minSupportTlsProtocol", "min_support_tls_protocol", "tls"],
            ["maxSupportTlsProtocol", "max_support_tls_protocol", "tls"],
            ["ca", "ca", "BYTES"],
            ["serverName", "server_name", "TEXT"],
            ["pins", "pins", "TEXT"],
            ["cipherSuites", "cipher_suites", "TEXT"],
            ["keyLogPath", "key_log_path", "TEXT"],
            ["host", "host", "TEXT"],
            ["connectAddress", "connect_address", "TEXT"],
            ["localAddress", "local_address", "TEXT"],
            ["localInterface", "local_interface", "TEXT"],
            ["addressFamily", "address_family", "I32"],
            ["tcpKeepalive", "tcp_keepalive_ms", "I32"],
            ["tcpUserTimeout", "tcp_user_timeout_ms", "I32"],
            ["maxAnswerHead", "max_answer_head", "I32"],
            ["proxyCaPath", "proxy_ca_path", "TEXT"],
            ["proxyCa", "proxy_ca", "BYTES"],
            ["keyExchangeGroups", "key_exchange_groups", "TEXT"],
            ["alpn", "alpn", "TEXT"],
        ],
        flags: {"originOfUrl":8,"supportOriginPort":1,"strictPong":2,"noResumption":4,"acknowledgedSends":16,"keepCookies":64,"renegotiateOnce":16384,"requireProtocol":256},
    },
    ws_reconnect_options: {
        members: [
            ["firstDelay", "first_delay_ms", "I32"],
            ["maxDelay", "max_delay_ms", "I32"],
            ["factorPercent", "factor_percent", "I32"],
            ["maxTries", "max_tries", "I32"],
            ["exact", "exact", "boolean"],
            ["finalCodes", "final_codes", "I32S"],
            ["stable", "stable_ms", "I32"],
            ["answerTimeout", "answer_timeout_ms", "I32"],
        ],
        flags: {"keepSends":1,"retryCertificate":2},
    },
    ws_reconnect_changes: {
        members: [
            ["url", "url", "TEXT"],
            ["connectAddress", "connect_address", "TEXT"],
            ["proxyUsername", "proxy_username", "TEXT"],
            ["proxyPassword", "proxy_password", "TEXT"],
        ],
        flags: {},
    },
    ws_compression: {
        members: [
            ["level", "level", "I32"],
            ["minSize", "min_size", "I32"],
            ["windowBits", "window_bits_out", "I32"],
            ["peerWindowBits", "window_bits_in", "I32"],
            ["maxRatio", "max_ratio", "I32"],
        ],
        flags: {},
    },
    ws_close_options: {
        members: [
            ["code", "code", "I32"],
            ["reason", "reason", "TEXT"],
            ["timeout", "timeout_ms", "I32"],
        ],
        flags: {"cutReason":1,"noCode":2},
    },
    ws_send_options: {
        members: [
            ["priority", "priority", "I32"],
            ["key", "key", "U64"],
        ],
        flags: {},
    },
    ws_server_options: {
        members: [
            ["maxMessageSize", "max_message_size", "I64"],
            ["maxSendSize", "max_send_size", "I64"],
            ["maxBuffered", "max_buffered", "I64"],
            ["highWaterMark", "high_water_mark", "I64"],
            ["lowWaterMark", "low_water_mark", "I64"],
            ["maxFragments", "max_fragments", "I32"],
            ["maxControlFrames", "max_control_frames", "I32"],
            ["fullPolicy", "full_policy",{"refuse":0,"close":1,"dropOldest":2}],
            ["maxSubscriptions", "max_subscriptions", "I32"],
            ["maxSendFrame", "max_send_frame", "I64"],
        ],
        flags: {"pingEvents":4,"keepRequest":32,"skipLarge":128,"manualPong":256},
    },
    ws_server_config: {
        members: [
            ["handshakeTimeout", "handshake_timeout_ms", "I32"],
            ["backlog", "backlog", "I32"],
            ["minSupportTlsProtocol", "min_support_tls_protocol", "tls"],
            ["maxSupportTlsProtocol", "max_support_tls_protocol", "tls"],
            ["certificates", "certificates", "STRUCTS", "ws_certificate"],
            ["clientCaPath", "client_ca_path", "TEXT"],
            ["clientCa", "client_ca", "BYTES"],
            ["cipherSuites", "cipher_suites", "TEXT"],
            ["protocol", "protocol", "TEXT"],
            ["origins", "origins", "TEXT"],
            ["decisionTimeout", "decision_timeout_ms", "I32"],
            ["keepAliveTimeout", "keep_alive_timeout_ms", "I32"],
            ["maxHeadSize", "max_head_size", "I32"],
            ["maxBodySize", "max_body_size", "I32"],
            ["maxConnections", "max_connections", "I32"],
            ["maxConcurrentClientsNumber", "max_concurrent_clients_number", "I32"],
            ["maxConnectionsForOneClient", "max_connections_for_one_client", "I32"],
            ["maxUpgradesPerMinute", "max_upgrades_per_minute", "I32"],
            ["pingInterval", "ping_interval_ms", "seconds"],
            ["pongTimeout", "pong_timeout_ms", "seconds"],
            ["idleTimeout", "idle_timeout_ms", "I32"],
            ["writeTimeout", "write_timeout_ms", "I32"],
            ["trustedProxies", "trusted_proxies", "TEXT"],
            ["clientAddress", "client_address",{"peer":0,"forwarded":1,"xForwardedFor":2,"proxyProtocol":3}],
            ["tcpKeepAlive", "tcp_keep_alive_ms", "I32"],
            ["listeners", "listeners", "STRUCTS", "ws_listener"],
            ["hosts", "hosts", "TEXT"],
            ["healthPath", "health_path", "TEXT"],
        ],
        flags: {"strictPong":2,"clientCertOptional":16,"listenersOnly":32,"reusePort":64,"httpOrigins":128,"requireProtocol":256,"noListeners":512,"ipv6Only":1024},
    },
    ws_certificate: {
        members: [
            ["certPath", "cert_path", "TEXT"],
            ["cert", "cert", "BYTES"],
            ["keyPath", "key_path", "TEXT"],
            ["key", "key", "BYTES"],
            ["keyPassword", "key_password", "TEXT"],
        ],
        flags: {},
    },
    ws_listener: {
        members: [
            ["ip", "ip", "TEXT"],
            ["path", "path", "TEXT"],
            ["port", "port", "I32"],
            ["mode", "mode", "I32"],
            ["backlog", "backlog", "I32"],
            ["firstLoop", "first_loop", "I32"],
            ["loops", "loops", "I32"],
        ],
        flags: {"reusePort":2,"plain":4,"ipv6Only":8},
    },
    ws_accept_options: {
        members: [
            ["protocol", "protocol", "TEXT"],
            ["correlationId", "correlation_id", "TEXT"],
            ["maxMessageSize", "max_message_size", "I64"],
            ["maxSendSize", "max_send_size", "I64"],
            ["maxBuffered", "max_buffered", "I64"],
            ["highWaterMark", "high_water_mark", "I64"],
            ["lowWaterMark", "low_water_mark", "I64"],
            ["pingInterval", "ping_interval_ms", "seconds"],
            ["pongTimeout", "pong_timeout_ms", "seconds"],
            ["idleTimeout", "idle_timeout_ms", "I32"],
            ["writeTimeout", "write_timeout_ms", "I32"],
        ],
        flags: {"noCompression":1},
    },
    ws_response: {
        members: [
        ],
        flags: {"lastResponse":1},
    },
    ws_adopt_options: {
        members: [
            ["clientPort", "client_port", "I32"],
            ["clientIp", "client_ip", "TEXT"],
        ],
        flags: {},
    },
    ws_init_options: {
        members: [
        ],
        flags: {},
    },
};
exports.EVENT = {"OPEN":1,"MESSAGE":2,"CLOSE":3,"ERROR":4,"DESTROYED":5,"CONNECT":6,"MESSAGE_RECEIVE":7,"COMPLETION":8,"DRAIN":9,"OPEN_INFO":10,"HEADER_RECEIVE":11,"DATA_END":12,"PING":13,"PONG":14,"RECONNECTING":15,"UPGRADE":16,"REQUEST":17,"BEFORE_RECONNECT":18,"VERIFY":19,"SIGN":23,"TOPIC_BEGIN":20,"TOPIC_END":21,"SKIPPED":22};
exports.ERR = {"CONNECT_FAILED":200,"PERMISSION":201,"PARAMETER":401,"URL":2302001,"CERT_FILE":2302002,"CONNECTION_EXISTS":2302003,"LISTEN_IP":2302004,"LISTEN_PORT":2302005,"NO_CONNECTION":2302006,"PORT_OCCUPIED":2302007,"DOMAIN":2302998,"UNKNOWN":2302999,"HANDLE":-101,"STATE":-102,"FULL":-103,"TOO_LARGE":-104,"MEMORY":-105,"TIMEOUT":-106,"CANCELLED":-107,"IN_CALLBACK":-108,"FORKED":-109,"SHUTDOWN":-110,"UNSUPPORTED":-111,"PROTOCOL":-112,"BUFFER":-113,"INTERNAL":-114,"BUSY":-115,"REPLACED":-116};
exports.PROXY = {"SYSTEM":0,"NONE":1,"HTTP":2,"SOCKS5":3,"HTTPS":4};
exports.TEXT = {"url":1,"protocol":2,"extensions":3,"remoteAddress":4,"localAddress":5,"tlsVersion":6,"tlsCipher":7,"peerCertificate":8,"serverName":9,"target":10,"requestHeader":11,"peerAddress":12};
exports.FLAG = {"REFUSE_EARLY":1,"RECEIVE_PARTS":2,"PING_EVENTS":4,"SKIP_LARGE":128,"MANUAL_PONG":256,"ORIGIN_OF_URL":8,"SUPPORT_ORIGIN_PORT":1,"STRICT_PONG":2,"NO_RESUMPTION":4,"ACKNOWLEDGED_SENDS":16,"CONNECTED_DESCRIPTOR":32,"KEEP_COOKIES":64,"VERIFY_EVENTS":4096,"SIGN_EVENTS":8192,"RENEGOTIATE_ONCE":16384,"REQUIRE_PROTOCOL":256,"KEEP_SENDS":1,"RETRY_CERTIFICATE":2,"ASK_BEFORE_RECONNECT":4,"TAKEOVER_OUT":1,"TAKEOVER_IN":2,"CUT_REASON":1,"NO_CODE":2,"QUEUE_THREAD":1,"QUEUE_GATHER":2,"UPGRADE_EVENTS":8,"REQUEST_EVENTS":16,"KEEP_REQUEST":32,"TOPIC_EVENTS":64,"MODULE_LIMITS":1,"CLIENT_CERT_OPTIONAL":16,"LISTENERS_ONLY":32,"REUSE_PORT":64,"HTTP_ORIGINS":128,"NO_LISTENERS":512,"IPV6_ONLY":1024,"LISTEN_DESCRIPTOR":1,"LISTEN_REUSE_PORT":2,"LISTEN_PLAIN":4,"LISTEN_IPV6_ONLY":8,"NO_COMPRESSION":1,"ADOPT_UPGRADED":1,"LAST_RESPONSE":1,"RELAY_REFUSE":1};
exports.STAGE_RECONNECT = 9;
/** Names of members and flags in texts of libws, as they are here. */
exports.NAMES = {"max_message_size":"maxMessageSize","max_send_size":"maxSendSize","max_buffered":"maxBuffered","high_water_mark":"highWaterMark","low_water_mark":"lowWaterMark","full_policy":"fullPolicy","correlation_id":"correlationId","max_send_frame":"maxSendFrame","headers":"header","max_redirects":"maxRedirects","handshake_timeout_ms":"handshakeTimeout","connect_timeout_ms":"connectTimeout","tls_timeout_ms":"tlsTimeout","upgrade_timeout_ms":"upgradeTimeout","ping_interval_ms":"pingInterval","pong_timeout_ms":"pongTimeout","idle_timeout_ms":"idleTimeout","write_timeout_ms":"writeTimeout","skip_server_cert_verification":"skipServerCertVerification","min_support_tls_protocol":"minSupportTlsProtocol","max_support_tls_protocol":"maxSupportTlsProtocol","ca_path":"caPath","client_cert_path":"clientCert.certPath","client_cert":"clientCert.cert","client_key_path":"clientCert.keyPath","client_key":"clientCert.key","client_key_password":"clientCert.keyPassword","server_name":"serverName","cipher_suites":"cipherSuites","key_log_path":"keyLogPath","proxy_port":"proxy.port","proxy_host":"proxy.host","proxy_username":"proxy.username","proxy_password":"proxy.password","proxy_exclusion_list":"proxy.exclusionList","connect_address":"connectAddress","local_address":"localAddress","local_interface":"localInterface","address_family":"addressFamily","tcp_keepalive_ms":"tcpKeepalive","tcp_user_timeout_ms":"tcpUserTimeout","connected_descriptor":"connectedDescriptor","max_answer_head":"maxAnswerHead","proxy_ca_path":"proxyCaPath","proxy_ca":"proxyCa","key_exchange_groups":"keyExchangeGroups","first_delay_ms":"firstDelay","max_delay_ms":"maxDelay","factor_percent":"factorPercent","max_tries":"maxTries","final_codes":"finalCodes","stable_ms":"stable","answer_timeout_ms":"answerTimeout","min_size":"minSize","window_bits_out":"windowBits","window_bits_in":"peerWindowBits","max_ratio":"maxRatio","timeout_ms":"timeout","max_fragments":"maxFragments","max_control_frames":"maxControlFrames","max_subscriptions":"maxSubscriptions","server_port":"serverPort","server_ip":"serverIP","cert_path":"certPath","key_path":"keyPath","key_password":"keyPassword","client_ca_path":"clientCaPath","client_ca":"clientCa","decision_timeout_ms":"decisionTimeout","keep_alive_timeout_ms":"keepAliveTimeout","max_head_size":"maxHeadSize","max_body_size":"maxBodySize","max_connections":"maxConnections","max_concurrent_clients_number":"maxConcurrentClientsNumber","max_connections_for_one_client":"maxConnectionsForOneClient","max_upgrades_per_minute":"maxUpgradesPerMinute","trusted_proxies":"trustedProxies","client_address":"clientAddress","tcp_keep_alive_ms":"tcpKeepAlive","health_path":"healthPath","first_loop":"firstLoop","client_port":"clientPort","client_ip":"clientIp","log_level":"logLevel","memory_budget":"memoryBudget","log_lines_per_second":"logLinesPerSecond"};
