/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request that is no good is answered with the HTTP status that says why, and
 * the connection ends; the host hears nothing of it, and the server goes on.
 */
#include "t.h"

#define LINE "GET / HTTP/1.1\r\n"
#define HOST "Host: 127.0.0.1\r\n"
#define UPGRADE "Upgrade: websocket\r\n"
#define CONNECTION "Connection: Upgrade\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"

static const struct {
    const char *request, *status, *field; /* field: must be in the answer */
} bad[] = {
    {LINE UPGRADE CONNECTION KEY VERSION "\r\n", "400", ""},
    {LINE HOST HOST UPGRADE CONNECTION KEY VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE KEY VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION KEY KEY VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION "Sec-WebSocket-Key: short\r\n" VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION "Sec-WebSocket-Key: ######################==\r\n" VERSION "\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION KEY VERSION "Content-Length: 5\r\n\r\nhello", "400", ""},
    {LINE HOST UPGRADE CONNECTION KEY VERSION "Name : value\r\n\r\n", "400", ""},
    {LINE HOST UPGRADE CONNECTION KEY VERSION "no colon\r\n\r\n", "400", ""},
    {"GET /\r\n\r\n", "400", ""},
    {"nonsense\r\n\r\n", "400", ""},
    {"\x16\x03\x01\x02\x01\r\n\r\n", "400", ""}, /* somebody speaks TLS */
    {"POST / HTTP/1.1\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", "405", "Allow: GET\r\n"},
    {LINE HOST "\r\n", "426", "Upgrade: websocket\r\n"}, /* a browser looks in */
    {LINE HOST UPGRADE CONNECTION KEY "Sec-WebSocket-Version: 8\r\n\r\n", "426", "Sec-WebSocket-Version: 13\r\n"},
    {LINE HOST UPGRADE CONNECTION KEY "\r\n", "426", "Sec-WebSocket-Version: 13\r\n"},
    {"GET / HTTP/1.0\r\n" HOST UPGRADE CONNECTION KEY VERSION "\r\n", "505", ""},
};

static void is_refused(int port, const char *request, const char *status, const char *field)
{
    t_raw peer;
    char wanted[64];
    t_raw_dial(&peer, port);
    t_raw_text(&peer, request);
    const char *answer = t_raw_rest(&peer);
    snprintf(wanted, sizeof wanted, "HTTP/1.1 %s ", status);
    if (strncmp(answer, wanted, strlen(wanted)) || !strstr(answer, field))
        FAIL("the request \"%.300s\" is answered \"%s\", not %s %s", request, answer, status, field);
    CHECK_HAS(answer, "Connection: close");
    t_raw_close(&peer);
}

int main(void)
{
    static t_log log = T_LOG;
    ws_handle server = t_server(NULL, &log);
    int port = t_port(server);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) is_refused(port, bad[i].request, bad[i].status, bad[i].field);

    char *large = malloc(40000); /* 16 KiB are the limit of a head */
    size_t used = (size_t)sprintf(large, "%s", LINE HOST UPGRADE CONNECTION KEY VERSION "Cookie: ");
    memset(large + used, 'x', 17000);
    strcpy(large + used + 17000, "\r\n\r\n");
    is_refused(port, large, "431", "");
    free(large);

    /* One that leaves in the middle, and one that is good. */
    t_raw peer;
    t_raw_dial(&peer, port);
    t_raw_text(&peer, LINE HOST);
    t_raw_close(&peer);
    t_raw_dial(&peer, port);
    t_raw_text(&peer, LINE);
    t_raw_reset(&peer);
    t_raw_client(&peer, port);
    t_wait_event(&log, WS_EVENT_CONNECT, 1);
    CHECK_TEXT(t_story(&log), "connect");
    t_raw_close(&peer);
    return t_done();
}
