/* SPDX-License-Identifier: Apache-2.0 */
/* Certificate files that do not exist or cannot be used are refused at once, by the name of the argument. */
#include "t_tls.h"

static void WS_CALL never(const ws_event *e, void *unused)
{
    (void)unused;
    FAIL("a call that failed has caused an event of type %d", e->type);
}

static void server_refuses(const char *cert, const char *key, int32_t status, const char *argument)
{
    static ws_handle server;
    if (!server) server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = cert;
    config.key_path = key;
    CHECK_EQ(ws_server_start(server, &config, never, NULL), status);
    CHECK_HAS(ws_last_error(), argument);
}

int main(void)
{
    ws_handle client = t_client(NULL);
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    options.ca_path = t_cert("missing");
    CHECK_EQ(ws_connect(client, "wss://localhost:1/", &options, never, NULL), WS_ERR_CERT_FILE);
    CHECK_HAS(ws_last_error(), "options.ca_path");
    CHECK_HAS(ws_last_error(), "missing.pem");
    options.ca_path = t_cert("good-key"); /* PEM, but no certificate */
    CHECK_EQ(ws_connect(client, "wss://localhost:1/", &options, never, NULL), WS_ERR_PARAMETER);
    CHECK_HAS(ws_last_error(), "options.ca_path");
    CHECK_EQ(t_state(client), WS_STATE_CLOSED);

    server_refuses(t_cert("missing"), t_cert("good-key"), WS_ERR_CERT_FILE, "config.cert_path");
    server_refuses(t_cert("good-cert"), t_cert("missing"), WS_ERR_CERT_FILE, "config.key_path");
    server_refuses(t_cert("good-cert"), t_cert("unknown-key"), WS_ERR_PARAMETER, "config.key_path");
    server_refuses(t_cert("good-cert"), t_cert("good-cert"), WS_ERR_PARAMETER, "config.key_path");
    server_refuses(t_cert("good-cert"), NULL, WS_ERR_PARAMETER, "config.key_path");
    server_refuses(NULL, t_cert("good-key"), WS_ERR_PARAMETER, "config.cert_path");
    return t_done();
}
