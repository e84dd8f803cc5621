/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer.c - a peer of the interop tests on libwebsockets.
 *
 *     lws_peer client URL [FILE_WITH_AUTHORITIES]
 *     lws_peer server [CERTIFICATE KEY]
 *
 * What a peer does and prints is told in ../compiled/README.md. Exit status 0
 * when everything was as it should be.
 */
#include "peer.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEADLINE = 40 }; /* seconds for everything */

struct frame {
    struct frame *next;
    int kind;
    size_t size;
    unsigned char room[]; /* LWS_PRE bytes for the library, then the payload */
};

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("lws_peer: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    _exit(1);
}

void link_open(struct link *l, struct lws *wsi)
{
    memset(l, 0, sizeof *l);
    l->wsi = wsi;
    l->end = &l->first;
}

void link_close(struct link *l)
{
    while (l->first) {
        struct frame *f = l->first;
        l->first = f->next;
        free(f);
    }
    free(l->data);
    l->data = NULL;
    l->wsi = NULL;
}

void link_send(struct link *l, int kind, const void *data, size_t size)
{
    struct frame *f = malloc(sizeof *f + LWS_PRE + size);
    if (!f) fail("no memory");
    f->next = NULL;
    f->kind = kind;
    f->size = size;
    if (size) memcpy(f->room + LWS_PRE, data, size);
    *l->end = f;
    l->end = &f->next;
    lws_callback_on_writable(l->wsi);
}

void link_write(struct link *l)
{
    struct frame *f = l->first;
    if (!f) return;
    /* It keeps what the kernel does not take. */
    if (lws_write(l->wsi, f->room + LWS_PRE, f->size, (enum lws_write_protocol)f->kind) < (int)f->size)
        fail("a frame of %zu bytes cannot be written", f->size);
    l->first = f->next;
    if (!l->first) l->end = &l->first;
    free(f);
    if (l->first) lws_callback_on_writable(l->wsi);
}

bool link_receive(struct link *l, const void *data, size_t size)
{
    if (lws_is_first_fragment(l->wsi)) l->size = 0;
    if (l->size + size > l->capacity) {
        l->capacity = 2 * (l->size + size);
        if (!(l->data = realloc(l->data, l->capacity))) fail("no memory");
    }
    if (size) memcpy(l->data + l->size, data, size);
    l->size += size;
    return lws_is_final_fragment(l->wsi) && !lws_remaining_packet_payload(l->wsi);
}

const struct lws_extension *extensions(void)
{
    static const struct lws_extension packed[] = {
        {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate"}, {NULL, NULL, NULL}};
    return getenv("WS_PEER_COMPRESS") ? packed : NULL;
}

int close_code(const unsigned char *body, size_t size) { return size < 2 ? 1005 : body[0] << 8 | body[1]; }

struct input {
    struct lws_context *context;
    atomic_bool *over;
};

static void *watch_stdin(void *argument)
{
    struct input *input = argument;
    char dropped[64];
    while (read(0, dropped, sizeof dropped) > 0) {}
    *input->over = true;
    lws_cancel_service(input->context); /* any thread may */
    return NULL;
}

void serve(struct lws_context *context, atomic_bool *over, bool stdin_ends_it)
{
    struct input input = {context, over};
    pthread_t thread;
    if (stdin_ends_it && pthread_create(&thread, NULL, watch_stdin, &input)) fail("no thread");
    while (!*over)
        if (lws_service(context, 0) < 0) fail("lws_service failed");
    if (stdin_ends_it) pthread_join(thread, NULL);
}

static void give_up(int unused)
{
    static const char line[] = "lws_peer: not ready in time\n";
    (void)unused;
    if (write(2, line, sizeof line - 1)) {}
    _exit(1);
}

static void said(int level, const char *line)
{
    (void)level;
    fputs(line, stderr);
}

int main(int argc, char **argv)
{
    lws_set_log_level(LLL_ERR | LLL_WARN, said);
    signal(SIGALRM, give_up);
    alarm(DEADLINE);
    if ((argc == 3 || argc == 4) && !strcmp(argv[1], "client")) run_client(argv[2], argc == 4 ? argv[3] : NULL);
    else if (argc == 2 && !strcmp(argv[1], "server")) run_server(NULL, NULL);
    else if (argc == 4 && !strcmp(argv[1], "server")) run_server(argv[2], argv[3]);
    else fail("usage: lws_peer client URL [FILE] | lws_peer server [CERTIFICATE KEY]");
    return 0;
}
