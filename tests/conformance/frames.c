/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames.c - runs frames.txt and packed.txt: "conform_frames server|client FILE [GROUP...]". With
 * --count instead of groups it tells the runs of each case and makes none.
 *
 * The echoing end is made of libws, the peer is a raw one. Each case has a run that is
 * not cut, one for every cut, and one that comes octet by octet up to 300 bytes. A batch
 * of runs goes in step: each peer writes its next piece, then a message of one more
 * connection goes round. There is one loop, so it has read all the pieces by then.
 */
#include "table.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>

#define BATCH 128
#define OCTETS_UP_TO 300u
#define PACKED_LIMIT 65536 /* of a message, where compression is agreed on */

typedef struct test {
    const row *row;
    stream in;
    answer out;
    int code;   /* of the close event */
    int closes; /* the host closes */
} test;

typedef struct run {
    const test *test;
    const size_t *cuts;
    size_t ncuts, at;
    char how[48];
    t_raw peer;
    ws_handle client;
    /* what the host heard; guarded by lock, told by changed */
    int messages, errors, error_code, stage, closed, code, clean;
} run;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static t_latch closes = T_LATCH;
static int as_client, listener, port; /* as_client: libws plays the client */
static ws_handle server;
static t_raw pace; /* of the connection that keeps step */
static run *batch;
static size_t total;
static long long began; /* when the runs of the batch were about to send */

static void fail_run(const run *r, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
static void fail_run(const run *r, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    FAIL("%s, section %s, \"%s\", %s: %s", as_client ? "client" : "server", r->test->row->section, r->test->row->name,
         r->how, text);
}

/* ---- the host --------------------------------------------------------------------- */

static void on_event(const ws_event *e, void *unused)
{
    (void)unused;
    run *r = e->user_data;
    if (e->type == WS_EVENT_MESSAGE || e->type == WS_EVENT_MESSAGE_RECEIVE) {
        if (e->size == 6 && !memcmp(e->data, "!close", 6)) {
            ws_close_options options;
            WS_INIT_STRUCT(&options);
            options.code = 3001;
            options.reason = "";
            OK(ws_close(e->handle, &options, NULL, NULL));
        } else {
            int32_t status = ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
            if (status && status != WS_ERR_STATE) OK(status); /* the host has closed it already */
        }
    }
    if (!r) return; /* it keeps step */
    pthread_mutex_lock(&lock);
    switch (e->type) {
    case WS_EVENT_MESSAGE:
    case WS_EVENT_MESSAGE_RECEIVE: r->messages++; break;
    case WS_EVENT_ERROR: r->errors++, r->error_code = e->code, r->stage = e->stage; break;
    case WS_EVENT_CLOSE: r->closed++, r->code = e->code, r->clean = e->clean; break;
    }
    pthread_mutex_unlock(&lock);
    if (e->type == WS_EVENT_CLOSE) t_add(&closes, 1);
}

/* The path of a request is the number of its run. */
static void on_connect(const ws_event *e, void *unused)
{
    (void)unused;
    int i = atoi(e->target + 1);
    OK(ws_set_user_data(e->handle, i ? &batch[i - 1] : NULL));
}

/*
 * What our end says of permessage-deflate: yes to all that the tables ask for. It sends
 * nothing compressed itself, so that the table can tell what comes back.
 */
static ws_compression agreeable(void)
{
    ws_compression z;
    WS_INIT_STRUCT(&z);
    z.flags = WS_TAKEOVER_OUT | WS_TAKEOVER_IN;
    z.min_size = 1 << 30;
    return z;
}

/* What stands behind "with: " for a run, or for the connection that keeps step. */
static const char *agreed(int i)
{
    return i ? batch[i - 1].test->row->with : "";
}

static ws_handle connect_to_us(int i)
{
    char url[100];
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    options.user_data = i ? &batch[i - 1] : NULL;
    ws_connect_options how;
    WS_INIT_STRUCT(&how);
    ws_compression z = agreeable();
    if (*agreed(i)) how.compression = &z, options.max_message_size = PACKED_LIMIT;
    ws_handle client = ws_create(&options);
    OK(ws_on(client, WS_EVENT_MESSAGE, on_event, NULL));
    OK(ws_on(client, WS_EVENT_ERROR, on_event, NULL));
    OK(ws_on(client, WS_EVENT_CLOSE, on_event, NULL));
    snprintf(url, sizeof url, "%s%d", t_url_of_port(port), i);
    OK(ws_connect(client, url, &how, NULL, NULL));
    return client;
}

/* ---- the peers ---------------------------------------------------------------------- */

static void request(t_raw *peer, int i)
{
    char text[700], field[300];
    t_raw_dial(peer, port);
    snprintf(field, sizeof field, "\r\nSec-WebSocket-Extensions: %s", agreed(i));
    snprintf(text, sizeof text, "GET /%d%.*s%s\r\n\r\n", i, (int)strlen(T_REQUEST) - 9, T_REQUEST + 5, *agreed(i) ? field : "");
    t_raw_text(peer, text);
    CHECK_HAS(t_raw_head(peer), "HTTP/1.1 101 ");
    if (*agreed(i)) CHECK_HAS(peer->head, field); /* offers that are their own answers */
}

static void take(void)
{
    t_raw peer;
    char answer[600];
    t_raw_take(&peer, listener);
    int i = atoi(t_raw_head(&peer) + strlen("GET /"));
    const char *right = t_raw_answer(&peer);
    snprintf(answer, sizeof answer, "%.*s%s%s\r\n\r\n", (int)strlen(right) - 4, right,
             *agreed(i) ? "\r\nSec-WebSocket-Extensions: " : "", agreed(i));
    t_raw_text(&peer, answer);
    if (i) batch[i - 1].peer = peer;
    else pace = peer;
}

/* Every loop has read what was written before. */
static void keep_step(void)
{
    t_raw_send(&pace, T_TEXT, "step", 4);
    t_raw_expect(&pace, T_TEXT, "step", 4);
}

/* Writes the next piece; false when there was none. The end may have closed already. */
static int step(run *r)
{
    const bytes *wire = &r->test->in.wire;
    if (r->at > r->ncuts) return 0;
    size_t from = r->at ? r->cuts[r->at - 1] : 0;
    size_t to = r->at < r->ncuts ? r->cuts[r->at] : wire->size;
    r->at++;
    if (!t_raw_try_write(&r->peer, wire->data + from, to - from) && !r->test->out.ends)
        fail_run(r, "the connection ended too early");
    return 1;
}

static void expect_end(run *r)
{
    unsigned char byte;
    ssize_t n = r->peer.at < r->peer.have;
    while (!n && (n = t_recv(&r->peer, &byte, 1)) < 0 && errno == EINTR) n = 0; /* a signal for Go */
    if (n > 0) fail_run(r, "bytes come behind the Close");
    /* The library waits two seconds for the peer, then it ends by a reset when there is more to read. */
    int late = t_now() - began > 1500;
    if (n < 0 && !(late && errno == ECONNRESET)) fail_run(r, "the end does not come, or by a reset: %s", strerror(errno));
}

/* The frames that come are those of the test. */
static void check_wire(run *r)
{
    const answer *out = &r->test->out;
    size_t data = 0, pongs = 0, all_pongs = marks(&out->pongs.borders);
    for (int closed = 0; !closed || (r->test->closes && pongs < all_pongs);) {
        t_frame f = t_raw_read(&r->peer);
        if (f.first == T_CLOSE && !closed++) {
            if (f.size != out->close.size || (f.size && memcmp(f.data, out->close.data, f.size)))
                fail_run(r, "the Close has %zu bytes, code %d", f.size, f.size < 2 ? 0 : f.data[0] << 8 | f.data[1]);
            continue;
        }
        if (closed && f.first != T_PONG) fail_run(r, "frame %#x comes behind the Close", f.first);
        const stream *s = f.first == T_PONG ? &out->pongs : &out->data;
        size_t *next = f.first == T_PONG ? &pongs : &data;
        if (*next == marks(&s->borders)) fail_run(r, "frame %#x of %zu bytes comes unasked", f.first, f.size);
        size_t begin = mark(&s->headers, *next), border = mark(&s->borders, *next);
        size_t end = ++*next < marks(&s->borders) ? mark(&s->borders, *next) : s->wire.size;
        if (f.first != s->wire.data[border] || f.size != end - begin ||
            (f.size && memcmp(f.data, s->wire.data + begin, f.size)))
            fail_run(r, "frame %#x of %zu bytes instead of %#x of %zu", f.first, f.size, s->wire.data[border], end - begin);
    }
    if (data != marks(&out->data.borders) || pongs != all_pongs)
        fail_run(r, "%zu data frames and %zu pongs came", data, pongs);
}

/* RFC 6455 7.1.1: a client waits for the server to end the connection, unless it fails it. */
static void check_end(run *r)
{
    if (as_client && !r->test->out.fails) {
        struct tcp_info info;
        socklen_t size = sizeof info;
        CHECK_EQ(getsockopt(r->peer.fd, IPPROTO_TCP, TCP_INFO, &info, &size), 0);
        int late = t_now() - began > 1500; /* it waits two seconds */
        if (info.tcpi_state != TCP_ESTABLISHED && !late) fail_run(r, "the client ends the TCP connection first");
        if (t_tls()) return; /* t_raw_close says close_notify */
        CHECK_EQ(shutdown(r->peer.fd, SHUT_WR), 0);
    }
    expect_end(r);
}

static void check_host(const run *r)
{
    const answer *out = &r->test->out;
    if (r->messages != out->messages) fail_run(r, "the host heard %d messages", r->messages);
    if (r->errors != out->fails) fail_run(r, "the host heard %d errors", r->errors);
    int code = out->fails ? out->close.data[0] << 8 | out->close.data[1] : 0;
    if (r->error_code != code) fail_run(r, "the error has code %d", r->error_code);
    if (code && r->stage != (code == 1009 ? WS_STAGE_LIMIT : WS_STAGE_PROTOCOL)) fail_run(r, "the error has stage %d", r->stage);
    if (r->closed != 1 || r->code != r->test->code || r->clean != !out->fails)
        fail_run(r, "close %d times, code %d, clean %d", r->closed, r->code, r->clean);
}

static void finish_batch(size_t n)
{
    for (size_t i = 0; i < n; i++) batch[i].client = as_client ? connect_to_us((int)i + 1) : 0;
    for (size_t i = 0; i < n; i++) {
        if (as_client) take();
        else request(&batch[i].peer, (int)i + 1);
    }
    began = t_now();
    for (int more = 1; more; keep_step()) {
        more = 0;
        for (size_t i = 0; i < n; i++) more |= step(&batch[i]);
    }
    for (size_t i = 0; i < n; i++) check_wire(&batch[i]);
    keep_step(); /* who would end the connection has */
    for (size_t i = 0; i < n; i++) check_end(&batch[i]);
    for (size_t i = 0; i < n; i++) t_raw_close(&batch[i].peer);
    t_wait(&closes, (long)(total + n));
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < n; i++) check_host(&batch[i]);
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < n && as_client; i++) OK(ws_destroy(batch[i].client));
    total += n;
    memset(batch, 0, BATCH * sizeof *batch);
}

/* ---- cases ---------------------------------------------------------------------------- */

static size_t waiting; /* runs in the batch that have not begun */
static int counting;   /* no run is made: page.py asks how many there are */

static void add_run(const test *t, const size_t *cuts, size_t n, const char *how)
{
    if (counting) {
        total++;
        return;
    }
    run *r = &batch[waiting++];
    *r = (run){.test = t, .cuts = cuts, .ncuts = n};
    snprintf(r->how, sizeof r->how, "%s", how);
    if (waiting == BATCH || in_one_run(&t->in)) finish_batch(waiting), waiting = 0;
}

static test *make(const row *r)
{
    test *t = calloc(1, sizeof *t);
    CHECK(t);
    t->row = r;
    char *words = strdup(r->in), *rest = words, *last = NULL;
    for (char *word; (word = strsep(&rest, " "));) {
        add_frames(&t->in, word, !as_client);
        if (*word == 'X' && !last) last = word;
        t->closes |= !strcmp(word, "T:!close");
    }
    char *answers = strdup(r->out);
    rest = answers;
    for (char *word; (word = strsep(&rest, " "));) add_answer(&t->out, word);
    if (!t->out.ends) {
        add_answer(&t->out, "X:1000");
        add_frames(&t->in, "X:1000", !as_client);
        t->code = 1000;
    } else {
        t->code = t->out.fails ? 1006 : !last[2] ? 1005 : atoi(last + 2);
    }
    free(words);
    free(answers);
    return t;
}

static void add_case(const row *r)
{
    static size_t octets[OCTETS_UP_TO];
    for (size_t i = 0; i < OCTETS_UP_TO; i++) octets[i] = i + 1;
    test *t = make(r);
    size_t *cuts, n = cuts_of(&t->in, &cuts), size = t->in.wire.size;
    add_run(t, NULL, 0, "whole");
    if (in_one_run(&t->in)) {
        add_run(t, cuts, n, "cut at all places");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        char how[48];
        snprintf(how, sizeof how, "cut at byte %zu of %zu", cuts[i], size);
        add_run(t, cuts + i, 1, how);
    }
    if (size <= OCTETS_UP_TO) add_run(t, octets, size - 1, "octet by octet");
}

int main(int count, char **arguments)
{
    CHECK(count >= 3);
    as_client = !strcmp(arguments[1], "client");
    batch = calloc(BATCH, sizeof *batch);
    CHECK(batch);
    size_t rows;
    row *table = read_table(arguments[2], &rows);
    counting = count > 3 && !strcmp(arguments[3], "--count");
    if (counting) {
        count = 3;
    } else if (as_client) {
        listener = t_raw_listen(&port);
        connect_to_us(0);
        take();
    } else {
        ws_server_options options;
        ws_server_config config;
        WS_INIT_STRUCT(&options);
        WS_INIT_STRUCT(&config);
        options.max_control_frames = -1;
        ws_compression z = agreeable();
        if (*table->with) config.compression = &z, options.max_message_size = PACKED_LIMIT;
        config.server_ip = "127.0.0.1";
        server = ws_server_create(&options);
        OK(ws_server_start(server, &config, NULL, NULL));
        OK(ws_server_on(server, WS_EVENT_CONNECT, on_connect, NULL));
        OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, on_event, NULL));
        OK(ws_server_on(server, WS_EVENT_ERROR, on_event, NULL));
        OK(ws_server_on(server, WS_EVENT_CLOSE, on_event, NULL));
        port = t_port(server);
        request(&pace, 0);
    }
    size_t cases = 0;
    for (size_t i = 0; i < rows; i++) {
        int wanted = count == 3;
        for (int k = 3; k < count; k++) wanted |= !strcmp(arguments[k], table[i].group);
        if (!wanted) continue;
        size_t before = total;
        add_case(&table[i]);
        if (counting) printf("%zu\n", total - before);
        cases++;
    }
    if (waiting) finish_batch(waiting);
    CHECK(cases);
    if (counting) return 0;
    printf("%zu cases, %zu runs\n", cases, total);
    t_raw_close(&pace);
    return t_done();
}
