/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mqtt.c - a client of MQTT 3.1.1 over WebSocket: a protocol that is a stream of bytes.
 *
 * MQTT does not care where a WebSocket message ends: a packet may come in several, several
 * packets in one (MQTT 3.1.1, 6.0). So what comes is put together here and taken apart
 * by the lengths of MQTT. Nobody needs whole messages for that: pieces do (WS_RECEIVE_PARTS).
 */
#include <getopt.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libws/ws.h>

#include "help.h"

static const char help[] =
    "usage: mqtt URL TOPIC [MESSAGE] [--bytes N]\n"
    "\n"
    "A client of MQTT 3.1.1 over WebSocket. Subscribes to TOPIC, publishes MESSAGE, or N\n"
    "bytes of text, to it, and prints what comes until that is back; a long one by its\n"
    "size. Status 0 when it is what was sent.\n";

/* The first byte of a packet, MQTT 3.1.1, 2.2. */
enum { CONNECT = 0x10, CONNACK = 0x20, PUBLISH = 0x30, SUBSCRIBE = 0x82, SUBACK = 0x90, DISCONNECT = 0xe0 };
enum { LARGEST = 1 << 20 };

typedef struct {
    unsigned char *data;
    size_t size, room;
} bytes;

static bytes stream; /* what came and is no whole packet yet; callbacks only */
static const char *topic, *message;
static sem_t over;
static int result = 1; /* read after over was posted */

static void append(bytes *b, const void *data, size_t size)
{
    if (b->size + size > b->room) {
        b->room = 2 * (b->size + size);
        b->data = realloc(b->data, b->room);
        if (!b->data) abort();
    }
    if (size) memcpy(b->data + b->size, data, size);
    b->size += size;
}

static void append_text(bytes *b, const char *text)
{
    size_t n = strlen(text);
    unsigned char length[2] = {(unsigned char)(n >> 8), (unsigned char)n};
    append(b, length, 2);
    append(b, text, n);
}

/* Sends a packet: its first byte, the length of its body in digits of 7 bits, its body. */
static void send_packet(ws_handle client, unsigned char kind, const bytes *body)
{
    bytes packet = {NULL, 0, 0};
    size_t left = body ? body->size : 0;
    append(&packet, &kind, 1);
    do {
        unsigned char digit = left & 127;
        left >>= 7;
        if (left) digit |= 128;
        append(&packet, &digit, 1);
    } while (left);
    if (body) append(&packet, body->data, body->size);
    if (ws_send(client, packet.data, packet.size, WS_BINARY, NULL, NULL))
        fprintf(stderr, "mqtt: %s\n", ws_last_error());
    free(packet.data);
}

static void fail(ws_handle client, const char *why)
{
    fprintf(stderr, "mqtt: %s\n", why);
    ws_abort(client);
}

static void subscribe(ws_handle client)
{
    bytes body = {NULL, 0, 0};
    append(&body, "\0\1", 2); /* the packet's number */
    append_text(&body, topic);
    append(&body, "\0", 1); /* at most once */
    send_packet(client, SUBSCRIBE, &body);
    free(body.data);
}

static void publish(ws_handle client)
{
    bytes body = {NULL, 0, 0};
    append_text(&body, topic);
    append(&body, message, strlen(message));
    send_packet(client, PUBLISH, &body);
    free(body.data);
}

static void on_packet(ws_handle client, unsigned char kind, const unsigned char *body, size_t size)
{
    if (kind == CONNACK) {
        if (size != 2 || body[1]) fail(client, "the broker refuses");
        else subscribe(client);
    } else if (kind == SUBACK) {
        if (size != 3 || body[2] == 0x80) fail(client, "the broker refuses the subscription");
        else publish(client);
    } else if ((kind & 0xf0) == PUBLISH) {
        size_t n = size < 2 ? size + 1 : (size_t)(body[0] << 8 | body[1]) + 2;
        if (n > size) {
            fail(client, "a publish without a topic");
            return;
        }
        if (size - n > 100) printf("%.*s: %zu bytes\n", (int)n - 2, body + 2, size - n);
        else printf("%.*s: %.*s\n", (int)n - 2, body + 2, (int)(size - n), body + n);
        if (size - n == strlen(message) && !memcmp(body + n, message, size - n)) {
            result = 0;
            send_packet(client, DISCONNECT, NULL);
            ws_close(client, NULL, NULL, NULL);
        }
    }
}

/* Takes a whole packet off the stream; 0: there is none. */
static int next_packet(ws_handle client)
{
    size_t length = 0, at = 1;
    for (;; at++) {
        if (at >= stream.size) return 0;
        length |= (size_t)(stream.data[at] & 127) << 7 * (at - 1);
        if (!(stream.data[at] & 128)) break;
        if (at == 4) {
            fail(client, "a length of more than four digits");
            return 0;
        }
    }
    if (length > LARGEST) {
        fail(client, "a packet is too large");
        return 0;
    }
    if (stream.size - at - 1 < length) return 0;
    on_packet(client, stream.data[0], stream.data + at + 1, length);
    size_t taken = at + 1 + length;
    memmove(stream.data, stream.data + taken, stream.size - taken);
    stream.size -= taken;
    return 1;
}

static void on_open(const ws_event *e, void *user_data)
{
    (void)user_data;
    static const unsigned char clean_session = 2, keep_alive[2] = {0, 60}, level = 4;
    bytes body = {NULL, 0, 0};
    append_text(&body, "MQTT");
    append(&body, &level, 1);
    append(&body, &clean_session, 1);
    append(&body, keep_alive, 2);
    append_text(&body, ""); /* the broker gives us a name */
    send_packet(e->handle, CONNECT, &body);
    free(body.data);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    append(&stream, e->data, e->size);
    while (next_packet(e->handle)) {}
}

static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    fprintf(stderr, "mqtt: %s\n", e->text);
}

/* The last event of the client. */
static void on_destroyed(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&over);
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_destroy(e->handle);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    static const struct option options[] = {{"bytes", required_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};
    long size = 0;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) == 'b') size = atol(optarg);
    if (option != -1 || argc - optind < 2 || argc - optind > 3 || size < 0 || size > LARGEST / 2) return wrong_usage(help);
    const char *url = argv[optind];
    topic = argv[optind + 1];
    char *made = calloc(1, (size_t)size + 1);
    if (!made) return 1;
    for (long i = 0; i < size; i++) made[i] = (char)('a' + i % 26);
    message = argc - optind == 3 ? argv[optind + 2] : size ? made : "Hello, broker!";

    sem_init(&over, 0, 0);
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.flags = WS_RECEIVE_PARTS;
    ws_handle client = ws_create(&create);
    ws_on(client, WS_EVENT_OPEN, on_open, NULL);
    ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
    ws_on(client, WS_EVENT_CLOSE, on_close, NULL);
    ws_on(client, WS_EVENT_DESTROYED, on_destroyed, NULL);
    ws_connect_options connect;
    WS_INIT_STRUCT(&connect);
    connect.protocol = "mqtt"; /* MQTT 3.1.1, 6.0 */
    connect.ping_interval_ms = 30000;
    if (ws_connect_wait(client, url, &connect, -1)) {
        fprintf(stderr, "mqtt: %s\n", ws_last_error());
        return 1;
    }
    ws_on(client, WS_EVENT_ERROR, on_error, NULL);
    while (sem_wait(&over)) {}
    ws_shutdown_wait(5000);
    free(stream.data);
    free(made);
    return result;
}
