// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json and include/libws by bindings/rust/generate.py; do not edit.

use core::ffi::{c_char, c_void};

/// A client, a server, an accepted connection or a queue; 0 is never valid.
pub type ws_handle = u64;
/// Listeners and completions.
pub type ws_callback = Option<unsafe extern "C" fn(event: *const ws_event, user_data: *mut c_void)>;
/// Receives a line of the log, on any thread; it must not call libws.
pub type ws_log_callback = Option<unsafe extern "C" fn(level: i32, line: *const c_char, user_data: *mut c_void)>;
/// Whether a client may connect to url; it must not call libws.
pub type ws_url_filter = Option<unsafe extern "C" fn(url: *const c_char, user_data: *mut c_void) -> i32>;
/// A relay gets a message that leaves the process, on its thread.
pub type ws_relay_message_callback = Option<unsafe extern "C" fn(message: *const ws_relay_message, user_data: *mut c_void)>;
/// A relay gets to know of a topic or pattern that begins or ends, on its thread.
pub type ws_relay_interest_callback = Option<unsafe extern "C" fn(interest: *const ws_relay_interest, user_data: *mut c_void)>;
/// The last call of a relay, on its thread.
pub type ws_relay_end_callback = Option<unsafe extern "C" fn(user_data: *mut c_void)>;

/// The ABI: (major \<\< 16) | minor. While major is 0 an incompatible change raises minor.
pub const WS_ABI_VERSION: u32 = 1;
/// ---- Status and error ids ------------------------------------------------- 0 is success. The
/// positive ids are those of OpenHarmony's webSocket module. The negative ones are libws' own.
/// ws\_strerror() gives a text for each.
pub const WS_OK: i32 = 0;
/// Connecting failed, or the connection was lost.
pub const WS_ERR_CONNECT_FAILED: i32 = 200;
/// Permission denied (named for the module; not produced).
pub const WS_ERR_PERMISSION: i32 = 201;
/// An argument is wrong; ws\_last\_error() names it.
pub const WS_ERR_PARAMETER: i32 = 401;
/// The URL cannot be used.
pub const WS_ERR_URL: i32 = 2302001;
/// A certificate file does not exist.
pub const WS_ERR_CERT_FILE: i32 = 2302002;
/// The client is connecting or connected already.
pub const WS_ERR_CONNECTION_EXISTS: i32 = 2302003;
/// Cannot listen on this address.
pub const WS_ERR_LISTEN_IP: i32 = 2302004;
/// Cannot listen on this port.
pub const WS_ERR_LISTEN_PORT: i32 = 2302005;
/// The accepted connection does not exist, or no longer.
pub const WS_ERR_NO_CONNECTION: i32 = 2302006;
/// The port is taken.
pub const WS_ERR_PORT_OCCUPIED: i32 = 2302007;
/// This domain may not be accessed.
pub const WS_ERR_DOMAIN: i32 = 2302998;
/// Any other error of the system.
pub const WS_ERR_UNKNOWN: i32 = 2302999;
/// Stale, foreign or wrong kind of handle.
pub const WS_ERR_HANDLE: i32 = -101;
/// Not possible in this state (not open, already started ...).
pub const WS_ERR_STATE: i32 = -102;
/// The output queue is full; nothing was sent.
pub const WS_ERR_FULL: i32 = -103;
/// A message is larger than its limit.
pub const WS_ERR_TOO_LARGE: i32 = -104;
/// No memory, or the memory budget is used up.
pub const WS_ERR_MEMORY: i32 = -105;
/// A deadline passed.
pub const WS_ERR_TIMEOUT: i32 = -106;
/// Ended by ws\_close, ws\_destroy, a server stop or ws\_shutdown\_wait.
pub const WS_ERR_CANCELLED: i32 = -107;
/// A \_wait call inside a callback would wait for itself.
pub const WS_ERR_IN_CALLBACK: i32 = -108;
/// The library does not work in a forked child.
pub const WS_ERR_FORKED: i32 = -109;
/// The library was shut down.
pub const WS_ERR_SHUTDOWN: i32 = -110;
/// Known, but not in this build or version.
pub const WS_ERR_UNSUPPORTED: i32 = -111;
/// The peer broke the protocol, or a limit on floods.
pub const WS_ERR_PROTOCOL: i32 = -112;
/// The caller's buffer is too small.
pub const WS_ERR_BUFFER: i32 = -113;
/// A defect of libws; please report it.
pub const WS_ERR_INTERNAL: i32 = -114;
/// A queue is in use: by a dispatcher, or by handles.
pub const WS_ERR_BUSY: i32 = -115;
/// The message still waited when a newer one with its key came (ws\_send\_with).
pub const WS_ERR_REPLACED: i32 = -116;
/// Where an asynchronous error happened (ws\_event.stage).
pub const WS_STAGE_NONE: i32 = 0;
/// Looking up the host name.
pub const WS_STAGE_RESOLVE: i32 = 1;
/// The TCP connect.
pub const WS_STAGE_CONNECT: i32 = 2;
/// Talking to a proxy.
pub const WS_STAGE_PROXY: i32 = 3;
/// The TLS handshake.
pub const WS_STAGE_TLS: i32 = 4;
/// The HTTP upgrade, RFC 6455 4.
pub const WS_STAGE_UPGRADE: i32 = 5;
/// A peer that breaks RFC 6455 after the upgrade.
pub const WS_STAGE_PROTOCOL: i32 = 6;
/// A deadline passed.
pub const WS_STAGE_TIMEOUT: i32 = 7;
/// A limit was reached (message size, memory).
pub const WS_STAGE_LIMIT: i32 = 8;
/// Giving up reconnecting.
pub const WS_STAGE_RECONNECT: i32 = 9;
/// Reading or writing an open connection.
pub const WS_STAGE_IO: i32 = 10;
/// UTF-8 text.
pub const WS_TEXT: i32 = 1;
/// Any bytes.
pub const WS_BINARY: i32 = 2;
/// A whole message.
pub const WS_PART_WHOLE: i32 = 0;
/// The first piece of a message.
pub const WS_PART_BEGIN: i32 = 1;
/// Another piece.
pub const WS_PART_MIDDLE: i32 = 2;
/// The last piece, which may be empty: the message is whole.
pub const WS_PART_END: i32 = 3;
/// Ws\_state(): the life of a connection.
pub const WS_STATE_CONNECTING: i32 = 0;
/// Ws\_state(): the life of a connection.
pub const WS_STATE_OPEN: i32 = 1;
/// A Close frame was sent or received; no more sends.
pub const WS_STATE_CLOSING: i32 = 2;
/// Also before the first ws\_connect.
pub const WS_STATE_CLOSED: i32 = 3;
/// Client is connected: status, text (the module's status and message).
pub const WS_EVENT_OPEN: i32 = 1;
/// A whole message: data, size, message\_type.
pub const WS_EVENT_MESSAGE: i32 = 2;
/// The connection has ended: code, reason, reason\_size, clean.
pub const WS_EVENT_CLOSE: i32 = 3;
/// Something failed: error, stage, status, os\_error, text, code; of a server that has refused the
/// upgrade also data, size (header fields, see ws\_header\_next), body, body\_size (the first 16 KiB, as
/// far as they came within a second).
pub const WS_EVENT_ERROR: i32 = 4;
/// The last event of a handle: its user data may be freed.
pub const WS_EVENT_DESTROYED: i32 = 5;
/// Server: a connection was accepted: target, protocol.
pub const WS_EVENT_CONNECT: i32 = 6;
/// Server: a whole message came in: data, size, message\_type.
pub const WS_EVENT_MESSAGE_RECEIVE: i32 = 7;
/// A call has completed: operation, error, stage, status, os\_error, text.
pub const WS_EVENT_COMPLETION: i32 = 8;
/// There is room again: the output queue has sunk to low\_water\_mark, after it rose above
/// high\_water\_mark or a send was refused with WS\_ERR\_FULL.
pub const WS_EVENT_DRAIN: i32 = 9;
/// Client is connected, right after open: status, text, protocol.
pub const WS_EVENT_OPEN_INFO: i32 = 10;
/// Header of the server's answer, before open: data, size; see ws\_header\_next.
pub const WS_EVENT_HEADER_RECEIVE: i32 = 11;
/// The message that was just delivered is over (not by ws\_queue\_poll).
pub const WS_EVENT_DATA_END: i32 = 12;
/// The peer's ping, which is answered already, unless WS\_MANUAL\_PONG says that the host does it: data,
/// size.
pub const WS_EVENT_PING: i32 = 13;
/// A pong: data, size, round\_trip\_us.
pub const WS_EVENT_PONG: i32 = 14;
/// A client connects again after a while: attempt, delay\_ms.
pub const WS_EVENT_RECONNECTING: i32 = 15;
/// Server: a client asks for a connection: method, target, protocol (all offered), data, size (header
/// fields, see ws\_header\_next). Answer by ws\_accept or ws\_respond.
pub const WS_EVENT_UPGRADE: i32 = 16;
/// Server: any other HTTP request: method, target, data, size, body, body\_size. Answer by ws\_respond.
pub const WS_EVENT_REQUEST: i32 = 17;
/// With WS\_ASK\_BEFORE\_RECONNECT: a client is about to try again: attempt; what came of the try or
/// connection before: error, stage, status, os\_error, text, code (that of the peer's Close frame).
/// Answer by ws\_reconnect\_with.
pub const WS_EVENT_BEFORE_RECONNECT: i32 = 18;
/// With WS\_VERIFY\_EVENTS: whether the peer's certificate is good: token; data, size (its chain, PEM,
/// the own one first), body, body\_size (the OCSP response that a server has stapled, DER), target (the
/// name that a server's has to be for), error and text (WS\_OK, or why the library would not take it).
/// Answer by ws\_verify\_answer.
pub const WS_EVENT_VERIFY: i32 = 19;
/// With WS\_SIGN\_EVENTS: a signature by the key of our certificate is wanted: token, scheme; data, size
/// (the hash, or for Ed25519, 0x0807, all that is to be signed), target (the subject of the
/// certificate). Answer by ws\_sign\_answer.
pub const WS_EVENT_SIGN: i32 = 23;
/// Server: a topic, or pattern, has its first subscriber: data, size (its name), pattern. Only with a
/// listener for this event or the next one on the server, or WS\_TOPIC\_EVENTS; what has begun before
/// that is no event, nor its end. Begin and end of one name take turns, and the last one that comes is
/// how things are: one that has ended before the event of its begin has none at all. They come soon, on
/// the server's first loop or from its queue, in no order with the events of connections, and none is
/// lost while memory is short; after ws\_server\_destroy none comes.
pub const WS_EVENT_TOPIC_BEGIN: i32 = 20;
/// Server: a topic, or pattern, has lost its last subscriber: data, size, pattern.
pub const WS_EVENT_TOPIC_END: i32 = 21;
/// With WS\_SKIP\_LARGE: a message over max\_message\_size is over, of which nothing was kept:
/// message\_size, message\_type. In order with messages; a server's listener gets those of its
/// connections.
pub const WS_EVENT_SKIPPED: i32 = 22;
/// The connection is open, or has failed.
pub const WS_OP_CONNECT: i32 = 1;
/// The kernel has the whole message, or never will.
pub const WS_OP_SEND: i32 = 2;
/// The closing handshake is over.
pub const WS_OP_CLOSE: i32 = 3;
/// The server listens.
pub const WS_OP_SERVER_START: i32 = 4;
/// The last connection is gone and the port is free.
pub const WS_OP_SERVER_STOP: i32 = 5;
/// No connection of the server is in its handshake any more.
pub const WS_OP_SERVER_STOP_LISTENING: i32 = 6;
/// Ws\_post: its time has come; with WS\_ERR\_CANCELLED or WS\_ERR\_SHUTDOWN its target ends.
pub const WS_OP_POST: i32 = 7;
/// For hosts without callbacks: a completion that is delivered by ws\_queue\_poll only.
pub const WS_COMPLETION_POLL: usize = 1;
/// Ws\_compression.flags: context takeover (RFC 7692 7.1.1). A message may refer to those before it, and
/// gets smaller by that; it takes memory for each connection: IN the size of a window, 32 KiB with 15
/// bits, and OUT half as much again, 48 KiB, to find what there is in it; less as long as less was sent.
/// That counts in memory\_budget: while it is short, what OUT remembers is dropped and nobody new gets
/// takeover, and over it the connection with the most memory ends with close code 1013. The peer may
/// refuse.
pub const WS_TAKEOVER_OUT: u32 = 1;
/// Ws\_compression.flags: context takeover (RFC 7692 7.1.1). A message may refer to those before it, and
/// gets smaller by that; it takes memory for each connection: IN the size of a window, 32 KiB with 15
/// bits, and OUT half as much again, 48 KiB, to find what there is in it; less as long as less was sent.
/// That counts in memory\_budget: while it is short, what OUT remembers is dropped and nobody new gets
/// takeover, and over it the connection with the most memory ends with close code 1013. The peer may
/// refuse.
pub const WS_TAKEOVER_IN: u32 = 2;
/// What the environment variable WS\_ENGINE says (epoll, goroutine), else the system's best.
pub const WS_ENGINE_DEFAULT: i32 = 0;
/// Event loops on epoll (Linux); the default there.
pub const WS_ENGINE_EPOLL: i32 = 1;
/// One goroutine per connection: on any system, slower; the default without epoll.
pub const WS_ENGINE_GOROUTINE: i32 = 2;
/// Levels of the log.
pub const WS_LOG_ERROR: i32 = 1;
/// Levels of the log.
pub const WS_LOG_WARN: i32 = 2;
/// Levels of the log.
pub const WS_LOG_INFO: i32 = 3;
/// Levels of the log.
pub const WS_LOG_DEBUG: i32 = 4;
/// Clients: ws\_send fails with WS\_ERR\_STATE until open, instead of keeping messages until then.
pub const WS_REFUSE_EARLY: u32 = 1;
/// A message is delivered in pieces as they come (ws\_event.part), so that it never is in memory whole.
pub const WS_RECEIVE_PARTS: u32 = 2;
/// Ping and pong are events although nobody has called ws\_on for them: for ws\_queue\_poll.
pub const WS_PING_EVENTS: u32 = 4;
/// Servers: upgrades are events although nobody has called ws\_server\_on for them.
pub const WS_UPGRADE_EVENTS: u32 = 8;
/// Servers: other requests are events although nobody has called ws\_server\_on for them.
pub const WS_REQUEST_EVENTS: u32 = 16;
/// Servers: connections remember their target and request header for ws\_connection\_text.
pub const WS_KEEP_REQUEST: u32 = 32;
/// Servers: topics that begin and end are events although nobody has called ws\_server\_on for them.
pub const WS_TOPIC_EVENTS: u32 = 64;
/// A message over max\_message\_size does not end its connection: what comes of it is dropped as it
/// comes, control frames between its frames have their way, and at its end WS\_EVENT\_SKIPPED tells how
/// large it was. A compressed one is inflated all the same, and max\_ratio ends its connection as ever.
/// Not with WS\_RECEIVE\_PARTS.
pub const WS_SKIP_LARGE: u32 = 128;
/// Pings of the peer are not answered, but events, as with WS\_PING\_EVENTS: the host answers by
/// ws\_pong, with what the ping carried (RFC 6455 5.5.3); of several the last one is enough. A peer
/// whose pings stay unanswered may end the connection; one that floods is ended by max\_control\_frames
/// as ever, and waits while a queue is full.
pub const WS_MANUAL_PONG: u32 = 256;
/// It has subscribed to that topic.
pub const WS_BY_TOPIC: i32 = 1;
/// It has subscribed to a pattern that the topic fits.
pub const WS_BY_PATTERN: i32 = 2;
/// It fails with WS\_ERR\_FULL, and drain follows when there is room.
pub const WS_FULL_REFUSE: i32 = 0;
/// It fails with WS\_ERR\_FULL, and the connection ends: what waits is dropped, the peer is sent 1008 if
/// it reads in time, the host gets an error of stage WS\_STAGE\_LIMIT.
pub const WS_FULL_CLOSE: i32 = 1;
/// The oldest messages of which no byte has left make room; their completions fail with WS\_ERR\_FULL.
/// When that is not enough none is dropped, and it is WS\_FULL\_REFUSE.
pub const WS_FULL_DROP_OLDEST: i32 = 2;
/// What http\_proxy, https\_proxy, all\_proxy and no\_proxy in the environment say.
pub const WS_PROXY_SYSTEM: i32 = 0;
/// Straight to the server.
pub const WS_PROXY_NONE: i32 = 1;
/// The one in proxy\_host: HTTP CONNECT, for ws and wss.
pub const WS_PROXY_HTTP: i32 = 2;
/// The one in proxy\_host: RFC 1928; it resolves the server's name.
pub const WS_PROXY_SOCKS5: i32 = 3;
/// As WS\_PROXY\_HTTP, over TLS with the proxy, whose certificate is checked for proxy\_host; two more
/// descriptors and 64 KiB for each connection, which no budget counts, and no addresses in
/// WS\_TEXT\_REMOTE\_ADDRESS and the like; not with WS\_ACKNOWLEDGED\_SENDS.
pub const WS_PROXY_HTTPS: i32 = 4;
/// From TLS 1.2 up to the newest.
pub const WS_TLS_DEFAULT: i32 = 0;
/// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
pub const WS_TLS_1_0: i32 = 1;
/// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
pub const WS_TLS_1_1: i32 = 2;
/// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
pub const WS_TLS_1_2: i32 = 3;
/// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
pub const WS_TLS_1_3: i32 = 4;
/// As WS\_ORIGIN\_OF\_URL, with the port of the URL, unless it is that of the scheme.
pub const WS_SUPPORT_ORIGIN_PORT: u32 = 1;
/// Heartbeat: only a pong is a sign of life, no other bytes.
pub const WS_STRICT_PONG: u32 = 2;
/// An Origin field is made of the URL, "`http://host`" or "`https://host`".
pub const WS_ORIGIN_OF_URL: u32 = 8;
/// Wss: no session of an earlier connection is resumed, none is kept.
pub const WS_NO_RESUMPTION: u32 = 4;
/// Messages of which no byte has left are sent by the next connection. One of which the kernel has some
/// bytes, but not all, fails. One that the kernel had taken completes with WS\_OK, and is lost without a
/// word when the connection is before its bytes were there: WS\_ACKNOWLEDGED\_SENDS of
/// ws\_connect\_options.flags keeps these as well. When the connection ends because it holds the most of
/// a memory budget that is used up, all fail.
pub const WS_KEEP_SENDS: u32 = 1;
/// A certificate that is not taken, the server's or the client's, does not end it: for one that will be
/// replaced, and for a clock that will be set.
pub const WS_RETRY_CERTIFICATE: u32 = 2;
/// Before each try, when its wait is over, comes WS\_EVENT\_BEFORE\_RECONNECT, and the try begins with
/// the answer, ws\_reconnect\_with: for tokens that expire. Without an answer within answer\_timeout\_ms
/// the try has failed (WS\_ERR\_TIMEOUT, WS\_STAGE\_TIMEOUT) and the next wait begins: with what it had
/// the server might refuse it for good. That time also runs while the client is paused, or nobody
/// dispatches its queue. The HTTP answers 401 and 407, and close code 3000, are final only when they
/// follow another of them: then new credentials were not good, either.
pub const WS_ASK_BEFORE_RECONNECT: u32 = 4;
/// The completion of a message comes when the peer's TCP has acknowledged all of it, which is asked for
/// every 50 ms, not when the kernel has it. When the connection is lost before, the message is sent
/// again by the next one, in its place, with WS\_KEEP\_SENDS; otherwise it fails. It may have arrived
/// all the same, so that the peer gets it twice: at least once. (That the peer's TCP has it does not say
/// that its program has read it.) Messages are copied until then, in memory\_budget, leave by the loop,
/// and go uncompressed. Linux; elsewhere WS\_ERR\_UNSUPPORTED. Since 0.1.
pub const WS_ACKNOWLEDGED_SENDS: u32 = 16;
/// Connected\_descriptor is given.
pub const WS_CONNECTED_DESCRIPTOR: u32 = 32;
/// Set-Cookie fields of the server's answers, also of those that redirect or refuse, are kept as long as
/// the client and sent to whom they are meant for (RFC 6265; not for a public suffix as "co.uk"), over
/// redirects, reconnects and each ws\_connect with this flag. host of the options counts as the server's
/// name. Cookies of a Cookie field in headers stay first, and win over those of the same name. At most
/// 100 of 4096 bytes each; the one that was set first makes room. Since 0.1.
pub const WS_KEEP_COOKIES: u32 = 64;
/// For ws\_connect\_options.flags and ws\_server\_config.flags: WS\_EVENT\_VERIFY asks the host about
/// each peer's certificate. The library has checked it before, and tells what it thinks; what the host
/// says counts. Of a server: clients have to show one (with WS\_CLIENT\_CERT\_OPTIONAL they may), also
/// without client\_ca; then nothing is checked before. Whether a certificate was revoked the library
/// does not look up: a list or the stapled OCSP response of the event tells the host. Since 0.1.
pub const WS_VERIFY_EVENTS: u32 = 4096;
/// For the flags of ws\_connect\_options, ws\_server\_config and ws\_certificate: the certificate is
/// given without a key, and WS\_EVENT\_SIGN asks the host for each signature. Keys of RSA, ECDSA and
/// Ed25519. Since 0.1.
pub const WS_SIGN_EVENTS: u32 = 8192;
/// Wss: with TLS 1.2 and older the server may renegotiate once before it answers the request, as old
/// ones do that ask for the client's certificate only for some paths (RFC 5746 has to be known to both).
/// Later it may not: a connection that is open is not renegotiated. Since 0.1.
pub const WS_RENEGOTIATE_ONCE: u32 = 16384;
/// Ws\_connect\_options.address\_family.
pub const WS_FAMILY_ANY: i32 = 0;
/// Addresses of IPv4 only.
pub const WS_FAMILY_IPV4: i32 = 4;
/// Ws\_connect\_options.address\_family.
pub const WS_FAMILY_IPV6: i32 = 6;
/// A longer reason is cut at the end of a character, instead of being refused.
pub const WS_CUT_REASON: u32 = 1;
/// The Close frame says nothing, and the peer has 1005 (RFC 6455 7.1.5), as when a page calls close()
/// without arguments. code is 0 then, and reason NULL. Since 0.1.
pub const WS_NO_CODE: u32 = 2;
/// Of a client, after redirects, without credentials; over a Unix socket its host is localhost.
pub const WS_TEXT_URL: i32 = 1;
/// The subprotocol in use.
pub const WS_TEXT_PROTOCOL: i32 = 2;
/// Extensions in use, as in Sec-WebSocket-Extensions.
pub const WS_TEXT_EXTENSIONS: i32 = 3;
/// "127.0.0.1:80", "\[::1\]:80"; of the client behind a trusted proxy, with port 0 if it is not known.
pub const WS_TEXT_REMOTE_ADDRESS: i32 = 4;
/// Ws\_connection\_text: which text. Since 0.1.
pub const WS_TEXT_LOCAL_ADDRESS: i32 = 5;
/// "TLS 1.3".
pub const WS_TEXT_TLS_VERSION: i32 = 6;
/// "TLS\_AES\_128\_GCM\_SHA256".
pub const WS_TEXT_TLS_CIPHER: i32 = 7;
/// Lines "subject: ...", "issuer", "serial", "sha256", "pin", "not before", "not after", "names"; no
/// control characters in them.
pub const WS_TEXT_PEER_CERTIFICATE: i32 = 8;
/// The name that the client asked for in the TLS handshake (SNI), "" for none.
pub const WS_TEXT_SERVER_NAME: i32 = 9;
/// Accepted, with WS\_KEEP\_REQUEST or inside the upgrade event: path and query, "/chat?room=1".
pub const WS_TEXT_TARGET: i32 = 10;
/// The same: its header fields, a line "Name: value\n" each.
pub const WS_TEXT_REQUEST_HEADER: i32 = 11;
/// Of the socket itself, as the system knows it: behind a proxy that one's; "" when it is closed, and
/// for a Unix socket.
pub const WS_TEXT_PEER_ADDRESS: i32 = 12;
/// A thread of the library dispatches the queue, for hosts that block in callbacks.
pub const WS_QUEUE_THREAD: u32 = 1;
/// What a thread sends between two ws\_queue\_poll leaves together, at the second one or at
/// ws\_queue\_flush; without a meaning for ws\_queue\_dispatch, whose callbacks always gather.
pub const WS_QUEUE_GATHER: u32 = 2;
/// 0 for the two limits of clients is 10, as in the module.
pub const WS_MODULE_LIMITS: u32 = 1;
/// A client may come without a certificate; one that it shows must be good.
pub const WS_CLIENT_CERT_OPTIONAL: u32 = 16;
/// Server\_ip, server\_port and backlog are not used, only listeners.
pub const WS_LISTENERS_ONLY: u32 = 32;
/// As WS\_LISTEN\_REUSE\_PORT, for server\_port.
pub const WS_REUSE_PORT: u32 = 64;
/// With origins NULL, and TLS: also pages of http of the same host may connect. Such a page may have
/// been changed on its way, so else it gets 403.
pub const WS_HTTP_ORIGINS: u32 = 128;
/// The server has to speak one of the subprotocols of protocol: else the client fails with an error of
/// stage WS\_STAGE\_UPGRADE. Of ws\_server\_config, too: a client that offers none of protocol gets 400,
/// also when the host listens for upgrades.
pub const WS_REQUIRE_PROTOCOL: u32 = 256;
/// This connection does not compress, whatever ws\_server\_config and the client say.
pub const WS_NO_COMPRESSION: u32 = 1;
/// It listens nowhere: connections come by ws\_server\_adopt only. server\_ip, server\_port and
/// listeners are not given then.
pub const WS_NO_LISTENERS: u32 = 512;
/// As WS\_LISTEN\_IPV6\_ONLY, for server\_ip.
pub const WS_IPV6_ONLY: u32 = 1024;
/// Ip "::" takes clients of IPv6 only (IPV6\_V6ONLY), so that "0.0.0.0" and "::" can share a port; other
/// addresses of IPv6 always do.
pub const WS_LISTEN_IPV6_ONLY: u32 = 8;
/// The host has answered the request by 101, without extensions.
pub const WS_ADOPT_UPGRADED: u32 = 1;
/// The TCP connection.
pub const WS_ADDRESS_PEER: i32 = 0;
/// The field Forwarded of a request (RFC 7239).
pub const WS_ADDRESS_FORWARDED: i32 = 1;
/// The field X-Forwarded-For of a request.
pub const WS_ADDRESS_X_FORWARDED_FOR: i32 = 2;
/// A header of the PROXY protocol, version 1 or 2, in front of all else, TLS included. Trusted proxies
/// have to send it, at most 8192 bytes, by handshake\_timeout\_ms; else their connection is closed, and
/// the server gets an error of stage WS\_STAGE\_PROXY, once a second. LOCAL and UNKNOWN leave the proxy.
pub const WS_ADDRESS_PROXY_PROTOCOL: i32 = 3;
/// Descriptor is used, not ip and port.
pub const WS_LISTEN_DESCRIPTOR: u32 = 1;
/// Others of this user may listen there, too (SO\_REUSEPORT), and with several loops each has a socket
/// of its own; on Linux the kernel spreads the clients. Not on Windows.
pub const WS_LISTEN_REUSE_PORT: u32 = 2;
/// No TLS, although the server has certificates.
pub const WS_LISTEN_PLAIN: u32 = 4;
/// The connection ends behind it.
pub const WS_LAST_RESPONSE: u32 = 1;
/// While the queue is full ws\_publish and the like return WS\_ERR\_FULL, and nobody gets the message;
/// else those of this server get it, the relay does not, and it is counted (relay\_dropped in
/// ws\_server\_stats).
pub const WS_RELAY_REFUSE: u32 = 1;

/// What happened. One flat struct for all events; members that an event type does not name are 0 or "".
/// Everything it points to is valid during the callback only. Strings are never NULL.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_event {
    /// Size of this struct in the library; newer ones are larger.
    pub struct_size: u32,
    /// WS\_EVENT\_.
    pub r#type: i32,
    /// The client or connection it is about; the server for the server's own events.
    pub handle: ws_handle,
    /// The server of an accepted connection, else 0.
    pub server: ws_handle,
    /// Payload of a message; one NUL byte follows it, not counted in size.
    pub data: *const c_void,
    /// Bytes of data.
    pub size: usize,
    /// WS\_TEXT or WS\_BINARY.
    pub message_type: i32,
    /// HTTP status: 101 at open, the answer of a server that refused, else 0.
    pub status: i32,
    /// Close: the code received (RFC 6455 7.1.5; 1005 none given, 1006 connection lost); error: the close
    /// code sent to the peer, or 0.
    pub code: i32,
    /// Close: 1 when Close frames went both ways.
    pub clean: i32,
    /// Close: the reason received, UTF-8, NUL-terminated.
    pub reason: *const c_char,
    /// Bytes of reason.
    pub reason_size: usize,
    /// Open: HTTP status text; error and failed completion: what was tried, with what, why it failed.
    pub text: *const c_char,
    /// Error and completion: WS\_ERR\_, WS\_OK for a completed call.
    pub error: i32,
    /// Error and completion: WS\_STAGE\_.
    pub stage: i32,
    /// Error, completion: errno of the system call that failed, else 0.
    pub os_error: i32,
    /// Completion: WS\_OP\_.
    pub operation: i32,
    /// Completion: that of the call; else the handle's, as from ws\_user\_data.
    pub user_data: *mut c_void,
    /// Open info and connect: the subprotocol in use, "" for none; upgrade: those offered.
    pub protocol: *const c_char,
    /// Pong: microseconds since the ping that it answers; -1: it answers none of ours.
    pub round_trip_us: i64,
    /// Reconnecting: milliseconds until the attempt begins.
    pub delay_ms: i64,
    /// Reconnecting: number of the attempt since the connection was lost, from 1.
    pub attempt: i32,
    /// Close: 1 when the client connects again by itself.
    pub will_reconnect: i32,
    /// Message: WS\_PART\_, when it is received in pieces.
    pub part: i32,
    /// Topic begin and end: 1 when the name is that of a pattern (ws\_subscribe\_pattern).
    pub pattern: i32,
    /// Upgrade and request: "GET".
    pub method: *const c_char,
    /// Upgrade, request and connect: path and query as sent, "/chat?room=1"; request: "\*" for OPTIONS of
    /// the whole server.
    pub target: *const c_char,
    /// Error: see WS\_EVENT\_ERROR; request: what followed the head, whole, without the coding when it came
    /// in chunks, and without trailers; one NUL byte follows it.
    pub body: *const c_void,
    /// Bytes of body.
    pub body_size: usize,
    /// What the host has given to the connection: ws\_set\_correlation\_id; "" for none.
    pub correlation_id: *const c_char,
    /// Skipped: bytes of the message, inflated.
    pub message_size: u64,
    /// Verify and sign: names the question for its answer; below 2^53.
    pub token: u64,
    /// Sign: SignatureScheme of RFC 8446 4.2.3, such as 0x0804, rsa\_pss\_rsae\_sha256.
    pub scheme: i32,
    /// 0.
    pub reserved: i32,
}

impl Default for ws_event {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// A field of a request or an answer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_header {
    /// A token, RFC 9110 5.6.2.
    pub name: *const c_char,
    /// Without control characters.
    pub value: *const c_char,
}

impl Default for ws_header {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        unsafe { core::mem::zeroed() }
    }
}

/// Ws\_connect\_options.compression and ws\_server\_config.compression: messages are compressed when
/// both ends agree on permessage-deflate (RFC 7692). WS\_TEXT\_EXTENSIONS has what they agreed on. OUT
/// is what this end sends, IN what it receives. Limits on the size of a message apply to the message
/// itself; statistics, limits on what waits to be sent and ws\_buffered\_amount count what is on the
/// wire. What waits for a connection goes uncompressed, and so does a message that would not get
/// smaller; see ws\_send\_part for pieces. What is published is compressed once for each
/// window\_bits\_out among those who get it; what is sent next to one of them with takeover refers to
/// nothing before it. Compressing takes about 4 us for 1 KiB of text, and a connection without takeover
/// owns nothing for it. One whose secrets share a message with what an attacker may choose should not
/// compress. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_compression {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_TAKEOVER\_OUT, WS\_TAKEOVER\_IN.
    pub flags: u32,
    /// 1 (fast) to 9 (small); with takeover 6 and more read the window anew for each message, which takes 10
    /// times as long. Windows of less than 15 bits have 1 to 5, and more is as 5; 0: 1.
    pub level: i32,
    /// Smaller messages, but not pieces, go uncompressed: 1..2^30 bytes; 0: 256, or 32 for what is sent to
    /// one connection with takeover.
    pub min_size: i32,
    /// How far back a message may refer, as a power of two: 8..15; 0: 15. The peer may want less.
    pub window_bits_out: i32,
    /// Likewise; a peer that cannot keep to less than 15 is asked for no takeover instead.
    pub window_bits_in: i32,
    /// A received message that inflates to more than 64 KiB and so many times its compressed size ends its
    /// connection with close code 1009: 1..2^20; -1: any, up to max\_message\_size; 0: 500, which counts
    /// from 4 MiB on and is met by what has hardly any information, as zeros (1000 times), never by text
    /// (the same line again and again: up to 420).
    pub max_ratio: i32,
    /// 0.
    pub reserved: i32,
}

impl Default for ws_compression {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_init: the whole library. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_init_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// Event loops, one thread each: 1..64; 0: 1.
    pub loops: i32,
    /// WS\_ENGINE\_.
    pub engine: i32,
    /// Highest WS\_LOG\_ level that is reported; 0: WS\_LOG\_WARN.
    pub log_level: i32,
    /// Bytes for all receive, send and queue buffers together; 0: a quarter of the memory this process may
    /// use; at least 1 MiB; -1: no ceiling. Near it connections that use memory are not read; over it sends
    /// are refused (WS\_ERR\_MEMORY), and connections that use the most are ended (close code 1013).
    pub memory_budget: i64,
    /// NULL: no log, or that of WS\_LOG above.
    pub log: ws_log_callback,
    /// Handed to log.
    pub log_user_data: *mut c_void,
    /// Of each level; more are left out and counted, and one line says so a second later: 1..1000000; 0:
    /// 100; -1: no limit.
    pub log_lines_per_second: i32,
    /// 0.
    pub reserved: i32,
}

impl Default for ws_init_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_create: a client. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_create_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_REFUSE\_EARLY, WS\_RECEIVE\_PARTS, WS\_PING\_EVENTS, WS\_SKIP\_LARGE, WS\_MANUAL\_PONG.
    pub flags: u32,
    /// Largest message received or sent: 1..2^46 bytes; 0: 64 MiB; -1: no limit (2^46). On systems of 32
    /// bits no limit of a size is above 1 GiB.
    pub max_message_size: i64,
    /// Largest message sent, if that is to be less: 1..max\_message\_size; 0: max\_message\_size. The
    /// module's is 5242864.
    pub max_send_size: i64,
    /// Bytes that may wait in the output queue: 1..2^46; 0: 16 MiB. One message always fits an empty queue.
    pub max_buffered: i64,
    /// First value of ws\_user\_data().
    pub user_data: *mut c_void,
    /// Drain follows when more than this was buffered; 1..max\_buffered; 0: max\_buffered.
    pub high_water_mark: i64,
    /// Buffered bytes at which drain comes; 1..high\_water\_mark - 1; 0: a quarter of it.
    pub low_water_mark: i64,
    /// Its callbacks come by this queue; 0: on the thread of the loop.
    pub queue: ws_handle,
    /// WS\_FULL\_.
    pub full_policy: i32,
    /// 0.
    pub reserved: i32,
    /// As of ws\_set\_correlation\_id; NULL or "": none.
    pub correlation_id: *const c_char,
    /// Largest payload of a frame that is sent, in bytes: 1024..2^30; 0: any. A larger message, or piece of
    /// one, leaves in several frames (RFC 6455 5.4), which each peer puts together: for gateways that end
    /// connections with larger ones. Since 0.1.
    pub max_send_frame: i64,
}

impl Default for ws_create_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_connect\_options.reconnect: a client that connects again by itself. Each loss gives error (unless
/// the peer said a Close frame), close with will\_reconnect 1, then reconnecting before the wait for
/// each try, and open when one succeeds. A try that fails gives error. The completion of ws\_connect
/// comes once: at the first open, or when the client gives up, which is an error of stage
/// WS\_STAGE\_RECONNECT: after max\_tries, at an HTTP answer that would be the same next time (every
/// status but 408, 421, 425, 429 and those from 500 on, of which 501, 505 and 511 are final, too), or at
/// a certificate that one end does not take; at the first try this is the only error. Retry-After of 429
/// and 503, seconds or a date, is the shortest wait, of one hour at the most; with jitter the random
/// wait follows it, since all clients of a server may get the same value. ws\_close ends it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_reconnect_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_KEEP\_SENDS, WS\_RETRY\_CERTIFICATE, WS\_ASK\_BEFORE\_RECONNECT.
    pub flags: u32,
    /// Longest wait before the first try: 1..3600000; 0: 500.
    pub first_delay_ms: i32,
    /// Longest wait at all: first\_delay\_ms..3600000; 0: 30000, or first\_delay\_ms if that is longer.
    pub max_delay_ms: i32,
    /// Each wait may be so much longer than the one before: 100..10000; 0: 200.
    pub factor_percent: i32,
    /// Tries in a row that may fail, not counting that of ws\_connect, before it gives up; 0: any number.
    pub max_tries: i32,
    /// 1: waits are the longest allowed ones; 0: random ones up to that (full jitter).
    pub exact: i32,
    /// Of final\_codes: 0..1000.
    pub final_code_count: i32,
    /// Close codes of the peer that end it, 1000..4999, beside 1000, 1002, 1003, 1007..1010, 3000 and 3003;
    /// NULL when there are none.
    pub final_codes: *const i32,
    /// Time that a connection has to last before the waits begin anew with first\_delay\_ms; behind a
    /// shorter one they go on growing: 1..3600000; 0: the last wait, at least 10000; -1: none. Tries are
    /// counted anew at each open all the same.
    pub stable_ms: i32,
    /// 0.
    pub reserved: i32,
    /// With WS\_ASK\_BEFORE\_RECONNECT: for the answer: 1..3600000; 0: 30000; -1: for ever.
    pub answer_timeout_ms: i32,
    /// 0.
    pub reserved_2: i32,
}

impl Default for ws_reconnect_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_reconnect\_with: what is different from this try on, for all that follow. What is NULL stays as
/// it was. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_reconnect_changes {
    /// Bytes of struct.
    pub struct_size: u32,
    /// 0.
    pub flags: u32,
    /// As of ws\_connect; its user part is the new one, or none. With another host or port host and
    /// connect\_address of the options no longer hold, all else does.
    pub url: *const c_char,
    /// All extra fields from now on; with header\_count 0: none.
    pub headers: *const ws_header,
    /// Of headers: 0..1000.
    pub header_count: usize,
    /// Subprotocols offered; "": none.
    pub protocol: *const c_char,
    /// Addresses to connect to; "": what the name resolves to.
    pub connect_address: *const c_char,
    /// For the proxy of the options, as there; both or none.
    pub proxy_username: *const c_char,
    /// Likewise; may be "".
    pub proxy_password: *const c_char,
    /// The client's certificate and its key, both as in ws\_connect\_options. Who gives one gives all: those
    /// before are forgotten, with the password. With WS\_SIGN\_EVENTS there is no key.
    pub client_cert_path: *const c_char,
    /// As client\_cert\_path, but PEM from memory.
    pub client_cert: *const c_void,
    /// Bytes of client\_cert.
    pub client_cert_size: usize,
    /// Its private key.
    pub client_key_path: *const c_char,
    /// As client\_key\_path, but PEM from memory.
    pub client_key: *const c_void,
    /// Bytes of client\_key.
    pub client_key_size: usize,
    /// Of an encrypted key; NULL: it is not encrypted.
    pub client_key_password: *const c_char,
}

impl Default for ws_reconnect_changes {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_connect: one connection of a client (the module's WebSocketRequestOptions). Texts are
/// NUL-terminated. A member "X" of X\_size bytes and a member "X\_path" give the same, PEM of at most 16
/// MiB from memory or from a file, which is read during the call; not both, and X\_size 0 is none. What
/// is for TLS is used for wss only. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_connect_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_ORIGIN\_OF\_URL, WS\_SUPPORT\_ORIGIN\_PORT, WS\_STRICT\_PONG, WS\_NO\_RESUMPTION,
    /// WS\_ACKNOWLEDGED\_SENDS, WS\_CONNECTED\_DESCRIPTOR, WS\_KEEP\_COOKIES, WS\_VERIFY\_EVENTS,
    /// WS\_SIGN\_EVENTS, WS\_RENEGOTIATE\_ONCE.
    pub flags: u32,
    /// Extra fields, in this order; a name may come twice. Those of the upgrade itself and of a single hop
    /// are refused.
    pub headers: *const ws_header,
    /// Of headers: 0..1000.
    pub header_count: usize,
    /// Subprotocols offered, separated by commas, the preferred one first; NULL: none.
    pub protocol: *const c_char,
    /// Origin field (RFC 6455 4.1); NULL: none, unless a flag asks for one: servers may refuse what is not
    /// their own.
    pub origin: *const c_char,
    /// Answers 301, 302, 303, 307, 308 that are followed: 0..20; 0: none. Never from wss to ws.
    /// Authorization, Cookie, the user part of the URL and the client certificate go to no other host and
    /// port; all other options apply there, too.
    pub max_redirects: i32,
    /// Resolve, connect, TLS and upgrade together: 1..3600000; 0: 15000; -1: no deadline.
    pub handshake_timeout_ms: i32,
    /// Resolve, connect and proxy by themselves: 1..3600000; 0 or -1: only the whole is bounded.
    pub connect_timeout_ms: i32,
    /// The TLS handshake by itself; likewise.
    pub tls_timeout_ms: i32,
    /// The upgrade by itself; likewise.
    pub upgrade_timeout_ms: i32,
    /// Silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000; -1: no heartbeat.
    pub ping_interval_ms: i32,
    /// Then time for the sign, else error and close 1006: 1..30000000; 0: 30000; -1: as long as
    /// ping\_interval\_ms, which it never exceeds.
    pub pong_timeout_ms: i32,
    /// Time without a message in either direction, then close 1001: 1..30000000; 0 or -1: for ever.
    pub idle_timeout_ms: i32,
    /// Time in which the kernel takes nothing of what waits to be sent, then error and close 1006:
    /// 1..30000000; 0 or -1: for ever.
    pub write_timeout_ms: i32,
    /// 1 takes any certificate, which protects from nobody who can change the traffic; 0: chain, dates and
    /// host name are checked.
    pub skip_server_cert_verification: i32,
    /// WS\_TLS\_; default: WS\_TLS\_1\_2, or the greatest if that is less.
    pub min_support_tls_protocol: i32,
    /// WS\_TLS\_, not less than min\_support\_tls\_protocol; default: the newest.
    pub max_support_tls_protocol: i32,
    /// The authorities to trust, and no others; NULL: /etc/ssl/certs/cacert.pem of OpenHarmony if it is
    /// there, else the system's.
    pub ca_path: *const c_char,
    /// As ca\_path, but PEM from memory.
    pub ca: *const c_void,
    /// Bytes of ca.
    pub ca_size: usize,
    /// Certificate that the client shows when asked, with its chain.
    pub client_cert_path: *const c_char,
    /// As client\_cert\_path, but PEM from memory.
    pub client_cert: *const c_void,
    /// Bytes of client\_cert.
    pub client_cert_size: usize,
    /// Its private key, PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password.
    pub client_key_path: *const c_char,
    /// As client\_key\_path, but PEM from memory.
    pub client_key: *const c_void,
    /// Bytes of client\_key.
    pub client_key_size: usize,
    /// NULL: the key is not encrypted.
    pub client_key_password: *const c_char,
    /// Name to ask for (SNI) and to check instead of the URL's host; an address is checked only; NULL: the
    /// URL's host.
    pub server_name: *const c_char,
    /// SHA-256 of public keys, base64 or hexadecimal, "sha256/" before it or not, separated by commas; one
    /// must be in the server's chain. When verification is skipped it must be the server's own key. NULL:
    /// none.
    pub pins: *const c_char,
    /// Names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones.
    pub cipher_suites: *const c_char,
    /// Secrets of the connection are appended to this file, for Wireshark; NULL: none.
    pub key_log_path: *const c_char,
    /// WS\_PROXY\_.
    pub proxy: i32,
    /// 1..65535; 0: 80 for HTTP, 443 for HTTPS, 1080 for SOCKS5.
    pub proxy_port: i32,
    /// Name or address, without scheme and port; needed by WS\_PROXY\_HTTP, \_HTTPS and \_SOCKS5, not looked
    /// at otherwise, like the three below.
    pub proxy_host: *const c_char,
    /// Sent as Basic (RFC 7617; Digest, NTLM and Negotiate are not there), or by RFC 1929: then at most 255
    /// bytes; NULL or "": none.
    pub proxy_username: *const c_char,
    /// Likewise; may be ""; NULL exactly when proxy\_username is.
    pub proxy_password: *const c_char,
    /// Hosts without the proxy, separated by commas: a name means also the names below it, an address
    /// itself, \* is any run of characters; each may end with :port.
    pub proxy_exclusion_list: *const c_char,
    /// NULL: a lost connection stays lost.
    pub reconnect: *const ws_reconnect_options,
    /// What to offer; NULL: no compression.
    pub compression: *const ws_compression,
    /// Host field of the request, a name or an address, with a port or not; NULL: that of the URL. TLS has
    /// server\_name. Not for where a redirect leads to.
    pub host: *const c_char,
    /// Addresses, IPv4 or IPv6 without brackets, separated by commas, at most 32: one of them is connected
    /// to, in this order (RFC 8305), and nobody is asked for the URL's host. Host, SNI, the check of the
    /// certificate and proxy\_exclusion\_list stay with the URL; a proxy is asked for the first one. Not for
    /// where a redirect leads to, unless to the same host and port. NULL: what the name resolves to.
    pub connect_address: *const c_char,
    /// Address of this host that the connection comes from; NULL: as the routes say.
    pub local_address: *const c_char,
    /// Interface that all its packets go by, "wlan0" (SO\_BINDTODEVICE; Linux, elsewhere
    /// WS\_ERR\_UNSUPPORTED); NULL: as the routes say.
    pub local_interface: *const c_char,
    /// WS\_FAMILY\_; of the proxy, if there is one.
    pub address_family: i32,
    /// Silence before the kernel asks the peer's for a sign of life, and between two such questions, of
    /// which nine unanswered ones end the connection; in whole seconds: 1..32767000; 0: 15000; -1: it never
    /// asks.
    pub tcp_keepalive_ms: i32,
    /// Time that what was sent may stay unacknowledged before the kernel ends the connection (RFC 5482):
    /// 1..30000000; 0: as the system has it. Linux.
    pub tcp_user_timeout_ms: i32,
    /// With WS\_CONNECTED\_DESCRIPTOR: a stream socket, TCP or Unix, that is connected to the server, by a
    /// tunnel or a proxy of the host's own. It is the library's from WS\_OK on. The URL gives everything but
    /// the way; no reconnect, redirects, proxy or addresses with it. Otherwise 0.
    pub connected_descriptor: i32,
    /// Bytes of the head of the server's answer: 1024..1048576; 0: 16384.
    pub max_answer_head: i32,
    /// 0.
    pub reserved: i32,
    /// The authorities of a WS\_PROXY\_HTTPS, and no others; NULL: the system's. ca is for the server.
    pub proxy_ca_path: *const c_char,
    /// As proxy\_ca\_path, but PEM from memory.
    pub proxy_ca: *const c_void,
    /// Bytes of proxy\_ca.
    pub proxy_ca_size: usize,
    /// For TLS, separated by commas: X25519MLKEM768, X25519, secp256r1, secp384r1, secp521r1; NULL: all, a
    /// hybrid one first, with which the first flight has more than one segment: some old middleboxes take
    /// "X25519,secp256r1" only. (For revoked certificates see WS\_VERIFY\_EVENTS).
    pub key_exchange_groups: *const c_char,
    /// Protocols offered in the TLS handshake (RFC 7301), separated by commas; "": none; NULL: http/1.1.
    pub alpn: *const c_char,
}

impl Default for ws_connect_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_close and ws\_server\_stop: what the Close frame says. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_close_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// 1000..1003, 1007..1014, 3000..4999 (RFC 6455 7.4); 0: 1000, of a server 1001.
    pub code: i32,
    /// UTF-8, at most 123 bytes, NUL-terminated; NULL: "CLOSE\_NORMAL", of a server "server is going away";
    /// "" is kept.
    pub reason: *const c_char,
    /// For the peer's answer, then the connection is cut off: 1..3600000; 0: 5000.
    pub timeout_ms: i32,
    /// WS\_CUT\_REASON, WS\_NO\_CODE.
    pub flags: u32,
}

impl Default for ws_close_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_send\_with, ws\_publish\_with and ws\_server\_broadcast\_with, which say what it does. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_send_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// 0..7: a message goes before those with a lower one that wait; 0: as by ws\_send.
    pub priority: i32,
    /// A message replaces the one with its key that waits for the same connection; 0: none.
    pub key: u64,
}

impl Default for ws_send_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_stats\_get: the whole library. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_stats {
    /// Bytes of struct.
    pub struct_size: u32,
    /// Event loops; 0: the library has not started.
    pub loops: i32,
    /// Open now, clients and accepted ones.
    pub connections: i64,
    /// Most at once.
    pub connections_peak: i64,
    /// The soft descriptor limit of the process less 256 for the host; beyond it clients of servers are
    /// refused with 503 and ws\_connect fails with WS\_ERR\_MEMORY.
    pub connection_limit: i64,
    /// TCP connections that servers took.
    pub accepted: u64,
    /// By servers, because of any limit, and with an HTTP answer if possible.
    pub refused: u64,
    /// Messages that no listener took.
    pub unheard: u64,
    /// Connections ended because memory\_budget was used up.
    pub relieved: u64,
    /// Bytes for all buffers together; 0: no ceiling.
    pub memory_budget: i64,
    /// Bytes of buffers in use now.
    pub memory_used: i64,
    /// Messages that made room for newer ones (WS\_FULL\_DROP\_OLDEST), and published ones that found no
    /// room in the queue of a connection (ws\_publish).
    pub dropped: u64,
    /// Since the library has started.
    pub uptime_us: u64,
    /// CPU time of the threads of all loops together, callbacks that run there included: the share of a loop
    /// that is busy is its growth over that of uptime\_us times loops. A callback that sleeps or waits
    /// counts nothing. 0 where the system does not count it (Linux and Android do).
    pub loop_cpu_us: u64,
    /// That wait in queues of the host.
    pub queued_events: u64,
    /// Of messages among them, with 64 for each, and of pings and pongs, with 256.
    pub queued_bytes: u64,
    /// Lines of the log that log\_lines\_per\_second left out.
    pub log_suppressed: u64,
    /// Faults of the library that it has caught: each has ended one connection or one call, which failed
    /// with WS\_ERR\_INTERNAL, and the log says where (WS\_LOG\_ERROR). Other than 0 is worth a report.
    pub defects: u64,
    /// Messages that newer ones with their key have replaced while they waited (ws\_send\_with).
    pub replaced: u64,
}

impl Default for ws_stats {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_connection\_info: who is at the other end (the module's WebSocketConnection). Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_connection {
    /// Bytes of struct.
    pub struct_size: u32,
    /// Port of the peer; 0 for a Unix socket, and for a client whose proxy does not say it.
    pub client_port: i32,
    /// The connection.
    pub handle: ws_handle,
    /// Its server; 0 for a client.
    pub server: ws_handle,
    /// Address of the peer, or of the client behind a trusted proxy (ws\_server\_config.client\_address), as
    /// text, NUL-terminated; IPv6 without brackets, a link-local address with its zone, "fe80::1%eth0"; ""
    /// for a Unix socket, and for a connection that was lost before it was asked about.
    pub client_ip: [c_char; 64],
}

impl Default for ws_connection {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_connection\_stats\_get: one connection, since its handle was made (clients), or since the first
/// call for it (accepted ones, whose sends are a little slower from then on). Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_connection_stats {
    /// Bytes of struct.
    pub struct_size: u32,
    /// Times a client was connected again.
    pub reconnects: u32,
    /// Of the peer.
    pub messages_received: u64,
    /// Accepted by ws\_send and the like, and published ones that it took.
    pub messages_sent: u64,
    /// Payload of messages.
    pub bytes_received: u64,
    /// Payload of messages.
    pub bytes_sent: u64,
    /// Also control frames.
    pub frames_received: u64,
    /// Also control frames.
    pub frames_sent: u64,
    /// Of the peer.
    pub pings_received: u64,
    /// Also those of the heartbeat.
    pub pings_sent: u64,
    /// Answers to our pings, and others.
    pub pongs_received: u64,
    /// Most bytes that waited to be sent.
    pub buffered_peak: u64,
    /// Of the last ping that was answered; -1: none was.
    pub round_trip_us: i64,
    /// Of a client: Unix time in ms of the last open, 0: never; of accepted ones always 0.
    pub connected_at_ms: i64,
    /// Messages that made room for newer ones (WS\_FULL\_DROP\_OLDEST), and published ones that found no
    /// room (ws\_publish).
    pub messages_dropped: u64,
    /// Looking up the host name.
    pub resolve_us: i64,
    /// The TCP connect, and talking with a proxy.
    pub connect_us: i64,
    /// The TLS handshake.
    pub tls_us: i64,
    /// The upgrade, RFC 6455 4.
    pub upgrade_us: i64,
    /// Messages over max\_message\_size that were dropped (WS\_SKIP\_LARGE); messages\_received and
    /// bytes\_received have them, too.
    pub messages_skipped: u64,
    /// Messages that newer ones with their key have replaced while they waited (ws\_send\_with);
    /// messages\_sent and bytes\_sent have them, too.
    pub messages_replaced: u64,
}

impl Default for ws_connection_stats {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_queue\_create. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_queue_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_QUEUE\_.
    pub flags: u32,
    /// Of messages and requests that wait, 64 bytes more than each, and of pings and pongs that are events,
    /// 256 bytes more; one connection may fill an eighth; over it connections are not read, so that their
    /// peers have to wait; one message of each always fits; 1..2^46; 0: 16 MiB.
    pub max_bytes: i64,
}

impl Default for ws_queue_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_create: a server. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_server_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_RECEIVE\_PARTS, WS\_PING\_EVENTS, WS\_UPGRADE\_EVENTS, WS\_REQUEST\_EVENTS, WS\_KEEP\_REQUEST,
    /// WS\_TOPIC\_EVENTS, WS\_SKIP\_LARGE, WS\_MANUAL\_PONG.
    pub flags: u32,
    /// As in ws\_create\_options, for every accepted connection.
    pub max_message_size: i64,
    /// As in ws\_create\_options, for every accepted connection.
    pub max_send_size: i64,
    /// As in ws\_create\_options, for every accepted connection.
    pub max_buffered: i64,
    /// First value of ws\_user\_data() of the server.
    pub user_data: *mut c_void,
    /// As in ws\_create\_options.
    pub high_water_mark: i64,
    /// As in ws\_create\_options.
    pub low_water_mark: i64,
    /// As in ws\_create\_options, for the server and every accepted connection.
    pub queue: ws_handle,
    /// Frames of one message; 0: no limit.
    pub max_fragments: i32,
    /// Pings and pongs of a peer that are read in one second: 1..65535; 0: 1000; -1: no limit. What came
    /// during a pause is read at once.
    pub max_control_frames: i32,
    /// WS\_FULL\_, for every accepted connection.
    pub full_policy: i32,
    /// Topics and patterns to which one connection may subscribe; 0: 1024; -1: no limit.
    pub max_subscriptions: i32,
    /// As in ws\_create\_options, for every accepted connection and what is published.
    pub max_send_frame: i64,
}

impl Default for ws_server_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// A certificate with its private key, PEM, each from a file or from memory, not both. Of an array all
/// have the same struct\_size. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_certificate {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_SIGN\_EVENTS.
    pub flags: u32,
    /// The certificate first, then the chain.
    pub cert_path: *const c_char,
    /// As cert\_path, but PEM from memory.
    pub cert: *const c_void,
    /// Bytes of cert.
    pub cert_size: usize,
    /// PKCS#1, PKCS#8 or SEC 1; encrypted ones want the password.
    pub key_path: *const c_char,
    /// As key\_path, but PEM from memory.
    pub key: *const c_void,
    /// Bytes of key.
    pub key_size: usize,
    /// Of an encrypted key; NULL: it is not encrypted.
    pub key_password: *const c_char,
}

impl Default for ws_certificate {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// One more place where a server listens: an address and port, the path of a Unix socket, or a socket
/// that listens already. Of an array all have the same struct\_size. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_listener {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_LISTEN\_.
    pub flags: u32,
    /// As server\_ip.
    pub ip: *const c_char,
    /// Of a Unix socket instead, at most 103 bytes; not on Windows. A socket file at which nobody listens is
    /// replaced, no other file is. Of several processes that find such a file exactly one gets its place;
    /// they lock the directory meanwhile (flock), which programs without this library do not heed. It is
    /// removed when the server stops listening, unless ws\_server\_descriptor has handed it over. "@name" is
    /// an abstract one (Linux), without a file or mode: every local user may connect.
    pub path: *const c_char,
    /// As server\_port.
    pub port: i32,
    /// Permissions of the file at path, 0..0777; 0: 0600.
    pub mode: i32,
    /// With WS\_LISTEN\_DESCRIPTOR: a stream socket, TCP or Unix, that listens. It is duplicated and stays
    /// the host's, who may close it after the call. It becomes non-blocking.
    pub descriptor: i32,
    /// As in ws\_server\_config; 0 for a descriptor.
    pub backlog: i32,
    /// Its connections go to these loops in turn: the first one, from 0.
    pub first_loop: i32,
    /// And how many; 0: all from first\_loop on.
    pub loops: i32,
}

impl Default for ws_listener {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_listener: a socket that a server listens on. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_listener_info {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_LISTEN\_, as it was started.
    pub flags: u32,
    /// How many the server has.
    pub count: i32,
    /// Its index in ws\_server\_config.listeners; -1: it is that of server\_port.
    pub listener: i32,
    /// 0: a Unix socket.
    pub port: i32,
    /// That accepts there, from 0.
    pub r#loop: i32,
    /// IPv4 or IPv6 address; path of a Unix socket; "" for one without a name.
    pub address: [c_char; 128],
}

impl Default for ws_listener_info {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_start: where to listen (the module's WebSocketServerConfig). Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_server_config {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_MODULE\_LIMITS, WS\_STRICT\_PONG, WS\_CLIENT\_CERT\_OPTIONAL, WS\_LISTENERS\_ONLY,
    /// WS\_REUSE\_PORT, WS\_HTTP\_ORIGINS, WS\_REQUIRE\_PROTOCOL, WS\_NO\_LISTENERS, WS\_IPV6\_ONLY,
    /// WS\_VERIFY\_EVENTS, WS\_SIGN\_EVENTS (for the first certificate).
    pub flags: u32,
    /// 0..65535; 0: an ephemeral one, see ws\_server\_port().
    pub server_port: i32,
    /// 0.
    pub reserved: i32,
    /// Literal IPv4 or IPv6 address of this host; a link-local one with its zone, by name or number,
    /// "fe80::1%eth0"; NULL: "0.0.0.0".
    pub server_ip: *const c_char,
    /// A client must have sent its upgrade request by then: 1..3600000; 0: 15000; -1: no deadline.
    pub handshake_timeout_ms: i32,
    /// Connections that may wait in the kernel until they are accepted: 1..65535; 0: 4096.
    pub backlog: i32,
    /// PEM file with the certificate chain; with a certificate the server speaks wss only. One that has
    /// expired, is not valid yet or names no host is taken, with a line of WS\_LOG\_WARN.
    pub cert_path: *const c_char,
    /// PEM file with the private key of the certificate.
    pub key_path: *const c_char,
    /// WS\_TLS\_.
    pub min_support_tls_protocol: i32,
    /// WS\_TLS\_.
    pub max_support_tls_protocol: i32,
    /// Instead of cert\_path.
    pub cert: *const c_void,
    /// Bytes of cert.
    pub cert_size: usize,
    /// Instead of key\_path.
    pub key: *const c_void,
    /// Bytes of key.
    pub key_size: usize,
    /// For an encrypted key.
    pub key_password: *const c_char,
    /// Others, at most 10000: a client gets the one for the name it asks for (SNI), and the first of all
    /// when there is none.
    pub certificates: *const ws_certificate,
    /// Of certificates.
    pub certificate_count: usize,
    /// PEM file with authorities: clients have to show a certificate of one of them (mutual TLS); NULL: none
    /// is asked for.
    pub client_ca_path: *const c_char,
    /// Instead of client\_ca\_path.
    pub client_ca: *const c_void,
    /// Bytes of client\_ca.
    pub client_ca_size: usize,
    /// Names of IANA, separated by commas, for TLS 1.2 and older; NULL: good ones.
    pub cipher_suites: *const c_char,
    /// Subprotocols the server speaks, separated by commas, the preferred one first; the first that a client
    /// offers is chosen, else none (RFC 6455 4.2.2; see WS\_REQUIRE\_PROTOCOL). Browsers end a connection
    /// that gets none of those they offer, so a line of WS\_LOG\_INFO says so.
    pub protocol: *const c_char,
    /// Whose pages may connect (RFC 6455 10.2), "`https://example.com`", separated by commas. A host that
    /// begins with "\*." means all names below it, the port "\*" any; "\*" alone: any origin; NULL: those of
    /// the host they connect to (see WS\_HTTP\_ORIGINS). Others get 403, and a line of WS\_LOG\_INFO names
    /// them. Clients that send no Origin are no browsers, and may. What no browser ever sends, as an origin
    /// with a path, is refused by ws\_server\_start.
    pub origins: *const c_char,
    /// For the answer to an upgrade or request event, then 503: 1..3600000; 0: 15000; -1: none.
    pub decision_timeout_ms: i32,
    /// For the next request after an answer of ws\_respond: 1..3600000; 0: 5000; -1: each answer ends its
    /// connection.
    pub keep_alive_timeout_ms: i32,
    /// Bytes of a request line and its fields, then 414 or 431: 1024..1048576; 0: 16384. Of a body in chunks
    /// (RFC 9112 7.1) it also bounds the trailers, then 431, and what extensions of chunks take beyond 16
    /// bytes and twice the data of each chunk, then 413.
    pub max_head_size: i32,
    /// Bytes of the body of a request, however it comes, then 413: 1..16777216; 0: 65536; -1: none is taken.
    pub max_body_size: i32,
    /// Open and opening ones at once; 0: only ws\_stats.connection\_limit.
    pub max_connections: i32,
    /// Distinct addresses that are connected; 0: no limit.
    pub max_concurrent_clients_number: i32,
    /// Connections of one address at once; 0: no limit.
    pub max_connections_for_one_client: i32,
    /// Upgrade requests of one address, as many at once, then evenly; 0: no limit.
    pub max_upgrades_per_minute: i32,
    /// Silence of the peer before a ping asks for a sign of life: 1..30000000; 0: 30000; -1: no heartbeat.
    pub ping_interval_ms: i32,
    /// Then time for the sign, else error and close 1006; 0: 30000; never more than ping\_interval\_ms. It
    /// counts anew while the kernel takes what waits before the ping.
    pub pong_timeout_ms: i32,
    /// Time without a message in either direction, then close 1001; 0: for ever.
    pub idle_timeout_ms: i32,
    /// Time in which the kernel takes nothing of what waits to be sent, then error and close 1006; 0: 60000;
    /// -1: for ever.
    pub write_timeout_ms: i32,
    /// Their networks and addresses, at most 1024, separated by commas, "10.0.0.0/8, ::1"; a link-local
    /// address may have a zone, and is then meant behind that interface only; "unix": the peers of Unix
    /// sockets; NULL: nobody is believed.
    pub trusted_proxies: *const c_char,
    /// WS\_ADDRESS\_: how they say who the client is.
    pub client_address: i32,
    /// Silence of a peer before TCP itself probes it, in whole seconds, rounded up: 1..32400000; 0: no
    /// probes. It finds peers that are gone also during a handshake.
    pub tcp_keep_alive_ms: i32,
    /// More places to listen at, or all with WS\_LISTENERS\_ONLY. For limits of one address all peers of
    /// Unix sockets are one.
    pub listeners: *const ws_listener,
    /// At most 64.
    pub listener_count: usize,
    /// For clients that offer it; NULL: none.
    pub compression: *const ws_compression,
    /// For which hosts requests are answered, by their Host, whatever its port: names, "\*.example.com" for
    /// those below one, addresses; separated by commas; "\*": any. Others get 421 (RFC 9110 7.4). Listeners
    /// on loopback answer for localhost, names below it and addresses of loopback as well. NULL: these only
    /// at listeners on loopback, and any at others: a page of another name cannot reach a server of this
    /// host then (DNS rebinding). Of Unix sockets no Host is looked at.
    pub hosts: *const c_char,
    /// GET and HEAD requests for it, "/healthz", are answered by 200 and "ok", with or without a listener
    /// for WS\_EVENT\_REQUEST, which does not get them, and for any Host; NULL: they are requests like
    /// others. Who is refused for a limit gets 503 there, too.
    pub health_path: *const c_char,
}

impl Default for ws_server_config {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_accept: how to agree to an upgrade. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_accept_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_NO\_COMPRESSION.
    pub flags: u32,
    /// The subprotocol, one of those offered, or "" for none; NULL: what ws\_server\_config says.
    pub protocol: *const c_char,
    /// Extra fields of the answer, in this order; those of the answer itself are refused.
    pub headers: *const ws_header,
    /// How many of headers.
    pub header_count: usize,
    /// As of ws\_set\_correlation\_id; "": none; NULL: as it is.
    pub correlation_id: *const c_char,
    /// 1..2^46; -1: no limit.
    pub max_message_size: i64,
    /// 1..max\_message\_size.
    pub max_send_size: i64,
    /// 1..2^46; the marks are then those that follow from it, or the two below.
    pub max_buffered: i64,
    /// 1..max\_buffered.
    pub high_water_mark: i64,
    /// 1..high\_water\_mark - 1.
    pub low_water_mark: i64,
    /// Silence of the peer before a ping asks for a sign of life.
    pub ping_interval_ms: i32,
    /// Then time for the sign.
    pub pong_timeout_ms: i32,
    /// Time without a message in either direction.
    pub idle_timeout_ms: i32,
    /// Time in which the kernel takes nothing of what waits to be sent.
    pub write_timeout_ms: i32,
}

impl Default for ws_accept_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_adopt: a connection that the host has accepted. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_adopt_options {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_ADOPT\_UPGRADED.
    pub flags: u32,
    /// A stream socket that is connected to the client, TCP or Unix. It becomes non-blocking, and is closed
    /// by exec. On Windows one of TCP that is in no completion port.
    pub descriptor: i32,
    /// 0..65535; of client\_ip.
    pub client_port: i32,
    /// Literal address of the client, for limits and ws\_connection\_info, where the socket is that of a
    /// tunnel; NULL: the peer of the socket, or whom trusted\_proxies name.
    pub client_ip: *const c_char,
    /// What the host has read: the request from its first byte on; with WS\_ADOPT\_UPGRADED the frames that
    /// came behind it. Without a PROXY header.
    pub data: *const c_void,
    /// Bytes of data; 0: nothing was read.
    pub size: usize,
    /// With WS\_ADOPT\_UPGRADED: path and query of the request, for the connect event; NULL: "/".
    pub target: *const c_char,
    /// With WS\_ADOPT\_UPGRADED: the subprotocol of the host's answer; NULL: none.
    pub protocol: *const c_char,
    /// First value of ws\_user\_data() of the connection.
    pub user_data: *mut c_void,
}

impl Default for ws_adopt_options {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_respond: an answer to a request (RFC 9110). Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_response {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_LAST\_RESPONSE.
    pub flags: u32,
    /// 200..599; 0: 200.
    pub status: i32,
    /// 0.
    pub reserved: i32,
    /// Fields, in this order. Date, Content-Length and Connection come by themselves.
    pub headers: *const ws_header,
    /// How many of headers.
    pub header_count: usize,
    /// Copied; at most max\_buffered bytes. Not sent to HEAD.
    pub body: *const c_void,
    /// Bytes of body.
    pub body_size: usize,
}

impl Default for ws_response {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_stats\_get: one server, since it was made; stops and starts change nothing. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_server_stats {
    /// Bytes of struct.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// That are open now, or closing.
    pub connections: i64,
    /// Most at once.
    pub connections_peak: i64,
    /// TCP connections that were let in.
    pub accepted: u64,
    /// Connections that were opened (RFC 6455 4.2.2).
    pub upgrades: u64,
    /// Of clients.
    pub messages_received: u64,
    /// Accepted by ws\_send and the like; a published one for each that took it.
    pub messages_sent: u64,
    /// Payload of messages.
    pub bytes_received: u64,
    /// Payload of messages.
    pub bytes_sent: u64,
    /// Of clients.
    pub pings_received: u64,
    /// Also those of the heartbeat.
    pub pings_sent: u64,
    /// Answers to our pings, and others.
    pub pongs_received: u64,
    /// Messages that made room for newer ones (WS\_FULL\_DROP\_OLDEST), and published ones that found no
    /// room in the queue of a connection.
    pub dropped: u64,
    /// That succeeded.
    pub tls_handshakes: u64,
    /// Those that failed, and those that were not complete in time.
    pub tls_failures: u64,
    /// The process has no descriptor left.
    pub refused_descriptors: u64,
    /// Ws\_stats.connection\_limit.
    pub refused_ceiling: u64,
    /// Max\_connections.
    pub refused_connections: u64,
    /// Max\_concurrent\_clients\_number.
    pub refused_clients: u64,
    /// Max\_connections\_for\_one\_client.
    pub refused_per_client: u64,
    /// Max\_upgrades\_per\_minute.
    pub refused_rate: u64,
    /// No WebSocket upgrade, or a wrong one: 400, 404, 405, 426, 505 and the like.
    pub refused_bad_requests: u64,
    /// 403 (RFC 6455 10.2).
    pub refused_origins: u64,
    /// Not complete within handshake\_timeout\_ms: 408.
    pub refused_late: u64,
    /// Target, fields or body too large: 413, 414, 431.
    pub refused_sizes: u64,
    /// No memory, no handle, no decision of the host, the server stops: 500, 503.
    pub refused_unavailable: u64,
    /// Clients that went away before their request was complete.
    pub left: u64,
    /// Bytes that wait to be sent now, of all connections.
    pub buffered: u64,
    /// Messages over max\_message\_size that were dropped (WS\_SKIP\_LARGE).
    pub skipped: u64,
    /// Messages that newer ones with their key have replaced while they waited (ws\_send\_with);
    /// messages\_sent has them, too.
    pub replaced: u64,
    /// Messages that on\_message has got.
    pub relay_sent: u64,
    /// Messages that ws\_relay\_deliver has handed in.
    pub relay_delivered: u64,
    /// Messages that found no room in its queue, or were left when a relay ended.
    pub relay_dropped: u64,
    /// Messages that nobody got because its queue was full (WS\_RELAY\_REFUSE).
    pub relay_refused: u64,
    /// Messages that wait for on\_message now.
    pub relay_waiting: i64,
    /// Of their topics and data.
    pub relay_waiting_bytes: i64,
    /// How long the first of them has waited; 0: none waits.
    pub relay_lag_ms: i64,
    /// Of the message that was handed in last: from when it was published until then, by the clocks of the
    /// two machines, so that it says what these differ by as well; 0: not known.
    pub relay_age_ms: i64,
    /// Topics and patterns that on\_interest has named and not taken back.
    pub relay_subscriptions: i64,
}

impl Default for ws_server_stats {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// A message that leaves the process, or comes into it. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_relay_message {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_TEXT or WS\_BINARY.
    pub r#type: i32,
    /// 1: to every connection (ws\_server\_broadcast), topic is NULL then; 0: to those of the topic.
    pub broadcast: i32,
    /// As in ws\_send\_options; 0: none.
    pub priority: i32,
    /// Bytes of any kind; a NUL follows those that on\_message gets.
    pub topic: *const c_void,
    /// Bytes of topic: 1..255.
    pub topic_size: usize,
    /// A NUL follows those that on\_message gets.
    pub data: *const c_void,
    /// Bytes of data.
    pub size: usize,
    /// As in ws\_send\_options; 0: none.
    pub key: u64,
    /// When it was published: milliseconds since 1970 by the clock of that machine; to ws\_relay\_deliver 0
    /// may be given: not known.
    pub time_ms: i64,
}

impl Default for ws_relay_message {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// A topic, or a pattern, that has got its first subscriber on this server, or has lost its last. Since
/// 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_relay_interest {
    /// Bytes of struct.
    pub struct_size: u32,
    /// 1: somebody has subscribed; 0: nobody has any more.
    pub begins: i32,
    /// 1: name is a pattern of ws\_subscribe\_pattern; 0: a topic.
    pub pattern: i32,
    /// 0.
    pub reserved: i32,
    /// Bytes of any kind; a NUL follows.
    pub name: *const c_void,
    /// Bytes of name: 1..255.
    pub size: usize,
}

impl Default for ws_relay_interest {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

/// Ws\_server\_set\_relay: a relay. Copied by the call. Since 0.1.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ws_relay {
    /// Bytes of struct.
    pub struct_size: u32,
    /// WS\_RELAY\_REFUSE.
    pub flags: u32,
    /// That may wait for on\_message: 1..2^30; 0: 65536.
    pub max_messages: i64,
    /// Of data and topics that may wait: 1..2^46; 0: 67108864 (64 MiB). They are in the memory budget. A
    /// message that is larger by itself finds the queue full always.
    pub max_bytes: i64,
    /// How long the end may take what waits to on\_message: 1..3600000; 0: 5000; -1: what waits is dropped
    /// at once. A call that is running is waited for in any case.
    pub drain_timeout_ms: i32,
    /// 0.
    pub reserved: i32,
    /// Something was published or broadcast on this server; not NULL.
    pub on_message: ws_relay_message_callback,
    /// A topic or pattern begins or ends here, in the same order of calls. What there is already comes
    /// first. It is what changed since the last call: one that came and went meanwhile is left out. Behind
    /// on\_end nothing is wanted any more. NULL: not asked for.
    pub on_interest: ws_relay_interest_callback,
    /// The last call; NULL: not asked for.
    pub on_end: ws_relay_end_callback,
    /// Of all calls.
    pub user_data: *mut c_void,
    /// Patterns as of ws\_subscribe\_pattern, separated by ",", of topics whose messages come back by
    /// ws\_relay\_deliver: ws\_publish gives them to the relay only, and leaves nobody out. Without room in
    /// the queue, and without WS\_RELAY\_REFUSE, nobody gets them. NULL: none.
    pub returning: *const c_char,
}

impl Default for ws_relay {
    fn default() -> Self {
        // SAFETY: numbers, pointers and optional functions, for all of which zero is valid.
        let mut zeroed: Self = unsafe { core::mem::zeroed() };
        zeroed.struct_size = core::mem::size_of::<Self>() as u32;
        zeroed
    }
}

unsafe extern "C" {
    /// ```text
    /// Starts the library with options; optional, and only once, before the first
    /// ws_create or ws_server_create. Starts one thread per loop. A host that cannot spare
    /// the milliseconds of the start later calls it early; one that forks, such as a daemon,
    /// calls it in the child.
    ///
    /// options: NULL for defaults. Members out of range are refused by name.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_UNSUPPORTED for an engine that this
    ///   build does not have, and in a process whose libc is not that of the build; WS_ERR_STATE when the library has started already;
    ///   WS_ERR_SHUTDOWN after ws_shutdown_wait; WS_ERR_MEMORY or WS_ERR_UNKNOWN when the
    ///   system refuses memory, threads or descriptors: it may be called again.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_init(options: *const ws_init_options) -> i32;
    /// ```text
    /// Ends the library: aborts every connection, stops every server, delivers what
    /// that causes (completions, close, destroyed), and waits until the last
    /// callback has returned. A ws_server_stop that has begun has its time first, and so
    /// has a client's ws_close: until they are over, connections of other clients and
    /// servers go on, but nothing new can be made. Call it before the host tears down what its callbacks
    /// use. It cannot be started again in this process. A host that just calls
    /// exit() needs no shutdown.
    ///
    /// Events that wait in queues have to be delivered, too. The call does it itself
    /// for a queue that the calling thread has dispatched last, or nobody ever, or a
    /// thread that has ended: its callbacks run inside this call. A queue that another
    /// thread has dispatched last stays that thread's: it has to go on until its
    /// handles are destroyed, else the call waits for it until the timeout. What a
    /// host polled goes to listeners and completions here.
    ///
    /// timeout_ms: how long to wait; -1 for ever, 0 not at all.
    ///
    /// Returns: WS_OK, also when nothing had been started or it is called again;
    ///   WS_ERR_TIMEOUT when a stop is not over, or callbacks are still running: the end goes
    ///   on, and it may be called again (ws_server_destroy cuts a stop short);
    ///   WS_ERR_IN_CALLBACK inside a callback.
    /// Threads: any but the library's own. The wait is a point of cancellation, and so
    ///   are callbacks that it runs; the shutdown goes on then.
    /// Since: 0.1
    /// ```
    pub fn ws_shutdown_wait(timeout_ms: i64) -> i32;
    /// ```text
    /// Figures of the whole library: connections, limits, memory.
    ///
    /// stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At
    ///   most that many bytes are written. All zero before the library has started.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER.
    /// Threads: any. The figures are not of one moment.
    /// Since: 0.1
    /// ```
    pub fn ws_stats_get(stats: *mut ws_stats) -> i32;
    /// ```text
    /// The version of the library as text, "0.1.0".
    ///
    /// Returns: a static string.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_version_string() -> *const c_char;
    /// ```text
    /// The version of the library as a number, (major << 16) | (minor << 8) | patch.
    /// Compare it with WS_VERSION_NUMBER to see whether header and library belong
    /// together.
    ///
    /// Returns: the number.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_version_number() -> u32;
    /// ```text
    /// The version of the ABI, (major << 16) | minor; WS_ABI_VERSION of the header
    /// the library was built with. While major is 0 an incompatible change raises
    /// minor; from 1.0 on the ABI only grows.
    ///
    /// Returns: the number.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_abi_version() -> u32;
    /// ```text
    /// Tells whether this library has a feature, on this system and in this build. The
    /// names so far:
    ///
    ///     client, server, tls, ipv6, unix     what connects, and where
    ///     proxy, redirects, reconnect         clients
    ///     acknowledged_sends                  WS_ACKNOWLEDGED_SENDS (Linux)
    ///     requests, topics, limits            servers
    ///     topic_patterns, topic_events        ws_subscribe_pattern, WS_EVENT_TOPIC_BEGIN
    ///     listen_descriptor, reuse_port       handing over a listening socket
    ///     adopt                               ws_server_adopt
    ///     compression, pieces, ping, pause    messages
    ///     skip                                WS_SKIP_LARGE
    ///     send_with                           ws_send_with, ws_publish_with, ws_server_broadcast_with
    ///     epoll, goroutine                    values of ws_init_options.engine
    ///     queue, gather, wait, post           how a host receives, answers and waits
    ///     metrics, log, correlation_id        what it sees
    ///
    /// name: NUL-terminated; NULL and unknown names give 0.
    ///
    /// Returns: 1 or 0.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_has_feature(name: *const c_char) -> i32;
    /// ```text
    /// The general meaning of a status or error id. OpenHarmony's ids have the
    /// module's messages.
    ///
    /// status: any number.
    ///
    /// Returns: a static string, never NULL.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_strerror(status: i32) -> *const c_char;
    /// ```text
    /// Why the last call of this thread failed, naming the argument. Every call
    /// clears it at its start, so it is empty after a call that succeeded.
    ///
    /// Returns: the text, never NULL; valid until the thread's next call.
    /// Threads: any; each has its own text.
    /// Since: 0.1
    /// ```
    pub fn ws_last_error() -> *const c_char;
    /// ```text
    /// Adds a listener to a client or an accepted connection. Called inside the
    /// connect event of a server it misses nothing of that connection. Adding the
    /// same pair twice calls it twice.
    ///
    /// handle: client or accepted connection.
    /// event: WS_EVENT_MESSAGE, _DATA_END, _SKIPPED, _CLOSE, _ERROR, _DRAIN, _PING, _PONG or
    ///   _DESTROYED; clients also _OPEN, _OPEN_INFO, _HEADER_RECEIVE, _RECONNECTING,
    ///   _BEFORE_RECONNECT, _VERIFY, _SIGN.
    /// callback: not NULL.
    /// user_data: handed to callback; any value.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_on(handle: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Removes listeners. Inside a callback of this connection nothing removed is
    /// called again. From another thread a call that is already running may still
    /// end later; ws_off_wait waits for it.
    ///
    /// callback, user_data: both must match what ws_on got; callback NULL removes
    ///   all listeners of the event. Removing what is not there is no error.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_off(handle: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Like ws_off, then waits until no callback of this connection is running: what
    /// user_data points to may be freed afterwards.
    ///
    /// timeout_ms: how long to wait; -1 for ever.
    ///
    /// Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
    ///   running; WS_ERR_IN_CALLBACK inside a callback of this connection (use
    ///   ws_off there), nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any. Two callbacks that wait for each other wait until the timeout. The
    ///   wait is a point of cancellation.
    /// Since: 0.1
    /// ```
    pub fn ws_off_wait(handle: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void, timeout_ms: i64) -> i32;
    /// ```text
    /// Sets the value that ws_user_data returns. libws never looks at it.
    ///
    /// handle: client, accepted connection or server.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_set_user_data(handle: ws_handle, user_data: *mut c_void) -> i32;
    /// ```text
    /// The value of ws_set_user_data, or of the options at creation; NULL at first.
    ///
    /// handle: client, accepted connection or server.
    /// user_data: not NULL; receives the value.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_user_data(handle: ws_handle, user_data: *mut *mut c_void) -> i32;
    /// ```text
    /// Gives a connection an id of the host's own, such as that of a request or a user:
    /// it comes back as correlation_id of every event of the connection and in its lines of
    /// the log. For clients and accepted connections there are options for it, too
    /// (ws_create_options, ws_accept_options).
    ///
    /// handle: client or accepted connection; a client keeps it over reconnects.
    /// id: at most 64 bytes of printable ASCII, copied; NULL or "": none. What it was stays
    ///   in memory until the handle has ended.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
    /// Threads: any. An event whose callback runs just now has the old one.
    /// Since: 0.1
    /// ```
    pub fn ws_set_correlation_id(handle: ws_handle, id: *const c_char) -> i32;
    /// ```text
    /// Reads the next field of the header that a WS_EVENT_HEADER_RECEIVE, _UPGRADE or
    /// _REQUEST event brings, and the _ERROR of an answer that refused.
    ///
    ///     size_t at = 0;
    ///     const char *name, *value;
    ///     while (ws_header_next(e->data, e->size, &at, &name, &value)) puts(name);
    ///
    /// data, size: those of the event: names and values in turn, a NUL behind each, in
    ///   the order in which they came; a field that came twice is there twice.
    /// at: 0 at first; where the call goes on.
    /// name, value: receive pointers into data; value is without surrounding blanks.
    ///
    /// Returns: 1, or 0 when there is no other field or an argument is NULL.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_header_next(data: *const c_void, size: usize, at: *mut usize, name: *mut *const c_char, value: *mut *const c_char) -> i32;
    /// ```text
    /// Sends one message, whole or not at all. The data is copied or sent before the
    /// call returns; the caller may reuse it. Messages arrive in the order in which
    /// the calls returned, whatever the threads. Inside a callback the bytes leave
    /// when the callbacks of the batch have returned, or what ws_queue_dispatch delivers
    /// was delivered: see there.
    ///
    /// handle: client or accepted connection that is open.
    /// data: size bytes; may be NULL when size is 0. Text must be UTF-8 (RFC 6455 8.1). It may lie
    ///   in memory whose faults the host handles: they come before anything is begun, and the
    ///   handler may leave the call by siglongjmp. Memory that cannot be read is
    ///   WS_ERR_PARAMETER when there is no handler, but inside callbacks.
    /// type: WS_TEXT or WS_BINARY.
    /// completion: NULL, or called once (operation WS_OP_SEND) when the kernel has the
    ///   whole message, or why it never will. A completion costs an allocation.
    ///
    /// Returns: WS_OK: accepted; WS_ERR_FULL: more than max_buffered bytes would
    ///   wait; WS_ERR_STATE: not open; WS_ERR_TOO_LARGE: over max_send_size;
    ///   WS_ERR_MEMORY: the memory budget is used up; WS_ERR_PARAMETER;
    ///   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
    /// Threads: any; many threads may send on one handle at once.
    /// Since: 0.1
    /// ```
    pub fn ws_send(handle: ws_handle, data: *const c_void, size: usize, r#type: i32, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Sends one message with a key, a priority or both. A key is for latest values (positions, prices,
    /// states): a peer that reads slowly gets the newest value of each key instead of all of them late.
    /// A priority is for small messages that must not wait behind large ones.
    ///
    /// Both matter while a message waits whole, and so from the first call on whatever cannot leave the
    /// connection at once does, also what ws_send and ws_publish send. What the kernel has (up to
    /// 256 KiB beyond the window of the peer), and a message of which a byte has left, is neither
    /// replaced nor passed. It costs what full_policy costs: what inline callbacks send is handed to the
    /// kernel message by message.
    ///
    /// key: a message that waits with the same key is replaced. The new one takes its place in the
    ///   queue, so that a key that changes often does not wait longer than others, or the last place
    ///   of its priority when that is another one. The completion of the old one says WS_ERR_REPLACED;
    ///   messages_replaced counts it.
    /// priority: the message goes before all with a lower one that wait. As long as they come, those
    ///   with a lower one wait.
    ///
    /// What the peer can rely on: messages come whole; the last one with a key comes, and so does each
    /// without. Two with the same priority come in the order of the calls,
    /// unless the later one took the place of one that was sent before the other; so those with one key
    /// and one priority come in their order, and so do those without a key. Between priorities there is no order.
    ///
    /// A message in pieces (ws_send_part) has priority 0: it may be passed as a whole before its
    /// first piece has left, and then nothing comes between. Before its last piece was sent, ws_send_with is
    /// refused as ws_send is. Pings and pongs go before all that waits whole, a Close frame (ws_close, a
    /// stop, ws_shutdown_wait) behind it. max_buffered counts what waits, so a key counts once, and
    /// WS_ERR_FULL leaves the old message where it is; with WS_FULL_DROP_OLDEST the lowest priority is
    /// dropped first. With max_send_frame a message still leaves as a whole. With compression (RFC 7692)
    /// what waits whole leaves uncompressed, but for what was published. A client that keeps its sends over a
    /// loss (WS_KEEP_SENDS) sorts and replaces them in the same way, also before it is open.
    ///
    /// handle, data, size, type, completion: as in ws_send.
    /// options: NULL, or key and priority.
    ///
    /// Returns: as ws_send; WS_ERR_PARAMETER: also for the options; WS_ERR_STATE: also in the middle of a
    ///   message in pieces.
    /// Threads: any. What several threads send with one key replaces each other in the order in which
    ///   the calls are served.
    /// Since: 0.1
    /// ```
    pub fn ws_send_with(handle: ws_handle, data: *const c_void, size: usize, r#type: i32, options: *const ws_send_options, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Sends a piece of a message whose size need not be known: a fragment (RFC 6455 5.4).
    /// Pings and pongs may go out between the pieces, other messages are refused until the
    /// last piece was sent.
    ///
    /// handle, data, completion: as in ws_send. Text must be UTF-8 as a whole; a piece may end
    ///   inside a character.
    /// type: WS_TEXT or WS_BINARY, the same for all pieces.
    /// ends: 1 for the last piece, which may be empty; 0 for all others.
    ///
    /// With compression (ws_compression, RFC 7692) the first piece decides: the message goes
    /// uncompressed when that piece has min_size bytes and does not get smaller. Otherwise each
    /// piece is compressed and flushed, so that the peer can read all of it before the next one
    /// comes; that takes 5 bytes a piece, so pieces should not be very small.
    ///
    /// Returns: as ws_send. A piece that was refused can be sent again, but not after
    ///   WS_ERR_STATE: the connection has ended, and the message with it. A client that has
    ///   connected again by itself meanwhile refuses one piece so, for the host to notice.
    /// Threads: any, but the caller orders the pieces of a message.
    /// Since: 0.1
    /// ```
    pub fn ws_send_part(handle: ws_handle, data: *const c_void, size: usize, r#type: i32, ends: i32, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Sends a ping (RFC 6455 5.5.2). The answer comes as WS_EVENT_PONG with the same
    /// payload and the time it took.
    ///
    /// handle: client or accepted connection that is open.
    /// data: size bytes, at most 125; may be NULL when size is 0.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent;
    ///   WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_ping(handle: ws_handle, data: *const c_void, size: usize) -> i32;
    /// ```text
    /// Sends a pong (RFC 6455 5.5.3): the answer to a ping, for who has asked for
    /// WS_MANUAL_PONG, or one that answers nothing, as a sign of life that wants no answer.
    ///
    /// handle: client or accepted connection that is open.
    /// data: size bytes, at most 125; may be NULL when size is 0. The answer to a ping has what
    ///   the ping had.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: too much waits to be sent, so a peer
    ///   that pings and does not read gets no more; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_pong(handle: ws_handle, data: *const c_void, size: usize) -> i32;
    /// ```text
    /// Starts the closing handshake (RFC 6455 7.1.2). What was sent before goes out
    /// first. A peer that does not answer within timeout_ms is cut off. While connecting it
    /// cancels the attempt. The close event is the end.
    ///
    /// options: NULL for code 1000, reason "CLOSE_NORMAL".
    /// completion: NULL, or called once when the handshake is over (operation
    ///   WS_OP_CLOSE): WS_OK, or WS_ERR_TIMEOUT, or why the connection was lost.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER: a code that may not be sent, a reason over
    ///   123 bytes or not UTF-8; WS_ERR_STATE: not connected, or closing already;
    ///   WS_ERR_HANDLE; WS_ERR_NO_CONNECTION: an accepted connection that has ended.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_close(handle: ws_handle, options: *const ws_close_options, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Like ws_close, then waits until the close event was delivered; of a connection that
    /// is closing already it only waits.
    ///
    /// timeout_ms: how long to wait; -1 for ever. options->timeout_ms is the peer's time to answer.
    ///
    /// Returns: WS_OK; what ws_close returns; the error of the completion: the connection has
    ///   ended, but not politely, for ws_state says WS_STATE_CLOSED (or the handle of an accepted one is
    ///   stale); WS_ERR_TIMEOUT also when timeout_ms is over: the handshake goes on, and its events come,
    ///   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait for, nothing is
    ///   begun; WS_ERR_STATE: not connected, and no close event is to come. That of a
    ///   paused connection waits for ws_resume, and so does this.
    /// Threads: as ws_destroy_wait.
    /// Since: 0.1
    /// ```
    pub fn ws_close_wait(handle: ws_handle, options: *const ws_close_options, timeout_ms: i64) -> i32;
    /// ```text
    /// Ends the connection at once, without a closing handshake: what was not sent is lost,
    /// pending completions fail with WS_ERR_CANCELLED, and close comes with code 1006. While
    /// connecting it cancels the attempt. A client's handle stays and may connect again.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not connected; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_abort(handle: ws_handle) -> i32;
    /// ```text
    /// Ends a client or an accepted connection at once and frees its handle, which
    /// is stale when the call returns. Pending completions fail with
    /// WS_ERR_CANCELLED, a close event with code 1006 comes if open was delivered,
    /// then the destroyed event, the last one.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an accepted connection, also
    ///   at the second call.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_destroy(handle: ws_handle) -> i32;
    /// ```text
    /// Like ws_destroy, then waits until the destroyed event was delivered: no callback of
    /// the handle runs or comes any more, completions included, and what they use may be
    /// freed. Of a handle that was destroyed already, or an accepted connection whose close
    /// event was delivered, it only waits.
    ///
    /// With a queue the events have to come out of it. The call does that itself when the
    /// calling thread has dispatched the queue last, or nobody ever, or a thread that has
    /// ended: callbacks of that queue run inside the call. Else that other thread has to
    /// go on dispatching or polling. What is polled counts as delivered when it is handed out.
    ///
    /// timeout_ms: how long to wait; -1 for ever, 0 not at all.
    ///
    /// Returns: WS_OK; WS_ERR_TIMEOUT: the handle is stale, as after ws_destroy, and its last
    ///   events are still to come: call it again to wait on; WS_ERR_HANDLE, or WS_ERR_NO_CONNECTION for an
    ///   accepted connection: stale, and nothing of it comes any more; WS_ERR_IN_CALLBACK inside a callback
    ///   on the handle's loop or queue, which would wait for itself: nothing is destroyed, use ws_destroy
    ///   there; WS_ERR_PARAMETER.
    /// Threads: any. Callbacks of two loops that wait for each other wait until the timeout. The wait is a
    ///   point of cancellation, and so are callbacks that it runs.
    /// Since: 0.1
    /// ```
    pub fn ws_destroy_wait(handle: ws_handle, timeout_ms: i64) -> i32;
    /// ```text
    /// Stops reading a connection: the peer feels it through TCP. No message, close
    /// or error comes before ws_resume, also not from the batch that is being
    /// delivered; nothing is lost. Completions and ws_destroy work as ever, and
    /// deadlines of the peer's silence stand still.
    ///
    /// Returns: WS_OK, also when it is paused already; WS_ERR_HANDLE.
    /// Threads: any. From another thread a callback that is already running may still end later.
    /// Since: 0.1
    /// ```
    pub fn ws_pause(handle: ws_handle) -> i32;
    /// ```text
    /// Delivers what waited since ws_pause, in order, and reads again.
    ///
    /// Returns: WS_OK, also when it is not paused; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_resume(handle: ws_handle) -> i32;
    /// ```text
    /// The state of a client or an accepted connection.
    ///
    /// state: not NULL; receives WS_STATE_.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any. It may have changed when the call returns.
    /// Since: 0.1
    /// ```
    pub fn ws_state(handle: ws_handle, state: *mut i32) -> i32;
    /// ```text
    /// How many bytes of frames (headers and payload) were accepted by ws_send and
    /// are not yet in the hands of the kernel.
    ///
    /// bytes: not NULL; receives the number.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any. It may have changed when the call returns.
    /// Since: 0.1
    /// ```
    pub fn ws_buffered_amount(handle: ws_handle, bytes: *mut u64) -> i32;
    /// ```text
    /// Who is at the other end of an open connection.
    ///
    /// info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT). At
    ///   most that many bytes are written.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_connection_info(handle: ws_handle, info: *mut ws_connection) -> i32;
    /// ```text
    /// Figures of one connection.
    ///
    /// stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
    ///   many bytes are written.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any. The figures are not of one moment.
    /// Since: 0.1
    /// ```
    pub fn ws_connection_stats_get(handle: ws_handle, stats: *mut ws_connection_stats) -> i32;
    /// ```text
    /// Tells something about the connection as text: the last one of a client, when it has
    /// ended; an accepted one has its addresses and what TLS knows while it is open.
    ///
    /// which: WS_TEXT_URL ... WS_TEXT_PEER_ADDRESS.
    /// buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
    ///   for the size only.
    /// size: NULL, or receives how many bytes the text has, without the NUL.
    ///
    /// Returns: WS_OK, also for a text that is empty because there is none, such as
    ///   the TLS version of a plain connection; WS_ERR_BUFFER: buffer is too small, nothing is
    ///   written but size; WS_ERR_STATE: never connected; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_connection_text(handle: ws_handle, which: i32, buffer: *mut c_char, capacity: usize, size: *mut usize) -> i32;
    /// ```text
    /// Makes a client (the module's createWebSocket). Starts the library with
    /// defaults if need be, which takes milliseconds.
    ///
    /// options: NULL for defaults.
    ///
    /// Returns: the handle, or 0; then ws_last_error says why. Free it by ws_destroy.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_create(options: *const ws_create_options) -> ws_handle;
    /// ```text
    /// Connects to url. The result comes as events: completion, headerReceive, open and
    /// openInfo on success; completion and error on failure. What is sent before open
    /// waits until then, in order.
    ///
    /// url: ws:// or wss://[user:password@]host[:port][/path][?query], NUL-terminated, at
    ///   most 8196 bytes; host is a name, an IPv4 address or an IPv6 address in brackets,
    ///   a link-local one with its zone by name or number, "ws://[fe80::1%25eth0]/".
    ///   Or ws+unix:/path/of/socket[:/path[?query]].
    /// options: NULL for defaults.
    /// completion: NULL, or called once: whether the connection is open
    ///   (operation WS_OP_CONNECT).
    ///
    /// Returns: WS_OK: the attempt has started; WS_ERR_URL; WS_ERR_PARAMETER;
    ///   WS_ERR_CONNECTION_EXISTS while connecting, open or closing;
    ///   WS_ERR_CERT_FILE: a file of a certificate or key does not exist; WS_ERR_DOMAIN:
    ///   the filter of ws_set_url_filter does not want it; WS_ERR_MEMORY: too many
    ///   connections; WS_ERR_HANDLE, also for accepted connections.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_connect(handle: ws_handle, url: *const c_char, options: *const ws_connect_options, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Like ws_connect, then waits for its completion.
    ///
    /// timeout_ms: how long to wait; -1 for ever. The times of the attempt itself are in
    ///   the options.
    ///
    /// Returns: WS_OK: the connection is open; what ws_connect returns; the error of the
    ///   completion, such as WS_ERR_CONNECT_FAILED, whose text ws_last_error gives;
    ///   WS_ERR_TIMEOUT also when timeout_ms is over: the attempt goes on (ws_state says
    ///   WS_STATE_CONNECTING), and its events come; ws_abort ends it; WS_ERR_IN_CALLBACK
    ///   inside a callback that it would wait for, nothing is begun.
    /// Threads: as ws_destroy_wait. Callbacks of open may run before it returns, or later.
    /// Since: 0.1
    /// ```
    pub fn ws_connect_wait(handle: ws_handle, url: *const c_char, options: *const ws_connect_options, timeout_ms: i64) -> i32;
    /// ```text
    /// Answers WS_EVENT_BEFORE_RECONNECT, inside the event or later: the try begins. What it
    /// changes holds for all tries that follow. ws_close and ws_abort end connecting instead.
    ///
    /// client: the handle of the event.
    /// changes: NULL: none, the try begins with what there was. What it points to is copied;
    ///   files are read during the call.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: nobody waits for an answer, also because
    ///   answer_timeout_ms is over; WS_ERR_URL; WS_ERR_PARAMETER; WS_ERR_CERT_FILE: a file of
    ///   a certificate or key does not exist; WS_ERR_DOMAIN: the filter of ws_set_url_filter
    ///   does not want the URL; WS_ERR_HANDLE. What is refused may be answered anew.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_reconnect_with(client: ws_handle, changes: *const ws_reconnect_changes) -> i32;
    /// ```text
    /// Tells that the network has changed: clients that wait to connect again try at
    /// once, attempts that are under way begin anew, with the whole of their time (unless they have
    /// a connected_descriptor), and the peer of each open connection with a heartbeat is asked for a sign of
    /// life, so that dead ones are found within pong_timeout_ms.
    ///
    /// Returns: WS_OK, also when there is no client.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_network_changed() -> i32;
    /// ```text
    /// Sets the function that decides where clients may connect (the module's error 2302998).
    ///
    /// filter: NULL: every URL is allowed, as at first.
    /// user_data: handed to filter.
    ///
    /// Returns: WS_OK.
    /// Threads: any. A call of the old filter may be running when it returns.
    /// Since: 0.1
    /// ```
    pub fn ws_set_url_filter(filter: ws_url_filter, user_data: *mut c_void) -> i32;
    /// ```text
    /// Makes a server (the module's createWebSocketServer). Starts the library with
    /// defaults if need be, which takes milliseconds.
    ///
    /// options: NULL for defaults.
    ///
    /// Returns: the handle, or 0; then ws_last_error says why. Free it by
    ///   ws_server_destroy.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_create(options: *const ws_server_options) -> ws_handle;
    /// ```text
    /// Listens and accepts connections. The port is bound when the call returns. Files of
    /// certificates and keys are read during the call.
    ///
    /// config: NULL for an ephemeral port on all IPv4 addresses, or where to listen. If one
    ///   of several places cannot be had, the server listens nowhere.
    /// completion: NULL, or called once when the server accepts connections
    ///   (operation WS_OP_SERVER_START).
    ///
    /// Returns: WS_OK; WS_ERR_LISTEN_IP: server_ip is no literal address, or not one
    ///   of this host, or a path cannot be used; WS_ERR_LISTEN_PORT: server_port out of range
    ///   or not allowed; WS_ERR_PORT_OCCUPIED, also for a path at which somebody listens;
    ///   WS_ERR_UNSUPPORTED: not on this system; WS_ERR_STATE: started already, or still stopping;
    ///   WS_ERR_CERT_FILE: a file of a certificate, key or authority does not exist;
    ///   WS_ERR_PARAMETER; WS_ERR_HANDLE; WS_ERR_UNKNOWN.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_start(server: ws_handle, config: *const ws_server_config, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Replaces all certificates of a server that speaks TLS, such as those that expire
    /// soon: handshakes that begin afterwards show the new ones. Open connections stay,
    /// and sessions of earlier ones can still be resumed. Files are read during the call.
    ///
    /// certificates: the first one is also for clients that ask for no name, or for one
    ///   that no certificate has.
    /// count: 1..10000.
    ///
    /// Returns: WS_OK. All others leave the old certificates: WS_ERR_CERT_FILE: a file
    ///   does not exist; WS_ERR_PARAMETER: one cannot be used, ws_last_error says which;
    ///   WS_ERR_STATE: not started, or without a certificate; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_set_certificates(server: ws_handle, certificates: *const ws_certificate, count: usize) -> i32;
    /// ```text
    /// Stops accepting, closes every connection (RFC 6455 7.1.2) after what was sent before,
    /// and cuts what has not closed after timeout_ms. Requests that are not complete are
    /// dropped. The server can be started again afterwards.
    ///
    /// options: NULL for code 1001, reason "server is going away" (RFC 6455 7.4.1) and 5000 ms.
    ///   code 0 and reason NULL mean these, too.
    /// completion: NULL, or called once when the last connection is gone and the port
    ///   is free (operation WS_OP_SERVER_STOP).
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not started, or stopping already; WS_ERR_PARAMETER: as
    ///   from ws_close; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_stop(server: ws_handle, options: *const ws_close_options, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Like ws_server_stop, then waits until the last connection is gone and the port is
    /// free; for a server that is stopping already it only waits.
    ///
    /// options: as of ws_server_stop.
    /// timeout_ms: how long to wait; -1 for ever.
    ///
    /// Returns: WS_OK: the server is stopped, and all events of its connections were delivered;
    ///   WS_ERR_TIMEOUT: the stop goes on, and cuts what has not closed in options->timeout_ms:
    ///   call it again to wait on; WS_ERR_IN_CALLBACK inside a callback that it would wait
    ///   for, nothing is stopped; WS_ERR_CANCELLED: the server was destroyed meanwhile;
    ///   WS_ERR_STATE: not started; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: as ws_destroy_wait.
    /// Since: 0.1
    /// ```
    pub fn ws_server_stop_wait(server: ws_handle, options: *const ws_close_options, timeout_ms: i64) -> i32;
    /// ```text
    /// Adds a listener to a server. WS_EVENT_CLOSE and WS_EVENT_ERROR come for each
    /// of its connections; an error of the server itself has handle == server.
    ///
    /// event: WS_EVENT_CONNECT, _MESSAGE_RECEIVE, _CLOSE, _ERROR, _DRAIN, _VERIFY, _SIGN or _DESTROYED;
    ///   _UPGRADE or _REQUEST: from then on the host answers these, see ws_accept, until the last
    ///   such listener is removed, unless WS_UPGRADE_EVENTS or WS_REQUEST_EVENTS was given.
    /// callback: not NULL.
    /// user_data: handed to callback; any value.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER; WS_ERR_MEMORY.
    /// Threads: any. With several loops a listener of a server may run on several
    ///   threads at once, for different connections.
    /// Since: 0.1
    /// ```
    pub fn ws_server_on(server: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Removes listeners of a server; the rules of ws_off.
    ///
    /// callback, user_data: both must match what ws_server_on got; callback NULL
    ///   removes all listeners of the event.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_off(server: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Like ws_server_off, then waits until no callback of the server and none of its
    /// connections is running: what user_data points to may be freed afterwards.
    ///
    /// timeout_ms: how long to wait; -1 for ever.
    ///
    /// Returns: WS_OK; WS_ERR_TIMEOUT: the listener is removed, but a call is still
    ///   running; WS_ERR_IN_CALLBACK inside a callback of the server or one of its
    ///   connections, nothing is removed; WS_ERR_HANDLE; WS_ERR_PARAMETER.
    /// Threads: as ws_off_wait. It looks at every connection of the process.
    /// Since: 0.1
    /// ```
    pub fn ws_server_off_wait(server: ws_handle, event: i32, callback: ws_callback, user_data: *mut c_void, timeout_ms: i64) -> i32;
    /// ```text
    /// The port a started server listens on, the first one if there are several; the one
    /// chosen when server_port was 0.
    ///
    /// port: not NULL; receives 1..65535.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more, or on Unix
    ///   sockets only; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_port(server: ws_handle, port: *mut i32) -> i32;
    /// ```text
    /// The connections of a server that are open or closing (the module's
    /// listAllConnections). Ask ws_connection_info who they are.
    ///
    /// connections: receives handles, oldest first; may be NULL when capacity is 0.
    /// capacity: how many handles fit.
    /// count: not NULL; receives how many connections there are, also when the call
    ///   fails with WS_ERR_BUFFER because more are there than fit; then nothing is
    ///   written to connections.
    ///
    /// Returns: WS_OK; WS_ERR_BUFFER; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any. A handle may be stale before it is used; that is no danger.
    /// Since: 0.1
    /// ```
    pub fn ws_server_connections(server: ws_handle, connections: *mut ws_handle, capacity: usize, count: *mut usize) -> i32;
    /// ```text
    /// Ends a server at once and frees its handle, which is stale when the call
    /// returns. Its connections end like by ws_destroy; every connect event still
    /// gets its close event. The destroyed event of the server is the last one.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE, also at the second call.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_destroy(server: ws_handle) -> i32;
    /// ```text
    /// Like ws_server_destroy, then waits until the server's destroyed event was delivered:
    /// no callback of the server or its connections runs or comes any more, completions
    /// included.
    ///
    /// timeout_ms: how long to wait; -1 for ever.
    ///
    /// Returns: as ws_destroy_wait.
    /// Threads: as ws_destroy_wait; never inside a callback of a loop, or of the server's queue.
    /// Since: 0.1
    /// ```
    pub fn ws_server_destroy_wait(server: ws_handle, timeout_ms: i64) -> i32;
    /// ```text
    /// A socket that a started server listens on. That of server_port comes first, then those
    /// of ws_server_config.listeners in their order. One that reuses a port counts once for
    /// each loop.
    ///
    /// index: from 0 to one less than info->count.
    /// info: not NULL; set info->struct_size before the call (WS_INIT_STRUCT).
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
    ///   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_listener(server: ws_handle, index: usize, info: *mut ws_listener_info) -> i32;
    /// ```text
    /// Duplicates a listening socket, so that another process can go on with it: give it to a
    /// child, or send it over a Unix socket; on Windows WSADuplicateSocket makes one for another
    /// process. The duplicate is closed by exec (FD_CLOEXEC). The
    /// file of a Unix socket that was handed over stays when this server stops listening.
    /// Duplicates are one socket: shutdown(2) on one ends listening for all, and this server
    /// gets an error event with os_error EINVAL, once a second.
    ///
    /// index: as in ws_server_listener.
    /// descriptor: not NULL; receives a descriptor, which the host has to close.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not started, or it does not listen any more;
    ///   WS_ERR_PARAMETER, also when there is no such index; WS_ERR_UNKNOWN: no descriptor
    ///   is left; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_descriptor(server: ws_handle, index: usize, descriptor: *mut i32) -> i32;
    /// ```text
    /// Closes the listening sockets of a server. Its connections live on, and those that it
    /// has accepted may still open; one that waits for a next request after an answer is
    /// closed. Who connects later is refused, unless another process has the socket as well.
    /// The server stays started: ws_server_stop ends its connections, and then it can be
    /// started again.
    ///
    /// completion: NULL, or called once when no connection is in its handshake any more
    ///   (operation WS_OP_SERVER_STOP_LISTENING), which the deadlines of ws_server_config
    ///   bound; error WS_ERR_CANCELLED: the server was destroyed.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not started, stopping, or it does not listen any more;
    ///   WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_stop_listening(server: ws_handle, completion: ws_callback, user_data: *mut c_void) -> i32;
    /// ```text
    /// Lets a connection get what is published to a topic of its server from now on. Once
    /// more is no error. Subscriptions end with the connection.
    ///
    /// connection: accepted and open; from inside the connect event on.
    /// topic: topic_size bytes of any kind, 1..255; copied. A topic exists as long as somebody
    ///   has subscribed to it.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: not open; WS_ERR_FULL: it has subscribed to
    ///   max_subscriptions topics; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
    ///   WS_ERR_NO_CONNECTION: it has ended.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_subscribe(connection: ws_handle, topic: *const c_void, topic_size: usize) -> i32;
    /// ```text
    /// Ends a subscription: what is published by calls that begin afterwards does not come.
    /// What was published before does.
    ///
    /// connection: accepted.
    /// topic: as in ws_subscribe; that there is no subscription to it is no error.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
    ///   WS_ERR_NO_CONNECTION: it has ended.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_unsubscribe(connection: ws_handle, topic: *const c_void, topic_size: usize) -> i32;
    /// ```text
    /// Lets a connection get what is published to any topic that a pattern fits, from now on, by the
    /// rules of MQTT 5.0, 4.7. "/" parts topics and patterns into levels, which may be empty. In a
    /// pattern "+" stands for one level, and "#", as its last level, for all that follow and for none:
    /// "room/+/news" fits "room/7/news", "room/#" fits "room", "room/7" and "room/7/news". Neither
    /// fits a topic that begins with "$" when it is the first level: "#" is all topics but those.
    /// Topics are bytes and are compared as such; a level between "/" has no other meaning.
    ///
    /// Once more is no error, and a message that fits several comes once. That a pattern is asked for
    /// by this call only, ws_subscribe takes a "+" or "#" in a name for itself, and so does
    /// ws_publish.
    ///
    /// connection: as in ws_subscribe; a pattern counts in max_subscriptions as a topic does.
    /// pattern: pattern_size bytes, 1..255; copied. Its levels count in the memory budget.
    ///
    /// Returns: WS_OK; as ws_subscribe; WS_ERR_PARAMETER also for a "+" or "#" that is not a whole
    ///   level, and for a "#" that is not the last one; WS_ERR_MEMORY: the memory budget is used up.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_subscribe_pattern(connection: ws_handle, pattern: *const c_void, pattern_size: usize) -> i32;
    /// ```text
    /// Ends a subscription of ws_subscribe_pattern; others that fit the same topics stay.
    ///
    /// connection: accepted.
    /// pattern: as it was given to ws_subscribe_pattern; that there is no subscription to it is no error.
    ///
    /// Returns: as ws_unsubscribe, and WS_ERR_PARAMETER for what ws_subscribe_pattern refuses.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_unsubscribe_pattern(connection: ws_handle, pattern: *const c_void, pattern_size: usize) -> i32;
    /// ```text
    /// Tells whether a connection gets what is published to a topic now.
    ///
    /// connection: accepted.
    /// topic: as in ws_subscribe.
    /// how: receives 0, or WS_BY_TOPIC, WS_BY_PATTERN or the sum of both.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too;
    ///   WS_ERR_NO_CONNECTION: it has ended.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_is_subscribed(connection: ws_handle, topic: *const c_void, topic_size: usize, how: *mut i32) -> i32;
    /// ```text
    /// Lists what a connection has subscribed to, for ws_subscription_next.
    ///
    /// connection: accepted.
    /// buffer: capacity bytes that receive the list, newest first; NULL with capacity 0 asks for the
    ///   size only. The next list may be longer; each subscription takes its name and 3 bytes.
    /// size: receives how many bytes the list has.
    ///
    /// Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
    ///   WS_ERR_PARAMETER; WS_ERR_HANDLE: a client, too; WS_ERR_NO_CONNECTION: it has ended.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_subscriptions(connection: ws_handle, buffer: *mut c_void, capacity: usize, size: *mut usize) -> i32;
    /// ```text
    /// The next subscription of a list of ws_subscriptions:
    ///
    ///     size_t at = 0, name_size;
    ///     const void *name;
    ///     int32_t pattern;
    ///     while (ws_subscription_next(list, size, &at, &name, &name_size, &pattern)) puts(name);
    ///
    /// data, size: the list, as it was received.
    /// at: 0 at first; where the call goes on.
    /// name, name_size: receive a pointer into data, with a NUL behind the name, and its bytes.
    /// pattern: receives 1 for a pattern, 0 for a topic.
    ///
    /// Returns: 1, or 0 when there is no other one or an argument is NULL.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_subscription_next(data: *const c_void, size: usize, at: *mut usize, name: *mut *const c_void, name_size: *mut usize, pattern: *mut i32) -> i32;
    /// ```text
    /// Sends one message to every connection of a server that has subscribed to a topic.
    ///
    /// A connection with a full queue (max_buffered) is treated as full_policy says. By
    /// WS_FULL_REFUSE it does not get the message, which is counted (dropped in ws_stats,
    /// messages_dropped in ws_connection_stats), and a drain event follows. A connection that
    /// is sending a message in pieces (ws_send_part) gets it behind the last piece. Connections
    /// with compression (ws_compression, RFC 7692) get it compressed.
    ///
    /// topic: as in ws_subscribe. Nobody need have subscribed.
    /// data, size, type: as in ws_send; the data is the caller's again when the call returns.
    /// except: 0, or an accepted connection that is left out, such as the one whose message
    ///   this is. One that has ended leaves nobody out. 0 for a topic that the relay returns (ws_relay.returning).
    /// recipients: NULL, or receives how many connections took it; 0 when the relay has it alone.
    ///
    /// Returns: WS_OK, also when nobody took it, as when the server has stopped; WS_ERR_STATE: it was
    ///   never started; WS_ERR_TOO_LARGE: over max_send_size; WS_ERR_FULL: the queue of its relay is full, and
    ///   WS_RELAY_REFUSE was given, nobody got it;
    ///   WS_ERR_MEMORY: the memory budget is used up, nobody got it; WS_ERR_PARAMETER;
    ///   WS_ERR_HANDLE.
    /// Threads: any. What several threads publish on one server is done one after the other.
    /// Since: 0.1
    /// ```
    pub fn ws_publish(server: ws_handle, topic: *const c_void, topic_size: usize, data: *const c_void, size: usize, r#type: i32, except: ws_handle, recipients: *mut usize) -> i32;
    /// ```text
    /// ws_publish for a message with a key, a priority or both: latest values for many. Each recipient
    /// gets it as by ws_send_with, so one that reads slowly gets the newest value of each key, and
    /// delays nobody.
    ///
    /// Unlike ws_send_with it changes nothing for recipients that take what they get: only behind what the
    /// kernel has refused, or behind more than 16 messages that are about to leave, does such a message
    /// wait whole, and with it all that comes until nothing waits any more. So what was published before
    /// without key or priority may still leave before it.
    ///
    /// options: NULL, or key and priority. Each connection has keys of its own: one of ws_send_with is
    ///   the same as one of any topic.
    ///
    /// Returns: as ws_publish; WS_ERR_PARAMETER: also for the options.
    /// Threads: any, as ws_publish.
    /// Since: 0.1
    /// ```
    pub fn ws_publish_with(server: ws_handle, topic: *const c_void, topic_size: usize, data: *const c_void, size: usize, r#type: i32, except: ws_handle, options: *const ws_send_options, recipients: *mut usize) -> i32;
    /// ```text
    /// Sends one message to every open connection of a server; the rules of ws_publish.
    ///
    /// data, size, type, except, recipients: as in ws_publish.
    ///
    /// Returns: as ws_publish.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_broadcast(server: ws_handle, data: *const c_void, size: usize, r#type: i32, except: ws_handle, recipients: *mut usize) -> i32;
    /// ```text
    /// ws_server_broadcast for a message with a key, a priority or both; the rules of ws_publish_with.
    ///
    /// options: as in ws_publish_with.
    ///
    /// Returns: as ws_publish_with.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_broadcast_with(server: ws_handle, data: *const c_void, size: usize, r#type: i32, except: ws_handle, options: *const ws_send_options, recipients: *mut usize) -> i32;
    /// ```text
    /// Counts or lists the open connections that get what is published to a topic now, by it or by a
    /// pattern, in no order.
    ///
    /// topic: as in ws_subscribe.
    /// connections: receives the handles; NULL with capacity 0 asks for the count only.
    /// count: receives how many there are.
    ///
    /// Returns: WS_OK; WS_ERR_BUFFER: there are more than capacity, nothing is written but count;
    ///   WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any. It waits for those who publish, and they for it.
    /// Since: 0.1
    /// ```
    pub fn ws_topic_subscribers(server: ws_handle, topic: *const c_void, topic_size: usize, connections: *mut ws_handle, capacity: usize, count: *mut usize) -> i32;
    /// ```text
    /// Gives a server its relay, or takes it off.
    ///
    /// server: may be started later; while it stops it takes none. It has one relay at a time, and each ends with the
    ///   next ws_server_stop, behind the last connection, or with ws_server_destroy, which drops what waits. Before its
    ///   completion ws_server_stop waits for on_end: for drain_timeout_ms, and for a call of the relay that is
    ///   running.
    /// relay: copied; with on_message. NULL takes it off: nothing is let in any more, what waits still leaves within
    ///   drain_timeout_ms, and on_end follows. That there is none is no error. Until on_end is called there is no place
    ///   for another one; inside on_end there is.
    ///
    /// Returns: WS_OK: on_end comes, once; WS_ERR_STATE: the server has a relay, or is stopping; WS_ERR_UNKNOWN: the system
    ///   gives no thread; WS_ERR_PARAMETER; WS_ERR_HANDLE. After an error no function of the relay is called.
    /// Threads: any, also inside functions of the relay.
    /// Since: 0.1
    /// ```
    pub fn ws_server_set_relay(server: ws_handle, relay: *const ws_relay) -> i32;
    /// ```text
    /// Gives a message that was published in another process to the connections of this server: ws_publish_with, or
    /// ws_server_broadcast_with, but that it does not go to the relay. It is encoded once, and compressed once, for all that
    /// get it; whatever the threads, connections get it in one order with what is published here. It never waits for a
    /// connection: one whose queue is full is treated as full_policy says.
    ///
    /// server: with a relay that has not ended.
    /// message: what is not of this call is the caller's again when it returns. Text has to be valid UTF-8.
    ///
    /// Returns: WS_OK, also when nobody took it, as when the server is stopping; WS_ERR_STATE: there is no relay, or the
    ///   server was never started; WS_ERR_TOO_LARGE: over max_send_size of the server; WS_ERR_MEMORY: the
    ///   memory budget is used up, nobody got it; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any, not only that of the relay.
    /// Since: 0.1
    /// ```
    pub fn ws_relay_deliver(server: ws_handle, message: *const ws_relay_message) -> i32;
    /// ```text
    /// Agrees to an upgrade (RFC 6455 4.2.2); the connect event follows.
    ///
    /// connection: the handle of a WS_EVENT_UPGRADE event.
    /// options: NULL, or the subprotocol and extra fields of the answer, and what of the server's
    ///   limits, heartbeat and compression is different for this connection.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: no request waits for an answer, or it asks for no
    ///   WebSocket; WS_ERR_PARAMETER: a subprotocol that the client does not offer, or
    ///   none with WS_REQUIRE_PROTOCOL, a limit or time out of its range, a field that is malformed or belongs to the answer itself; WS_ERR_NO_CONNECTION: it
    ///   has ended, also because the time for the decision was over; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_accept(connection: ws_handle, options: *const ws_accept_options) -> i32;
    /// ```text
    /// Answers the request that waits, or refuses an upgrade, with any HTTP status; call it
    /// once for each event, because the next request may wait already. A refused upgrade
    /// ends its connection; else the client may send another request within
    /// keep_alive_timeout_ms.
    ///
    /// connection: the handle of a WS_EVENT_REQUEST or WS_EVENT_UPGRADE event.
    /// response: NULL for 200 without a body; what it points to is copied.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: no request waits for an answer; WS_ERR_PARAMETER: a
    ///   status out of range, a field that is malformed or belongs to the answer itself;
    ///   WS_ERR_TOO_LARGE: body_size is more than max_buffered; WS_ERR_MEMORY;
    ///   WS_ERR_NO_CONNECTION: it has ended, also because the time for the decision was over;
    ///   WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_respond(connection: ws_handle, response: *const ws_response) -> i32;
    /// ```text
    /// Makes a connection of a server out of a socket that the host has accepted.
    ///
    /// server: is started; it may listen nowhere.
    /// options: not NULL; what data points to is copied. The descriptor is the library's when the
    ///   call returns WS_OK, else the host's as before.
    /// connection: NULL, or receives the handle, which is that of the connection to be: the connect
    ///   event follows, perhaps before the call returns. One that never opens has no
    ///   connect, close or error event; WS_EVENT_DESTROYED is its last.
    ///
    /// Returns: WS_OK; WS_ERR_CONNECT_FAILED: a limit of the server is reached, which
    ///   ws_last_error() names, with the HTTP status that is right for it; WS_ERR_STATE: the server
    ///   is not started, or does not listen any more; WS_ERR_PARAMETER: no connected stream
    ///   socket, an address or a text that is none; WS_ERR_MEMORY; WS_ERR_UNKNOWN: the system
    ///   refuses a descriptor, or on Windows it is in a completion port of the host's; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_server_adopt(server: ws_handle, options: *const ws_adopt_options, connection: *mut ws_handle) -> i32;
    /// ```text
    /// Answers WS_EVENT_VERIFY.
    ///
    /// handle: the client or server of the event.
    /// token: that of the event.
    /// accept: 1: the certificate is good, whatever the library says of it (pins of the options
    ///   have to fit all the same); 0: it is not, and the handshake ends.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: no such question waits for an answer; WS_ERR_PARAMETER;
    ///   WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_verify_answer(handle: ws_handle, token: u64, accept: i32) -> i32;
    /// ```text
    /// Answers WS_EVENT_SIGN. The signature is checked, so that the error says what is wrong with one.
    ///
    /// handle: the client or server of the event.
    /// token: that of the event.
    /// signature: by the scheme of the event: for RSA as long as the key, for ECDSA DER
    ///   (RFC 3279 2.2.3), for Ed25519 64 bytes; copied. NULL with size 0: the host does not sign,
    ///   and the handshake ends.
    /// size: bytes of signature, at most 16384.
    ///
    /// Returns: WS_OK, also for a signature that is wrong; WS_ERR_STATE: no such question waits for
    ///   an answer; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_sign_answer(handle: ws_handle, token: u64, signature: *const c_void, size: usize) -> i32;
    /// ```text
    /// Makes a queue. Starts the library's runtime if need be, which takes milliseconds.
    ///
    /// options: NULL for defaults.
    ///
    /// Returns: the handle, or 0; then ws_last_error says why. Free it by
    ///   ws_queue_destroy.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_create(options: *const ws_queue_options) -> ws_handle;
    /// ```text
    /// A descriptor that is readable while events wait, for poll, epoll, libuv and the
    /// like. Level-triggered. It belongs to the queue: never read, write or close it.
    ///
    /// fd: not NULL; receives the descriptor, the same at each call.
    ///
    /// Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_UNKNOWN
    ///   when the system gives no descriptor; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_fd(queue: ws_handle, fd: *mut i32) -> i32;
    /// ```text
    /// Calls the listeners and completions of events that wait, on this thread. It
    /// waits for the first event only, and returns when there is none left, or
    /// max_events were delivered.
    ///
    /// What callbacks send by ws_send leaves together, in one system call for each
    /// connection, when all was delivered: messages up to 4 KiB, also over TLS (in full records),
    /// compressed, and with a completion; larger ones leave at once. It waits for no more than 64 KiB or about
    /// a millisecond of callbacks, but for one that takes longer, unless ws_queue_flush is
    /// called, or another thread sends something over the same connection. The order of calls
    /// is kept; ws_close and ws_destroy come behind what was sent before them.
    ///
    /// max_events: how many at most; 0: as many as wait now.
    /// timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
    /// count: not NULL; receives how many events were delivered; 0: the time is over, or
    ///   ws_queue_wake or ws_queue_destroy has ended the wait.
    ///
    /// Returns: WS_OK; WS_ERR_SHUTDOWN instead of a wait when ws_shutdown_wait was
    ///   called and every event was delivered; WS_ERR_BUSY while another thread is dispatching the queue;
    ///   WS_ERR_IN_CALLBACK inside any callback; WS_ERR_STATE for a queue with
    ///   WS_QUEUE_THREAD; WS_ERR_PARAMETER; WS_ERR_MEMORY; WS_ERR_HANDLE.
    /// Threads: any, one at a time. The wait is a point of cancellation, and callbacks
    ///   may have such points: a thread that ends in there leaves the queue to the next.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_dispatch(queue: ws_handle, max_events: usize, timeout_ms: i32, count: *mut usize) -> i32;
    /// ```text
    /// Hands out events that wait, in a batch, instead of calling anybody; for FFIs in
    /// which a call costs much. Every event comes once, whether or not somebody
    /// listens: of accepted connections as WS_EVENT_CONNECT and
    /// WS_EVENT_MESSAGE_RECEIVE, then WS_EVENT_CLOSE and so on, with server set.
    /// Completions come with the user_data of their call; WS_COMPLETION_POLL asks for
    /// one without a function. What the events point to, and the handle of a
    /// connection whose close event was among them, is valid until the next ws_queue_poll or
    /// ws_queue_dispatch of the queue, its end, or a call by the same thread that waits for a handle
    /// of the queue (ws_destroy_wait and the like dispatch it).
    ///
    /// With WS_QUEUE_GATHER what the thread sends until its next ws_queue_poll leaves together,
    /// as in ws_queue_dispatch: when it polls again, before that waits, or calls
    /// ws_queue_flush. A host that waits elsewhere, as for ws_queue_fd, calls that when it
    /// has gone through the events.
    ///
    /// The batch is made when the call returns: events of a connection that you pause
    /// or destroy while you go through it may still follow in it.
    ///
    /// events: room for capacity events. Set events[0].struct_size to sizeof(ws_event)
    ///   before each call: the library may be newer than the header.
    /// capacity: at least 1.
    /// timeout_ms: how long to wait for the first one; 0 not at all, -1 for ever.
    /// count: not NULL; receives how many were filled in; 0: as in ws_queue_dispatch.
    ///
    /// Returns: as ws_queue_dispatch.
    /// Threads: any, one at a time. The wait is a point of cancellation.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_poll(queue: ws_handle, events: *mut ws_event, capacity: usize, timeout_ms: i32, count: *mut usize) -> i32;
    /// ```text
    /// Sends at once what the calling thread has gathered: inside a callback of
    /// ws_queue_dispatch what callbacks have sent so far, behind a ws_queue_poll of a queue
    /// with WS_QUEUE_GATHER what was sent since; from there on until its next ws_queue_poll
    /// what the thread sends leaves at once. It does nothing when nothing waits.
    ///
    /// Returns: WS_OK; WS_ERR_HANDLE.
    /// Threads: any; each its own.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_flush(queue: ws_handle) -> i32;
    /// ```text
    /// Ends the wait of a thread in ws_queue_dispatch or ws_queue_poll, which returns
    /// WS_OK with count 0. When none waits, the next wait ends at once; several calls
    /// before it count as one. A call that finds events delivers these, and one with
    /// timeout_ms 0 does not wait. It does not make the descriptor of ws_queue_fd
    /// readable.
    ///
    /// Returns: WS_OK; WS_ERR_STATE for a queue with WS_QUEUE_THREAD; WS_ERR_HANDLE.
    /// Threads: any. It may be called inside a handler of signals, takes no lock and
    ///   leaves errno, and when it succeeds the text of ws_last_error, as they are.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_wake(queue: ws_handle) -> i32;
    /// ```text
    /// Ends a queue when the destroyed event of each of its clients and servers was delivered, or
    /// is just being delivered. What is valid until the next ws_queue_poll is no longer. A
    /// thread that waits in ws_queue_dispatch or ws_queue_poll returns.
    ///
    /// Returns: WS_OK; WS_ERR_BUSY while clients, servers, connections or posted functions use the queue,
    ///   or a thread runs callbacks of it; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_queue_destroy(queue: ws_handle) -> i32;
    /// ```text
    /// Calls a function once where the callbacks of target run: on the loop of a
    /// connection, on the thread that dispatches a queue, or that of the connection.
    /// It never runs inside this call, and never at the same time as another callback of
    /// target. It comes as a completion (operation WS_OP_POST) with error WS_OK when
    /// its time has come, or WS_ERR_CANCELLED when the connection has ended before
    /// (a client: was destroyed), or WS_ERR_SHUTDOWN for a queue at ws_shutdown_wait: exactly once, but
    /// for ws_post_cancel. Functions that are posted to one target by one thread without a delay
    /// run in the order of the calls. A pause does not hold them back.
    ///
    /// target: a client, an accepted connection that is open, or a queue.
    /// delay_ms: 0..2147483647; later by 50 ms at most, when nothing blocks the loop.
    /// callback: not NULL; WS_COMPLETION_POLL with a queue that the host polls.
    /// user_data: handed to callback; any value.
    /// id: NULL, or receives what ws_post_cancel wants.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_SHUTDOWN; WS_ERR_MEMORY; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
    /// Threads: any. A queue cannot be destroyed while it has posted functions (WS_ERR_BUSY).
    /// Since: 0.1
    /// ```
    pub fn ws_post(target: ws_handle, delay_ms: i64, callback: ws_callback, user_data: *mut c_void, id: *mut u64) -> i32;
    /// ```text
    /// Takes back what ws_post has posted.
    ///
    /// target, id: of that call.
    ///
    /// Returns: WS_OK: it has not run and never will; WS_ERR_STATE: it has run, is running or will
    ///   at once, or was cancelled before; WS_ERR_HANDLE; WS_ERR_NO_CONNECTION.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_post_cancel(target: ws_handle, id: u64) -> i32;
    /// ```text
    /// Figures of one server. Messages that a loop is just handling may be missing: they are
    /// counted before the callbacks of their batch run, those that callbacks send when these
    /// have returned.
    ///
    /// stats: not NULL; set stats->struct_size before the call (WS_INIT_STRUCT). At most that
    ///   many bytes are written.
    ///
    /// Returns: WS_OK; WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any. The figures are not of one moment. It looks at each connection of the
    ///   server, so it is for once a second rather than once a message.
    /// Since: 0.1
    /// ```
    pub fn ws_server_stats_get(server: ws_handle, stats: *mut ws_server_stats) -> i32;
    /// ```text
    /// The figures of ws_stats_get, and of ws_server_stats_get, as text in the format that
    /// Prometheus reads (exposition format 0.0.4, media type "text/plain; version=0.0.4"). A
    /// host answers a request for /metrics with it; see examples_c/metrics.c.
    ///
    /// server: a server, whose figures follow those of the library; 0: the library only.
    /// buffer: capacity bytes that receive the text, NUL-terminated; NULL with capacity 0 asks
    ///   for the size only. The next text may be longer: leave some room.
    /// size: NULL, or receives how many bytes the text has, without the NUL.
    ///
    /// Returns: WS_OK; WS_ERR_BUFFER: buffer is too small, nothing is written but size;
    ///   WS_ERR_PARAMETER; WS_ERR_HANDLE.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_metrics(server: ws_handle, buffer: *mut c_char, capacity: usize, size: *mut usize) -> i32;
    /// ```text
    /// Changes ws_init_options.log_level while the library runs.
    ///
    /// level: WS_LOG_ERROR ... WS_LOG_DEBUG; 0: WS_LOG_WARN.
    ///
    /// Returns: WS_OK; WS_ERR_STATE: the library has not started; WS_ERR_PARAMETER.
    /// Threads: any. Lines that another thread is just telling may still come.
    /// Since: 0.1
    /// ```
    pub fn ws_set_log_level(level: i32) -> i32;
    /// ```text
    /// The name of a status or error id: ws_error_name(-101) is "WS_ERR_HANDLE".
    /// ws_strerror tells what it means.
    ///
    /// Returns: a static string, "" for an unknown one.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_error_name(status: i32) -> *const c_char;
    /// ```text
    /// The name of an event type: ws_event_name(1) is "WS_EVENT_OPEN".
    ///
    /// Returns: a static string, "" for an unknown one.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_event_name(r#type: i32) -> *const c_char;
    /// ```text
    /// The name of a stage (ws_event.stage): ws_stage_name(4) is "WS_STAGE_TLS".
    ///
    /// Returns: a static string, "" for an unknown one.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_stage_name(stage: i32) -> *const c_char;
    /// ```text
    /// What a close code is called in the registry of RFC 6455 11.7:
    /// ws_close_code_name(1001) is "Going Away".
    ///
    /// Returns: a static string, "" for one that is not registered.
    /// Threads: any.
    /// Since: 0.1
    /// ```
    pub fn ws_close_code_name(code: i32) -> *const c_char;
}
