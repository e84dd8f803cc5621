/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With WS_SIGN_EVENTS a certificate has no key here: the host signs, inside the event or later. For clients and
 * servers, also for those that ws_server_set_certificates brings. A wrong signature is told by its reason.
 */
#include "t_tls.h"

static const char *key = "client-key"; /* that the host signs by; NULL: it does not */

static void sign(ws_handle handle, uint64_t token, int scheme, const void *data, size_t size)
{
    unsigned char signature[T_SIGNATURE_MOST];
    size_t n = key ? t_sign(key, scheme, data, size, signature) : 0;
    OK(ws_sign_answer(handle, token, key ? signature : NULL, n));
    CHECK_EQ(ws_sign_answer(handle, token, key ? signature : NULL, n), WS_ERR_STATE); /* once */
}

static void WS_CALL on_sign(const ws_event *e, void *unused)
{
    (void)unused;
    sign(e->handle, e->token, e->scheme, e->data, e->size);
}

static ws_handle mutual_server(t_log *log)
{
    ws_handle server = t_server_create(NULL);
    t_listen_server(server, log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    config.client_ca_path = t_cert("ca");
    OK(ws_server_start(server, &config, NULL, NULL));
    return server;
}

static ws_connect_options signing(void)
{
    ws_connect_options o = t_trusting();
    o.flags = WS_SIGN_EVENTS | WS_NO_RESUMPTION;
    o.client_cert_path = t_cert("client-cert");
    return o;
}

static const t_event *connects(ws_handle server, const ws_connect_options *o, int answers, t_log *log)
{
    ws_handle client = t_client(log);
    OK(ws_on(client, WS_EVENT_SIGN, t_record, log));
    if (answers) OK(ws_on(client, WS_EVENT_SIGN, on_sign, NULL));
    OK(ws_connect(client, t_secure_url(server), o, t_record, log));
    const t_event *done = t_wait_event(log, WS_EVENT_COMPLETION, 1);
    OK(ws_destroy(client));
    t_wait_event(log, WS_EVENT_DESTROYED, 1);
    return done;
}

static void *sign_later(void *asked)
{
    const t_event *e = asked;
    sign(e->handle, e->token, e->scheme, e->data, e->size);
    return NULL;
}

static void of_a_client(void)
{
    static t_log server_log = T_LOG;
    t_log log = T_LOG;
    ws_handle server = mutual_server(&server_log);
    ws_connect_options o = signing();
    for (int version = WS_TLS_1_2; version <= WS_TLS_1_3; version++) {
        o.max_support_tls_protocol = version;
        CHECK_EQ(connects(server, &o, 1, &log)->error, WS_OK);
        const t_event *asked = t_wait_event(&log, WS_EVENT_SIGN, 1);
        CHECK_EQ(asked->scheme, 0x0403);
        CHECK_EQ(asked->size, 32);
        CHECK_HAS(asked->target, "CN=libws test client");
        t_forget(&log);
    }
    static char text[16385];

    /* Later, from another thread. */
    ws_handle client = t_client(&log);
    OK(ws_on(client, WS_EVENT_SIGN, t_record, &log));
    OK(ws_connect(client, t_secure_url(server), &o, t_record, &log));
    const t_event *asked = t_wait_event(&log, WS_EVENT_SIGN, 1);
    CHECK_EQ(ws_sign_answer(client, asked->token, NULL, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "signature: is NULL");
    CHECK_EQ(ws_sign_answer(client, asked->token, "", 0), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "size: is 0; NULL says that the host does not sign");
    CHECK_EQ(ws_sign_answer(client, asked->token, text, 16385), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "size: 16385");
    CHECK_EQ(ws_sign_answer(server, asked->token, "x", 1), WS_ERR_STATE);
    CHECK_EQ(ws_sign_answer(0, asked->token, "x", 1), WS_ERR_HANDLE);
    pthread_t thread;
    t_thread(&thread, sign_later, (void *)(uintptr_t)asked);
    t_join(thread);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_destroy(client, &log);
    t_forget(&log);

    /* By another key, not at all, and too late. */
    static const char *const bad[][2] = {{"good-key", "no signature by the key of the certificate"}, {NULL, "did not sign"}};
    for (int i = 0; i < 2; i++) {
        key = bad[i][0];
        const t_event *done = connects(server, &o, 1, &log);
        CHECK_EQ(done->error, WS_ERR_CONNECT_FAILED);
        CHECK_EQ(done->stage, WS_STAGE_TLS);
        CHECK_HAS(done->text, bad[i][1]);
        t_forget(&log);
    }
    key = "client-key";
    o.tls_timeout_ms = 300;
    const t_event *done = connects(server, &o, 0, &log);
    CHECK_EQ(done->error, WS_ERR_TIMEOUT);
    if (t_seen(&log, WS_EVENT_SIGN)) CHECK_HAS(done->text, "has not answered WS_EVENT_SIGN");
    t_forget(&log);

    /* What does not fit together. */
    client = t_client(NULL);
    o = signing();
    o.client_key_path = t_cert("client-key");
    CHECK_EQ(ws_connect(client, t_secure_url(server), &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.client_key_path: ");
    CHECK_HAS(ws_last_error(), "WS_SIGN_EVENTS");
    o.client_key_path = o.client_cert_path = NULL;
    CHECK_EQ(ws_connect(client, t_secure_url(server), &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.client_cert: ");
    OK(ws_destroy_wait(client, T_DEADLINE_MS));
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
}

static void of_a_server(void)
{
    t_log log = T_LOG, client_log = T_LOG;
    ws_handle server = t_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_SIGN, t_record, &log));
    OK(ws_server_on(server, WS_EVENT_SIGN, on_sign, NULL));
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    config.flags = WS_SIGN_EVENTS;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.key_path: ");
    CHECK_HAS(ws_last_error(), "WS_SIGN_EVENTS");
    config.cert_path = config.key_path = NULL;
    CHECK_EQ(ws_server_start(server, &config, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "config.cert");
    config.cert_path = t_cert("good-cert");
    OK(ws_server_start(server, &config, NULL, NULL));
    key = "good-key";
    ws_connect_options o = t_trusting();
    o.flags = WS_NO_RESUMPTION;
    CHECK_EQ(connects(server, &o, 0, &client_log)->error, WS_OK);
    const t_event *asked = t_wait_event(&log, WS_EVENT_SIGN, 1);
    CHECK_EQ(asked->handle, server);
    CHECK_HAS(asked->target, "CN=libws test good");
    t_forget(&client_log);
    key = NULL;
    CHECK_EQ(connects(server, &o, 0, &client_log)->error, WS_ERR_CONNECT_FAILED);
    t_forget(&client_log);

    /* Others take its place; those with a key ask nobody. */
    ws_certificate next;
    WS_INIT_STRUCT(&next);
    next.cert_path = t_cert("good-cert");
    next.flags = 1;
    CHECK_EQ(ws_server_set_certificates(server, &next, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "certificates[0].flags");
    next.flags = 0;
    CHECK_EQ(ws_server_set_certificates(server, &next, 1), WS_ERR_PARAMETER);
    next.flags = WS_SIGN_EVENTS;
    OK(ws_server_set_certificates(server, &next, 1));
    key = "good-key";
    CHECK_EQ(connects(server, &o, 0, &client_log)->error, WS_OK);
    CHECK_EQ(t_seen(&log, WS_EVENT_SIGN), 3);
    t_forget(&client_log);
    next.flags = 0;
    next.key_path = t_cert("good-key");
    OK(ws_server_set_certificates(server, &next, 1));
    CHECK_EQ(connects(server, &o, 0, &client_log)->error, WS_OK);
    CHECK_EQ(t_seen(&log, WS_EVENT_SIGN), 3);
    t_forget(&client_log);
    OK(ws_server_destroy_wait(server, T_DEADLINE_MS));
    t_forget(&log);
}

int main(void)
{
    CHECK_EQ(ws_has_feature("sign_events"), 1);
    CHECK_TEXT(ws_event_name(WS_EVENT_SIGN), "WS_EVENT_SIGN");
    of_a_client();
    of_a_server();
    return t_done();
}
