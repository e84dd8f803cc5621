/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key_exchange_groups and alpn shape the first flight of TLS: without a hybrid group it fits
 * into one segment. Names that nobody knows are refused by the member.
 */
#include "t_client.h"
#include "t_tls.h"

static t_log log_ = T_LOG;

/* The first flight: a record of TLS, of which the first five bytes tell the size (RFC 8446 5.1). */
static size_t flight(int listener, const char *url, const ws_connect_options *o, unsigned char *bytes, size_t room)
{
    ws_handle client = t_client(&log_);
    OK(ws_connect(client, url, o, NULL, NULL));
    int fd = accept(listener, NULL, NULL);
    CHECK(fd >= 0);
    CHECK_EQ(recv(fd, bytes, 5, MSG_WAITALL), 5);
    size_t size = (size_t)(bytes[3] << 8 | bytes[4]);
    CHECK(size <= room);
    CHECK_EQ(recv(fd, bytes, size, MSG_WAITALL), size);
    close(fd);
    t_wait_event(&log_, WS_EVENT_ERROR, 1);
    t_destroy(client, &log_);
    t_forget(&log_);
    return size + 5;
}

static bool has(const unsigned char *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

int main(void)
{
    int port, listener = t_raw_listen(&port);
    unsigned char bytes[16384];
    char url[60];
    snprintf(url, sizeof url, "wss://localhost:%d/", port);
    ws_connect_options o = t_options();
    size_t size = flight(listener, url, &o, bytes, sizeof bytes);
    CHECK(size > 1200);
    CHECK(has(bytes, size, "http/1.1"));
    o.key_exchange_groups = "x25519, secp256r1";
    o.alpn = "x-own,http/1.1";
    size = flight(listener, url, &o, bytes, sizeof bytes);
    CHECK(size < 1200);
    CHECK(has(bytes, size, "\x05x-own\x08http/1.1"));
    o.alpn = "";
    size = flight(listener, url, &o, bytes, sizeof bytes);
    CHECK(!has(bytes, size, "http/1.1"));

    ws_handle client = t_client(&log_);
    o.key_exchange_groups = "X448";
    CHECK_EQ(ws_connect(client, url, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.key_exchange_groups");
    o.key_exchange_groups = NULL;
    o.alpn = "a,,b";
    CHECK_EQ(ws_connect(client, url, &o, NULL, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.alpn");

    ws_handle server = t_secure_server("good", NULL); /* and a whole connection */
    o = t_trusting();
    o.key_exchange_groups = "P-256";
    OK(ws_connect(client, t_secure_url(server), &o, NULL, NULL));
    t_wait_event(&log_, WS_EVENT_OPEN, 1);
    close(listener);
    return t_done();
}
