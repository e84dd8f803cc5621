/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_tls.h - wss servers and clients. The certificates lie in the directory that
 * the environment variable WS_TEST_CERTS names (tests/certs): ca.pem, other-ca.pem,
 * and NAME-cert.pem with NAME-key.pem for good, wrong-name, expired, unknown.
 */
#ifndef T_TLS_H
#define T_TLS_H

#include "t.h"

/* The path of a file there. Static text of the thread; 32 calls later it is another. */
static inline const char *t_cert(const char *name)
{
    static _Thread_local char paths[32][1000];
    static _Thread_local int next;
    const char *directory = getenv("WS_TEST_CERTS");
    if (!directory) FAIL("WS_TEST_CERTS is not set");
    char *path = paths[next++ % 32];
    snprintf(path, 1000, "%s/%s.pem", directory, name);
    return path;
}

/* Signs by a key there, "good-key", as WS_EVENT_SIGN wants it. Returns the size of the signature. */
enum { T_SIGNATURE_MOST = 512 };
size_t t_sign(const char *key, int scheme, const void *digest, size_t size, unsigned char *signature);

/* A wss server on 127.0.0.1 with one of the certificates. log may be NULL. */
static inline ws_handle t_secure_server(const char *name, t_log *log)
{
    char cert[100], key[100];
    snprintf(cert, sizeof cert, "%s-cert", name);
    snprintf(key, sizeof key, "%s-key", name);
    ws_handle server = ws_server_create(NULL);
    CHECK(server);
    if (log) t_listen_server(server, log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert(cert);
    config.key_path = t_cert(key);
    OK(ws_server_start(server, &config, NULL, NULL));
    return server;
}

/* "wss://localhost:PORT/". Static text of the thread. */
static inline const char *t_secure_url(ws_handle server)
{
    static _Thread_local char url[64];
    snprintf(url, sizeof url, "wss://localhost:%d/", t_port(server));
    return url;
}

/* Options that trust ca.pem. */
static inline ws_connect_options t_trusting(void)
{
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.ca_path = t_cert("ca");
    return options;
}

/* A client that is open. log may be NULL. */
static inline ws_handle t_open_secure_client(ws_handle server, t_log *log)
{
    t_log opened = T_LOG;
    ws_handle client = t_client(log);
    ws_connect_options options = t_trusting();
    OK(ws_connect(client, t_secure_url(server), &options, t_record, &opened));
    const t_event *e = t_wait_event(&opened, WS_EVENT_COMPLETION, 1);
    if (e->error != WS_OK) FAIL("connecting: %s", e->text);
    t_forget(&opened);
    if (log) t_wait_event(log, WS_EVENT_OPEN, 1);
    return client;
}

#endif
