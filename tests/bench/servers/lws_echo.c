/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lws_echo.c - an echo server with libwebsockets, one thread.
 *
 *     lws_echo PORT [uv] [deflate | fanout | at-once] [CERTIFICATE KEY]
 *
 * uv: on libuv's loop instead of its own, which is poll and slow with thousands.
 * fanout: what one client sends goes to all.
 * at-once: a piece goes back inside the call that hands it over. The library keeps what the kernel does not
 * take; until that is out nothing more is read. Else the answer waits for the callback in which one
 * is to write by the library's manual: that is another turn of its loop for each piece.
 * Pieces are sent back as they come, which is the least the library can do: a
 * message is not collected. While one waits for its turn to be written, the next
 * is not read.
 */
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

/* More than the library hands over at once, and room before it for the frame's head. */
enum { PIECE = 65536 };

struct session {
    unsigned char *data;
    size_t size;
    int kind;
};

/* One message for all at a time: the load client waits for the last. */
static struct {
    unsigned char data[LWS_PRE + PIECE];
    size_t size;
} shared;

static int on_fanout(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    (void)user;
    if (reason == LWS_CALLBACK_RECEIVE) {
        if (size > PIECE) return -1;
        memcpy(shared.data + LWS_PRE, in, shared.size = size);
        lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
    } else if (reason == LWS_CALLBACK_SERVER_WRITEABLE && shared.size) {
        if (lws_write(wsi, shared.data + LWS_PRE, shared.size, LWS_WRITE_BINARY) < (int)shared.size) return -1;
    }
    return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct session *s = user;
    switch (reason) {
    case LWS_CALLBACK_RECEIVE:
        if (size > PIECE) return -1;
        if (!s->data) s->data = malloc(LWS_PRE + PIECE);
        memcpy(s->data + LWS_PRE, in, size);
        s->size = size;
        s->kind = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
                                     lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
        lws_rx_flow_control(wsi, 0);
        lws_callback_on_writable(wsi);
        break;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        if (!s->data) break;
        if (lws_write(wsi, s->data + LWS_PRE, s->size, (enum lws_write_protocol)s->kind) < (int)s->size) return -1;
        free(s->data); /* so that an idle connection owns no more than it must */
        s->data = NULL;
        lws_rx_flow_control(wsi, 1);
        break;
    case LWS_CALLBACK_CLOSED:
        free(s->data);
        s->data = NULL;
        break;
    default:
        break;
    }
    return 0;
}

static int on_event_at_once(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    static unsigned char data[LWS_PRE + PIECE];
    (void)user;
    if (reason == LWS_CALLBACK_RECEIVE) {
        if (size > PIECE) return -1;
        memcpy(data + LWS_PRE, in, size);
        int kind = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
                                      lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
        if (lws_write(wsi, data + LWS_PRE, size, (enum lws_write_protocol)kind) < (int)size) return -1;
        if (!lws_partial_buffered(wsi)) return 0;
        lws_rx_flow_control(wsi, 0);
        lws_callback_on_writable(wsi);
    } else if (reason == LWS_CALLBACK_SERVER_WRITEABLE) {
        lws_rx_flow_control(wsi, 1);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static struct lws_protocols protocols[] = {
        {"echo", on_event, sizeof(struct session), PIECE, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
    static const struct lws_extension extensions[] = {
        {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate"}, {NULL, NULL, NULL}};
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    if (argc < 2) return 2;
    info.port = atoi(argv[1]);
    if (argc > 2 && !strcmp(argv[2], "uv")) {
        info.options |= LWS_SERVER_OPTION_LIBUV;
        argc--;
        argv++;
    }
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.pt_serv_buf_size = PIECE; /* 4096 by default: many writes for a large message */
    if (argc > 2 && (!strcmp(argv[2], "deflate") || !strcmp(argv[2], "fanout") || !strcmp(argv[2], "at-once"))) {
        if (argv[2][0] == 'd') info.extensions = extensions;
        else if (argv[2][0] == 'a') protocols[0].callback = on_event_at_once;
        else protocols[0].callback = on_fanout;
        argc--;
        argv++;
    }
    if (argc == 4) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = argv[2];
        info.ssl_private_key_filepath = argv[3];
    }
    lws_set_log_level(LLL_ERR, NULL);
    struct lws_context *context = lws_create_context(&info);
    if (!context) return 1;
    while (lws_service(context, 0) >= 0) {}
    return 1;
}
