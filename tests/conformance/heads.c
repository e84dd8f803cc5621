/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heads.c - runs heads.txt: "conform_heads server|client FILE [--count]", the requests against a
 * server of libws or the answers against its clients. As in frames.c a batch of runs goes
 * in step; a client reads its answer on a thread of its own, so there the pieces of a head
 * are written apart, but may be read together on a busy machine.
 */
#include "table.h"

#include <errno.h>
#include <stdarg.h>

#define BATCH 60 /* fewer than the handshakes that clients make at once */
#define NO_KEY "............................" /* 28 bytes, replaced by the accept key */
#define OCTETS_UP_TO 300u

typedef struct test {
    const row *row;
    bytes head;
    stream tail;
    const char *wanted;
} test;

typedef struct run {
    const test *test;
    const size_t *cuts;
    size_t ncuts, at;
    bytes wire;
    char how[48];
    t_raw peer;
    ws_handle client;
    int opened, errors, status, stage; /* what the host heard; guarded by lock */
} run;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static t_latch settled = T_LATCH; /* clients that are open, or have failed */
static t_latch connects = T_LATCH, gone = T_LATCH;
static int as_client, listener, port;
static t_raw pace;
static run batch[BATCH];
static char last_key[24]; /* that a client has sent */
static size_t waiting, total, accepted;
static int counting; /* no run is made: page.py asks how many there are */

static void fail_run(const run *r, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
static void fail_run(const run *r, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    FAIL("%s, section %s, \"%s\", %s: %s", as_client ? "answer" : "request", r->test->row->section, r->test->row->name,
         r->how, text);
}

/* ---- permessage-deflate --------------------------------------------------------------- */

/* What "with: " says our end wants: "[no ]takeover[, windows OUT IN]". False: no compression. */
static int compression_of(const char *with, ws_compression *z)
{
    WS_INIT_STRUCT(z);
    if (strncmp(with, "no takeover", 11)) z->flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN;
    const char *windows = strstr(with, "windows ");
    if (windows) CHECK_EQ(sscanf(windows, "windows %d %d", &z->window_bits_out, &z->window_bits_in), 2);
    return *with != 0;
}

/* The port of a server that wants this; it lives to the end. */
static int port_with(const char *with)
{
    static struct {
        char with[40];
        int port;
    } servers[8];
    static size_t n;
    for (size_t i = 0; i < n; i++)
        if (!strcmp(servers[i].with, with)) return servers[i].port;
    CHECK(n < 8 && strlen(with) < sizeof servers->with);
    ws_server_config config;
    ws_compression z;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.hosts = "*";
    if (compression_of(with, &z)) config.compression = &z;
    ws_handle server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_on(server, WS_EVENT_CONNECT, t_tick, &connects));
    OK(ws_server_start(server, &config, NULL, NULL));
    strcpy(servers[n].with, with);
    return servers[n++].port = t_port(server);
}

/* ---- heads ------------------------------------------------------------------------- */

static const char *const right_request[] = {"GET / HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
                                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"};
static const char *const right_answer[] = {"HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                                           "Sec-WebSocket-Accept: " NO_KEY};

/* Finds the word that changes a line: "-Name" or "=Name: value" of a field. */
static const char *changed(char **words, size_t n, const char *line, int is_field)
{
    for (size_t i = 0; i < n; i++) {
        size_t name = strcspn(words[i] + 1, ":");
        if (!is_field && !strncmp(words[i], "line: ", 6)) return words[i] + 6;
        if (!is_field || !strchr("-=", *words[i])) continue;
        if (!strncmp(words[i] + 1, line, name) && line[name] == ':') return *words[i] == '-' ? "" : words[i] + 1;
    }
    return line;
}

static test *make(const row *r)
{
    char *text = strdup(r->in), *words[16];
    size_t n = 0, lines = as_client ? 4 : 6;
    test *t = calloc(1, sizeof *t);
    CHECK(text && t);
    t->row = r;
    t->wanted = r->out;
    for (char *word = text, *next; word && *word; word = next) {
        next = strstr(word, " ; ");
        if (next) *next = 0, next += 3;
        CHECK(n < 16);
        words[n++] = word;
    }
    int whole = n && !strncmp(words[0], "raw: ", 5);
    if (whole) add_payload(&t->head, words[0] + 5);
    for (size_t i = 0; i < lines && !whole; i++) {
        bytes line = {0}; /* by itself: a star repeats what is before it */
        add_payload(&line, changed(words, n, (as_client ? right_answer : right_request)[i], i > 0));
        if (line.size) add_bytes(&line, "\r\n", 2);
        add_bytes(&t->head, line.data, line.size);
        free(line.data);
    }
    for (size_t i = 0; i < n; i++) {
        bytes line = {0};
        if (*words[i] == '+') {
            add_payload(&line, words[i] + 1);
            add_bytes(&line, "\r\n", 2);
        }
        add_bytes(&t->head, line.data, line.size);
        free(line.data);
    }
    if (!whole) add_bytes(&t->head, "\r\n", 2);
    for (size_t i = 0; i < n; i++) {
        if (!strncmp(words[i], "body: ", 6)) add_payload(&t->head, words[i] + 6);
        if (strncmp(words[i], "tail: ", 6)) continue;
        char *rest = words[i] + 6;
        for (char *word; (word = strsep(&rest, " "));) add_frames(&t->tail, word, !as_client);
    }
    free(text);
    return t;
}

/* ---- runs ---------------------------------------------------------------------------- */

static void on_event(const ws_event *e, void *unused)
{
    (void)unused;
    if (e->type == WS_EVENT_MESSAGE) OK(ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL));
    run *r = e->user_data;
    if (e->type == WS_EVENT_MESSAGE) return;
    pthread_mutex_lock(&lock);
    if (e->type == WS_EVENT_OPEN) r->opened++;
    else r->errors++, r->status = e->status, r->stage = e->stage;
    int first = r->opened + r->errors == 1;
    pthread_mutex_unlock(&lock);
    if (first) t_add(&settled, 1);
}

static void begin(run *r, int i)
{
    add_bytes(&r->wire, r->test->head.data, r->test->head.size);
    add_bytes(&r->wire, r->test->tail.wire.data, r->test->tail.wire.size);
    if (!as_client) {
        t_raw_dial(&r->peer, port_with(r->test->row->with));
        return;
    }
    char url[100];
    snprintf(url, sizeof url, "%s%d", t_url_of_port(port), i);
    r->client = ws_create(NULL);
    OK(ws_set_user_data(r->client, r));
    OK(ws_on(r->client, WS_EVENT_OPEN, on_event, NULL));
    OK(ws_on(r->client, WS_EVENT_MESSAGE, on_event, NULL));
    OK(ws_on(r->client, WS_EVENT_ERROR, on_event, NULL));
    OK(ws_on(r->client, WS_EVENT_DESTROYED, t_tick, &gone));
    ws_connect_options options;
    ws_compression z;
    WS_INIT_STRUCT(&options);
    if (compression_of(r->test->row->with, &z)) options.compression = &z;
    OK(ws_connect(r->client, url, &options, NULL, NULL));
}

/* The request of a client has what RFC 6455 4.1 wants. */
static void check_asked(const char *head)
{
    char host[60];
    snprintf(host, sizeof host, "\r\nHost: 127.0.0.1:%d\r\n", port);
    CHECK(!strncmp(head, "GET /", 5));
    CHECK(!strncmp(head + 5 + strspn(head + 5, "0123456789"), " HTTP/1.1\r\n", 11));
    CHECK_HAS(head, host);
    CHECK_HAS(head, "\r\nUpgrade: websocket\r\n");
    CHECK_HAS(head, "\r\nConnection: Upgrade\r\n");
    CHECK_HAS(head, "\r\nSec-WebSocket-Version: 13\r\n");
    const char *key = strstr(head, "\r\nSec-WebSocket-Key: ");
    CHECK(key);
    key += strlen("\r\nSec-WebSocket-Key: ");
    CHECK_EQ(strcspn(key, "\r"), 24); /* 16 bytes in base64 */
    CHECK(!strncmp(key + 22, "==", 2));
    CHECK(strncmp(key, last_key, 24)); /* a new one for each connection */
    memcpy(last_key, key, 24);
}

/* Takes a request and puts its key into the answer that will follow. */
static void take(void)
{
    t_raw peer;
    t_raw_take(&peer, listener);
    run *r = &batch[atoi(t_raw_head(&peer) + strlen("GET /"))];
    check_asked(peer.head);
    CHECK_EQ(peer.have, peer.at); /* no frames before the answer */
    r->peer = peer;
    unsigned char *key = memmem(r->wire.data, r->wire.size, NO_KEY, strlen(NO_KEY));
    if (key) memcpy(key, strstr(t_raw_answer(&r->peer), "Accept: ") + strlen("Accept: "), strlen(NO_KEY));
}

static int step(run *r)
{
    if (r->at > r->ncuts) return 0;
    size_t from = r->at ? r->cuts[r->at - 1] : 0, to = r->at < r->ncuts ? r->cuts[r->at] : r->wire.size;
    r->at++;
    t_raw_try_write(&r->peer, r->wire.data + from, to - from); /* what is refused may have ended */
    return 1;
}

/* The connection is open: what came with the head is answered, and one more message. */
static void check_open(run *r)
{
    int early = r->test->tail.wire.size > 0;
    for (int i = 0; i < 2 * early; i++) {
        t_frame f = t_raw_read(&r->peer);
        if ((f.first != T_TEXT && f.first != T_PONG) || f.size != 5 || memcmp(f.data, "early", 5))
            fail_run(r, "what came early is answered by frame %#x", f.first);
    }
    t_raw_send(&r->peer, T_TEXT, "hello", 5);
    t_raw_expect(&r->peer, T_TEXT, "hello", 5);
    if (!strstr(r->test->wanted, "permessage-deflate")) return;
    t_raw_send(&r->peer, T_TEXT | 0x40, "\xf2\x48\xcd\xc9\xc9\x07", 7); /* RFC 7692 7.2.3.1 */
    t_raw_expect(&r->peer, T_TEXT, "Hello", 5);
}

static void check_request(run *r)
{
    const char *wanted = r->test->wanted;
    char line[40];
    snprintf(line, sizeof line, "HTTP/1.1 %.3s ", wanted);
    if (!strncmp(wanted, "101", 3)) {
        const char *head = t_raw_head(&r->peer);
        if (strncmp(head, line, strlen(line)) || !strstr(head, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            fail_run(r, "it is answered \"%.300s\"", head);
        char field[300];
        snprintf(field, sizeof field, "\r\nSec-WebSocket-Extensions: %s\r\n", wanted[3] ? wanted + 4 : "");
        if (wanted[3] ? !strstr(head, field) : strstr(head, "Extensions") != NULL)
            fail_run(r, "it is answered \"%.300s\"", head);
        check_open(r);
        accepted++;
        return;
    }
    const char *answer = t_raw_rest(&r->peer);
    if (strncmp(answer, line, strlen(line)) || !strstr(answer, "\r\nConnection: close") ||
        (wanted[3] && !strstr(answer, wanted + 4)))
        fail_run(r, "it is answered \"%.300s\"", answer);
}

/* Who fails a connection ends it and says no more (RFC 6455 4.1, 7.1.7). */
static void check_gone(run *r)
{
    unsigned char bytes[512];
    ssize_t n;
    while ((n = t_recv(&r->peer, bytes, sizeof bytes)) < 0 && errno == EINTR) {} /* a signal for Go */
    if (n > 0) fail_run(r, "%zd bytes come behind the request", n);
    if (n < 0 && errno != ECONNRESET) fail_run(r, "the end does not come: %s", strerror(errno));
}

static void check_answer(run *r)
{
    int open = !strncmp(r->test->wanted, "open", 4);
    if (open) check_open(r);
    pthread_mutex_lock(&lock);
    int opened = r->opened, errors = r->errors, status = r->status, stage = r->stage;
    pthread_mutex_unlock(&lock);
    if (opened != open || errors != !open) fail_run(r, "open %d times, %d errors", opened, errors);
    if (!open && stage != WS_STAGE_UPGRADE) fail_run(r, "the error has stage %d", stage);
    if (!open) check_gone(r);
    if (!open && status != atoi(r->test->wanted + strlen("error "))) fail_run(r, "the host is told HTTP %d", status);
}

static void finish_batch(void)
{
    size_t n = waiting;
    waiting = 0;
    for (size_t i = 0; i < n; i++) begin(&batch[i], (int)i);
    for (size_t i = 0; i < n && as_client; i++) take();
    for (int more = 1; more;) {
        more = 0;
        for (size_t i = 0; i < n; i++) more |= step(&batch[i]);
        if (as_client) continue;
        t_raw_send(&pace, T_TEXT, "step", 4);
        t_raw_expect(&pace, T_TEXT, "step", 4);
    }
    total += n;
    if (as_client) t_wait(&settled, (long)total);
    for (size_t i = 0; i < n; i++) {
        if (as_client) check_answer(&batch[i]);
        else check_request(&batch[i]);
    }
    for (size_t i = 0; i < n; i++) {
        if (as_client) OK(ws_destroy(batch[i].client));
        t_raw_close(&batch[i].peer);
        free(batch[i].wire.data);
    }
    if (as_client) t_wait(&gone, (long)total); /* nobody uses the runs any more */
    memset(batch, 0, sizeof batch);
}

static void add_run(const test *t, const size_t *cuts, size_t n, const char *how)
{
    if (counting) {
        total++;
        return;
    }
    batch[waiting] = (run){.test = t, .cuts = cuts, .ncuts = n};
    snprintf(batch[waiting].how, sizeof batch->how, "%s", how);
    if (++waiting == BATCH) finish_batch();
}

static void add_case(const row *r)
{
    static size_t octets[OCTETS_UP_TO];
    for (size_t i = 0; i < OCTETS_UP_TO; i++) octets[i] = i + 1;
    test *t = make(r);
    stream all = {0};
    size_t *cuts;
    add_bytes(&all.wire, t->head.data, t->head.size);
    add_bytes(&all.wire, t->tail.wire.data, t->tail.wire.size);
    size_t n = cuts_of(&all, &cuts);
    add_run(t, NULL, 0, "whole");
    for (size_t i = 0; i < n; i++) {
        char how[48];
        snprintf(how, sizeof how, "cut at byte %zu of %zu", cuts[i], all.wire.size);
        add_run(t, cuts + i, 1, how);
    }
    if (all.wire.size <= OCTETS_UP_TO) add_run(t, octets, all.wire.size - 1, "octet by octet");
}

int main(int count, char **arguments)
{
    CHECK(count >= 3);
    as_client = !strcmp(arguments[1], "client");
    counting = count == 4 && !strcmp(arguments[3], "--count");
    if (counting) {
    } else if (as_client) {
        listener = t_raw_listen(&port);
    } else {
        t_raw_client(&pace, port_with(""));
    }
    size_t rows, cases = 0;
    row *table = read_table(arguments[2], &rows);
    for (size_t i = 0; i < rows; i++) {
        if (strncmp(table[i].group, as_client ? "answer" : "request", 6)) continue;
        size_t before = total;
        add_case(&table[i]);
        if (counting) printf("%zu\n", total - before);
        cases++;
    }
    if (waiting) finish_batch();
    CHECK(cases);
    if (counting) return 0;
    if (!as_client) CHECK_EQ(t_count(&connects), accepted + 1); /* the host hears of no other */
    printf("%zu cases, %zu runs\n", cases, total);
    if (!as_client) t_raw_close(&pace);
    return t_done();
}
