/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a wss server shows, and wants to see: certificates from files and memory, chosen
 * by the name that a client asks for, replaced while it runs; certificates of clients.
 */
#include "t_tls.h"

/* A file in memory, NUL-terminated. */
static const char *content(const char *path, size_t *size)
{
    static _Thread_local char texts[4][8192];
    static _Thread_local int next;
    char *text = texts[next++ % 4];
    FILE *f = fopen(path, "r");
    CHECK(f);
    *size = fread(text, 1, sizeof texts[0] - 1, f);
    CHECK(*size);
    text[*size] = 0;
    fclose(f);
    return text;
}

static ws_certificate certificate(const char *cert, const char *key)
{
    ws_certificate c;
    WS_INIT_STRUCT(&c);
    c.cert_path = t_cert(cert);
    c.key_path = t_cert(key);
    return c;
}

static const char *text(ws_handle h, int which)
{
    static _Thread_local char texts[4][3000];
    static _Thread_local int next;
    char *t = texts[next++ % 4];
    OK(ws_connection_text(h, which, t, sizeof texts[0], NULL));
    return t;
}

/* Connects and wants a server that shows the certificate of a name ("libws test NAME");
 * NULL: the handshake fails. Gives the client. */
static ws_handle shows(ws_handle server, ws_connect_options options, const char *name, const char *why)
{
    t_log log = T_LOG;
    ws_handle client = t_client(NULL);
    options.flags |= WS_NO_RESUMPTION;
    OK(ws_connect(client, t_secure_url(server), &options, t_record, &log));
    const t_event *e = t_wait_event(&log, WS_EVENT_COMPLETION, 1);
    if (name) {
        if (e->error) FAIL("connecting: %s", e->text);
        char subject[100];
        snprintf(subject, sizeof subject, "subject: CN=libws test %s\n", name);
        CHECK_HAS(text(client, WS_TEXT_PEER_CERTIFICATE), subject);
    } else {
        CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
        CHECK_EQ(e->stage, WS_STAGE_TLS);
        CHECK_HAS(e->text, why);
    }
    t_forget(&log);
    return client;
}

static void by_name(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server_create(NULL);
    t_listen_server(server, &log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert = content(t_cert("good-cert"), &config.cert_size);
    config.key = content(t_cert("good-key"), &config.key_size);
    ws_certificate other = certificate("wrong-name-cert", "wrong-name-key"); /* for elsewhere.example */
    config.certificates = &other;
    config.certificate_count = 1;
    config.min_support_tls_protocol = WS_TLS_1_3;
    OK(ws_server_start(server, &config, NULL, NULL));

    ws_connect_options options = t_trusting();
    ws_handle before = shows(server, options, "good", NULL);
    CHECK_TEXT(text(t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle, WS_TEXT_SERVER_NAME), "localhost");
    options.server_name = "elsewhere.example";
    CHECK_TEXT(text(shows(server, options, "wrong-name", NULL), WS_TEXT_SERVER_NAME), "elsewhere.example");
    CHECK_TEXT(text(t_wait_event(&log, WS_EVENT_CONNECT, 2)->handle, WS_TEXT_SERVER_NAME), "elsewhere.example");
    options.server_name = "unknown.example";
    shows(server, options, NULL, "for another name"); /* it gets the first one */
    options.server_name = NULL;
    options.max_support_tls_protocol = WS_TLS_1_2;
    shows(server, options, NULL, "version");
    options.max_support_tls_protocol = WS_TLS_DEFAULT;

    /* Bad ones change nothing. */
    ws_certificate next[] = {certificate("expired-cert", "expired-key"), certificate("good-cert", "missing")};
    CHECK_EQ(ws_server_set_certificates(server, next, 2), WS_ERR_CERT_FILE);
    CHECK_HAS(ws_last_error(), "certificates[1].key_path");
    next[1] = certificate("good-cert", "expired-key");
    CHECK_EQ(ws_server_set_certificates(server, next, 2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "certificates[1].cert_path, certificates[1].key_path");
    shows(server, options, "good", NULL);

    OK(ws_server_set_certificates(server, next, 1));
    shows(server, options, NULL, "has expired");
    next[0] = certificate("wrong-name-cert", "wrong-name-key");
    next[1] = certificate("good-cert", "good-key");
    OK(ws_server_set_certificates(server, next, 2));
    shows(server, options, "good", NULL);
    OK(ws_send(before, "still there", 11, WS_TEXT, NULL, NULL));
    t_wait_event(&log, WS_EVENT_MESSAGE_RECEIVE, 1);
}

static void of_clients(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server_create(NULL);
    t_listen_server(server, &log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    config.client_ca = content(t_cert("ca"), &config.client_ca_size);
    OK(ws_server_start(server, &config, NULL, NULL));
    ws_connect_options options = t_trusting();
    shows(server, options, NULL, "wants a certificate");
    options.client_cert_path = t_cert("unknown-client-cert");
    options.client_key_path = t_cert("unknown-client-key");
    shows(server, options, NULL, "does not know the issuer");
    options.client_cert_path = t_cert("client-cert");
    options.client_key_path = t_cert("client-key");
    shows(server, options, "good", NULL);
    CHECK_HAS(text(t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle, WS_TEXT_PEER_CERTIFICATE),
              "subject: CN=libws test client\n");

    t_log stopped = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &stopped));
    t_wait_event(&stopped, WS_EVENT_COMPLETION, 1);
    config.client_ca = NULL;
    config.client_ca_size = 0;
    config.client_ca_path = t_cert("ca");
    config.flags = WS_CLIENT_CERT_OPTIONAL;
    OK(ws_server_start(server, &config, NULL, NULL));
    options.client_cert_path = options.client_key_path = NULL;
    shows(server, options, "good", NULL);
    CHECK_TEXT(text(t_wait_event(&log, WS_EVENT_CONNECT, 2)->handle, WS_TEXT_PEER_CERTIFICATE), "");
}

int main(void)
{
    by_name();
    of_clients();
    return t_done();
}
