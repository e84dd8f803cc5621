/* SPDX-License-Identifier: Apache-2.0 */
/* A code that may not be sent, or a reason that is too long or no UTF-8, is refused, and nothing is sent. */
#include "t.h"

int main(void)
{
    static t_log log = T_LOG;
    int port, listener = t_raw_listen(&port);
    ws_handle client = t_client(&log);
    OK(ws_connect(client, t_url_of_port(port), NULL, NULL, NULL));
    t_raw peer;
    t_raw_server(&peer, listener);
    close(listener);
    t_wait_event(&log, WS_EVENT_OPEN, 1);

    static const int codes[] = {-1, 1, 999, 1004, 1005, 1006, 1015, 2000, 5000, 70000};
    ws_close_options options;
    WS_INIT_STRUCT(&options);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        options.code = codes[i];
        CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "code");
    }
    options.code = 1000;
    char *longer = t_bytes(100000, 1, 1);
    static const size_t lengths[] = {100000, 1000, 125, 124};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        longer[lengths[i]] = 0;
        options.reason = longer;
        CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "reason");
    }
    free(longer);
    static const char *const wrong[] = {"\xff", "half a character \xc3", "\xed\xa0\x80", "\xc0\x80"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        options.reason = wrong[i];
        CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "reason");
    }

    options.reason = "";
    static const int times[] = {-1, -2, 3600001};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        options.timeout_ms = times[i];
        CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
        CHECK_HAS(ws_last_error(), "timeout_ms");
    }
    options.timeout_ms = 0;
    options.flags = 0x80;
    CHECK_EQ(ws_close(client, &options, t_record, &log), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "flags");

    /* Still open, and the first thing the peer reads is this. */
    CHECK_EQ(t_state(client), WS_STATE_OPEN);
    OK(ws_send(client, "first", 5, WS_TEXT, NULL, NULL));
    t_raw_expect(&peer, T_TEXT, "first", 5);

    /* Cut when that is wanted, at the end of a character: 122 bytes and half of the next one. */
    char cut[200];
    memset(cut, 'r', 122);
    strcpy(cut + 122, "\xc3\xbc and more");
    options.flags = WS_CUT_REASON;
    options.reason = cut;
    OK(ws_close(client, &options, NULL, NULL));
    cut[122] = 0;
    CHECK_TEXT(t_raw_expect_close(&peer, 1000), cut);
    t_raw_send_close(&peer, 1000, "");
    t_raw_close(&peer);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
    CHECK_TEXT(t_story(&log), "open close");
    return t_done();
}
