/* SPDX-License-Identifier: Apache-2.0 */
/* listen.c - a server for trying things: it echoes, broadcasts, or talks by stdin and stdout. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "commands.h"
#include "json.h"
#include "lines.h"
#include "listen.h"
#include "prompt.h"
#include "say.h"
#include "show.h"
#include "stop.h"
#include "target.h"
#include "terminal.h"

static const settings *s;
static ws_handle server, queue;
static ws_header *fields;         /* of --header */
static char *credentials;         /* "Basic ..." that clients have to send; NULL: none */
static int64_t received;          /* the main thread's, as all events come by the queue */
static int over;

/* What could not be sent, because the queue of its connection was full: its user data. */
typedef struct waiting {
    size_t size;
    int32_t type;
    char data[];
} waiting;

static void tell(const char *event, const ws_event *e, const char *detail)
{
    ws_connection who;
    WS_INIT_STRUCT(&who);
    ws_connection_info(e->handle, &who);
    terminal_begin();
    if (s->json) {
        json_begin(stdout, event);
        json_number(stdout, "client", (int64_t)e->handle);
        json_word(stdout, "address", who.client_ip);
        json_word(stdout, "detail", detail);
        json_end(stdout);
    } else if (!s->quiet) {
        fprintf(stderr, "%s* client %lld %s ", paint("info"), (long long)e->handle, event);
        print_harmless(stderr, detail, strlen(detail));
        fprintf(stderr, "%s\n", paint(""));
    }
    terminal_end();
}

static void on_connect(const ws_event *e, void *user)
{
    (void)user;
    if (s->topics) ws_subscribe(e->handle, e->target, strcspn(e->target, "?") < 255 ? strcspn(e->target, "?") : 255);
    tell("open", e, e->target);
}

/* A client that sends faster than it reads is not read until it has read what it got. */
static void echo(const ws_event *e)
{
    int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
    if (status != WS_ERR_FULL && status != WS_ERR_MEMORY) return;
    waiting *w = need(malloc(sizeof *w + e->size));
    w->size = e->size;
    w->type = e->message_type;
    memcpy(w->data, e->data, e->size);
    ws_set_user_data(e->handle, w);
    ws_pause(e->handle);
}

static void on_drain(const ws_event *e, void *user)
{
    (void)user;
    waiting *w = e->user_data;
    if (!w || ws_send(e->handle, w->data, w->size, w->type, NULL, NULL) == WS_ERR_FULL) return;
    free(w);
    ws_set_user_data(e->handle, NULL);
    ws_resume(e->handle);
}

static void publish(const ws_event *e)
{
    char topic[320];
    size_t size;
    /* The only topic of this connection is its path. */
    if (ws_subscriptions(e->handle, topic, sizeof topic, &size) != WS_OK) return;
    size_t at = 0, name_size;
    const void *name;
    int32_t pattern;
    if (ws_subscription_next(topic, size, &at, &name, &name_size, &pattern))
        ws_publish(server, name, name_size, e->data, e->size, e->message_type, e->handle, NULL);
}

static void on_message(const ws_event *e, void *user)
{
    (void)user;
    received++;
    if (s->echo) echo(e);
    else if (s->topics) publish(e);
    else if (s->broadcast) ws_server_broadcast(server, e->data, e->size, e->message_type, e->handle, NULL);
    else if (s->chat) ws_server_broadcast(server, e->data, e->size, e->message_type, 0, NULL);
    if (s->json || s->verbose || !(s->echo || s->topics || s->broadcast || s->chat)) show_message("in", e->data, e->size, e->message_type);
}

static void on_close(const ws_event *e, void *user)
{
    (void)user;
    char *detail = format_text("%d %s", e->code, e->reason);
    tell("close", e, detail);
    free(detail);
    free(e->user_data);
    if (s->once) over = 1;
}

static void on_error(const ws_event *e, void *user)
{
    (void)user;
    if (e->handle == e->server || !s->quiet) tell("error", e, e->text);
}

/* Whether a request knows --auth. */
static int is_known(const ws_event *e)
{
    size_t at = 0;
    const char *name, *value;
    if (!credentials) return 1;
    while (ws_header_next(e->data, e->size, &at, &name, &value)) {
        if (strlen(name) != 13 || strncasecmp(name, "authorization", 13)) continue;
        /* All bytes are compared, so that the time says nothing about how many are right. */
        size_t size = strlen(credentials);
        unsigned char differs = strlen(value) != size;
        for (size_t i = 0; !differs && i < size; i++) differs |= (unsigned char)(value[i] ^ credentials[i]);
        return !differs;
    }
    return 0;
}

static void refuse(const ws_event *e)
{
    const ws_header ask = {"WWW-Authenticate", "Basic realm=\"libws-cat\""};
    ws_response response;
    WS_INIT_STRUCT(&response);
    response.status = 401;
    response.headers = &ask;
    response.header_count = 1;
    ws_respond(e->handle, &response);
}

static void on_upgrade(const ws_event *e, void *user)
{
    (void)user;
    ws_accept_options options;
    WS_INIT_STRUCT(&options);
    options.headers = fields;
    options.header_count = s->headers.count;
    if (!is_known(e)) refuse(e);
    else if (ws_accept(e->handle, &options) != WS_OK) say("%s", ws_last_error());
}

static void on_request(const ws_event *e, void *user)
{
    (void)user;
    if (!is_known(e)) refuse(e);
    else if (s->chat && strcspn(e->target, "?") == 1) answer_chat(e);
    else answer_file(e);
}

/* stdin goes to all clients. */
static void *send_lines(void *unused)
{
    char *line = NULL;
    size_t space = 0;
    int end = s->null ? 0 : '\n', by_hand = is_terminal(stdin) && is_terminal(stdout) && !s->json;
    if (by_hand) prompt_open();
    for (;;) {
        ssize_t n;
        if (by_hand) {
            free(line);
            if (!(line = prompt_line())) break;
            n = (ssize_t)strlen(line);
        } else {
            if ((n = get_until(&line, &space, end, stdin)) <= 0) break;
            if (line[n - 1] == end) n--;
        }
        if (ws_server_broadcast(server, line, (size_t)n, WS_TEXT, 0, NULL) != WS_OK) say("%s", ws_last_error());
    }
    free(line);
    return unused;
}

static int create(void)
{
    ws_server_options options;
    WS_INIT_STRUCT(&options);
    options.queue = queue;
    options.max_message_size = s->max_size;
    options.max_buffered = s->root ? 64 << 20 : 0; /* a file is one answer */
    server = ws_server_create(&options);
    return server != 0;
}

static int make_fields(void)
{
    fields = need(calloc(s->headers.count + 1, sizeof *fields));
    for (size_t i = 0; i < s->headers.count; i++)
        if (!read_field(s->headers.texts[i], &fields[i])) return wrong("--header %s: it is \"NAME: VALUE\"", s->headers.texts[i]);
    if (s->auth) {
        char *code = base64(s->auth, strlen(s->auth));
        credentials = format_text("Basic %s", code);
        free(code);
    }
    return 0;
}

static void listen_to(void)
{
    ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL);
    ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_message, NULL);
    ws_server_on(server, WS_EVENT_DRAIN, on_drain, NULL);
    ws_server_on(server, WS_EVENT_CLOSE, on_close, NULL);
    ws_server_on(server, WS_EVENT_ERROR, on_error, NULL);
    if (credentials || s->headers.count) ws_server_on(server, WS_EVENT_UPGRADE, on_upgrade, NULL);
    if (s->root || s->chat) ws_server_on(server, WS_EVENT_REQUEST, on_request, NULL);
}

int run_listen(const settings *of)
{
    s = of;
    if (s->echo + s->broadcast + s->topics + s->chat > 1) return wrong("--echo, --broadcast, --topics and --chat: one of them");
    if (make_fields() || show_open_files(s) || files_open(s->root)) return STATUS_USAGE;
    ws_init_options init;
    WS_INIT_STRUCT(&init);
    init.loops = (int32_t)s->loops;
    if (ws_init(&init) != WS_OK || !(queue = ws_queue_create(NULL)) || !create()) return wrong("%s", ws_last_error());
    listen_to();
    stop_wakes(queue);
    if (start_listening(server, s)) return STATUS_USAGE;
    pthread_t sender;
    if (!(s->echo || s->broadcast || s->topics || s->chat) && !pthread_create(&sender, NULL, send_lines, NULL)) pthread_detach(sender);
    size_t events;
    while (!stop_wanted() && !over && !(s->count && received >= s->count)) ws_queue_dispatch(queue, 64, 500, &events);
    prompt_close();
    ws_server_stop_wait(server, NULL, 5000);
    ws_shutdown_wait(5000);
    return show_close_files() ? STATUS_OK : STATUS_FAILED;
}
