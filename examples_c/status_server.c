/* SPDX-License-Identifier: Apache-2.0 */
/* status_server.c - a server that shows what it does, in a browser. The page is status_page.h, which is to be copied. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "server.h"
#include "status_page.h"

static const char help[] =
    "usage: status_server [OPTION]...\n"
    "\n"
    "An echo server with a page at /status that shows its figures while they change.\n"
    "\n"
    "  --port PORT        where to listen; without it the system chooses a port\n"
    "  --host ADDRESS     the address to listen on (127.0.0.1)\n"
    "  --token SECRET     who opens /status?token=SECRET sees the page, from anywhere;\n"
    "                     without it only clients of this machine do\n"
    "  --every MS         how often the page gets figures: 100 to 60000 (1000)\n"
    "  --round-trips N    show how long heartbeats take to be answered, while there are\n"
    "                     no more than N connections: 0 to 10000 (1000)\n"
    "  --heartbeat MS     time between two pings (5000)\n"
    "  --limit N          connections at once; others are refused, as the page shows\n"
    "  --origins LIST     pages of these may connect (but not to /status): \"*\" is all\n"
    "  --max-message N    bytes of a message; larger ones end their connection\n"
    "  --page-port PORT   the page is at a server of its own, on 127.0.0.1; 0: any port\n"
    "\n"
    "Open http://127.0.0.1:PORT/status, and connect with libws-cat meanwhile.\n"
    "A client gets its messages back. \"join NAME\" subscribes it to a topic, and\n"
    "\"tell NAME TEXT\" sends TEXT to all subscribers of NAME.\n"
    "Ctrl-C or SIGTERM ends the server.\n";

static status_page *page;
static const char *token;

/* The page gives the query of its own address to its WebSocket, too. A real server would look at a cookie of
 * its own, or at the address: a query stands in logs of proxies. */
static int has_token(const ws_event *e, void *user_data)
{
    (void)user_data;
    const char *given = strstr(e->target, "?token=");
    if (!given) return 0;
    given += strlen("?token=");
    size_t size = strlen(given), right = strlen(token);
    unsigned char differ = size != right; /* a wrong one takes as long as the right one */
    for (size_t i = 0; i < size; i++) differ |= (unsigned char)(given[i] ^ token[i % right]);
    return !differ;
}

static void on_request(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (status_page_event(page, e)) return;
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.status = 404;
    r.body = "the page is at /status\n";
    r.body_size = strlen(r.body);
    ws_respond(e->handle, &r);
}

static void on_upgrade(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (!status_page_event(page, e)) ws_accept(e->handle, NULL);
}

static void on_connect(const ws_event *e, void *user_data)
{
    (void)user_data;
    status_page_event(page, e);
}

static void on_message(const ws_event *e, void *user_data)
{
    (void)user_data;
    if (status_page_event(page, e)) return;
    const char *words = e->data; /* a NUL byte follows it */
    if (e->message_type == WS_TEXT && !strncmp(words, "join ", 5)) {
        ws_subscribe(e->handle, words + 5, e->size - 5);
    } else if (e->message_type == WS_TEXT && !strncmp(words, "tell ", 5)) {
        size_t name = strcspn(words + 5, " "), rest = 5 + name + (words[5 + name] == ' ');
        ws_publish(e->server, words + 5, name, words + rest, e->size - rest, WS_TEXT, 0, NULL);
    } else {
        ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    }
}

static void listen_to(ws_handle server)
{
    ws_server_on(server, WS_EVENT_REQUEST, on_request, NULL);
    ws_server_on(server, WS_EVENT_UPGRADE, on_upgrade, NULL);
    ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL);
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.ping_interval_ms = 5000;
    ws_server_config of_page;
    WS_INIT_STRUCT(&of_page);
    of_page.server_ip = "127.0.0.1";
    of_page.server_port = -1;
    ws_server_options limits;
    WS_INIT_STRUCT(&limits);
    status_page_options with = {.round_trips = 1000};
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'}, {"host", required_argument, NULL, 'h'},
        {"token", required_argument, NULL, 't'}, {"every", required_argument, NULL, 'e'},
        {"round-trips", required_argument, NULL, 'r'}, {"heartbeat", required_argument, NULL, 'b'},
        {"limit", required_argument, NULL, 'l'}, {"origins", required_argument, NULL, 'a'},
        {"max-message", required_argument, NULL, 'm'},
        {"page-port", required_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'h') config.server_ip = optarg;
        else if (option == 't' && *optarg) token = optarg;
        else if (option == 'e') with.interval_ms = atoi(optarg);
        else if (option == 'r') with.round_trips = atoi(optarg);
        else if (option == 'b') config.ping_interval_ms = atoi(optarg);
        else if (option == 'l') config.max_connections = atoi(optarg);
        else if (option == 'a') config.origins = optarg;
        else if (option == 'm') limits.max_message_size = atoi(optarg); /* also of what is sent */
        else if (option == 'o') of_page.server_port = atoi(optarg);
        else return wrong_usage(help);
    }
    end_signals signals = block_signals();

    ws_handle server = create_server(&limits), own = of_page.server_port < 0 ? 0 : create_server(NULL);
    with.server = server;
    with.through = own;
    if (token) with.check = has_token;
    page = status_page_create(&with);
    if (!page) {
        fprintf(stderr, "status_server: no page; --every and --round-trips have their ranges, see --help\n");
        return 2;
    }
    listen_to(server);
    int32_t port = start_server(server, &config), page_port = port;
    if (own) {
        listen_to(own);
        page_port = start_server(own, &of_page);
    }
    printf("listening on ws://%s:%d/, figures at http://%s:%d/status\n", config.server_ip, port,
           own ? of_page.server_ip : config.server_ip, page_port);
    fflush(stdout);
    wait_for_signal(&signals);
    stop_server(server);
    if (own) stop_server(own);
    status_page_destroy(page);
    return ws_shutdown_wait(-1);
}
