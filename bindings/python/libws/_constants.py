# SPDX-License-Identifier: Apache-2.0
# Generated from tests/ffi/declarations.json by bindings/python/generate.py; do not edit.
"""The numbers of ws.h by family, as in ws_types.h and ws_options.h."""
from enum import IntEnum


class ErrorCode(IntEnum):
    """Ids of errors, Error.code. Positive ones are those of OpenHarmony's module."""

    CONNECT_FAILED = 200
    PERMISSION = 201
    PARAMETER = 401
    URL = 2302001
    CERT_FILE = 2302002
    CONNECTION_EXISTS = 2302003
    LISTEN_IP = 2302004
    LISTEN_PORT = 2302005
    NO_CONNECTION = 2302006
    PORT_OCCUPIED = 2302007
    DOMAIN = 2302998
    UNKNOWN = 2302999
    HANDLE = -101
    STATE = -102
    FULL = -103
    TOO_LARGE = -104
    MEMORY = -105
    TIMEOUT = -106
    CANCELLED = -107
    IN_CALLBACK = -108
    FORKED = -109
    SHUTDOWN = -110
    UNSUPPORTED = -111
    PROTOCOL = -112
    BUFFER = -113
    INTERNAL = -114
    BUSY = -115
    REPLACED = -116


class Stage(IntEnum):
    """Where an error happened, Error.stage."""

    NONE = 0
    RESOLVE = 1
    CONNECT = 2
    PROXY = 3
    TLS = 4
    UPGRADE = 5
    PROTOCOL = 6
    TIMEOUT = 7
    LIMIT = 8
    RECONNECT = 9
    IO = 10


class State(IntEnum):
    """The life of a connection, Connection.state."""

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


class EventType(IntEnum):
    """Event.type."""

    OPEN = 1
    MESSAGE = 2
    CLOSE = 3
    ERROR = 4
    DESTROYED = 5
    CONNECT = 6
    MESSAGE_RECEIVE = 7
    COMPLETION = 8
    DRAIN = 9
    OPEN_INFO = 10
    HEADER_RECEIVE = 11
    DATA_END = 12
    PING = 13
    PONG = 14
    RECONNECTING = 15
    UPGRADE = 16
    REQUEST = 17
    BEFORE_RECONNECT = 18
    VERIFY = 19
    SIGN = 23
    TOPIC_BEGIN = 20
    TOPIC_END = 21
    SKIPPED = 22


class PartOf(IntEnum):
    """Part.part, of a message that is received in pieces."""

    WHOLE = 0
    BEGIN = 1
    MIDDLE = 2
    END = 3


class Text(IntEnum):
    """What Connection.text gives."""

    URL = 1
    PROTOCOL = 2
    EXTENSIONS = 3
    REMOTE_ADDRESS = 4
    LOCAL_ADDRESS = 5
    TLS_VERSION = 6
    TLS_CIPHER = 7
    PEER_CERTIFICATE = 8
    SERVER_NAME = 9
    TARGET = 10
    REQUEST_HEADER = 11
    PEER_ADDRESS = 12


class Proxy(IntEnum):
    """Keyword proxy of connect."""

    SYSTEM = 0
    NONE = 1
    HTTP = 2
    SOCKS5 = 3
    HTTPS = 4


class Tls(IntEnum):
    """Keywords min_support_tls_protocol and max_support_tls_protocol."""

    DEFAULT = 0
    V1_0 = 1
    V1_1 = 2
    V1_2 = 3
    V1_3 = 4


class Full(IntEnum):
    """Keyword full_policy: what happens when max_buffered is reached."""

    REFUSE = 0
    CLOSE = 1
    DROP_OLDEST = 2


class Family(IntEnum):
    """Keyword address_family of connect."""

    ANY = 0
    IPV4 = 4
    IPV6 = 6


class ClientAddress(IntEnum):
    """Keyword client_address of serve."""

    PEER = 0
    FORWARDED = 1
    X_FORWARDED_FOR = 2
    PROXY_PROTOCOL = 3


class Engine(IntEnum):
    """Keyword engine of init."""

    DEFAULT = 0
    EPOLL = 1
    GOROUTINE = 2


class LogLevel(IntEnum):
    """Keyword log_level of init."""

    ERROR = 1
    WARN = 2
    INFO = 3
    DEBUG = 4


# ---- the others ----------------------------------------------------------------
ABI_VERSION = 1
OK = 0
TEXT = 1
BINARY = 2
OP_CONNECT = 1
OP_SEND = 2
OP_CLOSE = 3
OP_SERVER_START = 4
OP_SERVER_STOP = 5
OP_SERVER_STOP_LISTENING = 6
OP_POST = 7
COMPLETION_POLL = 1
TAKEOVER_OUT = 1
TAKEOVER_IN = 2
REFUSE_EARLY = 1
RECEIVE_PARTS = 2
PING_EVENTS = 4
UPGRADE_EVENTS = 8
REQUEST_EVENTS = 16
KEEP_REQUEST = 32
TOPIC_EVENTS = 64
SKIP_LARGE = 128
MANUAL_PONG = 256
BY_TOPIC = 1
BY_PATTERN = 2
SUPPORT_ORIGIN_PORT = 1
STRICT_PONG = 2
ORIGIN_OF_URL = 8
NO_RESUMPTION = 4
KEEP_SENDS = 1
RETRY_CERTIFICATE = 2
ASK_BEFORE_RECONNECT = 4
ACKNOWLEDGED_SENDS = 16
CONNECTED_DESCRIPTOR = 32
KEEP_COOKIES = 64
VERIFY_EVENTS = 4096
SIGN_EVENTS = 8192
RENEGOTIATE_ONCE = 16384
CUT_REASON = 1
NO_CODE = 2
QUEUE_THREAD = 1
QUEUE_GATHER = 2
MODULE_LIMITS = 1
CLIENT_CERT_OPTIONAL = 16
LISTENERS_ONLY = 32
REUSE_PORT = 64
HTTP_ORIGINS = 128
REQUIRE_PROTOCOL = 256
NO_COMPRESSION = 1
NO_LISTENERS = 512
IPV6_ONLY = 1024
LISTEN_IPV6_ONLY = 8
ADOPT_UPGRADED = 1
LISTEN_DESCRIPTOR = 1
LISTEN_REUSE_PORT = 2
LISTEN_PLAIN = 4
LAST_RESPONSE = 1
RELAY_REFUSE = 1
