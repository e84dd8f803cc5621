/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that blocks more threads of the library than there are in reserve, while the system
 * gives no other one: calls fail with WS_ERR_MEMORY, and the library stands. It goes on, and
 * says so in the log, as soon as the system gives threads again.
 */
#include "t_refusals.h"

enum { CLIENTS = 40 };

static t_latch open_gate = T_LATCH, told = T_LATCH;

/* Of redirects only: on threads of the library, one for each client. */
static int32_t WS_CALL filter(const char *url, void *unused)
{
    (void)unused;
    if (!strstr(url, "/blocked")) return 1;
    t_wait(&open_gate, 1);
    return 0;
}

static void WS_CALL logged(int32_t level, const char *line, void *unused)
{
    (void)unused;
    if (level == WS_LOG_ERROR && strstr(line, "refused threads")) t_add(&told, 1);
}

int main(void)
{
    static t_log logs[CLIENTS], log = T_LOG;
    static t_raw peers[CLIENTS];
    static const char answer[] = "HTTP/1.1 302 Found\r\nLocation: /blocked\r\nContent-Length: 0\r\n\r\n";
    int port, listener = t_raw_listen(&port);
    ws_init_options options;
    ws_connect_options once;
    WS_INIT_STRUCT(&options);
    WS_INIT_STRUCT(&once);
    options.log = logged;
    once.max_redirects = 1;
    once.skip_server_cert_verification = 1;
    OK(ws_init(&options));
    OK(ws_set_url_filter(filter, NULL));
    ws_handle server = t_echo_server();
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        OK(ws_connect(t_client(&logs[i]), t_url_of_port(port), &once, NULL, NULL));
        t_raw_take(&peers[i], listener);
        t_raw_head(&peers[i]);
    }
    t_threads_left = 0;
    for (int i = 0; i < CLIENTS; i++) t_raw_text(&peers[i], answer);
    T_UNTIL_SO(ws_abort(7) == WS_ERR_MEMORY); /* one that would not enter the runtime with this handle */
    CHECK_HAS(ws_last_error(), "refuses a thread");
    CHECK_EQ((ws_create)(NULL), 0);
    CHECK_HAS(ws_last_error(), "refuses a thread");

    t_threads_left = 1 << 30;
    T_UNTIL_SO(ws_abort(7) == WS_ERR_HANDLE);
    t_add(&open_gate, 1);
    for (int i = 0; i < CLIENTS; i++) {
        CHECK_EQ(t_wait_event(&logs[i], WS_EVENT_ERROR, 1)->error, WS_ERR_DOMAIN);
        t_raw_close(&peers[i]);
    }
    t_echo_round(t_open_client(server, &log), &log, "hello", 5, WS_TEXT, 1);
    t_wait(&told, 1);
    return t_done();
}
