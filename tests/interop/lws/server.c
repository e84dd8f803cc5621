/* SPDX-License-Identifier: Apache-2.0 */
/* server.c - the server of interop_client; ends with stdin. */
#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "close CODE REASON": closes so. The answer of the client is the library's. */
static int obey(struct link *l)
{
    char order[160];
    snprintf(order, sizeof order, "%.*s", (int)l->size, (char *)l->data);
    char *reason;
    long code = strtol(order + strlen("close "), &reason, 10);
    if (*reason == ' ') reason++;
    lws_close_reason(l->wsi, (enum lws_close_status)code, (unsigned char *)reason, strlen(reason));
    l->closing = true;
    return -1;
}

static int answer(struct link *l)
{
    bool text = !lws_frame_is_binary(l->wsi);
    if (text && l->size > 6 && !memcmp(l->data, "close ", 6)) return obey(l);
    if (text && l->size == 9 && !memcmp(l->data, "fragments", 9)) {
        link_send(l, LWS_WRITE_TEXT | LWS_WRITE_NO_FIN, "one ", 4);
        link_send(l, LWS_WRITE_PING, "between", 7); /* the rest follows its pong */
    } else {
        link_send(l, text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY, l->data, l->size);
    }
    return 0;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t size)
{
    struct link *l = user; /* zeroed by the library for each connection */
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        link_open(l, wsi);
        break;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        link_write(l);
        break;
    case LWS_CALLBACK_RECEIVE:
        if (link_receive(l, in, size)) return answer(l);
        break;
    case LWS_CALLBACK_RECEIVE_PONG:
        if (size != 7 || memcmp(in, "between", 7)) fail("a pong of %zu bytes with other data than its ping", size);
        link_send(l, LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN, "two ", 4);
        link_send(l, LWS_WRITE_CONTINUATION, "three", 5);
        break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: /* the library answers with the same body */
        printf("closed %d %.*s\n", close_code(in, size), size < 2 ? 0 : (int)size - 2, (char *)in + 2);
        fflush(stdout);
        break;
    case LWS_CALLBACK_CLOSED:
        if (l->closing) puts("ended");
        fflush(stdout);
        link_close(l);
        break;
    default:
        break;
    }
    return 0;
}

void run_server(const char *certificate, const char *key)
{
    static const struct lws_protocols protocols[] = {
        {"echo", on_event, sizeof(struct link), 0, 0, NULL, 0}, {NULL, NULL, 0, 0, 0, NULL, 0}};
    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = 0; /* an ephemeral one */
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.extensions = extensions();
    info.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
    if (certificate) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = certificate;
        info.ssl_private_key_filepath = key;
    }
    struct lws_context *context = lws_create_context(&info);
    if (!context) fail("lws_create_context failed");
    struct lws_vhost *host = lws_create_vhost(context, &info);
    if (!host) fail("lws_create_vhost failed");
    printf("listening on %s://127.0.0.1:%d\n", certificate ? "wss" : "ws", lws_get_vhost_listen_port(host));
    fflush(stdout);
    atomic_bool over = false;
    serve(context, &over, true);
    lws_context_destroy(context);
}
