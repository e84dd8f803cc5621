/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client refuses a certificate that proves nothing, and a server that does not
 * speak TLS, with the stage and the reason. Verification can be skipped, and is
 * not by default.
 */
#include "t_tls.h"

static t_log events = T_LOG;
static ws_handle client;

static void refuses(const char *url, const char *ca, const char *says)
{
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    if (ca) options.ca_path = t_cert(ca);
    OK(ws_connect(client, url, &options, t_record, &events));
    t_wait_event(&events, WS_EVENT_ERROR, 1);
    CHECK_TEXT(t_story(&events), "connect-done error");
    for (int i = 0; i < 2; i++) {
        const t_event *e = events.events[i];
        CHECK_EQ(e->error, WS_ERR_CONNECT_FAILED);
        CHECK_EQ(e->stage, WS_STAGE_TLS);
        CHECK_HAS(e->text, says);
        CHECK_HAS(e->text, "localhost:");
    }
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);
    t_forget(&events);
}

static void takes(const char *url, const char *ca, int skip)
{
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    if (ca) options.ca_path = t_cert(ca);
    options.skip_server_cert_verification = skip;
    OK(ws_connect(client, url, &options, t_record, &events));
    t_wait_event(&events, WS_EVENT_OPEN, 1);
    OK(ws_close(client, NULL, NULL, NULL));
    CHECK_EQ(t_wait_event(&events, WS_EVENT_CLOSE, 1)->clean, 1);
    t_forget(&events);
}

int main(void)
{
    client = t_client(&events);
    ws_handle good = t_secure_server("good", NULL), wrong = t_secure_server("wrong-name", NULL);
    ws_handle expired = t_secure_server("expired", NULL), unknown = t_secure_server("unknown", NULL);
    refuses(t_secure_url(wrong), "ca", "for another name");
    refuses(t_secure_url(expired), "ca", "expired");
    refuses(t_secure_url(unknown), "ca", "unknown authority");
    refuses(t_secure_url(good), "other-ca", "unknown authority");
    refuses(t_secure_url(good), NULL, "unknown authority"); /* the system's do not know it */

    ws_handle plain = t_server(NULL, NULL); /* answers the handshake with HTTP 400 */
    refuses(t_secure_url(plain), "ca", "does not speak TLS");

    takes(t_secure_url(good), "ca", 0);
    takes(t_secure_url(unknown), "other-ca", 0);
    takes(t_secure_url(wrong), NULL, 1);
    takes(t_secure_url(expired), NULL, 1);
    takes(t_secure_url(unknown), NULL, 1);

    /* A plain client of a wss server. */
    OK(ws_connect(client, t_url(good), NULL, t_record, &events));
    CHECK_EQ(t_wait_event(&events, WS_EVENT_ERROR, 1)->stage, WS_STAGE_UPGRADE);
    return t_done();
}
