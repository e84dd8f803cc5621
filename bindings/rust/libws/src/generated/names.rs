// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json and include/libws by bindings/rust/generate.py; do not edit.

//! Numbers of the library as enums.

/// What kind of failure: the status of a call, or the error of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum ErrorKind {
    /// Connecting failed, or the connection was lost.
    ConnectFailed = 200,
    /// Permission denied (named for the module; not produced).
    Permission = 201,
    /// An argument is wrong; ws\_last\_error() names it.
    Parameter = 401,
    /// The URL cannot be used.
    Url = 2302001,
    /// A certificate file does not exist.
    CertFile = 2302002,
    /// The client is connecting or connected already.
    ConnectionExists = 2302003,
    /// Cannot listen on this address.
    ListenIp = 2302004,
    /// Cannot listen on this port.
    ListenPort = 2302005,
    /// The accepted connection does not exist, or no longer.
    NoConnection = 2302006,
    /// The port is taken.
    PortOccupied = 2302007,
    /// This domain may not be accessed.
    Domain = 2302998,
    /// Any other error of the system.
    Unknown = 2302999,
    /// Stale, foreign or wrong kind of handle.
    Handle = -101,
    /// Not possible in this state (not open, already started ...).
    State = -102,
    /// The output queue is full; nothing was sent.
    Full = -103,
    /// A message is larger than its limit.
    TooLarge = -104,
    /// No memory, or the memory budget is used up.
    Memory = -105,
    /// A deadline passed.
    Timeout = -106,
    /// Ended by ws\_close, ws\_destroy, a server stop or ws\_shutdown\_wait.
    Cancelled = -107,
    /// A \_wait call inside a callback would wait for itself.
    InCallback = -108,
    /// The library does not work in a forked child.
    Forked = -109,
    /// The library was shut down.
    Shutdown = -110,
    /// Known, but not in this build or version.
    Unsupported = -111,
    /// The peer broke the protocol, or a limit on floods.
    Protocol = -112,
    /// The caller's buffer is too small.
    Buffer = -113,
    /// A defect of libws; please report it.
    Internal = -114,
    /// A queue is in use: by a dispatcher, or by handles.
    Busy = -115,
    /// The message still waited when a newer one with its key came (ws\_send\_with).
    Replaced = -116,
}

impl ErrorKind {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            200 => Self::ConnectFailed,
            201 => Self::Permission,
            401 => Self::Parameter,
            2302001 => Self::Url,
            2302002 => Self::CertFile,
            2302003 => Self::ConnectionExists,
            2302004 => Self::ListenIp,
            2302005 => Self::ListenPort,
            2302006 => Self::NoConnection,
            2302007 => Self::PortOccupied,
            2302998 => Self::Domain,
            2302999 => Self::Unknown,
            -101 => Self::Handle,
            -102 => Self::State,
            -103 => Self::Full,
            -104 => Self::TooLarge,
            -105 => Self::Memory,
            -106 => Self::Timeout,
            -107 => Self::Cancelled,
            -108 => Self::InCallback,
            -109 => Self::Forked,
            -110 => Self::Shutdown,
            -111 => Self::Unsupported,
            -112 => Self::Protocol,
            -113 => Self::Buffer,
            -114 => Self::Internal,
            -115 => Self::Busy,
            -116 => Self::Replaced,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// Where something failed that had begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Stage {
    /// Where an asynchronous error happened (ws\_event.stage).
    #[default]
    None = 0,
    /// Looking up the host name.
    Resolve = 1,
    /// The TCP connect.
    Connect = 2,
    /// Talking to a proxy.
    Proxy = 3,
    /// The TLS handshake.
    Tls = 4,
    /// The HTTP upgrade, RFC 6455 4.
    Upgrade = 5,
    /// A peer that breaks RFC 6455 after the upgrade.
    Protocol = 6,
    /// A deadline passed.
    Timeout = 7,
    /// A limit was reached (message size, memory).
    Limit = 8,
    /// Giving up reconnecting.
    Reconnect = 9,
    /// Reading or writing an open connection.
    Io = 10,
}

impl Stage {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::None,
            1 => Self::Resolve,
            2 => Self::Connect,
            3 => Self::Proxy,
            4 => Self::Tls,
            5 => Self::Upgrade,
            6 => Self::Protocol,
            7 => Self::Timeout,
            8 => Self::Limit,
            9 => Self::Reconnect,
            10 => Self::Io,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// What happened. See the accessors of Event for what each of them has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum EventKind {
    /// Client is connected: status, text (the module's status and message).
    Open = 1,
    /// A whole message: data, size, message\_type.
    Message = 2,
    /// The connection has ended: code, reason, reason\_size, clean.
    Close = 3,
    /// Something failed: error, stage, status, os\_error, text, code; of a server that has refused the
    /// upgrade also data, size (header fields, see ws\_header\_next), body, body\_size (the first 16 KiB, as
    /// far as they came within a second).
    Error = 4,
    /// The last event of a handle: its user data may be freed.
    Destroyed = 5,
    /// Server: a connection was accepted: target, protocol.
    Connect = 6,
    /// Server: a whole message came in: data, size, message\_type.
    MessageReceive = 7,
    /// A call has completed: operation, error, stage, status, os\_error, text.
    Completion = 8,
    /// There is room again: the output queue has sunk to low\_water\_mark, after it rose above
    /// high\_water\_mark or a send was refused with WS\_ERR\_FULL.
    Drain = 9,
    /// Client is connected, right after open: status, text, protocol.
    OpenInfo = 10,
    /// Header of the server's answer, before open: data, size; see ws\_header\_next.
    HeaderReceive = 11,
    /// The message that was just delivered is over (not by ws\_queue\_poll).
    DataEnd = 12,
    /// The peer's ping, which is answered already, unless WS\_MANUAL\_PONG says that the host does it: data,
    /// size.
    Ping = 13,
    /// A pong: data, size, round\_trip\_us.
    Pong = 14,
    /// A client connects again after a while: attempt, delay\_ms.
    Reconnecting = 15,
    /// Server: a client asks for a connection: method, target, protocol (all offered), data, size (header
    /// fields, see ws\_header\_next). Answer by ws\_accept or ws\_respond.
    Upgrade = 16,
    /// Server: any other HTTP request: method, target, data, size, body, body\_size. Answer by ws\_respond.
    Request = 17,
    /// With WS\_ASK\_BEFORE\_RECONNECT: a client is about to try again: attempt; what came of the try or
    /// connection before: error, stage, status, os\_error, text, code (that of the peer's Close frame).
    /// Answer by ws\_reconnect\_with.
    BeforeReconnect = 18,
    /// With WS\_VERIFY\_EVENTS: whether the peer's certificate is good: token; data, size (its chain, PEM,
    /// the own one first), body, body\_size (the OCSP response that a server has stapled, DER), target (the
    /// name that a server's has to be for), error and text (WS\_OK, or why the library would not take it).
    /// Answer by ws\_verify\_answer.
    Verify = 19,
    /// With WS\_SIGN\_EVENTS: a signature by the key of our certificate is wanted: token, scheme; data, size
    /// (the hash, or for Ed25519, 0x0807, all that is to be signed), target (the subject of the
    /// certificate). Answer by ws\_sign\_answer.
    Sign = 23,
    /// Server: a topic, or pattern, has its first subscriber: data, size (its name), pattern. Only with a
    /// listener for this event or the next one on the server, or WS\_TOPIC\_EVENTS; what has begun before
    /// that is no event, nor its end. Begin and end of one name take turns, and the last one that comes is
    /// how things are: one that has ended before the event of its begin has none at all. They come soon, on
    /// the server's first loop or from its queue, in no order with the events of connections, and none is
    /// lost while memory is short; after ws\_server\_destroy none comes.
    TopicBegin = 20,
    /// Server: a topic, or pattern, has lost its last subscriber: data, size, pattern.
    TopicEnd = 21,
    /// With WS\_SKIP\_LARGE: a message over max\_message\_size is over, of which nothing was kept:
    /// message\_size, message\_type. In order with messages; a server's listener gets those of its
    /// connections.
    Skipped = 22,
}

impl EventKind {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Open,
            2 => Self::Message,
            3 => Self::Close,
            4 => Self::Error,
            5 => Self::Destroyed,
            6 => Self::Connect,
            7 => Self::MessageReceive,
            8 => Self::Completion,
            9 => Self::Drain,
            10 => Self::OpenInfo,
            11 => Self::HeaderReceive,
            12 => Self::DataEnd,
            13 => Self::Ping,
            14 => Self::Pong,
            15 => Self::Reconnecting,
            16 => Self::Upgrade,
            17 => Self::Request,
            18 => Self::BeforeReconnect,
            19 => Self::Verify,
            23 => Self::Sign,
            20 => Self::TopicBegin,
            21 => Self::TopicEnd,
            22 => Self::Skipped,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// Which call a completion is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Operation {
    /// The connection is open, or has failed.
    Connect = 1,
    /// The kernel has the whole message, or never will.
    Send = 2,
    /// The closing handshake is over.
    Close = 3,
    /// The server listens.
    ServerStart = 4,
    /// The last connection is gone and the port is free.
    ServerStop = 5,
    /// No connection of the server is in its handshake any more.
    ServerStopListening = 6,
    /// Ws\_post: its time has come; with WS\_ERR\_CANCELLED or WS\_ERR\_SHUTDOWN its target ends.
    Post = 7,
}

impl Operation {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Connect,
            2 => Self::Send,
            3 => Self::Close,
            4 => Self::ServerStart,
            5 => Self::ServerStop,
            6 => Self::ServerStopListening,
            7 => Self::Post,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// The life of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum State {
    /// Ws\_state(): the life of a connection.
    #[default]
    Connecting = 0,
    /// Ws\_state(): the life of a connection.
    Open = 1,
    /// A Close frame was sent or received; no more sends.
    Closing = 2,
    /// Also before the first ws\_connect.
    Closed = 3,
}

impl State {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Connecting,
            1 => Self::Open,
            2 => Self::Closing,
            3 => Self::Closed,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// Which text about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Text {
    /// Of a client, after redirects, without credentials; over a Unix socket its host is localhost.
    Url = 1,
    /// The subprotocol in use.
    Protocol = 2,
    /// Extensions in use, as in Sec-WebSocket-Extensions.
    Extensions = 3,
    /// "127.0.0.1:80", "\[::1\]:80"; of the client behind a trusted proxy, with port 0 if it is not known.
    RemoteAddress = 4,
    /// Ws\_connection\_text: which text. Since 0.1.
    LocalAddress = 5,
    /// "TLS 1.3".
    TlsVersion = 6,
    /// "TLS\_AES\_128\_GCM\_SHA256".
    TlsCipher = 7,
    /// Lines "subject: ...", "issuer", "serial", "sha256", "pin", "not before", "not after", "names"; no
    /// control characters in them.
    PeerCertificate = 8,
    /// The name that the client asked for in the TLS handshake (SNI), "" for none.
    ServerName = 9,
    /// Accepted, with WS\_KEEP\_REQUEST or inside the upgrade event: path and query, "/chat?room=1".
    Target = 10,
    /// The same: its header fields, a line "Name: value\n" each.
    RequestHeader = 11,
    /// Of the socket itself, as the system knows it: behind a proxy that one's; "" when it is closed, and
    /// for a Unix socket.
    PeerAddress = 12,
}

impl Text {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Url,
            2 => Self::Protocol,
            3 => Self::Extensions,
            4 => Self::RemoteAddress,
            5 => Self::LocalAddress,
            6 => Self::TlsVersion,
            7 => Self::TlsCipher,
            8 => Self::PeerCertificate,
            9 => Self::ServerName,
            10 => Self::Target,
            11 => Self::RequestHeader,
            12 => Self::PeerAddress,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_FULL\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum FullPolicy {
    /// It fails with WS\_ERR\_FULL, and drain follows when there is room.
    #[default]
    Refuse = 0,
    /// It fails with WS\_ERR\_FULL, and the connection ends: what waits is dropped, the peer is sent 1008 if
    /// it reads in time, the host gets an error of stage WS\_STAGE\_LIMIT.
    Close = 1,
    /// The oldest messages of which no byte has left make room; their completions fail with WS\_ERR\_FULL.
    /// When that is not enough none is dropped, and it is WS\_FULL\_REFUSE.
    DropOldest = 2,
}

impl FullPolicy {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Refuse,
            1 => Self::Close,
            2 => Self::DropOldest,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_PROXY\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Proxy {
    /// What http\_proxy, https\_proxy, all\_proxy and no\_proxy in the environment say.
    #[default]
    System = 0,
    /// Straight to the server.
    None = 1,
    /// The one in proxy\_host: HTTP CONNECT, for ws and wss.
    Http = 2,
    /// The one in proxy\_host: RFC 1928; it resolves the server's name.
    Socks5 = 3,
    /// As WS\_PROXY\_HTTP, over TLS with the proxy, whose certificate is checked for proxy\_host; two more
    /// descriptors and 64 KiB for each connection, which no budget counts, and no addresses in
    /// WS\_TEXT\_REMOTE\_ADDRESS and the like; not with WS\_ACKNOWLEDGED\_SENDS.
    Https = 4,
}

impl Proxy {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::System,
            1 => Self::None,
            2 => Self::Http,
            3 => Self::Socks5,
            4 => Self::Https,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_TLS\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum TlsVersion {
    /// From TLS 1.2 up to the newest.
    #[default]
    Default = 0,
    /// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
    V10 = 1,
    /// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
    V11 = 2,
    /// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
    V12 = 3,
    /// Ws\_connect\_options.min\_support\_tls\_protocol and max\_support\_tls\_protocol.
    V13 = 4,
}

impl TlsVersion {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Default,
            1 => Self::V10,
            2 => Self::V11,
            3 => Self::V12,
            4 => Self::V13,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_FAMILY\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum AddressFamily {
    /// Ws\_connect\_options.address\_family.
    #[default]
    Any = 0,
    /// Addresses of IPv4 only.
    Ipv4 = 4,
    /// Ws\_connect\_options.address\_family.
    Ipv6 = 6,
}

impl AddressFamily {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Any,
            4 => Self::Ipv4,
            6 => Self::Ipv6,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_ADDRESS\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum ClientAddress {
    /// The TCP connection.
    #[default]
    Peer = 0,
    /// The field Forwarded of a request (RFC 7239).
    Forwarded = 1,
    /// The field X-Forwarded-For of a request.
    XForwardedFor = 2,
    /// A header of the PROXY protocol, version 1 or 2, in front of all else, TLS included. Trusted proxies
    /// have to send it, at most 8192 bytes, by handshake\_timeout\_ms; else their connection is closed, and
    /// the server gets an error of stage WS\_STAGE\_PROXY, once a second. LOCAL and UNKNOWN leave the proxy.
    ProxyProtocol = 3,
}

impl ClientAddress {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Peer,
            1 => Self::Forwarded,
            2 => Self::XForwardedFor,
            3 => Self::ProxyProtocol,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_ENGINE\_ in C).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Engine {
    /// What the environment variable WS\_ENGINE says (epoll, goroutine), else the system's best.
    #[default]
    Default = 0,
    /// Event loops on epoll (Linux); the default there.
    Epoll = 1,
    /// One goroutine per connection: on any system, slower; the default without epoll.
    Goroutine = 2,
}

impl Engine {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Default,
            1 => Self::Epoll,
            2 => Self::Goroutine,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}

/// See the members of this type in the options (WS\_LOG\_ in C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum LogLevel {
    /// Levels of the log.
    Error = 1,
    /// Levels of the log.
    Warn = 2,
    /// Levels of the log.
    Info = 3,
    /// Levels of the log.
    Debug = 4,
}

impl LogLevel {
    /// By its number in C; `None` for one that this version does not know.
    pub fn from_raw(number: i32) -> Option<Self> {
        Some(match number {
            1 => Self::Error,
            2 => Self::Warn,
            3 => Self::Info,
            4 => Self::Debug,
            _ => return None,
        })
    }
    /// Its number in C.
    pub fn as_raw(self) -> i32 {
        self as i32
    }
}
