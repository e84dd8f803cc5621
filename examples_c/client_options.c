/* SPDX-License-Identifier: Apache-2.0 */
/* client_options.c - header fields, subprotocol, proxy and TLS options. */
#include <getopt.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libws/ws.h>

#include "help.h"

static const char help[] =
    "usage: client_options URL [--header \"Name: value\"]... [--protocol P] [--proxy URL | none]\n"
    "    [--ca FILE] [--cert FILE --key FILE [--password P]] [--pin P] [--timeout MS]\n"
    "       client_options PATH --unix [...]\n"
    "\n"
    "A client with header fields, subprotocol, proxy and TLS options of the command line.\n"
    "Sends a text, prints its echo and closes.\n"
    "\n"
    "  --header \"Name: value\"  a field of the upgrade request; may come several times\n"
    "  --protocol P            subprotocols to offer, \"chat, superchat\"\n"
    "  --proxy URL             http://user:pw@host:port, https://..., socks5://...; none: no proxy\n"
    "  --ca FILE               the authorities to trust, and no others\n"
    "  --cert FILE --key FILE  certificate and key of the client, --password for the key\n"
    "  --pin P                 SHA-256 of a public key of the server's chain\n"
    "  --timeout MS            for everything up to open\n"
    "  --unix                  PATH is that of a Unix socket\n"
    "\n"
    "Status 0: all went well; 2: the arguments were refused; 10 + WS_STAGE_ where it\n"
    "failed, as in 13: at the proxy.\n";

#define TEXT "Hello, whoever is on the way!"
enum { HEADERS = 16 };

static const char *const stages[] = {"none", "resolve", "connect", "proxy", "tls", "upgrade",
                                     "protocol", "timeout", "limit", "reconnect", "io"};
static sem_t over;
static int result = 1; /* until the echo has come */

static void on_open_info(const ws_event *e, void *user_data)
{
    (void)user_data;
    char tls[32] = "";
    ws_connection_text(e->handle, WS_TEXT_TLS_VERSION, tls, sizeof tls, NULL);
    printf("open: %d %s, protocol \"%s\", %s\n", e->status, e->text, e->protocol, *tls ? tls : "no TLS");
    ws_send(e->handle, TEXT, strlen(TEXT), WS_TEXT, NULL, NULL);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("echo: %s\n", (const char *)e->data);
    result = e->size == strlen(TEXT) && !memcmp(e->data, TEXT, e->size) ? 0 : 1;
    ws_close(e->handle, NULL, NULL, NULL);
}

/* Says where it failed, and all that is known about it. */
static void on_error(const ws_event *e, void *user_data)
{
    (void)user_data;
    /* a newer library has more */
    size_t stage = (size_t)e->stage < sizeof stages / sizeof *stages ? (size_t)e->stage : 0;
    printf("error %d: stage %s, status %d: %s\n", e->error, stages[stage], e->status, e->text);
    result = 10 + e->stage;
}

static void on_close(const ws_event *e, void *user_data)
{
    (void)user_data;
    printf("close: %d %s%s\n", e->code, e->reason, e->clean ? "" : " (lost)");
    if (!result && !e->clean) result = 1;
}

/* After close, or after the error when connecting failed, nothing more comes but this. */
static void on_destroyed(const ws_event *e, void *user_data)
{
    (void)e, (void)user_data;
    sem_post(&over);
}

static void free_handle(const ws_event *e, void *user_data)
{
    (void)user_data;
    int32_t state;
    if (!ws_state(e->handle, &state) && state != WS_STATE_OPEN && state != WS_STATE_CLOSING) ws_destroy(e->handle);
}

/* Cuts scheme://[user:password@]host:port in place; 0: it is none. */
static int set_proxy(ws_connect_options *o, char *text)
{
    o->proxy = !strcmp(text, "none") ? WS_PROXY_NONE : !strncmp(text, "socks5://", 9) ? WS_PROXY_SOCKS5 : WS_PROXY_HTTP;
    if (o->proxy == WS_PROXY_NONE) return 1;
    if (o->proxy == WS_PROXY_HTTP && strncmp(text, "http://", 7)) return 0;
    char *host = strstr(text, "://") + 3, *at = strrchr(host, '@');
    if (at) {
        *at = 0;
        o->proxy_username = host;
        host = at + 1;
        char *colon = strchr(o->proxy_username, ':');
        if (!colon) return 0;
        *colon = 0;
        o->proxy_password = colon + 1;
    }
    char *port = strrchr(host, ':');
    if (port && !strchr(port, ']')) {
        *port = 0;
        o->proxy_port = atoi(port + 1);
    }
    o->proxy_host = host;
    return *host != 0;
}

/* Cuts "Name: value" in place; 0: it is none, or there are too many. */
static int add_header(ws_connect_options *o, ws_header *headers, char *text)
{
    char *colon = strchr(text, ':');
    if (!colon || o->header_count == HEADERS) return 0;
    *colon = 0;
    headers[o->header_count++] = (ws_header){text, colon + 1 + strspn(colon + 1, " ")};
    return 1;
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_connect_options o;
    WS_INIT_STRUCT(&o);
    ws_header headers[HEADERS];
    o.headers = headers;
    static const struct option options[] = {
        {"header", required_argument, NULL, 'h'}, {"protocol", required_argument, NULL, 's'},
        {"proxy", required_argument, NULL, 'x'}, {"ca", required_argument, NULL, 'a'},
        {"cert", required_argument, NULL, 'c'}, {"key", required_argument, NULL, 'k'},
        {"password", required_argument, NULL, 'w'}, {"pin", required_argument, NULL, 'p'},
        {"timeout", required_argument, NULL, 't'}, {"unix", no_argument, NULL, 'u'}, {NULL, 0, NULL, 0},
    };
    int option, good = 1, unix_socket = 0;
    while (good && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') good = add_header(&o, headers, optarg);
        else if (option == 's') o.protocol = optarg;
        else if (option == 'x') good = set_proxy(&o, optarg);
        else if (option == 'a') o.ca_path = optarg;
        else if (option == 'c') o.client_cert_path = optarg;
        else if (option == 'k') o.client_key_path = optarg;
        else if (option == 'w') o.client_key_password = optarg;
        else if (option == 'p') o.pins = optarg;
        else if (option == 't') o.handshake_timeout_ms = atoi(optarg);
        else if (option == 'u') unix_socket = 1;
        else good = 0;
    }
    if (!good || optind + 1 != argc) return wrong_usage(help);
    char url[8300]; /* libws takes 8196 bytes and refuses more */
    snprintf(url, sizeof url, "%s%s", unix_socket ? "ws+unix:" : "", argv[optind]);

    sem_init(&over, 0, 0);
    ws_handle client = ws_create(NULL);
    ws_on(client, WS_EVENT_OPEN_INFO, on_open_info, NULL);
    ws_on(client, WS_EVENT_MESSAGE, on_message, NULL);
    ws_on(client, WS_EVENT_ERROR, on_error, NULL);
    ws_on(client, WS_EVENT_ERROR, free_handle, NULL);
    ws_on(client, WS_EVENT_CLOSE, on_close, NULL);
    ws_on(client, WS_EVENT_CLOSE, free_handle, NULL);
    ws_on(client, WS_EVENT_DESTROYED, on_destroyed, NULL);
    if (ws_connect(client, url, &o, NULL, NULL) != WS_OK) {
        printf("refused: %s\n", ws_last_error());
        return 2;
    }
    sem_wait(&over);
    ws_shutdown_wait(-1);
    return result;
}
