/* SPDX-License-Identifier: Apache-2.0 */
/* behind_proxy.c - a server behind nginx, haproxy or a load balancer. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "server.h"

static const char help[] =
    "usage: behind_proxy --port PORT --trusted LIST --by forwarded|forwarded-for|proxy\n"
    "    [--each NUMBER] [--cert FILE --key FILE]\n"
    "\n"
    "A server behind nginx, haproxy or a load balancer, which tells each client the\n"
    "address that it comes from, and lets in few connections of one client.\n"
    "\n"
    "  --port PORT     where to listen on 127.0.0.1; 0 takes any free port\n"
    "  --trusted LIST  proxies that are believed, as in \"127.0.0.1, 10.0.0.0/8\"\n"
    "  --by WHAT       who says what the address of a client is: the field Forwarded or\n"
    "                  X-Forwarded-For of its request, or the PROXY protocol\n"
    "  --each NUMBER   connections of one client\n"
    "  --cert, --key   files of a certificate and its key: the server speaks wss\n"
    "\n"
    "The end of stdin ends the program.\n";

static void greet(const ws_event *e, void *user_data)
{
    (void)user_data;
    ws_connection client;
    WS_INIT_STRUCT(&client);
    char peer[80] = "", text[200];
    if (ws_connection_info(e->handle, &client) != WS_OK) return; /* it has gone already */
    ws_connection_text(e->handle, WS_TEXT_PEER_ADDRESS, peer, sizeof peer, NULL);
    int size = snprintf(text, sizeof text, "you are %s, by %s", client.client_ip, peer);
    ws_send(e->handle, text, (size_t)size, WS_TEXT, NULL, NULL);
}

/* Of the server itself: whom it refuses, and proxies that do not say who the client is. */
static void failed(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (!e->server) fprintf(stderr, "behind_proxy: %s\n", e->text);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = -1;
    static const char *const sources[] = {"peer", "forwarded", "forwarded-for", "proxy"}; /* WS_ADDRESS_ */
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'}, {"trusted", required_argument, NULL, 't'},
        {"by", required_argument, NULL, 'b'},   {"each", required_argument, NULL, 'e'},
        {"cert", required_argument, NULL, 'c'}, {"key", required_argument, NULL, 'k'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 't') config.trusted_proxies = optarg;
        else if (option == 'e') config.max_connections_for_one_client = atoi(optarg);
        else if (option == 'c') config.cert_path = optarg;
        else if (option == 'k') config.key_path = optarg;
        else if (option != 'b') break;
        else
            while (strcmp(sources[config.client_address], optarg))
                if (++config.client_address == 4) break;
        if (config.client_address == 4) break;
    }
    if (option != -1 || config.server_port < 0 || optind < argc) return wrong_usage(help);
    ws_handle server = create_server(NULL);
    must("on", ws_server_on(server, WS_EVENT_CONNECT, greet, NULL));
    must("on", ws_server_on(server, WS_EVENT_ERROR, failed, NULL));
    int32_t port = start_server(server, &config);
    printf("listening on %s://%s:%d\n", config.cert_path ? "wss" : "ws", config.server_ip, port);
    fflush(stdout);
    while (getchar() != EOF) {}
    must("shutdown", ws_shutdown_wait(-1));
    return 0;
}
