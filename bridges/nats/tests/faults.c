/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faults: NATS goes and comes back, is not there at first, speaks TLS, wants another password; options are wrong; the
 * bridge is left and joined under load; the server stops. What is published here reaches who is here in all of them,
 * and what is lost is counted.
 */
#include "kit.h"

/* A server with a certificate of the tests' authority. */
static void start_with_tls(n_nats *n)
{
    char cert[400], key[400];
    const char *certs = getenv("WS_TEST_CERTS");
    CHECK(certs);
    snprintf(cert, sizeof cert, "%s/good-cert.pem", certs);
    snprintf(key, sizeof key, "%s/good-key.pem", certs);
    n_start(n, 0, (char *[]){"--tls", "--tlscert", cert, "--tlskey", key, NULL});
}

static void nats_is_killed_and_comes_back(void)
{
    enum { EACH = 300 };
    n_nats nats;
    n_node a, b;
    n_client here, there;
    n_start(&nats, 0, NULL);
    int port = nats.port;
    n_serve(&a);
    n_serve(&b);
    n_connect(&here, &a, 1);
    n_connect(&there, &b, 1);
    n_subscribe(&here, "t");
    n_subscribe(&there, "t");
    ws_nats_options o = n_options(&nats);
    o.reconnect_buffer = 16 << 10; /* too small for all that is published meanwhile */
    n_join(&a, o);
    n_join(&b, o);
    N_UNTIL(n_stats(&b).subscriptions == 2 && n_stats(&b).round_trip_us);
    char text[300];
    int number = 0;
    for (; number < EACH; number++) {
        snprintf(text, sizeof text, "%06d%200s", number, "");
        n_publish(&a, "t", text);
    }
    t_wait_event(&there.log, WS_EVENT_MESSAGE, EACH);
    N_UNTIL(!n_stats(&a).out_unconfirmed);
    n_end(&nats, SIGKILL);
    n_wait(&a.events, WS_NATS_EVENT_DISCONNECTED, 1);
    n_wait(&b.events, WS_NATS_EVENT_DISCONNECTED, 1);
    CHECK_EQ(n_stats(&a).connected, 0);
    for (; number < 2 * EACH; number++) {
        snprintf(text, sizeof text, "%06d%200s", number, "");
        n_publish(&a, "t", text);
    }
    t_wait_event(&here.log, WS_EVENT_MESSAGE, 2 * EACH); /* local delivery goes on */
    n_wait(&a.events, WS_NATS_EVENT_LOST, 1);
    N_UNTIL(n_stats(&a).out_messages + n_stats(&a).out_lost == 2 * EACH);
    CHECK(n_stats(&a).out_lost > 0);
    n_start(&nats, port, NULL);
    n_wait(&b.events, WS_NATS_EVENT_RECONNECTED, 1);
    n_wait(&a.events, WS_NATS_EVENT_RECONNECTED, 1);
    /* Until both are there again: the receiver may come behind what the publisher had kept. */
    int seen;
    do {
        seen = t_seen(&there.log, WS_EVENT_MESSAGE);
        snprintf(text, sizeof text, "%06d", number++);
        n_publish(&a, "t", text);
        poll(NULL, 0, 10);
    } while (t_seen(&there.log, WS_EVENT_MESSAGE) == seen);
    N_UNTIL(n_stats(&a).out_messages + n_stats(&a).out_lost == (uint64_t)number && !n_stats(&a).out_unconfirmed);
    /* In order, none twice; and what did not come is what the receiver has counted, and no less than the publisher has.
     */
    int last = -1, n = t_seen(&there.log, WS_EVENT_MESSAGE);
    N_UNTIL((n = t_seen(&there.log, WS_EVENT_MESSAGE),
             atoi((char *)t_wait_event(&there.log, WS_EVENT_MESSAGE, n)->data) == number - 1));
    for (int i = 1; i <= n; i++) {
        int got = atoi((char *)t_wait_event(&there.log, WS_EVENT_MESSAGE, i)->data);
        CHECK(got > last);
        last = got;
    }
    CHECK_EQ(n_stats(&b).in_lost, number - n);
    CHECK(n_stats(&b).in_lost >= n_stats(&a).out_lost);
    n_wait(&b.events, WS_NATS_EVENT_LOST, 1);
    CHECK_EQ(b.events.lost_in, number - n);
    CHECK_EQ(a.events.lost_out, n_stats(&a).out_lost);
    CHECK_EQ(n_stats(&a).connects, 2);
    t_wait_event(&here.log, WS_EVENT_MESSAGE, number);
    n_leave(&here);
    n_leave(&there);
    n_finish(&a);
    n_finish(&b);
    n_end(&nats, SIGTERM);
}

static void nats_is_not_there_at_first(void)
{
    n_nats nats;
    n_node a, b;
    n_client there;
    n_start(&nats, 0, NULL);
    int port = nats.port;
    n_end(&nats, SIGTERM);
    ws_nats_options o = n_options(&nats);
    n_serve(&a);
    n_serve(&b);
    o.on_event = n_record;
    o.user_data = &a.events;
    o.flags = WS_NATS_REQUIRE;
    CHECK_EQ(ws_nats_join_wait(a.server, &o, T_DEADLINE_MS, &a.bridge), WS_ERR_CONNECT_FAILED);
    CHECK_HAS(ws_nats_last_error(), "NATS at nats://127.0.0.1:");
    CHECK(!a.bridge);
    n_wait(&a.events, WS_NATS_EVENT_LEFT, 1);
    CHECK_EQ(a.events.status, WS_ERR_CONNECT_FAILED);
    /* The server is free for another, which tries until NATS is there. */
    o.flags = 0;
    a.events.seen[WS_NATS_EVENT_LEFT] = 0;
    a.events.left = false;
    CHECK_EQ(ws_nats_join_wait(a.server, &o, 100, &a.bridge), WS_ERR_TIMEOUT);
    CHECK_HAS(ws_nats_last_error(), "the bridge goes on trying");
    o.user_data = &b.events;
    N_OK(ws_nats_join(b.server, &o, &b.bridge));
    n_connect(&there, &b, 1);
    n_subscribe(&there, "t");
    n_publish(&a, "t", "kept");
    n_start(&nats, port, NULL);
    n_wait(&a.events, WS_NATS_EVENT_CONNECTED, 1);
    n_wait(&b.events, WS_NATS_EVENT_CONNECTED, 1);
    do {
        n_publish(&a, "t", "end");
        poll(NULL, 0, 10);
    } while (!t_seen(&there.log, WS_EVENT_MESSAGE));
    n_leave(&there);
    n_finish(&a);
    n_finish(&b);
    n_end(&nats, SIGTERM);
}

/* A bridge that NATS lets in never says why, again and again, and ends when it is left. */
static void refused_with(ws_nats_options o, int32_t status, const char *text)
{
    n_node a;
    n_client here;
    n_serve(&a);
    n_connect(&here, &a, 1);
    n_subscribe(&here, "t");
    o.on_event = n_record;
    o.user_data = &a.events;
    o.flags = WS_NATS_REQUIRE;
    CHECK_EQ(ws_nats_join_wait(a.server, &o, T_DEADLINE_MS, &a.bridge), WS_ERR_CONNECT_FAILED);
    CHECK_HAS(ws_nats_last_error(), text);
    n_wait(&a.events, WS_NATS_EVENT_LEFT, 1);
    CHECK_EQ(a.events.status, status);
    a.events.seen[WS_NATS_EVENT_LEFT] = 0;
    a.events.left = false;
    o.flags = 0;
    N_OK(ws_nats_join(a.server, &o, &a.bridge));
    n_publish(&a, "t", "end");
    n_heard(&here, "end");
    n_leave(&here);
    n_finish(&a);
}

static void nats_refuses(void)
{
    n_nats nats;
    n_node a;
    char ca[400];
    snprintf(ca, sizeof ca, "%s/ca.pem", getenv("WS_TEST_CERTS"));
    n_start(&nats, 0, (char *[]){"--user", "me", "--pass", "secret", NULL});
    ws_nats_options o = n_options(&nats);
    refused_with(o, WS_ERR_PERMISSION, "Authorization Violation");
    o.user = "me";
    o.password = "wrong";
    refused_with(o, WS_ERR_PERMISSION, "credentials_file are not those that the server wants");
    o.password = "secret";
    n_serve(&a);
    n_join(&a, o);
    n_finish(&a);
    n_end(&nats, SIGTERM);

    n_start(&nats, 0, (char *[]){"--auth", "token", NULL});
    o = n_options(&nats);
    o.token = "token";
    n_serve(&a);
    n_join(&a, o);
    n_finish(&a);
    o.ca_file = ca;
    refused_with(o, WS_ERR_CONNECT_FAILED, "the server does not speak TLS");
    n_end(&nats, SIGTERM);

    start_with_tls(&nats);
    o = n_options(&nats);
    refused_with(o, WS_ERR_CONNECT_FAILED, "the server speaks TLS");
    char url[64];
    snprintf(url, sizeof url, "tls://127.0.0.1:%d", nats.port);
    o.urls = url;
    refused_with(
        o, WS_ERR_CONNECT_FAILED,
        "ca_file has to name who signed its certificate"); /* it is by an authority that this system does not know */
    o.ca_file = ca;
    n_serve(&a);
    n_join(&a, o);
    n_finish(&a);
    n_end(&nats, SIGTERM);

    /* One that wants a certificate of its clients. */
    char cert[400], key[400];
    const char *certs = getenv("WS_TEST_CERTS");
    snprintf(cert, sizeof cert, "%s/good-cert.pem", certs);
    snprintf(key, sizeof key, "%s/good-key.pem", certs);
    n_start(&nats, 0, (char *[]){"--tlsverify", "--tlscert", cert, "--tlskey", key, "--tlscacert", ca, NULL});
    o = n_options(&nats);
    o.ca_file = ca;
    refused_with(o, WS_ERR_CONNECT_FAILED, "NATS at");
    snprintf(cert, sizeof cert, "%s/client-cert.pem", certs);
    snprintf(key, sizeof key, "%s/client-key.pem", certs);
    o.certificate_file = cert;
    o.key_file = key;
    n_serve(&a);
    n_join(&a, o);
    n_finish(&a);
    n_end(&nats, SIGTERM);
}

static void refuse(n_node *a, ws_nats_options o, int32_t status, const char *text)
{
    ws_nats *bridge = NULL;
    CHECK_EQ(ws_nats_join(a->server, &o, &bridge), status);
    CHECK_HAS(ws_nats_last_error(), text);
    CHECK(!bridge);
}

static void handler(int signal)
{
    (void)signal;
}

static void options_are_checked(void)
{
    struct sigaction mine = {.sa_handler = handler}, now;
    n_nats none = {.url = "nats://127.0.0.1:1"};
    n_node a;
    n_serve(&a);
    ws_nats_options good = n_options(&none), o;
    sigaction(SIGPIPE, &mine, NULL);
#define REFUSE(status, text, ...)           \
    do {                                    \
        o = good;                           \
        __VA_ARGS__;                        \
        refuse(&a, o, status, text);        \
    } while (0)
    REFUSE(WS_ERR_PARAMETER, "options.prefix: \"a.*\" has a wildcard", o.prefix = "a.*");
    REFUSE(WS_ERR_PARAMETER, "options.prefix: \"\" is empty", o.prefix = "");
    REFUSE(WS_ERR_PARAMETER, "options.name: a.b has a byte", o.name = "a.b");
    REFUSE(WS_ERR_PARAMETER, "options.flags", o.flags = 64);
    REFUSE(WS_ERR_PARAMETER, "options.reserved", o.reserved = 1);
    REFUSE(WS_ERR_PARAMETER, "options.linger_ms: -2 is not in 1..3600000", o.linger_ms = -2);
    REFUSE(WS_ERR_PARAMETER, "options.max_message: -1 is not", o.max_message = -1);
    REFUSE(WS_ERR_PARAMETER, "options.password: is NULL, and user is not", o.user = "me");
    REFUSE(WS_ERR_PARAMETER, "only one of user, token, nkey", o.user = "me"; o.password = "x"; o.token = "y");
    REFUSE(WS_ERR_CERT_FILE, "options.ca_file: /nowhere/ca.pem: No such file", o.ca_file = "/nowhere/ca.pem");
    REFUSE(WS_ERR_CERT_FILE, "options.credentials_file: /nowhere", o.credentials_file = "/nowhere");
    REFUSE(WS_ERR_PARAMETER, "options.struct_size", o.struct_size = 0);
    REFUSE(WS_ERR_URL, "options.urls: the port of nats://a:b is not in 1..65535", o.urls = "nats://a:b");
    REFUSE(WS_ERR_URL, "options.urls: http://a begins neither with nats:// nor", o.urls = "nats://a:1,http://a");
    REFUSE(WS_ERR_URL, "options.urls:  has no host", o.urls = "a,");
    ws_nats *bridge = NULL, *other = NULL;
    CHECK_EQ(ws_nats_join(77, &good, &bridge), WS_ERR_HANDLE);
    CHECK_EQ(ws_nats_join(a.server, &good, NULL), WS_ERR_PARAMETER);
    N_OK(ws_nats_join(a.server, &good, &bridge));
    CHECK_EQ(ws_nats_join(a.server, &good, &other), WS_ERR_STATE);
    CHECK(!other);
    CHECK_EQ(ws_nats_leave(bridge, -1), WS_ERR_PARAMETER);
    N_OK(ws_nats_leave_wait(bridge, 0));
    ws_nats_stats s;
    WS_INIT_STRUCT(&s);
    CHECK_EQ(ws_nats_stats_get(bridge, &s), WS_ERR_HANDLE); /* a pointer that is no more is not followed */
    CHECK_EQ(ws_nats_leave(NULL, 0), WS_ERR_HANDLE);
    n_finish(&a);
    sigaction(SIGPIPE, NULL,
              &now); /* NATS's client ignores the signal when it is loaded; what the host had is put back */
    CHECK(now.sa_handler == handler);
}

static _Atomic int stop;

static void *publish_all_the_time(void *argument)
{
    n_node *n = argument;
    while (!stop) n_publish(n, "t", "x");
    return NULL;
}

static void left_and_joined_under_load(void)
{
    n_nats nats;
    n_node a, b;
    n_client there;
    pthread_t thread;
    n_start(&nats, 0, NULL);
    n_serve(&a);
    n_serve(&b);
    n_join(&b, n_options(&nats));
    n_connect(&there, &b, 1);
    n_subscribe(&there, "t");
    N_UNTIL(n_stats(&b).subscriptions == 2);
    stop = 0;
    t_thread(&thread, publish_all_the_time, &a);
    for (int i = 0; i < 10; i++) {
        n_join(&a, n_options(&nats));
        int seen = t_seen(&there.log, WS_EVENT_MESSAGE);
        t_wait_event(&there.log, WS_EVENT_MESSAGE, seen + 10);
        if (i % 2) {
            N_OK(ws_nats_leave(a.bridge, 1000));
            n_wait(&a.events, WS_NATS_EVENT_LEFT, i + 1);
        } else {
            N_OK(ws_nats_leave_wait(a.bridge, 1000));
        }
        a.events.texts[0] = 0;
    }
    stop = 1;
    t_join(thread);
    a.bridge = NULL;
    CHECK_EQ(a.events.seen[WS_NATS_EVENT_LEFT], 10);
    CHECK_EQ(n_stats(&b).in_lost, 0); /* each is another process for b */
    n_leave(&there);
    n_finish(&a);
    n_finish(&b);
    n_end(&nats, SIGTERM);
}

/* What was published before the stop has reached NATS when the stop is complete. */
static void the_end_of_the_server_ends_the_bridge(void)
{
    n_nats nats;
    n_node a, b;
    n_client there;
    t_latch stopped = T_LATCH;
    n_start(&nats, 0, NULL);
    n_serve(&a);
    n_serve(&b);
    n_join(&a, n_options(&nats));
    n_join(&b, n_options(&nats));
    n_connect(&there, &b, 1);
    n_subscribe(&there, "t");
    N_UNTIL(n_stats(&b).subscriptions == 2 && n_stats(&b).round_trip_us);
    for (int i = 0; i < 1000; i++) n_publish(&a, "t", "x");
    n_publish(&a, "t", "end");
    OK(ws_server_stop(a.server, NULL, t_tick, &stopped));
    t_wait(&stopped, 1);
    n_wait(&a.events, WS_NATS_EVENT_LEFT, 1);
    CHECK_EQ(a.events.unsure, 0);
    t_wait_event(&there.log, WS_EVENT_MESSAGE, 1001);
    a.bridge = NULL;
    n_leave(&there);
    n_finish(&a);
    n_finish(&b);
    n_end(&nats, SIGTERM);
}

int main(void)
{
    options_are_checked();
    nats_is_killed_and_comes_back();
    nats_is_not_there_at_first();
    nats_refuses();
    left_and_joined_under_load();
    the_end_of_the_server_ends_the_bridge();
    return t_done();
}
