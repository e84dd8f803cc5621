/* SPDX-License-Identifier: Apache-2.0 */
/* listen_start.c - [HOST:]PORT, [HOST]:PORT of IPv6 or unix:PATH, and the rest of the settings as a server's. */
#include <stdio.h>
#include <string.h>

#include "listen.h"
#include "say.h"
#include "target.h"
#include "terminal.h"

static int read_place(const char *place, ws_server_config *config, ws_listener *listener)
{
    if (!strncmp(place, "unix:", 5)) {
        WS_INIT_STRUCT(listener);
        listener->path = place + 5;
        config->flags |= WS_LISTENERS_ONLY;
        config->listeners = listener;
        config->listener_count = 1;
        return 0;
    }
    const char *colon = strrchr(place, ':');
    int64_t port;
    if (!read_number(colon ? colon + 1 : place, 0, 65535, &port)) return wrong("%s: it is [HOST:]PORT or unix:PATH", place);
    config->server_port = (int32_t)port;
    if (!colon) config->server_ip = "127.0.0.1";
    else if (*place == '[') config->server_ip = format_text("%.*s", (int)(colon - place > 2 ? colon - place - 2 : 0), place + 1);
    else config->server_ip = format_text("%.*s", (int)(colon - place), place);
    if (!strcmp(config->server_ip, "localhost")) config->server_ip = "127.0.0.1";
    return 0;
}

int start_listening(ws_handle server, const settings *s)
{
    ws_server_config config;
    ws_listener listener;
    ws_compression compression;
    WS_INIT_STRUCT(&config);
    if (read_place(s->url, &config, &listener)) return STATUS_USAGE;
    config.cert_path = s->cert;
    config.key_path = s->key;
    config.key_password = s->passphrase;
    config.client_ca_path = s->client_ca;
    config.min_support_tls_protocol = tls_version(s->tls_min);
    config.max_support_tls_protocol = tls_version(s->tls_max);
    config.cipher_suites = s->ciphers;
    config.protocol = join(&s->protocols, ",");
    config.origins = s->origins;
    config.max_connections = (int32_t)s->max_connections;
    make_compression(&compression, s);
    if (s->compress || s->takeover) config.compression = &compression;
    if (ws_server_start(server, &config, NULL, NULL) != WS_OK) return wrong("%s", ws_last_error());
    int32_t port = 0;
    ws_server_port(server, &port);
    terminal_begin();
    if (config.listener_count) printf("listening on ws+unix:%s\n", listener.path);
    else printf(strchr(config.server_ip, ':') ? "listening on %s://[%s]:%d/\n" : "listening on %s://%s:%d/\n", s->cert ? "wss" : "ws", config.server_ip, (int)port);
    terminal_end();
    return 0;
}
