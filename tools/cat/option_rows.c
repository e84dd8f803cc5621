/* SPDX-License-Identifier: Apache-2.0 */
/* option_rows.c - every option, in the order of the help. */
#include "options.h"

#define AT(member) offsetof(settings, member)
#define FLAG(commands, letter, name, member, group, help) \
    {commands, letter, name, KIND_FLAG, NULL, AT(member), 0, 0, group, help, NULL}
#define TEXT(commands, letter, name, kind, argument, member, group, help) \
    {commands, letter, name, kind, argument, AT(member), 0, 0, group, help, NULL}
#define CHOICE(commands, letter, name, argument, member, group, help, choices) \
    {commands, letter, name, KIND_TEXT, argument, AT(member), 0, 0, group, help, choices}
#define NUMBER(commands, letter, name, argument, member, low, high, group, help) \
    {commands, letter, name, KIND_NUMBER, argument, AT(member), low, high, group, help, NULL}
#define SECONDS(commands, letter, name, member, low, high, group, help) \
    {commands, letter, name, KIND_SECONDS, "SECONDS", AT(member), low, high, group, help, NULL}

#define HOUR 3600000
#define SEND "Messages"
#define SHOW "Output"
#define REQUEST "Request"
#define SECURE "TLS"
#define WAY "Network"
#define AGAIN "Reconnect and replay"
#define SERVE "Server"
#define LOAD "Load"
#define LOOK "Check"

const option_row option_rows[] = {
    TEXT(FOR_CONNECT | FOR_BENCH, 'x', "execute", KIND_LIST, "TEXT", execute, SEND,
         "send TEXT instead of what stdin says; may come again"),
    TEXT(FOR_CONNECT, 'f', "file", KIND_FILES, "FILE", files, SEND,
         "send a file as one binary message (--text: as text), in pieces as it is read; \"-\" is stdin"),
    NUMBER(FOR_CONNECT | FOR_LISTEN, 'n', "count", "COUNT", count, 1, INT64_C(1) << 40, SEND,
           "end when COUNT messages were received; fewer when the wait is over is status 3"),
    SECONDS(FOR_CONNECT, 'w', "wait", wait_ms, 0, 24 * HOUR, SEND,
            "wait so long for answers when all was sent; with --count 10 s, else until there are as many answers as "
            "messages, or a second of silence"),
    FLAG(FOR_CONNECT, 'k', "stay", stay, SEND, "go on receiving when all was sent, until the server closes"),
    FLAG(FOR_CONNECT, 'b', "binary", binary, SEND, "lines are sent as binary messages"),
    FLAG(FOR_CONNECT, 0, "text", text, SEND, "files are sent as text"),
    FLAG(FOR_CONNECT | FOR_LISTEN, '0', "null", null, SEND, "messages end with a NUL byte instead of a line feed, in both directions"),
    FLAG(FOR_CONNECT, 0, "slash", slash, SEND,
         "lines as /ping, /pong, /close, /binary, /file and /help are commands (at the prompt they always are)"),
    FLAG(FOR_CONNECT, 0, "no-slash", no_slash, SEND, "also at the prompt all lines are messages"),
    TEXT(FOR_CONNECT, 0, "close", KIND_TEXT, "CODE[:REASON]", close, SEND, "what our Close frame says; 1000 without it"),

    FLAG(FOR_CONNECT | FOR_LISTEN | FOR_BENCH | FOR_CHECK, 'j', "json", json, SHOW,
         "a line of JSON for each thing that happens; binary data is base64"),
    FLAG(FOR_CONNECT | FOR_LISTEN, 't', "timestamps", timestamps, SHOW, "put the time before each message"),
    CHOICE(FOR_ALL, 0, "color", "WHEN", color, SHOW, "auto (the default), always or never; NO_COLOR means never",
           "auto always never"),
    FLAG(FOR_CONNECT, 0, "hex", hex, SHOW, "show binary messages as hexadecimal digits"),
    TEXT(FOR_CONNECT, 'O', "output", KIND_FILE, "FILE", output, SHOW,
         "write what is received to FILE as it comes, without anything between the messages"),
    FLAG(FOR_CONNECT, 0, "progress", progress, SHOW,
         "a line on stderr says how far a large transfer is; on a terminal it does so by itself"),
    FLAG(FOR_CONNECT, 'P', "show-pings", show_pings, SHOW, "say when a ping or pong comes, with the round trip"),
    SECONDS(FOR_CONNECT, 0, "ping", ping_ms, 10, HOUR, SHOW, "send a ping so often and say the round trip of each"),
    FLAG(FOR_CONNECT | FOR_LISTEN | FOR_CHECK, 'v', "verbose", verbose, SHOW, "say how the connection came about: fields, TLS, times"),
    FLAG(FOR_CONNECT | FOR_LISTEN, 'q', "quiet", quiet, SHOW, "say errors only, beside messages"),

    TEXT(FOR_CLIENTS, 'H', "header", KIND_LIST, "NAME: VALUE", headers, REQUEST, "a field of the request"),
    TEXT(FOR_LISTEN, 'H', "header", KIND_LIST, "NAME: VALUE", headers, REQUEST, "a field of the answers"),
    TEXT(FOR_CLIENTS, 0, "auth", KIND_TEXT, "USER:PASSWORD", auth, REQUEST, "Basic authentication"),
    TEXT(FOR_LISTEN, 0, "auth", KIND_TEXT, "USER:PASSWORD", auth, REQUEST, "clients have to know it (Basic), else 401"),
    TEXT(FOR_CLIENTS, 0, "bearer", KIND_TEXT, "TOKEN", bearer, REQUEST, "Authorization: Bearer TOKEN"),
    TEXT(FOR_CLIENTS, 'o', "origin", KIND_TEXT, "ORIGIN", origin, REQUEST, "the Origin field, as \"https://example.com\""),
    TEXT(FOR_LISTEN, 0, "origins", KIND_TEXT, "LIST", origins, REQUEST, "whose pages may connect, separated by commas; \"*\": all"),
    TEXT(FOR_CLIENTS | FOR_LISTEN, 's', "subprotocol", KIND_LIST, "NAME", protocols, REQUEST,
         "offer a subprotocol; the first one is preferred"),
    TEXT(FOR_CLIENTS, 0, "host", KIND_TEXT, "NAME", host, REQUEST, "the Host field instead of the URL's"),
    TEXT(FOR_CLIENTS, 0, "cookie", KIND_LIST, "NAME=VALUE", cookies, REQUEST, "a cookie"),
    FLAG(FOR_CLIENTS, 0, "cookies", keep_cookies, REQUEST, "keep cookies of the answers, over redirects and reconnects"),
    FLAG(FOR_CLIENTS, 'L', "location", location, REQUEST, "follow redirects"),
    NUMBER(FOR_CLIENTS, 0, "max-redirects", "COUNT", max_redirects, 1, 20, REQUEST, "follow so many redirects; 10 with --location"),

    TEXT(FOR_CLIENTS, 0, "ca", KIND_FILE, "FILE", ca, SECURE, "trust the authorities in FILE (PEM) instead of the system's"),
    FLAG(FOR_CLIENTS, 0, "insecure", insecure, SECURE, "take any certificate: protects from nobody on the way"),
    TEXT(FOR_CLIENTS, 0, "cert", KIND_FILE, "FILE", cert, SECURE, "the certificate that we show when asked (PEM)"),
    TEXT(FOR_CLIENTS, 0, "key", KIND_FILE, "FILE", key, SECURE, "its private key (PEM)"),
    TEXT(FOR_LISTEN, 0, "cert", KIND_FILE, "FILE", cert, SECURE, "speak wss with this certificate (PEM, with its chain)"),
    TEXT(FOR_LISTEN, 0, "key", KIND_FILE, "FILE", key, SECURE, "its private key (PEM)"),
    TEXT(FOR_LISTEN, 0, "client-ca", KIND_FILE, "FILE", client_ca, SECURE, "clients show a certificate of these authorities"),
    TEXT(FOR_CLIENTS | FOR_LISTEN, 0, "passphrase", KIND_TEXT, "TEXT", passphrase, SECURE, "of an encrypted key"),
    TEXT(FOR_CLIENTS, 0, "pin", KIND_LIST, "SHA256", pins, SECURE,
         "the server's chain must have a public key with this hash (base64 or hexadecimal)"),
    TEXT(FOR_CLIENTS, 0, "server-name", KIND_TEXT, "NAME", server_name, SECURE, "ask for and check this name instead of the URL's"),
    CHOICE(FOR_ALL, 0, "tls-min", "VERSION", tls_min, SECURE, "the oldest TLS: 1.0, 1.1, 1.2 or 1.3; 1.2 without it", "1.0 1.1 1.2 1.3"),
    CHOICE(FOR_ALL, 0, "tls-max", "VERSION", tls_max, SECURE, "the newest TLS", "1.0 1.1 1.2 1.3"),
    TEXT(FOR_ALL, 0, "ciphers", KIND_TEXT, "LIST", ciphers, SECURE, "cipher suites for TLS 1.2 and older, by IANA's names"),
    TEXT(FOR_CLIENTS, 0, "key-log", KIND_FILE, "FILE", key_log, SECURE, "append the secrets of the connection, for Wireshark"),

    TEXT(FOR_CLIENTS, 0, "proxy", KIND_TEXT, "URL", proxy, WAY,
         "http://, https:// or socks5://[USER:PASSWORD@]HOST[:PORT], or \"none\"; without it the environment says"),
    TEXT(FOR_CLIENTS, 0, "connect-to", KIND_TEXT, "ADDRESS", connect_to, WAY, "connect to this address; all else stays with the URL"),
    TEXT(FOR_CLIENTS, 0, "local-address", KIND_TEXT, "ADDRESS", local_address, WAY, "connect from this address"),
    TEXT(FOR_CLIENTS, 0, "interface", KIND_TEXT, "NAME", interface, WAY, "use this network interface (Linux)"),
    FLAG(FOR_CLIENTS, '4', "ipv4", ipv4, WAY, "IPv4 only"),
    FLAG(FOR_CLIENTS, '6', "ipv6", ipv6, WAY, "IPv6 only"),
    SECONDS(FOR_CLIENTS, 'T', "timeout", timeout_ms, 1, HOUR, WAY, "time until the connection has to be open; 15 without it"),
    FLAG(FOR_ALL, 'z', "compress", compress, WAY, "offer permessage-deflate (RFC 7692); listen: agree to it"),
    FLAG(FOR_CONNECT | FOR_LISTEN | FOR_BENCH, 0, "takeover", takeover, WAY, "with --compress: messages may refer to earlier ones"),
    NUMBER(FOR_CONNECT | FOR_LISTEN, 0, "max-size", "BYTES", max_size, 1, INT64_C(1) << 46, WAY,
           "largest message that is received; 64M without it"),

    FLAG(FOR_CONNECT, 'r', "reconnect", reconnect, AGAIN, "connect again when the connection is lost, and keep what was not sent"),
    NUMBER(FOR_CONNECT, 0, "max-tries", "COUNT", max_tries, 1, 1000000, AGAIN, "give up after so many failed tries"),
    SECONDS(FOR_CONNECT, 0, "reconnect-delay", delay_ms, 1, HOUR, AGAIN, "longest wait before the first try; 0.5 without it"),
    TEXT(FOR_CONNECT, 0, "record", KIND_FILE, "FILE", record, AGAIN, "write what is sent and received to FILE, as lines of JSON"),
    TEXT(FOR_CONNECT, 0, "replay", KIND_FILE, "FILE", replay, AGAIN, "send what a record says was sent, at the same times"),
    TEXT(FOR_CONNECT, 0, "speed", KIND_TEXT, "FACTOR", speed_text, AGAIN, "with --replay: so many times as fast; 0: at once"),

    FLAG(FOR_LISTEN, 'e', "echo", echo, SERVE, "send each message back"),
    FLAG(FOR_LISTEN, 0, "broadcast", broadcast, SERVE, "send each message to all other clients"),
    FLAG(FOR_LISTEN, 0, "topics", topics, SERVE, "send each message to all others that are connected to the same path"),
    FLAG(FOR_LISTEN, 0, "chat", chat, SERVE, "a chat page for browsers at /; what one says goes to all"),
    TEXT(FOR_LISTEN, 0, "root", KIND_FILE, "FOLDER", root, SERVE, "serve the files of FOLDER by HTTP beside it"),
    FLAG(FOR_LISTEN, '1', "once", once, SERVE, "end when the first client has gone"),
    NUMBER(FOR_LISTEN, 0, "max-connections", "COUNT", max_connections, 1, 1000000000, SERVE, "refuse more clients than that"),

    NUMBER(FOR_BENCH, 'C', "connections", "COUNT", connections, 1, 1000000, LOAD, "so many connections; 10 without it"),
    SECONDS(FOR_BENCH, 'd', "duration", duration_ms, 100, 24 * HOUR, LOAD, "measure so long; 10 without it"),
    NUMBER(FOR_BENCH, 'm', "size", "BYTES", size, 1, 1 << 30, LOAD, "bytes of a message; 64 without it"),
    NUMBER(FOR_BENCH, 0, "rate", "PER_SECOND", rate, 1, 100000000, LOAD,
           "send so many messages a second, all connections together, and count delays from the time that was planned; "
           "without it each answer is followed by the next message"),
    NUMBER(FOR_BENCH, 0, "pipeline", "COUNT", pipeline, 1, 65536, LOAD, "messages under way on each connection; 1 without it"),
    FLAG(FOR_BENCH, 'b', "binary", binary, LOAD, "binary messages instead of text"),
    NUMBER(FOR_BENCH | FOR_LISTEN, 0, "loops", "COUNT", loops, 1, 64, LOAD, "threads of our own end; 1 without it"),
    TEXT(FOR_BENCH, 0, "csv", KIND_FILE, "FILE", csv, LOAD, "a line for each second: second, messages, bytes, p50_us, p99_us, max_us"),

    FLAG(FOR_CHECK, 0, "limits", limits, LOOK, "also find out how large a message may be, by sending up to 16 MiB"),
    FLAG(FOR_CHECK, 0, "no-raw", plain_only, LOOK, "no wrong frames: only what a good client does"),
    {0, 0, NULL, KIND_FLAG, NULL, 0, 0, 0, NULL, NULL, NULL},
};
