/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where there is no /etc/resolv.conf libc finds names by means of its own: on OpenHarmony it
 * asks a service of the system. Here the host has a getaddrinfo that knows one name, and no /etc.
 */
#include "t.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>

static atomic_int asked;

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)service, (void)hints;
    if (strcmp(name, "device.test")) return EAI_NONAME;
    asked++;
    struct { struct addrinfo info; struct sockaddr_in address; } *found = calloc(1, sizeof *found);
    if (!found) return EAI_MEMORY;
    found->address.sin_family = AF_INET;
    found->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    found->info.ai_family = AF_INET;
    found->info.ai_socktype = SOCK_STREAM;
    found->info.ai_addr = (struct sockaddr *)&found->address;
    found->info.ai_addrlen = sizeof found->address;
    *result = &found->info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info);
}

int main(void)
{
    char directory[] = "/tmp/ws-names-XXXXXX", url[64];
    CHECK(mkdtemp(directory));
    bool locked = !chroot(directory);
    if (!locked && errno == EPERM) locked = !unshare(CLONE_NEWUSER) && !chroot(directory);
    rmdir(directory);
    if (!locked) {
        printf("this process may not chroot (%s): nothing is shown\n", strerror(errno));
        return 0;
    }
    CHECK(!chdir("/"));
    static t_log log = T_LOG;
    ws_handle server = ws_server_create(NULL), client = t_client(&log);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.hosts = "device.test";
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    OK(ws_server_start(server, &config, NULL, NULL));
    snprintf(url, sizeof url, "ws://device.test:%d/", t_port(server));
    OK(ws_connect(client, url, NULL, NULL, NULL));
    t_wait_event(&log, WS_EVENT_OPEN, 1);
    CHECK(asked > 0);
    t_echo_round(client, &log, "found", 5, WS_TEXT, 1);
    snprintf(url, sizeof url, "ws://nobody.test:%d/", t_port(server));
    ws_handle other = t_client(NULL);
    static t_log failed = T_LOG;
    OK(ws_on(other, WS_EVENT_ERROR, t_record, &failed));
    OK(ws_connect(other, url, NULL, NULL, NULL));
    CHECK_EQ(t_wait_event(&failed, WS_EVENT_ERROR, 1)->stage, WS_STAGE_RESOLVE);
    return t_done();
}
