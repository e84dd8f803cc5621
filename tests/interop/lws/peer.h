/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.h - what the two roles of the libwebsockets peer share.
 *
 * A link is an open connection: frames that wait to be written, and the message
 * that is coming in. Everything runs on the thread of main.
 */
#ifndef PEER_H
#define PEER_H

#include <libwebsockets.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdnoreturn.h>

struct frame;

struct link {
    struct lws *wsi;
    struct frame *first, **end; /* to be written, in this order */
    unsigned char *data;        /* the message that is coming in */
    size_t size, capacity;
    bool closing; /* a close was asked for, or has come from the other side */
};

enum { LARGE = 1 << 20 };

/* permessage-deflate, when WS_PEER_COMPRESS is set; else NULL. */
const struct lws_extension *extensions(void);

/* Ends the program with one line and status 1. */
noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

void link_open(struct link *l, struct lws *wsi);
void link_close(struct link *l);

/* Copies a frame into the line; kind is an LWS_WRITE_ with its flags. */
void link_send(struct link *l, int kind, const void *data, size_t size);

/* Writes the first frame of the line; called when the library says that it may. */
void link_write(struct link *l);

/* Appends what has come in. True when the message is whole; it is gone with the next call. */
bool link_receive(struct link *l, const void *data, size_t size);

/* The code of a Close frame's body; 1005 when it has none. The reason follows the first two bytes. */
int close_code(const unsigned char *body, size_t size);

/* Serves the context until *over; it is set by callbacks, or with stdin = true by the end of stdin. */
void serve(struct lws_context *context, atomic_bool *over, bool stdin_ends_it);

void run_client(const char *url, const char *authorities);
void run_server(const char *certificate, const char *key);

#endif
