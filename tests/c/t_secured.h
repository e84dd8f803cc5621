/* SPDX-License-Identifier: Apache-2.0 */
/* t_secured.h - how ends of libws start and connect, also over TLS: the functions of t.h. Part of t_secure.c, and of the one for Windows. */
int32_t t_server_start(ws_handle server, const ws_server_config *config, ws_callback completion, void *user_data)
{
    ws_server_config mine;
    WS_INIT_STRUCT(&mine);
    /* A config that is not as it should be stays so: it is what the test is about. */
    if (!t_tls() || (config && (config->struct_size != sizeof mine || config->cert_path || config->key_path)))
        return ws_server_start(server, config, completion, user_data);
    if (config) mine = *config;
    mine.cert_path = t_cert("good-cert");
    mine.key_path = t_cert("good-key");
    return ws_server_start(server, &mine, completion, user_data);
}

/* The options to connect with: the test's own, or mine with what TLS wants and without a ping to a peer that is as slow
 * as the machine. */
static const ws_connect_options *patient(const ws_connect_options *options, ws_connect_options *mine)
{
    enum { HOUR_MS = 3600000 };
    WS_INIT_STRUCT(mine);
    if (options && options->struct_size != sizeof *mine) return options; /* it is what the test is about */
    if (options) *mine = *options;
    if (!mine->ping_interval_ms) mine->ping_interval_ms = HOUR_MS;
    if (t_tls() && !mine->ca_path) mine->ca_path = t_cert("ca");
    return mine;
}

int32_t t_connect(ws_handle client, const char *url, const ws_connect_options *options, ws_callback completion,
                  void *user_data)
{
    ws_connect_options mine;
    return ws_connect(client, url, patient(options, &mine), completion, user_data);
}

int32_t t_connect_wait(ws_handle client, const char *url, const ws_connect_options *options, int64_t timeout_ms)
{
    ws_connect_options mine;
    return ws_connect_wait(client, url, patient(options, &mine), timeout_ms);
}
