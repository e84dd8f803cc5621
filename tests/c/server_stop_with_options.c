/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ws_server_stop tells clients the host's code and reason, cuts those that do not answer
 * when timeout_ms is over, and refuses what ws_close refuses. A refused stop stops nothing.
 */
#include "t.h"

#include <limits.h>

static ws_close_options options(int32_t code, const char *reason, int32_t timeout_ms)
{
    ws_close_options o;
    WS_INIT_STRUCT(&o);
    o.code = code;
    o.reason = reason;
    o.timeout_ms = timeout_ms;
    return o;
}

static void refused(ws_handle server, ws_close_options o, const char *argument)
{
    static t_log never = T_LOG;
    CHECK_EQ(ws_server_stop(server, &o, t_record, &never), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), argument);
    CHECK_EQ(t_seen(&never, 0), 0);
}

static void what_is_refused(ws_handle server)
{
    char longer[125];
    memset(longer, 'x', sizeof longer - 1);
    longer[124] = 0;
    static const int32_t codes[] = {-1, 1, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65536 + 1001, INT_MIN};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        refused(server, options(codes[i], NULL, 0), "options.code");
    refused(server, options(0, longer, 0), "options.reason");
    refused(server, options(0, "\xff", 0), "options.reason");
    refused(server, options(0, NULL, -1), "options.timeout_ms");
    refused(server, options(0, NULL, 3600001), "options.timeout_ms");
    ws_close_options o = options(0, NULL, 0);
    o.flags = 0x80;
    refused(server, o, "flags");
    o.struct_size = 5;
    refused(server, o, "struct_size");
}

/* What a client is told by a stop with these options. */
static void told(ws_handle server, const ws_close_options *o, int code, const char *reason)
{
    static t_log done = T_LOG;
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    OK(ws_server_start(server, &config, NULL, NULL));
    t_raw peer;
    t_raw_client(&peer, t_port(server));
    OK(ws_server_stop(server, o, t_record, &done));
    CHECK_TEXT(t_raw_expect_close(&peer, code), reason);
    t_raw_send_close(&peer, code, "");
    t_raw_expect_end(&peer);
    t_raw_close(&peer);
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&done);
}

static void what_is_told(void)
{
    ws_handle server = ws_server_create(NULL);
    char longer[130];
    memset(longer, 'y', sizeof longer - 1);
    longer[129] = 0;
    ws_close_options o = options(0, NULL, 0);
    told(server, NULL, 1001, "server is going away");
    told(server, &o, 1001, "server is going away");
    o = options(1012, "back in a minute", 60000);
    told(server, &o, 1012, "back in a minute");
    o = options(4999, "", 0);
    told(server, &o, 4999, "");
    o = options(0, longer, 0);
    o.flags = WS_CUT_REASON;
    told(server, &o, 1001, longer + 6); /* 123 bytes */
    OK(ws_server_destroy(server));
}

/* The one that has little time is cut before the one that has the default, which is stopped first. */
static void who_does_not_answer(ws_handle patient)
{
    static t_log done = T_LOG, at_hasty = T_LOG;
    ws_handle hasty = t_server(NULL, &at_hasty);
    t_raw silent[2];
    t_raw_client(&silent[0], t_port(patient));
    t_raw_client(&silent[1], t_port(hasty));
    t_wait_event(&at_hasty, WS_EVENT_CONNECT, 1);
    ws_close_options o = options(0, NULL, 1);
    OK(ws_server_stop(patient, NULL, t_record, &done));
    OK(ws_server_stop(hasty, &o, t_record, &done));
    const t_event *first = t_wait_event(&done, WS_EVENT_COMPLETION, 1);
    CHECK_EQ(first->handle, hasty);
    CHECK_EQ(first->error, WS_OK);
    CHECK_EQ(t_wait_event(&at_hasty, WS_EVENT_CLOSE, 1)->code, 1006);
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 2)->handle, patient);
    for (int i = 0; i < 2; i++) {
        t_raw_expect_close(&silent[i], 1001);
        t_raw_close(&silent[i]);
    }
}

int main(void)
{
    ws_handle server = t_server(NULL, NULL);
    what_is_refused(server);
    what_is_told();
    who_does_not_answer(server); /* which the refused stops have left as it was */
    return t_done();
}
