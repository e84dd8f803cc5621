/* SPDX-License-Identifier: Apache-2.0 */
/*
 * requests.c - runs requests.txt: "conform_requests server FILE [--count]", requests of HTTP against a server
 * whose host answers them. Each goes alone and between two others on one connection; as in heads.c a batch
 * of runs goes in step, and a message goes round on another connection before the next piece is written.
 */
#include "table.h"

#include <stdarg.h>

#define BATCH 60
#define OCTETS_UP_TO 400u
#define BEFORE "POST /before HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
#define BEHIND "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n"

typedef struct run {
    const row *row;
    const bytes *wire;
    const size_t *cuts;
    size_t ncuts, at;
    int between;
    char how[60];
    t_raw peer;
} run;

static t_raw pace;
static int port, counting;
static run batch[BATCH];
static size_t waiting, total;
static t_latch heard = T_LATCH; /* requests */
static long wanted;             /* that the host has to hear */

static void fail_run(const run *r, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
static void fail_run(const run *r, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    FAIL("section %s, \"%s\", %s: %s", r->row->section, r->row->name, r->how, text);
}

/* ---- the server: its host answers "METHOD TARGET BODY" ------------------------------ */

static void WS_CALL tell_back(const ws_event *e, void *unused)
{
    (void)unused;
    char text[1000];
    int size = snprintf(text, sizeof text, "%s %s%s%.*s", e->method, e->target, e->body_size ? " " : "", (int)e->body_size,
                        e->body_size ? (const char *)e->body : "");
    ws_response r;
    WS_INIT_STRUCT(&r);
    r.body = text;
    r.body_size = (size_t)size;
    OK(ws_respond(e->handle, &r));
    t_add(&heard, 1);
}

static void serve(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.hosts = "*";
    config.max_body_size = 100;
    config.max_head_size = 1024;
    config.handshake_timeout_ms = config.keep_alive_timeout_ms = T_DEADLINE_MS;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_on(server, WS_EVENT_REQUEST, tell_back, NULL));
    OK(ws_server_start(server, &config, NULL, NULL));
    port = t_port(server);
}

/* ---- requests ------------------------------------------------------------------------- */

static void add_line(bytes *to, const char *text, const char *end)
{
    bytes line = {0}; /* by itself: a star repeats what is before it */
    add_payload(&line, text);
    add_bytes(&line, end, strlen(end));
    add_bytes(to, line.data, line.size);
    free(line.data);
}

static const char *const upgrade[] = {"Upgrade: websocket", "Connection: Upgrade",
                                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"};

/* What the words of a row stand for. */
static void add_request(bytes *to, const row *r)
{
    char *text = strdup(r->in), *body = NULL;
    CHECK(text);
    int first = 1, host = strstr(text, " ; Host:") || strstr(text, " ; -Host");
    for (char *word = text, *next; word; word = next) {
        next = strstr(word, " ; ");
        if (next) *next = 0, next += 3;
        if (!strncmp(word, "raw: ", 5)) {
            add_line(to, word + 5, "");
            free(text);
            return;
        }
        if (!strncmp(word, "before: ", 8)) {
            add_line(to, word + 8, "");
            continue;
        }
        if (!strncmp(word, "body: ", 6)) body = word + 6;
        else if (!strcmp(word, "upgrade")) for (int i = 0; i < 4; i++) add_line(to, upgrade[i], "\r\n");
        else if (strcmp(word, "-Host")) add_line(to, word, first && !strstr(word, "HTTP/") ? " HTTP/1.1\r\n" : "\r\n");
        if (first && !host) add_line(to, "Host: a", "\r\n");
        first = 0;
    }
    add_bytes(to, "\r\n", 2);
    if (body) add_line(to, body, "");
    free(text);
}

/* ---- runs ------------------------------------------------------------------------------ */

static int step(run *r)
{
    if (r->at > r->ncuts) return 0;
    size_t from = r->at ? r->cuts[r->at - 1] : 0, to = r->at < r->ncuts ? r->cuts[r->at] : r->wire->size;
    r->at++;
    t_raw_try_write(&r->peer, r->wire->data + from, to - from); /* who was refused may have ended */
    return 1;
}

/* The head of the answer, behind the 100 that some hear before. */
static const char *head_of(run *r)
{
    const char *head = t_raw_head(&r->peer);
    if (!strcmp(head, "HTTP/1.1 100 Continue\r\n\r\n") && strstr(r->row->in, "100-continue")) head = t_raw_head(&r->peer);
    return head;
}

/* An answer of the host. last: its connection ends. */
static void check_host(run *r, const char *text, int last)
{
    bytes body = {0};
    char length[60];
    add_payload(&body, text);
    const char *head = head_of(r);
    snprintf(length, sizeof length, "\r\nContent-Length: %zu\r\n", body.size);
    if (strncmp(head, "HTTP/1.1 200 OK\r\n", 17) || !strstr(head, "\r\nDate: ") || !strstr(head, length) ||
        !strstr(head, "\r\nConnection: close\r\n") != !last)
        fail_run(r, "it is answered \"%.300s\", not by \"%s\"", head, text);
    if (strncmp(text, "HEAD ", 5)) t_raw_bytes(&r->peer, body.data, body.size);
    if (last) t_raw_expect_end(&r->peer);
    free(body.data);
    wanted++;
}

static void check_upgrade(run *r)
{
    const char *head = head_of(r);
    if (strncmp(head, "HTTP/1.1 101 ", 13)) fail_run(r, "it is answered \"%.300s\"", head);
    t_raw_send(&r->peer, T_TEXT, "hello", 5);
    t_raw_expect(&r->peer, T_TEXT, "hello", 5);
}

/* The next answer behind the begin of text. */
static char *another(const char *text)
{
    static const char line[] = "HTTP/1.1 ";
    for (char *at = strstr(text + (*text != 0), line); at; at = strstr(at + 1, line))
        if (strspn(at + sizeof line - 1, "0123456789") == 3) return at;
    return NULL;
}

/* An answer of the library: the last on its connection, and nothing of what was behind is answered. */
static void check_refusal(run *r, const char *status)
{
    const char *all = t_raw_rest(&r->peer), *again = another(all);
    if (!strncmp(all, "HTTP/1.1 100 Continue\r\n\r\n", 25) && again) all = again, again = another(all);
    char line[40];
    snprintf(line, sizeof line, "HTTP/1.1 %.3s ", status);
    if (strncmp(all, line, strlen(line)) || again || !strstr(all, "\r\nConnection: close") || !strstr(all, "\r\nDate: ") ||
        (status[3] && !strstr(all, status + 4)))
        fail_run(r, "it is answered \"%.400s\"", all);
    int bare = !strcmp(strstr(all, "\r\n\r\n"), "\r\n\r\n");
    if (bare != !strncmp(r->row->in, "HEAD ", 5)) fail_run(r, "the answer is \"%.400s\"", all);
}

static void check(run *r)
{
    const char *out = r->row->out;
    if (r->between) check_host(r, "POST /before x", 0);
    if (!strncmp(out, "101", 3)) {
        check_upgrade(r);
    } else if (!strncmp(out, "last ", 5)) {
        check_host(r, out + 5, 1);
    } else if (!strncmp(out, "host ", 5)) {
        check_host(r, out + 5, 0);
        if (r->between) check_host(r, "GET /behind", 0);
    } else {
        check_refusal(r, out);
    }
}

static void finish_batch(void)
{
    size_t n = waiting;
    waiting = 0;
    for (size_t i = 0; i < n; i++) t_raw_dial(&batch[i].peer, port);
    for (int more = 1; more;) {
        more = 0;
        for (size_t i = 0; i < n; i++) more |= step(&batch[i]);
        t_raw_send(&pace, T_TEXT, "step", 4);
        t_raw_expect(&pace, T_TEXT, "step", 4);
    }
    total += n;
    for (size_t i = 0; i < n; i++) {
        check(&batch[i]);
        t_raw_close(&batch[i].peer);
    }
    memset(batch, 0, sizeof batch);
}

static void add_run(const row *r, const bytes *wire, int between, const size_t *cuts, size_t n, const char *how)
{
    if (counting) {
        total++;
        return;
    }
    batch[waiting] = (run){.row = r, .wire = wire, .between = between, .cuts = cuts, .ncuts = n};
    snprintf(batch[waiting].how, sizeof batch->how, "%s%s", how, between ? ", between others" : "");
    if (++waiting == BATCH) finish_batch();
}

static void add_runs(const row *r, int between)
{
    static size_t octets[OCTETS_UP_TO];
    for (size_t i = 0; i < OCTETS_UP_TO; i++) octets[i] = i + 1;
    stream *all = calloc(1, sizeof *all);
    CHECK(all);
    if (between) add_line(&all->wire, BEFORE, "");
    add_request(&all->wire, r);
    if (between && strncmp(r->out, "101", 3)) add_line(&all->wire, BEHIND, "");
    size_t *cuts, n = cuts_of(all, &cuts);
    add_run(r, &all->wire, between, NULL, 0, "whole");
    for (size_t i = 0; i < n; i++) {
        char how[40];
        snprintf(how, sizeof how, "cut at byte %zu of %zu", cuts[i], all->wire.size);
        add_run(r, &all->wire, between, cuts + i, 1, how);
    }
    if (all->wire.size <= OCTETS_UP_TO) add_run(r, &all->wire, between, octets, all->wire.size - 1, "octet by octet");
}

int main(int count, char **arguments)
{
    CHECK(count >= 3 && !strcmp(arguments[1], "server"));
    counting = count == 4 && !strcmp(arguments[3], "--count");
    if (!counting) {
        serve();
        t_raw_client(&pace, port);
    }
    size_t rows;
    row *table = read_table(arguments[2], &rows);
    for (size_t i = 0; i < rows; i++) {
        size_t before = total;
        for (int between = 0; between < 2; between++) add_runs(&table[i], between);
        if (counting) printf("%zu\n", total - before);
    }
    if (waiting) finish_batch();
    if (counting) return 0;
    t_wait(&heard, wanted);
    CHECK_EQ(t_count(&heard), wanted); /* the host hears of no other */
    printf("%zu cases, %zu runs\n", rows, total);
    t_raw_close(&pace);
    return t_done();
}
