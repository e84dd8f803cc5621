/* SPDX-License-Identifier: Apache-2.0 */
/* Without a CA of its own a client asks Windows' stores, which do not know the tests' own authority. */
#include "t_tls.h"

static t_log events = T_LOG;

/* The status of a connect that names no CA. */
static int32_t connect_once(ws_handle server)
{
    char url[64];
    snprintf(url, sizeof url, "wss://localhost:%d/", t_port(server));
    ws_handle client = t_client(&events);
    ws_connect_options options;
    WS_INIT_STRUCT(&options);
    int32_t status = ws_connect_wait(client, url, &options, T_DEADLINE_MS);
    CHECK_HAS(ws_last_error(), "unknown authority");
    t_destroy(client, &events);
    t_forget(&events);
    return status;
}

int main(void)
{
    ws_handle server = ws_server_create(NULL);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.cert_path = t_cert("good-cert");
    config.key_path = t_cert("good-key");
    OK(ws_server_start(server, &config, NULL, NULL));
    CHECK(connect_once(server) != WS_OK);
    return t_done();
}
