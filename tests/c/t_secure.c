/* SPDX-License-Identifier: Apache-2.0 */
/* t_secure.c - the same tests over TLS: raw peers by OpenSSL, ends of libws by their options. */
#define T_KIT
#include "t_tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <signal.h>

int t_tls(void)
{
    const char *on = getenv("WS_TEST_TLS");
    return on && *on == '1';
}

/* ---- ends made of libws ----------------------------------------------------------------- */

#include "t_secured.h"

/* ---- raw peers -------------------------------------------------------------------------- */

/* Contexts of the process: [0] of clients, which trust ca.pem; [1] of servers. */
static SSL_CTX *contexts[2];

static void prepare(void)
{
    /* OpenSSL writes by write(2); a peer that has gone must not end the program. */
    signal(SIGPIPE, SIG_IGN);
    contexts[0] = SSL_CTX_new(TLS_client_method());
    contexts[1] = SSL_CTX_new(TLS_server_method());
    CHECK(contexts[0] && contexts[1]);
    CHECK_EQ(SSL_CTX_load_verify_locations(contexts[0], t_cert("ca"), NULL), 1);
    SSL_CTX_set_verify(contexts[0], SSL_VERIFY_PEER, NULL);
    CHECK_EQ(SSL_CTX_use_certificate_chain_file(contexts[1], t_cert("good-cert")), 1);
    CHECK_EQ(SSL_CTX_use_PrivateKey_file(contexts[1], t_cert("good-key"), SSL_FILETYPE_PEM), 1);
    SSL_CTX_set_num_tickets(contexts[1], 0); /* unread, they would turn the peer's end into a reset */
    for (int i = 0; i < 2; i++) {
        SSL_CTX_set_options(contexts[i], SSL_OP_IGNORE_UNEXPECTED_EOF);
        SSL_CTX_set_mode(contexts[i], SSL_MODE_AUTO_RETRY);
    }
}

void t_secure(t_raw *raw, int accepts)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (!t_tls()) return;
    pthread_once(&once, prepare);
    raw->tls = SSL_new(contexts[accepts]);
    CHECK(raw->tls);
    CHECK_EQ(SSL_set_fd(raw->tls, raw->fd), 1);
    /* An interrupted call is none that failed, but OpenSSL does not go on by itself. */
    int done;
    do {
        ERR_clear_error();
        errno = 0;
    } while ((done = accepts ? SSL_accept(raw->tls) : SSL_connect(raw->tls)) != 1 && errno == EINTR);
    if (done == 1) return;
    /* Who has given up during the handshake is gone: as if nothing could be written to it. */
    SSL_free(raw->tls);
    raw->tls = NULL;
}

ssize_t t_recv(t_raw *raw, void *data, size_t size)
{
    if (!raw->tls) return recv(raw->fd, data, size, 0);
    size_t n;
    errno = 0;
    int done = SSL_read_ex(raw->tls, data, size, &n);
    if (done == 1) return (ssize_t)n;
    if (SSL_get_error(raw->tls, done) == SSL_ERROR_ZERO_RETURN) return 0;
    ERR_clear_error();
    if (!errno) errno = EPROTO;
    return -1;
}

ssize_t t_send(t_raw *raw, const void *data, size_t size)
{
    if (!raw->tls) return send(raw->fd, data, size, MSG_NOSIGNAL);
    size_t n;
    errno = 0;
    int done = SSL_write_ex(raw->tls, data, size, &n);
    if (done == 1) return (ssize_t)n;
    ERR_clear_error();
    if (!errno) errno = EPROTO;
    return -1;
}

void t_secure_end(t_raw *raw, int polite)
{
    if (!raw->tls) return;
    if (polite) SSL_shutdown(raw->tls); /* close_notify, as a FIN says it on a plain connection */
    ERR_clear_error();
    SSL_free(raw->tls);
    raw->tls = NULL;
}

/* ---- signatures -------------------------------------------------------------------------- */

size_t t_sign(const char *key, int scheme, const void *digest, size_t size, unsigned char *signature)
{
    CHECK_EQ(scheme, 0x0403); /* ecdsa_secp256r1_sha256: the tests' keys are for that */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL); /* the exit does not wait for the threads that sign */
    FILE *f = fopen(t_cert(key), "r");
    CHECK(f);
    EVP_PKEY *private = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    fclose(f);
    EVP_PKEY_CTX *context = private ? EVP_PKEY_CTX_new(private, NULL) : NULL;
    size_t written = T_SIGNATURE_MOST;
    CHECK(context && EVP_PKEY_sign_init(context) == 1);
    CHECK_EQ(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()), 1);
    CHECK_EQ(EVP_PKEY_sign(context, signature, &written, digest, size), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(private);
    OPENSSL_thread_stop(); /* a thread of the library may outlive OpenSSL's cleanup, which then leaks what is the thread's */
    return written;
}
