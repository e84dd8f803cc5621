/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An answer that refuses the upgrade is told whole by the error event: its status, its
 * header fields and the beginning of its body, however that is framed, and however long the
 * server takes over the rest. The head of an answer may be as large as the options say.
 */
#include "t_client.h"

enum { MOST = 16 << 10 };

static t_log log_ = T_LOG;
static int port, listener;

/* The error of an attempt that gets this answer; by a client that may be paused meanwhile. */
static const t_event *told(const ws_connect_options *o, const char *head, const char *body, size_t size, int ends, int pauses)
{
    t_raw peer;
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, t_url_of_port(port), o, t_record, &log_));
    if (pauses) OK(ws_pause(client));
    t_raw_take(&peer, listener);
    t_raw_head(&peer);
    t_raw_text(&peer, head);
    if (size) t_raw_try_write(&peer, body, size);
    if (ends) t_raw_close(&peer);
    if (pauses) OK(ws_resume(client));
    const t_event *e = t_wait_event(&log_, WS_EVENT_ERROR, 1);
    if (!ends) t_raw_close(&peer);
    t_destroy(client, &log_);
    return e;
}

static void has_field(const t_event *e, const char *name, const char *value)
{
    size_t at = 0;
    const char *n, *v;
    while (ws_header_next(e->data, e->size, &at, &n, &v))
        if (!strcmp(n, name) && !strcmp(v, value)) return;
    FAIL("there is no field %s: %s", name, value);
}

static void has_body(const t_event *e, const char *body, size_t size)
{
    CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(e->stage, WS_STAGE_UPGRADE);
    CHECK_EQ(e->status, 403);
    if (e->body_size != size || memcmp(e->body, body, size)) FAIL("%zu bytes instead of %zu", e->body_size, size);
    CHECK_EQ(((const char *)e->body)[size], 0);
    t_forget(&log_);
}

static void bodies(void)
{
    char *long_one = t_bytes(MOST + 1, 1, 1);
    const t_event *e = told(NULL, "HTTP/1.1 403 Forbidden\r\nX-Reason: because\r\nx-reason: of it\r\nContent-Length: 5\r\n\r\n", "nope!", 5, 0, 0);
    has_field(e, "X-Reason", "because");
    has_field(e, "x-reason", "of it");
    has_body(e, "nope!", 5);
    e = told(NULL, "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n", "2\r\nno\r\n2\r\npe\r\n0\r\n\r\n", 19, 0, 0);
    has_body(e, "nope", 4);
    has_body(told(NULL, "HTTP/1.1 403 Forbidden\r\n\r\n", "to the end", 10, 1, 0), "to the end", 10);
    has_body(told(NULL, "HTTP/1.1 403 Forbidden\r\n\r\n", long_one, MOST + 1, 0, 0), long_one, MOST);
    e = told(NULL, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "", 0, 0, 0);
    CHECK(e->size > 0);
    has_body(e, "", 0);
    /* More is promised than comes: nobody waits for it for long. */
    has_body(told(NULL, "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\n", "a part", 6, 0, 0), "a part", 6);
    e = told(NULL, "HTTP/1.1 403 Forbidden\r\nX-Reason: because\r\nContent-Length: 5\r\n\r\n", "nope!", 5, 0, 1);
    has_field(e, "X-Reason", "because"); /* also one that was kept back */
    has_body(e, "nope!", 5);
    free(long_one);
}

/* Giving up tells the last answer. */
static void giving_up(void)
{
    ws_connect_options o = t_options();
    ws_reconnect_options again = t_again(1);
    o.reconnect = &again;
    const t_event *e = told(&o, "HTTP/1.1 403 Forbidden\r\nX-Reason: because\r\nContent-Length: 5\r\n\r\n", "nope!", 5, 0, 0);
    CHECK_EQ(e->stage, WS_STAGE_RECONNECT);
    has_field(e, "X-Reason", "because");
    CHECK(e->body_size == 5 && !memcmp(e->body, "nope!", 5));
    t_forget(&log_);
}

static void heads(void)
{
    char *head = malloc(40000);
    CHECK(head);
    int n = sprintf(head, "HTTP/1.1 403 Forbidden\r\nX: ");
    memset(head + n, 'x', 30000);
    strcpy(head + n + 30000, "\r\nContent-Length: 0\r\n\r\n");
    ws_connect_options o = t_options();
    const t_event *e = told(&o, head, "", 0, 0, 0);
    CHECK_EQ(e->status, 0);
    CHECK_HAS(e->text, "16384");
    t_forget(&log_);
    o.max_answer_head = 32000;
    e = told(&o, head, "", 0, 0, 0);
    CHECK_EQ(e->status, 403);
    CHECK(e->size > 30000);
    t_forget(&log_);
    free(head);

    static const int wrong[] = {-1, 1, 1023, 1048577};
    ws_handle client = t_client(&log_);
    for (int i = 0; i < 4; i++) {
        o.max_answer_head = wrong[i];
        CHECK_EQ(ws_connect(client, t_url_of_port(port), &o, NULL, NULL), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "options.max_answer_head");
    }
    t_destroy(client, &log_);
    t_forget(&log_);
}

/* What servers of TLS say to plain HTTP leads to the right scheme. */
static void wrong_scheme(void)
{
    if (t_tls()) return;
    const t_event *e = told(NULL, "HTTP/1.0 400 Bad Request\r\n\r\n", "Client sent an HTTP request to an HTTPS server.\n", 48, 1, 0);
    CHECK_HAS(e->text, "try wss");
    t_forget(&log_);
}

int main(void)
{
    listener = t_raw_listen(&port);
    bodies();
    giving_up();
    heads();
    wrong_scheme();
    close(listener);
    return t_done();
}
