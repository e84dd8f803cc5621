/* SPDX-License-Identifier: Apache-2.0 */
/* What a server cannot use of its TLS options is refused at once, by the name of the argument. */
#include "t_tls.h"

#define REFUSED(status, argument) (CHECK_EQ(call(server, &config), status), CHECK_HAS(ws_last_error(), argument))

static void WS_CALL never(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("a call that failed has caused an event of type %d", e->type);
}

static int32_t call(ws_handle server, ws_server_config *config) { return ws_server_start(server, config, never, NULL); }

static ws_server_config good(void)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    return config;
}

/* An element as a later version would have it. */
typedef struct {
    ws_certificate now;
    int64_t later;
} larger;

int main(void)
{
    ws_handle server = ws_server_create(NULL);
    CHECK(server);
    ws_server_config config = good();
    config.cert = "x";
    config.cert_size = 1;
    REFUSED(WS_ERR_PARAMETER, "config.cert: is given, and config.cert_path as well");
    config.cert_path = NULL;
    REFUSED(WS_ERR_PARAMETER, "config.cert: ");
    config.cert = NULL;
    REFUSED(WS_ERR_PARAMETER, "config.cert: is NULL");
    config.cert = "x";
    config.cert_size = SIZE_MAX;
    REFUSED(WS_ERR_PARAMETER, "config.cert_size");
    config.cert_size = 0; /* not a server without TLS */
    REFUSED(WS_ERR_PARAMETER, "config.cert_size");
    config = good();
    config.client_ca = "";
    REFUSED(WS_ERR_PARAMETER, "config.client_ca_size");
    config = good();
    config.key_path = "";
    REFUSED(WS_ERR_PARAMETER, "config.key_path");
    config = good();
    config.flags = ~(uint32_t)WS_CLIENT_CERT_OPTIONAL;
    REFUSED(WS_ERR_PARAMETER, "config.flags");
    config.flags = WS_CLIENT_CERT_OPTIONAL; /* without client_ca */
    REFUSED(WS_ERR_PARAMETER, "config.flags");
    config.client_ca_path = t_cert("missing");
    REFUSED(WS_ERR_CERT_FILE, "config.client_ca_path");
    config = good();
    config.min_support_tls_protocol = WS_TLS_1_3 + 1;
    REFUSED(WS_ERR_PARAMETER, "config.min_support_tls_protocol");
    config.min_support_tls_protocol = WS_TLS_1_3;
    config.max_support_tls_protocol = -1;
    REFUSED(WS_ERR_PARAMETER, "config.max_support_tls_protocol");
    config.max_support_tls_protocol = WS_TLS_1_2;
    REFUSED(WS_ERR_PARAMETER, "config.min_support_tls_protocol");
    config = good();
    config.cipher_suites = "TLS_AES_128_GCM_SHA256"; /* one of TLS 1.3, which cannot be chosen */
    REFUSED(WS_ERR_PARAMETER, "config.cipher_suites");

    config = good();
    config.certificate_count = 1;
    REFUSED(WS_ERR_PARAMETER, "config.certificates: is NULL");
    ws_certificate more[2];
    for (int i = 0; i < 2; i++) {
        WS_INIT_STRUCT(&more[i]);
        more[i].cert_path = config.cert_path;
        more[i].key_path = config.key_path;
    }
    config.certificates = more;
    config.certificate_count = 10001;
    REFUSED(WS_ERR_PARAMETER, "config.certificates: 10001");
    config.certificate_count = 2;
    more[1].struct_size--;
    REFUSED(WS_ERR_PARAMETER, "config.certificates[1]: struct_size");
    more[1].struct_size += 1 + 8;
    REFUSED(WS_ERR_PARAMETER, "config.certificates[1]: struct_size");
    more[1].struct_size = sizeof *more;
    more[1].flags = 1;
    REFUSED(WS_ERR_PARAMETER, "config.certificates[1].flags");
    more[1].flags = 0;
    more[1].key_path = t_cert("missing");
    REFUSED(WS_ERR_CERT_FILE, "config.certificates[1].key_path");

    CHECK_EQ(ws_server_set_certificates(server, more, 1), WS_ERR_STATE);
    OK(ws_server_start(server, NULL, NULL, NULL));
    CHECK_EQ(ws_server_set_certificates(server, more, 1), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "without a certificate");
    CHECK_EQ(ws_server_set_certificates(t_client(NULL), more, 1), WS_ERR_HANDLE);

    server = ws_server_create(NULL);
    config.certificate_count = 1;
    OK(ws_server_start(server, &config, NULL, NULL));
    CHECK_EQ(ws_server_set_certificates(server, NULL, 0), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "count");
    CHECK_EQ(ws_server_set_certificates(server, NULL, 1), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "certificates: is NULL");

    /* Elements of a later version, whose new members are not used. */
    larger later[2];
    memset(later, 0, sizeof later);
    for (int i = 0; i < 2; i++) {
        later[i].now = more[0];
        later[i].now.struct_size = sizeof *later;
    }
    OK(ws_server_set_certificates(server, &later[0].now, 2));
    later[1].later = 1;
    CHECK_EQ(ws_server_set_certificates(server, &later[0].now, 2), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "certificates[1]");
    ws_handle client = t_open_secure_client(server, NULL); /* it serves as before */
    CHECK_EQ(t_state(client), WS_STATE_OPEN);
    return t_done();
}
