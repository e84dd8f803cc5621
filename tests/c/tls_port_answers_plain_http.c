/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain HTTP on a port of TLS is answered in text that says so, and the connection ends; the host hears
 * nothing of it. What is neither gets no text.
 */
#include "t_tls.h"

static void asks(int port, const char *first, const char *request, const char *wanted)
{
    t_raw peer;
    t_raw_dial_cut(&peer, port, 1, first, strlen(first));
    t_raw_text(&peer, request);
    const char *answer = t_raw_rest(&peer);
    if (strncmp(answer, wanted, strlen(wanted)) || !*wanted != !*answer)
        FAIL("\"%s\" is answered by \"%s\"", request, answer);
    if (*wanted) CHECK_HAS(answer, "\r\n\r\nthis port speaks TLS");
    if (*wanted) CHECK_HAS(answer, "\r\nConnection: close\r\n");
    close(peer.fd);
    free(peer.head);
    free(peer.in);
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_secure_server("good", &log);
    int port = t_port(server);
    asks(port, "", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400 ");
    asks(port, "", T_REQUEST, "HTTP/1.1 400 ");
    asks(port, "", "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 400 ");
    asks(port, "GE", "T / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 400 ");
    asks(port, "", "SSH-2.0-nobody\r\n", "");

    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    config.trusted_proxies = "127.0.0.1";
    config.client_address = WS_ADDRESS_PROXY_PROTOCOL;
    ws_handle proxied = ws_server_create(NULL);
    OK(ws_server_start(proxied, &config, NULL, NULL));
    asks(t_port(proxied), "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
         "HTTP/1.1 400 ");

    ws_handle client = t_open_secure_client(server, NULL); /* others are as welcome as ever */
    t_wait_event(&log, WS_EVENT_CONNECT, 1);
    CHECK_TEXT(t_story(&log), "connect");
    OK(ws_destroy(client));
    return t_done();
}
