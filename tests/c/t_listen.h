/* SPDX-License-Identifier: Apache-2.0 */
/* t_listen.h - servers that listen at several places, for the few tests about that. */
#ifndef T_LISTEN_H
#define T_LISTEN_H

#include "t.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>

/* A directory of its own for sockets; static text. Remove it by t_remove_directory. */
static inline const char *t_directory(void)
{
    static char path[] = "/tmp/ws_listen_XXXXXX";
    CHECK(mkdtemp(path));
    return path;
}

static inline const char *t_path(const char *directory, const char *name)
{
    static _Thread_local char path[100];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static inline int32_t t_start_at(ws_handle server, const ws_listener *listeners, size_t count)
{
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.flags = WS_LISTENERS_ONLY;
    config.listeners = listeners;
    config.listener_count = count;
    return ws_server_start(server, &config, NULL, NULL);
}

static inline int32_t t_start_at_path(ws_handle server, const char *path, int mode)
{
    ws_listener l;
    WS_INIT_STRUCT(&l);
    l.path = path;
    l.mode = mode;
    return t_start_at(server, &l, 1);
}

/* A TCP or Unix socket as another program would open it. */
static inline int t_unix_socket(const char *path, int type)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK_EQ(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static inline void t_stop(ws_handle server)
{
    t_log done = T_LOG;
    OK(ws_server_stop(server, NULL, t_record, &done));
    CHECK_EQ(t_wait_event(&done, WS_EVENT_COMPLETION, 1)->error, WS_OK);
    t_forget(&done);
}

/* Connects, has a message sent back, and leaves. Returns the connect's status. */
static inline int32_t t_echo_at(const char *url)
{
    t_log log = T_LOG;
    ws_handle client = t_client(&log);
    OK(ws_connect(client, url, NULL, t_record, &log));
    int32_t status = t_wait_event(&log, WS_EVENT_COMPLETION, 1)->error;
    if (!status) t_echo_round(client, &log, "hello", 5, WS_TEXT, 1);
    t_destroy(client, &log);
    t_forget(&log);
    return status;
}

/* secure: the listener speaks TLS when the test does. */
static inline const char *t_unix_url(const char *path, int secure)
{
    static _Thread_local char url[200];
    snprintf(url, sizeof url, "%s+unix:%s:/", secure && t_tls() ? "wss" : "ws", path);
    return url;
}

static inline int t_exists(const char *path)
{
    struct stat s;
    return !lstat(path, &s);
}

static inline ws_listener_info t_listener(ws_handle server, size_t index)
{
    ws_listener_info info;
    WS_INIT_STRUCT(&info);
    OK(ws_server_listener(server, index, &info));
    return info;
}

#endif
