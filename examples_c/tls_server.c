/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tls_server.c - a wss server with several certificates, which are replaced while it
 * runs, and which wants certificates of its clients if asked to.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "server.h"

static const char help[] =
    "usage: tls_server --port PORT --cert FILE --key FILE [--cert FILE --key FILE ...]\n"
    "    [--password TEXT] [--client-ca FILE [--optional]]\n"
    "\n"
    "A wss server with several certificates, which are replaced while it runs. A client\n"
    "gets the certificate for the name it asks for, else the first. Whoever connects gets\n"
    "what is known of the connection; then every message is sent back.\n"
    "\n"
    "  --port PORT       where to listen on 127.0.0.1; 0 takes any free port\n"
    "  --cert, --key     files of a certificate and its key; may come several times\n"
    "  --password TEXT   for keys that are encrypted\n"
    "  --client-ca FILE  clients have to show a certificate of one of these authorities\n"
    "  --optional        they may come without one\n"
    "\n"
    "Each line on stdin makes the server read its files again; the end of stdin ends it.\n";

enum { MOST = 16 };

/* Asked for now: an accepted connection that has ended tells nothing any more. */
static void greet(const ws_event *e, void *user_data)
{
    (void)user_data;
    char name[256] = "", version[32] = "", certificate[4096] = "", text[4600];
    ws_connection_text(e->handle, WS_TEXT_SERVER_NAME, name, sizeof name, NULL);
    ws_connection_text(e->handle, WS_TEXT_TLS_VERSION, version, sizeof version, NULL);
    ws_connection_text(e->handle, WS_TEXT_PEER_CERTIFICATE, certificate, sizeof certificate, NULL);
    certificate[strcspn(certificate, "\n")] = 0; /* the first line is "subject: ..." */
    int size = snprintf(text, sizeof text, "%s for \"%s\", %s", version, name,
                        *certificate ? certificate : "no certificate");
    ws_send(e->handle, text, (size_t)size, WS_TEXT, NULL, NULL);
}

static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    /* Who sends faster than he reads has to go; echo_server.c waits for him instead. */
    if (ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL)) ws_destroy(e->handle);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_certificate certificates[MOST];
    size_t certs = 0, keys = 0;
    for (int i = 0; i < MOST; i++) WS_INIT_STRUCT(&certificates[i]);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = -1;
    const char *password = NULL;

    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},      {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'},       {"password", required_argument, NULL, 'w'},
        {"client-ca", required_argument, NULL, 'a'}, {"optional", no_argument, NULL, 'o'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'c' && certs < MOST) certificates[certs++].cert_path = optarg;
        else if (option == 'k' && keys < MOST) certificates[keys++].key_path = optarg;
        else if (option == 'w') password = optarg;
        else if (option == 'a') config.client_ca_path = optarg;
        else if (option == 'o') config.flags |= WS_CLIENT_CERT_OPTIONAL;
        else break;
    }
    if (option != -1 || config.server_port < 0 || !certs || certs != keys || optind < argc) return wrong_usage(help);
    /* Keys that are not encrypted need none. */
    for (size_t i = 0; i < certs; i++) certificates[i].key_password = password;
    config.certificates = certificates;
    config.certificate_count = certs;

    ws_handle server = create_server(NULL);
    must("on", ws_server_on(server, WS_EVENT_CONNECT, greet, NULL));
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL));
    int32_t port = start_server(server, &config);
    printf("listening on wss://%s:%d\n", config.server_ip, port);
    fflush(stdout);

    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        /* Files that cannot be used change nothing: the old certificates stay. */
        if (ws_server_set_certificates(server, certificates, certs))
            printf("kept the certificates: %s\n", ws_last_error());
        else printf("took %zu certificates\n", certs);
        fflush(stdout);
    }

    stop_server(server);
    must("shutdown", ws_shutdown_wait(-1));
    return 0;
}
