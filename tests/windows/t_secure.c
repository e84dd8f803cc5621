/* SPDX-License-Identifier: Apache-2.0 */
/*
 * t_secure.c - TLS for the tests under Windows: ends of libws by their options, as in c/t_secure.c. Raw peers have none, as
 * there is no OpenSSL for mingw to install: CMakeLists.txt runs the tests with raw peers without TLS.
 */
#define T_KIT
#include "t_tls.h"

int t_tls(void)
{
    const char *on = getenv("WS_TEST_TLS");
    return on && *on == '1';
}

#include "t_secured.h"

void t_secure(t_raw *raw, int accepts)
{
    (void)raw, (void)accepts;
    if (t_tls()) FAIL("raw peers have no TLS here");
}

ssize_t t_recv(t_raw *raw, void *data, size_t size) { return recv(raw->fd, data, size, 0); }
ssize_t t_send(t_raw *raw, const void *data, size_t size) { return send(raw->fd, data, size, 0); }
void t_secure_end(t_raw *raw, int polite) { (void)raw, (void)polite; }
