/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_metrics tells how large its text is, writes all of it or nothing, and with a server
 * also the figures of that one. tests/interop/metrics.py reads the format itself.
 */
#include "t.h"

int main(void)
{
    size_t size = 77, before;
    OK(ws_metrics(0, NULL, 0, &before)); /* before the library has started: all is 0 */
    CHECK(before > 0);
    ws_handle server = t_server(NULL, NULL);
    ws_handle client = t_open_client(server, NULL);
    static char text[20000], want[100];
    memset(text, 'x', sizeof text);
    OK(ws_metrics(server, NULL, 0, NULL));
    CHECK_EQ(ws_metrics(server, text, 10, &size), WS_ERR_BUFFER);
    CHECK_EQ(text[0], 'x');
    CHECK(size > 10 && size < sizeof text);
    OK(ws_metrics(server, text, sizeof text, &size));
    CHECK_EQ(size, strlen(text));
    CHECK_EQ(text[size + 1], 'x');
    CHECK_HAS(text, "\nlibws_connections 2\n");
    snprintf(want, sizeof want, "\nlibws_server_connections{server=\"127.0.0.1:%d\"} 1\n", t_port(server));
    CHECK_HAS(text, want);
    CHECK_HAS(text, ",reason=\"per_client\"} 0\n");
    OK(ws_metrics(0, text, sizeof text, &size));
    CHECK(!strstr(text, "libws_server_"));
    CHECK_EQ(ws_metrics(0, NULL, 5, NULL), WS_ERR_PARAMETER);
    CHECK_EQ(ws_metrics(client, text, sizeof text, &size), WS_ERR_HANDLE);
    CHECK_EQ(ws_metrics(server + 1, text, sizeof text, &size), WS_ERR_HANDLE);
    return t_done();
}
