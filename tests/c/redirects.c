/* SPDX-License-Identifier: Apache-2.0 */
/*
 * max_redirects: 301, 302, 303, 307 and 308 are followed so often, none by default.
 * Location may be relative; wss never leads to ws; Authorization and Cookie go to no
 * other host; ws_set_url_filter is asked each time.
 */
#include "t_client.h"

static int port, listener;

/* Takes a request, checks its first line, and answers by a redirect. Returns its head. */
static const char *redirect(t_raw *peer, const char *path, int status, const char *location)
{
    char line[300], answer[600];
    t_raw_take(peer, listener);
    const char *head = t_raw_head(peer);
    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", path);
    CHECK_HAS(head, line);
    snprintf(answer, sizeof answer, "HTTP/1.1 %d Elsewhere\r\n%s%s%sContent-Length: 0\r\n\r\n", status,
             location ? "Location: " : "", location ? location : "", location ? "\r\n" : "");
    t_raw_text(peer, answer);
    return head;
}

static void arrives(t_raw *peer, const char *path)
{
    char line[300];
    t_raw_take(peer, listener);
    snprintf(line, sizeof line, "GET %s HTTP/1.1\r\n", path);
    CHECK_HAS(t_raw_head(peer), line);
    t_raw_text(peer, t_raw_answer(peer));
}

static ws_handle follow(const char *url, int most, t_log *log)
{
    ws_connect_options o = t_options();
    o.max_redirects = most;
    ws_handle client = t_client(log);
    OK(ws_connect(client, url, &o, t_record, log));
    return client;
}

static void gone(ws_handle client, t_log *log)
{
    t_destroy(client, log);
    t_forget(log);
}

/* The attempt ends by this status; part is in its text. */
static void fails(ws_handle client, t_log *log, int status, const char *part)
{
    const t_event *e = t_wait_event(log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
    CHECK_EQ(e->stage, WS_STAGE_UPGRADE);
    CHECK_EQ(e->status, status);
    CHECK_HAS(e->text, part);
    t_wait_event(log, WS_EVENT_ERROR, 1);
    CHECK_TEXT(t_story(log), "connect-done error");
    gone(client, log);
}

static void each_status(void)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    t_log log = T_LOG;
    t_raw peer;
    char url[200], absolute[200], text[200];
    size_t size;
    for (int i = 0; i < 5; i++) {
        snprintf(absolute, sizeof absolute, "%s://127.0.0.1:%d/new?q=1", t_tls() ? "https" : "http", port);
        ws_handle client = follow(t_url_of_port(port), 1, &log);
        redirect(&peer, "/", statuses[i], absolute);
        t_raw_expect_end(&peer);
        t_raw_close(&peer);
        arrives(&peer, "/new?q=1");
        CHECK_EQ(t_wait_event(&log, WS_EVENT_OPEN, 1)->status, 101);
        CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_OK);
        OK(ws_connection_text(client, WS_TEXT_URL, text, sizeof text, &size));
        snprintf(url, sizeof url, "%snew?q=1", t_url_of_port(port));
        CHECK_TEXT(text, url);
        CHECK_EQ(size, strlen(url));
        t_raw_close(&peer);
        gone(client, &log);

        client = follow(t_url_of_port(port), 0, &log); /* the default */
        redirect(&peer, "/", statuses[i], absolute);
        fails(client, &log, statuses[i], "refused the upgrade");
        t_raw_close(&peer);
    }
    ws_handle client = follow(t_url_of_port(port), 5, &log);
    redirect(&peer, "/", 304, "/new"); /* no redirect at all */
    fails(client, &log, 304, "304");
    t_raw_close(&peer);
}

static void relative_ones(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char url[200], absolute[200];
    snprintf(url, sizeof url, "%sa/b?old=1", t_url_of_port(port));
    ws_handle client = follow(url, 4, &log);
    redirect(&peer, "/a/b?old=1", 302, "c");
    t_raw_close(&peer);
    redirect(&peer, "/a/c", 302, "../d?x=y");
    t_raw_close(&peer);
    redirect(&peer, "/d?x=y", 302, "/e#fragment");
    t_raw_close(&peer);
    snprintf(absolute, sizeof absolute, "//127.0.0.1:%d/f", port);
    redirect(&peer, "/e", 302, absolute);
    t_raw_close(&peer);
    arrives(&peer, "/f");
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_close(&peer);
    gone(client, &log);

    client = follow(t_url_of_port(port), 2, &log); /* a circle ends */
    for (int i = 0; i < 3; i++) {
        redirect(&peer, "/", 302, "/");
        t_raw_close(&peer);
    }
    fails(client, &log, 302, "302");
}

static void wrong_ones(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char plain[100];
    snprintf(plain, sizeof plain, "ws://127.0.0.1:%d/", port);
    const char *locations[] = {NULL, "ftp://127.0.0.1/", "ws+unix:/tmp/nowhere", "http://[", t_tls() ? plain : NULL};
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++) {
        ws_handle client = follow(t_url_of_port(port), 3, &log);
        redirect(&peer, "/", 301, locations[i]);
        fails(client, &log, 301, i == 4 && t_tls() ? "wss" : "301");
        t_raw_close(&peer);
    }
}

static int has(const char *head, const char *name)
{
    char field[100];
    snprintf(field, sizeof field, "\r\n%s: ", name);
    return strcasestr(head, field) != NULL;
}

static void credentials_stay_at_home(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char elsewhere[100];
    static const ws_header headers[] = {{"Authorization", "Bearer secret"}, {"Cookie", "a=1"}, {"X-Mine", "yes"}};
    ws_connect_options o = t_options();
    o.headers = headers;
    o.header_count = 3;
    o.max_redirects = 3;
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url_of_port(port), &o, NULL, NULL));
    const char *head = redirect(&peer, "/", 302, "/same");
    CHECK(has(head, "Authorization") && has(head, "Cookie") && has(head, "X-Mine"));
    t_raw_close(&peer);
    snprintf(elsewhere, sizeof elsewhere, "%s://localhost:%d/other", t_tls() ? "wss" : "ws", port);
    head = redirect(&peer, "/same", 302, elsewhere);
    CHECK(has(head, "Authorization") && has(head, "Cookie") && has(head, "X-Mine"));
    t_raw_close(&peer);
    head = redirect(&peer, "/other", 302, t_url_of_port(port)); /* and back: they are not taken out again */
    CHECK(!has(head, "Authorization") && !has(head, "Cookie") && has(head, "X-Mine"));
    t_raw_close(&peer);
    t_raw_take(&peer, listener);
    head = t_raw_head(&peer);
    CHECK(!has(head, "Authorization") && !has(head, "Cookie") && has(head, "X-Mine"));
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_close(&peer);
    gone(client, &log);

    /* Those of the URL, likewise. */
    char url[100];
    snprintf(url, sizeof url, "%s://user:pass@127.0.0.1:%d/", t_tls() ? "wss" : "ws", port);
    client = follow(url, 2, &log);
    CHECK_HAS(redirect(&peer, "/", 302, "/same"), "\r\nAuthorization: Basic dXNlcjpwYXNz\r\n");
    t_raw_close(&peer);
    CHECK_HAS(redirect(&peer, "/same", 302, elsewhere), "\r\nAuthorization: Basic dXNlcjpwYXNz\r\n");
    t_raw_close(&peer);
    t_raw_take(&peer, listener);
    CHECK(!has(t_raw_head(&peer), "Authorization"));
    t_raw_text(&peer, t_raw_answer(&peer));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    t_raw_close(&peer);
    gone(client, &log);
}

static t_latch asked = T_LATCH;

static int32_t WS_CALL no_evil(const char *url, void *user_data)
{
    CHECK(user_data == &asked);
    t_add(&asked, 1);
    return !strstr(url, "evil");
}

static void the_filter_is_asked(void)
{
    t_log log = T_LOG;
    t_raw peer;
    char url[200];
    ws_handle client = t_client(&log);
    OK(ws_set_url_filter(no_evil, &asked));
    snprintf(url, sizeof url, "%sevil", t_url_of_port(port));
    CHECK_EQ(ws_connect(client, url, NULL, t_record, &log), WS_ERR_DOMAIN);
    CHECK_HAS(ws_last_error(), "url");
    CHECK_EQ(t_count(&asked), 1);
    gone(client, &log);

    client = follow(t_url_of_port(port), 3, &log);
    redirect(&peer, "/", 302, "/good");
    t_raw_close(&peer);
    redirect(&peer, "/good", 302, "/evil");
    t_raw_close(&peer);
    const t_event *e = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(e->error, WS_ERR_DOMAIN);
    CHECK_EQ(e->status, 302);
    CHECK_EQ(t_count(&asked), 4);
    gone(client, &log);

    OK(ws_set_url_filter(NULL, NULL));
    client = follow(url, 0, &log);
    arrives(&peer, "/evil");
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    CHECK_EQ(t_count(&asked), 4);
    t_raw_close(&peer);
    gone(client, &log);
}

int main(void)
{
    listener = t_raw_listen(&port);
    each_status();
    relative_ones();
    wrong_ones();
    credentials_stay_at_home();
    the_filter_is_asked();
    close(listener);
    return t_done();
}
