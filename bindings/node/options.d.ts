// SPDX-License-Identifier: Apache-2.0
/** Written by generate.mjs: options of libws under their own names, none of them in the module. Each says what
 * the C header says of it: NULL is an option that is not there. */

export interface CreateOptions {
    /** largest message received or sent: 1..2^46 bytes; 0: 64 MiB; -1: no limit (2^46). On systems of 32 bits no limit of a size is above 1 GiB */
    maxMessageSize?: number;
    /** largest message sent, if that is to be less: 1..max_message_size; 0: max_message_size. The module's is 5242864 */
    maxSendSize?: number;
    /** bytes that may wait in the output queue: 1..2^46; 0: 16 MiB. One message always fits an empty queue. */
    maxBuffered?: number;
    /** drain follows when more than this was buffered; 1..max_buffered; 0: max_buffered */
    highWaterMark?: number;
    /** buffered bytes at which drain comes; 1..high_water_mark - 1; 0: a quarter of it */
    lowWaterMark?: number;
    /** WS_FULL_ */
    fullPolicy?: 'refuse' | 'close' | 'dropOldest';
    /** as of ws_set_correlation_id; NULL or "": none */
    correlationId?: string;
    /** largest payload of a frame that is sent, in bytes: 1024..2^30; 0: any. A larger message, or piece of one, leaves in several frames (RFC 6455 5.4), which each peer puts together: for gateways that end connections with larger ones. Since 0.1 */
    maxSendFrame?: number;
    /** clients: ws_send fails with WS_ERR_STATE until open, instead of keeping messages until then */
    refuseEarly?: boolean;
    /** a message over max_message_size does not end its connection: what comes of it is dropped as it comes, control frames between its frames have their way, and at its end WS_EVENT_SKIPPED tells how large it was. A compressed one is inflated all the same, and max_ratio ends its connection as ever. Not with WS_RECEIVE_PARTS */
    skipLarge?: boolean;
    /** pings of the peer are not answered, but events, as with WS_PING_EVENTS: the host answers by ws_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough. A peer whose pings stay unanswered may end the connection; one that floods is ended by max_control_frames as ever, and waits while a queue is full */
    manualPong?: boolean;
}

export interface ConnectOptions {
    /** Origin field (RFC 6455 4.1); NULL: none, unless a flag asks for one: servers may refuse what is not their own */
    origin?: string;
    /** answers 301, 302, 303, 307, 308 that are followed: 0..20; 0: none. Never from wss to ws. Authorization, Cookie, the user part of the URL and the client certificate go to no other host and port; all other options apply there, too */
    maxRedirects?: number;
    /** Milliseconds. resolve, connect, TLS and upgrade together: 1..3600000; 0: 15000; -1: no deadline */
    handshakeTimeout?: number;
    /** Milliseconds. resolve, connect and proxy by themselves: 1..3600000; 0 or -1: only the whole is bounded */
    connectTimeout?: number;
    /** Milliseconds. the TLS handshake by itself; likewise */
    tlsTimeout?: number;
    /** Milliseconds. the upgrade by itself; likewise */
    upgradeTimeout?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pingInterval?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pongTimeout?: number;
    /** Milliseconds. time without a message in either direction, then close 1001: 1..30000000; 0 or -1: for ever */
    idleTimeout?: number;
    /** Milliseconds. time in which the kernel takes nothing of what waits to be sent, then error and close 1006: 1..30000000; 0 or -1: for ever */
    writeTimeout?: number;
    /** 1 takes any certificate, which protects from nobody who can change the traffic; 0: chain, dates and host name are checked */
    skipServerCertVerification?: boolean;
    /** TlsProtocol. WS_TLS_; default: WS_TLS_1_2, or the greatest if that is less */
    minSupportTlsProtocol?: number;
    /** TlsProtocol. WS_TLS_, not less than min_support_tls_protocol; default: the newest */
    maxSupportTlsProtocol?: number;
    /** ca of ws_connect_options */
    ca?: string | ArrayBuffer | ArrayBufferView;
    /** name to ask for (SNI) and to check instead of the URL's host; an address is checked only; NULL: the URL's host */
    serverName?: string;
    /** SHA-256 of public keys, base64 or hexadecimal, "sha256/" before it or not, separated by commas; one must be in the server's chain. When verification is skipped it must be the server's own key. NULL: none */
    pins?: string;
    /** names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    cipherSuites?: string;
    /** secrets of the connection are appended to this file, for Wireshark; NULL: none */
    keyLogPath?: string;
    /** Host field of the request, a name or an address, with a port or not; NULL: that of the URL. TLS has server_name. Not for where a redirect leads to */
    host?: string;
    /** addresses, IPv4 or IPv6 without brackets, separated by commas, at most 32: one of them is connected to, in this order (RFC 8305), and nobody is asked for the URL's host. Host, SNI, the check of the certificate and proxy_exclusion_list stay with the URL; a proxy is asked for the first one. Not for where a redirect leads to, unless to the same host and port. NULL: what the name resolves to */
    connectAddress?: string;
    /** address of this host that the connection comes from; NULL: as the routes say */
    localAddress?: string;
    /** interface that all its packets go by, "wlan0" (SO_BINDTODEVICE; Linux, elsewhere WS_ERR_UNSUPPORTED); NULL: as the routes say */
    localInterface?: string;
    /** WS_FAMILY_; of the proxy, if there is one */
    addressFamily?: number;
    /** Milliseconds. silence before the kernel asks the peer's for a sign of life, and between two such questions, of which nine unanswered ones end the connection; in whole seconds: 1..32767000; 0: 15000; -1: it never asks */
    tcpKeepalive?: number;
    /** Milliseconds. time that what was sent may stay unacknowledged before the kernel ends the connection (RFC 5482): 1..30000000; 0: as the system has it. Linux */
    tcpUserTimeout?: number;
    /** bytes of the head of the server's answer: 1024..1048576; 0: 16384 */
    maxAnswerHead?: number;
    /** the authorities of a WS_PROXY_HTTPS, and no others; NULL: the system's. ca is for the server */
    proxyCaPath?: string;
    /** proxy_ca of ws_connect_options */
    proxyCa?: string | ArrayBuffer | ArrayBufferView;
    /** for TLS, separated by commas: X25519MLKEM768, X25519, secp256r1, secp384r1, secp521r1; NULL: all, a hybrid one first, with which the first flight has more than one segment: some old middleboxes take "X25519,secp256r1" only. (For revoked certificates see WS_VERIFY_EVENTS) */
    keyExchangeGroups?: string;
    /** protocols offered in the TLS handshake (RFC 7301), separated by commas; "": none; NULL: http/1.1 */
    alpn?: string;
    /** an Origin field is made of the URL, "http://host" or "https://host" */
    originOfUrl?: boolean;
    /** as WS_ORIGIN_OF_URL, with the port of the URL, unless it is that of the scheme */
    supportOriginPort?: boolean;
    /** heartbeat: only a pong is a sign of life, no other bytes */
    strictPong?: boolean;
    /** wss: no session of an earlier connection is resumed, none is kept */
    noResumption?: boolean;
    /** The completion of a message comes when the peer's TCP has acknowledged all of it, which is asked for every 50 ms, not when the kernel has it. When the connection is lost before, the message is sent again by the next one, in its place, with WS_KEEP_SENDS; otherwise it fails. It may have arrived all the same, so that the peer gets it twice: at least once. (That the peer's TCP has it does not say that its program has read it.) Messages are copied until then, in memory_budget, leave by the loop, and go uncompressed. Linux; elsewhere WS_ERR_UNSUPPORTED. Since 0.1. */
    acknowledgedSends?: boolean;
    /** Set-Cookie fields of the server's answers, also of those that redirect or refuse, are kept as long as the client and sent to whom they are meant for (RFC 6265; not for a public suffix as "co.uk"), over redirects, reconnects and each ws_connect with this flag. host of the options counts as the server's name. Cookies of a Cookie field in headers stay first, and win over those of the same name. At most 100 of 4096 bytes each; the one that was set first makes room. Since 0.1. */
    keepCookies?: boolean;
    /** wss: with TLS 1.2 and older the server may renegotiate once before it answers the request, as old ones do that ask for the client's certificate only for some paths (RFC 5746 has to be known to both). Later it may not: a connection that is open is not renegotiated. Since 0.1. */
    renegotiateOnce?: boolean;
    /** the server has to speak one of the subprotocols of protocol: else the client fails with an error of stage WS_STAGE_UPGRADE. Of ws_server_config, too: a client that offers none of protocol gets 400, also when the host listens for upgrades */
    requireProtocol?: boolean;
}

export interface ReconnectOptions {
    /** Milliseconds. longest wait before the first try: 1..3600000; 0: 500 */
    firstDelay?: number;
    /** Milliseconds. longest wait at all: first_delay_ms..3600000; 0: 30000, or first_delay_ms if that is longer */
    maxDelay?: number;
    /** each wait may be so much longer than the one before: 100..10000; 0: 200 */
    factorPercent?: number;
    /** tries in a row that may fail, not counting that of ws_connect, before it gives up; 0: any number */
    maxTries?: number;
    /** 1: waits are the longest allowed ones; 0: random ones up to that (full jitter) */
    exact?: boolean;
    /** close codes of the peer that end it, 1000..4999, beside 1000, 1002, 1003, 1007..1010, 3000 and 3003; NULL when there are none */
    finalCodes?: number[];
    /** Milliseconds. time that a connection has to last before the waits begin anew with first_delay_ms; behind a shorter one they go on growing: 1..3600000; 0: the last wait, at least 10000; -1: none. Tries are counted anew at each open all the same */
    stable?: number;
    /** Milliseconds. with WS_ASK_BEFORE_RECONNECT: for the answer: 1..3600000; 0: 30000; -1: for ever */
    answerTimeout?: number;
    /** messages of which no byte has left are sent by the next connection. One of which the kernel has some bytes, but not all, fails. One that the kernel had taken completes with WS_OK, and is lost without a word when the connection is before its bytes were there: WS_ACKNOWLEDGED_SENDS of ws_connect_options.flags keeps these as well. When the connection ends because it holds the most of a memory budget that is used up, all fail */
    keepSends?: boolean;
    /** a certificate that is not taken, the server's or the client's, does not end it: for one that will be replaced, and for a clock that will be set */
    retryCertificate?: boolean;
}

export interface ReconnectChanges {
    /** as of ws_connect; its user part is the new one, or none. With another host or port host and connect_address of the options no longer hold, all else does */
    url?: string;
    /** addresses to connect to; "": what the name resolves to */
    connectAddress?: string;
    /** for the proxy of the options, as there; both or none */
    proxyUsername?: string;
    /** likewise; may be "" */
    proxyPassword?: string;
}

export interface CompressionOptions {
    /** 1 (fast) to 9 (small) with a window of 15 bits, others have one level; 0: 1 */
    level?: number;
    /** smaller messages, but not pieces, go uncompressed: 1..2^30 bytes; 0: 256 */
    minSize?: number;
    /** how far back a message may refer, as a power of two: 8..15; 0: 15. The peer may want less */
    windowBits?: number;
    /** likewise; a peer that cannot keep to less than 15 is asked for no takeover instead */
    peerWindowBits?: number;
    /** a received message that inflates to more than 64 KiB and so many times its compressed size ends its connection with close code 1009: 1..2^20; -1: any, up to max_message_size; 0: 500, which counts from 4 MiB on and is met by what has hardly any information, as zeros (1000 times), never by text (the same line again and again: up to 420) */
    maxRatio?: number;
}

export interface CloseOptions {
    /** 1000..1003, 1007..1014, 3000..4999 (RFC 6455 7.4); 0: 1000, of a server 1001 */
    code?: number;
    /** UTF-8, at most 123 bytes, NUL-terminated; NULL: "CLOSE_NORMAL", of a server "server is going away"; "" is kept */
    reason?: string;
    /** Milliseconds. for the peer's answer, then the connection is cut off: 1..3600000; 0: 5000 */
    timeout?: number;
    /** a longer reason is cut at the end of a character, instead of being refused */
    cutReason?: boolean;
    /** the Close frame says nothing, and the peer has 1005 (RFC 6455 7.1.5), as when a page calls close() without arguments. code is 0 then, and reason NULL. Since 0.1 */
    noCode?: boolean;
}

export interface SendOptions {
    /** 0..7: a message goes before those with a lower one that wait; 0: as by ws_send */
    priority?: number;
    /** a message replaces the one with its key that waits for the same connection; 0: none */
    key?: number | bigint;
}

export interface ServerOptions {
    /** as in ws_create_options, for every accepted connection */
    maxMessageSize?: number;
    /** as in ws_create_options, for every accepted connection */
    maxSendSize?: number;
    /** as in ws_create_options, for every accepted connection */
    maxBuffered?: number;
    /** as in ws_create_options */
    highWaterMark?: number;
    /** as in ws_create_options */
    lowWaterMark?: number;
    /** frames of one message; 0: no limit */
    maxFragments?: number;
    /** pings and pongs of a peer that are read in one second: 1..65535; 0: 1000; -1: no limit. What came during a pause is read at once */
    maxControlFrames?: number;
    /** WS_FULL_, for every accepted connection */
    fullPolicy?: 'refuse' | 'close' | 'dropOldest';
    /** topics and patterns to which one connection may subscribe; 0: 1024; -1: no limit */
    maxSubscriptions?: number;
    /** as in ws_create_options, for every accepted connection and what is published */
    maxSendFrame?: number;
    /** ping and pong are events although nobody has called ws_on for them: for ws_queue_poll */
    pingEvents?: boolean;
    /** servers: connections remember their target and request header for ws_connection_text */
    keepRequest?: boolean;
    /** a message over max_message_size does not end its connection: what comes of it is dropped as it comes, control frames between its frames have their way, and at its end WS_EVENT_SKIPPED tells how large it was. A compressed one is inflated all the same, and max_ratio ends its connection as ever. Not with WS_RECEIVE_PARTS */
    skipLarge?: boolean;
    /** pings of the peer are not answered, but events, as with WS_PING_EVENTS: the host answers by ws_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough. A peer whose pings stay unanswered may end the connection; one that floods is ended by max_control_frames as ever, and waits while a queue is full */
    manualPong?: boolean;
}

export interface ServerConfig {
    /** Milliseconds. a client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline */
    handshakeTimeout?: number;
    /** connections that may wait in the kernel until they are accepted: 1..65535; 0: 4096 */
    backlog?: number;
    /** TlsProtocol. WS_TLS_ */
    minSupportTlsProtocol?: number;
    /** TlsProtocol. WS_TLS_ */
    maxSupportTlsProtocol?: number;
    /** others, at most 10000: a client gets the one for the name it asks for (SNI), and the first of all when there is none */
    certificates?: Certificate[];
    /** PEM file with authorities: clients have to show a certificate of one of them (mutual TLS); NULL: none is asked for */
    clientCaPath?: string;
    /** instead of client_ca_path */
    clientCa?: string | ArrayBuffer | ArrayBufferView;
    /** names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones */
    cipherSuites?: string;
    /** subprotocols the server speaks, separated by commas, the preferred one first; the first that a client offers is chosen, else none (RFC 6455 4.2.2; see WS_REQUIRE_PROTOCOL). Browsers end a connection that gets none of those they offer, so a line of WS_LOG_INFO says so */
    protocol?: string;
    /** whose pages may connect (RFC 6455 10.2), "https://example.com", separated by commas. A host that begins with "*." means all names below it, the port "*" any; "*" alone: any origin; NULL: those of the host they connect to (see WS_HTTP_ORIGINS). Others get 403, and a line of WS_LOG_INFO names them. Clients that send no Origin are no browsers, and may. What no browser ever sends, as an origin with a path, is refused by ws_server_start */
    origins?: string;
    /** Milliseconds. for the answer to an upgrade or request event, then 503: 1..3600000; 0: 15000; -1: none */
    decisionTimeout?: number;
    /** Milliseconds. for the next request after an answer of ws_respond: 1..3600000; 0: 5000; -1: each answer ends its connection */
    keepAliveTimeout?: number;
    /** bytes of a request line and its fields, then 414 or 431: 1024..1048576; 0: 16384. Of a body in chunks (RFC 9112 7.1) it also bounds the trailers, then 431, and what extensions of chunks take beyond 16 bytes and twice the data of each chunk, then 413 */
    maxHeadSize?: number;
    /** bytes of the body of a request, however it comes, then 413: 1..16777216; 0: 65536; -1: none is taken */
    maxBodySize?: number;
    /** open and opening ones at once; 0: only ws_stats.connection_limit */
    maxConnections?: number;
    /** distinct addresses that are connected; 0: no limit */
    maxConcurrentClientsNumber?: number;
    /** connections of one address at once; 0: no limit */
    maxConnectionsForOneClient?: number;
    /** upgrade requests of one address, as many at once, then evenly; 0: no limit */
    maxUpgradesPerMinute?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pingInterval?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pongTimeout?: number;
    /** Milliseconds. time without a message in either direction, then close 1001; 0: for ever */
    idleTimeout?: number;
    /** Milliseconds. time in which the kernel takes nothing of what waits to be sent, then error and close 1006; 0: 60000; -1: for ever */
    writeTimeout?: number;
    /** their networks and addresses, at most 1024, separated by commas, "10.0.0.0/8, ::1"; a link-local address may have a zone, and is then meant behind that interface only; "unix": the peers of Unix sockets; NULL: nobody is believed */
    trustedProxies?: string;
    /** WS_ADDRESS_: how they say who the client is */
    clientAddress?: 'peer' | 'forwarded' | 'xForwardedFor' | 'proxyProtocol';
    /** Milliseconds. silence of a peer before TCP itself probes it, in whole seconds, rounded up: 1..32400000; 0: no probes. It finds peers that are gone also during a handshake */
    tcpKeepAlive?: number;
    /** more places to listen at, or all with WS_LISTENERS_ONLY. For limits of one address all peers of Unix sockets are one */
    listeners?: Listener[];
    /** for which hosts requests are answered, by their Host, whatever its port: names, "*.example.com" for those below one, addresses; separated by commas; "*": any. Others get 421 (RFC 9110 7.4). Listeners on loopback answer for localhost, names below it and addresses of loopback as well. NULL: these only at listeners on loopback, and any at others: a page of another name cannot reach a server of this host then (DNS rebinding). Of Unix sockets no Host is looked at */
    hosts?: string;
    /** GET and HEAD requests for it, "/healthz", are answered by 200 and "ok", with or without a listener for WS_EVENT_REQUEST, which does not get them, and for any Host; NULL: they are requests like others. Who is refused for a limit gets 503 there, too */
    healthPath?: string;
    /** heartbeat: only a pong is a sign of life, no other bytes */
    strictPong?: boolean;
    /** a client may come without a certificate; one that it shows must be good */
    clientCertOptional?: boolean;
    /** server_ip, server_port and backlog are not used, only listeners */
    listenersOnly?: boolean;
    /** as WS_LISTEN_REUSE_PORT, for server_port */
    reusePort?: boolean;
    /** with origins NULL, and TLS: also pages of http of the same host may connect. Such a page may have been changed on its way, so else it gets 403 */
    httpOrigins?: boolean;
    /** the server has to speak one of the subprotocols of protocol: else the client fails with an error of stage WS_STAGE_UPGRADE. Of ws_server_config, too: a client that offers none of protocol gets 400, also when the host listens for upgrades */
    requireProtocol?: boolean;
    /** it listens nowhere: connections come by ws_server_adopt only. server_ip, server_port and listeners are not given then */
    noListeners?: boolean;
    /** as WS_LISTEN_IPV6_ONLY, for server_ip */
    ipv6Only?: boolean;
}

export interface Certificate {
    /** the certificate first, then the chain */
    certPath?: string;
    /** cert of ws_certificate */
    cert?: string | ArrayBuffer | ArrayBufferView;
    /** PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password */
    keyPath?: string;
    /** key of ws_certificate */
    key?: string | ArrayBuffer | ArrayBufferView;
    /** of an encrypted key; NULL: it is not encrypted */
    keyPassword?: string;
    /** There is no key: sign of the configuration has it. */
    sign?: boolean;
}

export interface Listener {
    /** as server_ip */
    ip?: string;
    /** of a Unix socket instead, at most 103 bytes; not on Windows. A socket file at which nobody listens is replaced, no other file is. Of several processes that find such a file exactly one gets its place; they lock the directory meanwhile (flock), which programs without this library do not heed. It is removed when the server stops listening, unless ws_server_descriptor has handed it over. "@name" is an abstract one (Linux), without a file or mode: every local user may connect */
    path?: string;
    /** as server_port */
    port?: number;
    /** permissions of the file at path, 0..0777; 0: 0600 */
    mode?: number;
    /** as in ws_server_config; 0 for a descriptor */
    backlog?: number;
    /** its connections go to these loops in turn: the first one, from 0 */
    firstLoop?: number;
    /** and how many; 0: all from first_loop on */
    loops?: number;
    /** others of this user may listen there, too (SO_REUSEPORT), and with several loops each has a socket of its own; on Linux the kernel spreads the clients. Not on Windows */
    reusePort?: boolean;
    /** no TLS, although the server has certificates */
    plain?: boolean;
    /** ip "::" takes clients of IPv6 only (IPV6_V6ONLY), so that "0.0.0.0" and "::" can share a port; other addresses of IPv6 always do */
    ipv6Only?: boolean;
    /** A stream socket that listens; it is duplicated. */
    descriptor?: number;
}

export interface AcceptOptions {
    /** the subprotocol, one of those offered, or "" for none; NULL: what ws_server_config says */
    protocol?: string;
    /** as of ws_set_correlation_id; "": none; NULL: as it is */
    correlationId?: string;
    /** 1..2^46; -1: no limit */
    maxMessageSize?: number;
    /** 1..max_message_size */
    maxSendSize?: number;
    /** 1..2^46; the marks are then those that follow from it, or the two below */
    maxBuffered?: number;
    /** 1..max_buffered */
    highWaterMark?: number;
    /** 1..high_water_mark - 1 */
    lowWaterMark?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pingInterval?: number;
    /** Seconds: 0..30000; 0: none; default: 30 */
    pongTimeout?: number;
    /** Milliseconds. time without a message in either direction */
    idleTimeout?: number;
    /** Milliseconds. time in which the kernel takes nothing of what waits to be sent */
    writeTimeout?: number;
    /** this connection does not compress, whatever ws_server_config and the client say */
    noCompression?: boolean;
}

export interface Response {
    /** the connection ends behind it */
    lastResponse?: boolean;
}

export interface AdoptOptions {
    /** 0..65535; of client_ip */
    clientPort?: number;
    /** literal address of the client, for limits and ws_connection_info, where the socket is that of a tunnel; NULL: the peer of the socket, or whom trusted_proxies name */
    clientIp?: string;
}

export interface InitOptions {
}

/** What text() can be asked for; see WS_TEXT_ of the C header. */
export type TextName = 'url' | 'protocol' | 'extensions' | 'remoteAddress' | 'localAddress' | 'tlsVersion' | 'tlsCipher' | 'peerCertificate' | 'serverName' | 'target' | 'requestHeader' | 'peerAddress';
