/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WS_RENEGOTIATE_ONCE: an old server may renegotiate between the request and its answer, to ask for the client's
 * certificate, with a key here or one that the host signs by. Without the flag, and once the connection is open, it
 * may not.
 */
#include "t_tls.h"

#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>

static int port, listener;

/* What one connection of the server does. */
typedef struct visit {
    SSL_CTX *context;
    int late;        /* it renegotiates once more when the connection is open */
    int renegotiated; /* it has seen the certificate */
    int ended;       /* the client has ended the open connection for that */
} visit;

static void answer_upgrade(SSL *tls, const char *head)
{
    char accept[29], answer[300];
    const char *key = strstr(head, "Sec-WebSocket-Key: ");
    CHECK(key);
    key += 19;
    t_accept_key(key, strcspn(key, "\r"), accept);
    int n = snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
    CHECK_EQ(SSL_write(tls, answer, n), n);
}

static int renegotiate(SSL *tls)
{
    if (SSL_renegotiate(tls) != 1 || SSL_do_handshake(tls) != 1) return 0; /* the request for it is sent */
    char none;
    SSL_clear_mode(tls, SSL_MODE_AUTO_RETRY); /* a read comes back when the handshake is over */
    do {
        int n = SSL_peek(tls, &none, 1);
        if (n > 0 || SSL_get_error(tls, n) != SSL_ERROR_WANT_READ) return 0;
    } while (SSL_renegotiate_pending(tls) || !SSL_is_init_finished(tls));
    return 1;
}

static void *serve(void *argument)
{
    visit *v = argument;
    char head[4000];
    size_t size = 0;
    int fd = accept(listener, NULL, NULL);
    CHECK(fd >= 0);
    struct timeval limit = {.tv_sec = T_DEADLINE_MS / 1000};
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    SSL *tls = SSL_new(v->context);
    CHECK(tls && SSL_set_fd(tls, fd) == 1);
    CHECK_EQ(SSL_accept(tls), 1);
    do {
        int n = SSL_read(tls, head + size, (int)(sizeof head - 1 - size));
        CHECK(n > 0);
        head[size += (size_t)n] = 0;
    } while (!strstr(head, "\r\n\r\n"));
    SSL_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    if (renegotiate(tls)) {
        X509 *shown = SSL_get1_peer_certificate(tls);
        v->renegotiated = shown != NULL;
        X509_free(shown);
        answer_upgrade(tls, head);
        if (v->late) {
            v->ended = !renegotiate(tls);
        }
    }
    SSL_free(tls);
    close(fd);
    return NULL;
}

static SSL_CTX *context(void)
{
    SSL_CTX *c = SSL_CTX_new(TLS_server_method());
    CHECK(c);
    CHECK_EQ(SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION), 1);
    CHECK_EQ(SSL_CTX_use_certificate_chain_file(c, t_cert("good-cert")), 1);
    CHECK_EQ(SSL_CTX_use_PrivateKey_file(c, t_cert("good-key"), SSL_FILETYPE_PEM), 1);
    CHECK_EQ(SSL_CTX_load_verify_locations(c, t_cert("ca"), NULL), 1);
    CHECK_EQ(SSL_CTX_set_session_id_context(c, (const unsigned char *)"libws", 5), 1);
    return c;
}

static void WS_CALL on_sign(const ws_event *e, void *unused)
{
    (void)unused;
    unsigned char signature[T_SIGNATURE_MOST];
    size_t n = t_sign("client-key", e->scheme, e->data, e->size, signature);
    OK(ws_sign_answer(e->handle, e->token, signature, n));
}

/* Connects once; returns the error of the completion. */
static int32_t meet(visit *v, uint32_t flags, t_log *log)
{
    pthread_t thread;
    t_thread(&thread, serve, v);
    ws_handle client = t_client(log);
    ws_connect_options o = t_trusting();
    char url[64];
    o.flags = flags;
    o.client_cert_path = t_cert("client-cert");
    if (flags & WS_SIGN_EVENTS) OK(ws_on(client, WS_EVENT_SIGN, on_sign, NULL));
    else o.client_key_path = t_cert("client-key");
    snprintf(url, sizeof url, "wss://localhost:%d/", port);
    OK(ws_connect(client, url, &o, t_record, log));
    int32_t error = t_wait_event(log, WS_EVENT_COMPLETION, 1)->error;
    if (!error && v->late) t_wait_event(log, WS_EVENT_CLOSE, 1);
    t_destroy(client, log);
    t_join(thread);
    return error;
}

int main(void)
{
    static t_log log = T_LOG;
    signal(SIGPIPE, SIG_IGN); /* OpenSSL writes by write(2) */
    CHECK_EQ(ws_has_feature("renegotiate"), 1);
    listener = t_raw_listen(&port);
    visit v = {.context = context()};
    CHECK_EQ(meet(&v, WS_RENEGOTIATE_ONCE | WS_NO_RESUMPTION, &log), WS_OK);
    CHECK_EQ(v.renegotiated, 1);
    t_forget(&log);
    v.renegotiated = 0;
    CHECK_EQ(meet(&v, WS_RENEGOTIATE_ONCE | WS_NO_RESUMPTION | WS_SIGN_EVENTS, &log), WS_OK);
    CHECK_EQ(v.renegotiated, 1);
    t_forget(&log);
    v.renegotiated = 0;
    CHECK_EQ(meet(&v, WS_NO_RESUMPTION, &log), WS_ERR_CONNECT_FAILED);
    CHECK_EQ(v.renegotiated, 0);
    t_forget(&log);
    v.late = 1;
    CHECK_EQ(meet(&v, WS_RENEGOTIATE_ONCE | WS_NO_RESUMPTION, &log), WS_OK);
    CHECK_EQ(v.renegotiated, 1);
    CHECK_EQ(v.ended, 1);
    CHECK_EQ(t_wait_event(&log, WS_EVENT_CLOSE, 1)->code, 1006);
    SSL_CTX_free(v.context);
    close(listener);
    return t_done();
}
