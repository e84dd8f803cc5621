/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server takes a certificate that clients will refuse, because they may not look, and warns in
 * the log; a handshake that fails is a line of the log at once.
 */
#include "t_tls.h"
#include "t_lines.h"

static ws_handle start(const char *name)
{
    ws_handle server = t_secure_server(name, NULL);
    ws_server_stats s;
    WS_INIT_STRUCT(&s);
    OK(ws_server_stats_get(server, &s));
    return server;
}

int main(void)
{
    static const struct {
        const char *name, *warns;
    } cases[] = {
        {"expired", "has expired, at 20"},
        {"early", "is not valid before 20"},
        {"nameless", "has no names of hosts"},
        {"good", NULL},
        {"wrong-name", NULL}, /* it may be the right one elsewhere */
    };
    t_log_lines(WS_LOG_INFO);
    for (int i = 0; i < 5; i++) {
        char subject[100];
        snprintf(subject, sizeof subject, "libws test %s", cases[i].name);
        ws_handle server = start(cases[i].name);
        CHECK_EQ(t_logged(WS_LOG_WARN, "certificate"), cases[i].warns != NULL); /* before the call returns */
        if (cases[i].warns) CHECK(t_logged(WS_LOG_WARN, cases[i].warns) && t_logged(WS_LOG_WARN, subject));
        OK(ws_server_destroy(server));
        t_forget_lines();
    }

    ws_handle server = start("good");
    ws_certificate all[2];
    for (int i = 0; i < 2; i++) {
        WS_INIT_STRUCT(&all[i]);
        all[i].cert_path = t_cert(i ? "expired-cert" : "good-cert");
        all[i].key_path = t_cert(i ? "expired-key" : "good-key");
    }
    OK(ws_server_set_certificates(server, all, 2));
    CHECK(t_logged(WS_LOG_WARN, "certificate 2 of 2"));
    CHECK(!t_logged(WS_LOG_WARN, "certificate 1 of 2"));

    t_forget_lines();
    t_raw peer;
    t_raw_dial_cut(&peer, t_port(server), 1, "nonsense", 8);
    T_UNTIL_SO(t_logged(WS_LOG_INFO, "TLS handshake: "));
    t_raw_close(&peer);
    OK(ws_server_destroy(server));
    return t_done();
}
