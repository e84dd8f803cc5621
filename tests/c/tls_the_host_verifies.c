/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_VERIFY_EVENTS the host decides about the certificates of peers: it gets the chain and what the
 * library thinks of it, and answers inside the event or later, from any thread, within the time of the
 * handshake. What it says counts.
 */
#include "t_tls.h"

/* What the next question is answered. */
static int answer;
static void WS_CALL on_verify(const ws_event *e, void *unused)
{
    (void)unused;
    CHECK(e->token > 0 && e->token < (1ull << 53));
    OK(ws_verify_answer(e->handle, e->token, answer));
    CHECK_EQ(ws_verify_answer(e->handle, e->token, answer), WS_ERR_STATE); /* once */
}

static ws_handle asked_client(t_log *log, int answers)
{
    ws_handle client = t_client(log);
    OK(ws_on(client, WS_EVENT_VERIFY, t_record, log));
    if (answers) OK(ws_on(client, WS_EVENT_VERIFY, on_verify, NULL));
    return client;
}

static ws_connect_options asking(void)
{
    ws_connect_options o = t_trusting();
    o.flags = WS_VERIFY_EVENTS | WS_NO_RESUMPTION;
    return o;
}

static const t_event *connects(ws_handle client, ws_handle server, const ws_connect_options *o, t_log *log)
{
    OK(ws_connect(client, t_secure_url(server), o, t_record, log));
    return t_wait_event(log, WS_EVENT_COMPLETION, 1);
}

static void a_client_decides(void)
{
    static const struct {
        const char *server, *own; /* what the library thinks */
    } all[] = {
        {"good", ""}, {"unknown", "unknown authority"}, {"expired", "has expired"}, {"wrong-name", "for another name"},
    };
    for (int i = 0; i < 8; i++) {
        t_log log = T_LOG;
        answer = i % 2;
        ws_handle server = t_secure_server(all[i / 2].server, NULL), client = asked_client(&log, 1);
        ws_connect_options o = asking();
        const t_event *done = connects(client, server, &o, &log);
        const t_event *asked = t_wait_event(&log, WS_EVENT_VERIFY, 1);
        CHECK_EQ(asked->handle, client);
        CHECK_TEXT(asked->target, "localhost");
        CHECK_HAS(asked->text, all[i / 2].own);
        CHECK_EQ(asked->error, i / 2 ? WS_ERR_CONNECT_FAILED : WS_OK);
        CHECK(!strncmp((const char *)asked->data, "-----BEGIN CERTIFICATE-----\n", 28));
        CHECK_EQ(asked->body_size, 0); /* nothing is stapled */
        if (answer) {
            CHECK_EQ(done->error, WS_OK);
        } else {
            CHECK_EQ(done->error, WS_ERR_CONNECT_FAILED);
            CHECK_EQ(done->stage, WS_STAGE_TLS);
            CHECK_HAS(done->text, "the host program does not take the certificate");
            CHECK_HAS(done->text, all[i / 2].own);
        }
        t_destroy(client, &log);
        t_forget(&log);
        OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    }
}

/* Nothing is checked before, or pins want to fit as well. */
static void with_other_options(void)
{
    t_log log = T_LOG;
    answer = 1;
    ws_handle server = t_secure_server("unknown", NULL), client = asked_client(&log, 1);
    ws_connect_options o = asking();
    o.ca_path = NULL;
    o.skip_server_cert_verification = 1;
    CHECK_EQ(connects(client, server, &o, &log)->error, WS_OK);
    CHECK_TEXT(t_wait_event(&log, WS_EVENT_VERIFY, 1)->text, "");
    t_destroy(client, &log);
    t_forget(&log);
    client = asked_client(&log, 1);
    o = asking();
    o.pins = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const t_event *done = connects(client, server, &o, &log);
    CHECK_EQ(done->error, WS_ERR_CONNECT_FAILED);
    CHECK_HAS(done->text, "pinned");
    t_destroy(client, &log);
    t_forget(&log);
    /* A session that is resumed asks again. */
    for (int i = 0; i < 2; i++) {
        client = asked_client(&log, 1);
        o = asking();
        o.flags = WS_VERIFY_EVENTS;
        o.max_support_tls_protocol = WS_TLS_1_2; /* whose sessions are there when the handshake is over */
        CHECK_EQ(connects(client, server, &o, &log)->error, WS_OK);
        CHECK_EQ(t_seen(&log, WS_EVENT_VERIFY), 1);
        t_destroy(client, &log);
        t_forget(&log);
    }
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

static void *accept_later(void *asked)
{
    const t_event *e = asked;
    OK(ws_verify_answer(e->handle, e->token, 1));
    return NULL;
}

static void later_or_never(void)
{
    t_log log = T_LOG;
    pthread_t thread;
    ws_handle server = t_secure_server("good", NULL), client = asked_client(&log, 0), other = t_client(NULL);
    ws_connect_options o = asking();
    OK(ws_connect(client, t_secure_url(server), &o, t_record, &log));
    const t_event *asked = t_wait_event(&log, WS_EVENT_VERIFY, 1);
    CHECK_EQ(ws_verify_answer(other, asked->token, 1), WS_ERR_STATE); /* somebody else's */
    CHECK_EQ(ws_verify_answer(client, asked->token + 1, 1), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "token: ");
    CHECK_EQ(ws_sign_answer(client, asked->token, "x", 1), WS_ERR_STATE); /* another kind */
    CHECK_EQ(ws_verify_answer(client, asked->token, 2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "accept: 2");
    CHECK_EQ(ws_verify_answer(0, asked->token, 1), WS_ERR_HANDLE);
    CHECK_EQ(t_state(client), WS_STATE_CONNECTING);
    t_thread(&thread, accept_later, (void *)(uintptr_t)asked);
    t_join(thread);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    CHECK_TEXT(t_story(&log), "verify connect-done open");
    t_destroy(client, &log);
    t_forget(&log);

    /* The time of TLS, or of the whole, ends it. */
    for (int whole = 0; whole < 2; whole++) {
        client = asked_client(&log, 0);
        o = asking();
        *(whole ? &o.handshake_timeout_ms : &o.tls_timeout_ms) = 300;
        const t_event *done = connects(client, server, &o, &log);
        CHECK_EQ(done->error, WS_ERR_TIMEOUT);
        CHECK_EQ(done->stage, WS_STAGE_TIMEOUT);
        if (t_seen(&log, WS_EVENT_VERIFY)) { /* else the machine is too busy even for a handshake */
            CHECK_HAS(done->text, whole ? "handshake_timeout_ms of 300 ms" : "tls_timeout_ms of 300 ms");
            CHECK_HAS(done->text, "has not answered WS_EVENT_VERIFY");
            asked = t_wait_event(&log, WS_EVENT_VERIFY, 1);
            CHECK_EQ(ws_verify_answer(client, asked->token, 1), WS_ERR_STATE);
            CHECK_HAS(ws_last_error(), "its time was over");
        }
        t_destroy(client, &log);
        t_forget(&log);
    }

    /* It ends meanwhile. */
    for (int how = 0; how < 3; how++) {
        client = asked_client(&log, 0);
        o = asking();
        o.handshake_timeout_ms = -1;
        OK(ws_connect(client, t_secure_url(server), &o, t_record, &log));
        asked = t_wait_event(&log, WS_EVENT_VERIFY, 1);
        if (how == 0) OK(ws_close(client, NULL, NULL, NULL));
        if (how == 1) OK(ws_abort(client));
        if (how == 2) OK(ws_destroy(client));
        CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CANCELLED);
        int32_t status;
        T_UNTIL_SO((status = ws_verify_answer(client, asked->token, 1)) != WS_OK);
        CHECK_EQ(status, how == 2 ? WS_ERR_HANDLE : WS_ERR_STATE);
        if (how < 2) OK(ws_destroy(client));
        t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        t_forget(&log);
    }
    OK(ws_destroy_wait(other, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

/* For hosts that poll nobody has to listen: the option has asked for it. */
static void is_polled(void)
{
    ws_handle server = t_secure_server("good", NULL), queue = ws_queue_create(NULL);
    CHECK(queue);
    ws_create_options create;
    WS_INIT_STRUCT(&create);
    create.queue = queue;
    ws_handle client = ws_create(&create);
    ws_connect_options o = asking();
    OK(ws_connect(client, t_secure_url(server), &o, NULL, NULL));
    long long end = t_now() + T_DEADLINE_MS;
    for (int asked = 0, open = 0; !open;) {
        ws_event events[8];
        size_t n;
        events[0].struct_size = sizeof *events;
        OK(ws_queue_poll(queue, events, 8, 1000, &n));
        for (size_t i = 0; i < n; i++) {
            if (events[i].type == WS_EVENT_VERIFY) {
                CHECK(events[i].size > 100);
                OK(ws_verify_answer(events[i].handle, events[i].token, 1));
                asked++;
            }
            open |= events[i].type == WS_EVENT_OPEN;
        }
        CHECK_EQ(asked >= open, 1);
        CHECK(t_now() < end);
    }
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

/* ---- servers ---------------------------------------------------------------------------------- */

static ws_handle asked_server(uint32_t flags, const char *client_ca, int answers, t_log *log)
{
    ws_handle server = t_server_create(NULL);
    t_listen_server(server, log);
    OK(ws_server_on(server, WS_EVENT_VERIFY, t_record, log));
    if (answers) OK(ws_server_on(server, WS_EVENT_VERIFY, on_verify, NULL));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    config.client_ca_path = client_ca;
    config.flags = flags | WS_VERIFY_EVENTS;
    OK(ws_server_start(server, &config, NULL, NULL));
    return server;
}

static int32_t shows(ws_handle server, const char *cert, const char *key, t_log *log)
{
    ws_handle client = t_client(NULL);
    ws_connect_options o = t_trusting();
    o.flags = WS_NO_RESUMPTION;
    o.client_cert_path = cert ? t_cert(cert) : NULL;
    o.client_key_path = key ? t_cert(key) : NULL;
    t_forget(log);
    OK(ws_connect(client, t_secure_url(server), &o, t_record, log));
    int32_t error = t_wait_event(log, WS_EVENT_COMPLETION, 1)->error;
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    return error;
}

static void a_server_decides(void)
{
    t_log log = T_LOG, client_log = T_LOG;
    ws_handle server = asked_server(0, t_cert("ca"), 1, &log);
    answer = 1;
    CHECK_EQ(shows(server, "client-cert", "client-key", &client_log), WS_OK);
    const t_event *asked = t_wait_event(&log, WS_EVENT_VERIFY, 1);
    CHECK_EQ(asked->handle, server);
    CHECK_TEXT(asked->text, "");
    CHECK_HAS(asked->target, "127.0.0.1:");
    CHECK_EQ(shows(server, "unknown-client-cert", "unknown-client-key", &client_log), WS_OK);
    CHECK_HAS(t_wait_event(&log, WS_EVENT_VERIFY, 2)->text, "unknown authority");
    answer = 0;
    CHECK_EQ(shows(server, "client-cert", "client-key", &client_log), WS_ERR_CONNECT_FAILED);
    CHECK_HAS(t_wait_event(&client_log, WS_EVENT_COMPLETION, 1)->text, "bad certificate");
    CHECK_EQ(shows(server, NULL, NULL, &client_log), WS_ERR_CONNECT_FAILED); /* none at all: nobody is asked */
    CHECK_EQ(t_seen(&log, WS_EVENT_VERIFY), 3);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);

    /* Without authorities nothing is checked before; it may be missing. */
    server = asked_server(WS_CLIENT_CERT_OPTIONAL, NULL, 1, &log);
    answer = 1;
    CHECK_EQ(shows(server, "unknown-client-cert", "unknown-client-key", &client_log), WS_OK);
    CHECK_TEXT(t_wait_event(&log, WS_EVENT_VERIFY, 1)->text, "");
    CHECK_EQ(shows(server, NULL, NULL, &client_log), WS_OK);
    CHECK_EQ(t_seen(&log, WS_EVENT_VERIFY), 1);
    OK(ws_server_destroy(server));
    t_wait_event(&log, WS_EVENT_DESTROYED, 1);
    t_forget(&log);

    /* It is stopped, or destroyed, while it is asked. */
    for (int how = 0; how < 2; how++) {
        server = asked_server(0, NULL, 0, &log);
        ws_handle client = t_client(NULL);
        ws_connect_options o = t_trusting();
        o.client_cert_path = t_cert("client-cert");
        o.client_key_path = t_cert("client-key");
        t_forget(&client_log);
        OK(ws_connect(client, t_secure_url(server), &o, t_record, &client_log));
        uint64_t token = t_wait_event(&log, WS_EVENT_VERIFY, 1)->token;
        if (how) OK(ws_server_destroy(server));
        else OK(ws_server_stop(server, NULL, t_record, &log));
        CHECK_EQ(t_wait_event(&client_log, WS_EVENT_COMPLETION, 1)->error, WS_ERR_CONNECT_FAILED);
        int32_t status;
        T_UNTIL_SO((status = ws_verify_answer(server, token, 1)) != WS_OK);
        CHECK_EQ(status, how ? WS_ERR_HANDLE : WS_ERR_STATE);
        if (!how) {
            t_wait_event(&log, WS_EVENT_COMPLETION, 1);
            OK(ws_server_destroy(server));
        }
        t_wait_event(&log, WS_EVENT_DESTROYED, 1);
        OK(ws_destroy_wait(client, T_DEADLINE_MS));
        t_forget(&log);
    }

    server = t_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.flags = WS_VERIFY_EVENTS;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "WS_VERIFY_EVENTS");
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&client_log);
}

int main(void)
{
    CHECK_EQ(ws_has_feature("verify_events"), 1);
    CHECK_TEXT(ws_event_name(WS_EVENT_VERIFY), "WS_EVENT_VERIFY");
    a_client_decides();
    with_other_options();
    later_or_never();
    is_polled();
    a_server_decides();
    return t_done();
}
