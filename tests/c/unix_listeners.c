/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server at the path of a Unix socket: permissions, a stale file is replaced, a live
 * one and any other file are not, and nothing of somebody else's is ever removed.
 */
#include "t_listen.h"

#include <sys/wait.h>

static const char *directory, *path;
static ws_handle server;

static void messages_and_permissions(void)
{
    struct stat s;
    OK(t_start_at_path(server, path, 0));
    CHECK_EQ(stat(path, &s), 0);
    CHECK(S_ISSOCK(s.st_mode));
    CHECK_EQ(s.st_mode & 07777, 0600);
    OK(t_echo_at(t_unix_url(path, 1)));
    ws_listener_info info = t_listener(server, 0);
    CHECK_EQ(info.port, 0);
    CHECK_TEXT(info.address, path);
    int32_t port = 7;
    CHECK_EQ(ws_server_port(server, &port), WS_ERR_STATE);
    CHECK_HAS(ws_last_error(), "Unix");
    t_stop(server);
    CHECK(!t_exists(path));
    mode_t before = umask(0077); /* it is the host's, and does not count */
    OK(t_start_at_path(server, path, 0666));
    umask(before);
    CHECK_EQ(stat(path, &s), 0);
    CHECK_EQ(s.st_mode & 07777, 0666);
    t_stop(server);
}

static void peer_has_no_address(void)
{
    static t_log log = T_LOG, client_log = T_LOG;
    t_listen_server(server, &log);
    OK(t_start_at_path(server, path, 0));
    ws_handle client = t_client(&client_log);
    OK(ws_connect(client, t_unix_url(path, 1), NULL, NULL, NULL));
    ws_connection info;
    WS_INIT_STRUCT(&info);
    OK(ws_connection_info(t_wait_event(&log, WS_EVENT_CONNECT, 1)->handle, &info));
    CHECK_TEXT(info.client_ip, "");
    CHECK_EQ(info.client_port, 0);
    t_destroy(client, &client_log);
    t_stop(server);
    t_wait_event(&log, WS_EVENT_CLOSE, 1);
}

static void stale_live_and_other_files(void)
{
    close(t_unix_socket(path, SOCK_STREAM)); /* somebody died here */
    CHECK(t_exists(path));
    OK(t_start_at_path(server, path, 0));
    OK(t_echo_at(t_unix_url(path, 1)));

    ws_handle second = ws_server_create(NULL);
    CHECK_EQ(t_start_at_path(second, path, 0), WS_ERR_PORT_OCCUPIED);
    CHECK_HAS(ws_last_error(), path);
    OK(t_echo_at(t_unix_url(path, 1)));
    t_stop(server);

    int datagrams = t_unix_socket(path, SOCK_DGRAM);
    CHECK_EQ(t_start_at_path(server, path, 0), WS_ERR_PORT_OCCUPIED);
    CHECK(t_exists(path));
    close(datagrams);
    CHECK_EQ(unlink(path), 0);

    FILE *file = fopen(path, "w");
    CHECK(file && fputs("mine", file) >= 0 && !fclose(file));
    CHECK_EQ(t_start_at_path(server, path, 0), WS_ERR_LISTEN_IP);
    CHECK_HAS(ws_last_error(), "no socket");
    CHECK(t_exists(path));
    CHECK_EQ(unlink(path), 0);
    CHECK_EQ(symlink("/nowhere", path), 0);
    CHECK_EQ(t_start_at_path(server, path, 0), WS_ERR_LISTEN_IP);
    CHECK(t_exists(path));
    CHECK_EQ(unlink(path), 0);
    CHECK_EQ(t_start_at_path(server, t_path(directory, "none/s"), 0), WS_ERR_LISTEN_IP);
    CHECK_HAS(ws_last_error(), "config.listeners[0].path");
}

static void file_of_somebody_else_stays(void)
{
    OK(t_start_at_path(server, path, 0));
    CHECK_EQ(unlink(path), 0);
    int other = t_unix_socket(path, SOCK_STREAM);
    t_stop(server);
    CHECK(t_exists(path));
    close(other);
    CHECK_EQ(unlink(path), 0);
}

static void abstract_name(void)
{
    char name[60];
    snprintf(name, sizeof name, "@ws_listen_%d", (int)getpid());
    OK(t_start_at_path(server, name, 0));
    CHECK_TEXT(t_listener(server, 0).address, name);
    ws_handle second = ws_server_create(NULL);
    CHECK_EQ(t_start_at_path(second, name, 0), WS_ERR_PORT_OCCUPIED);
    t_stop(server);
    OK(t_start_at_path(second, name, 0));
    t_stop(second);
}

int main(void)
{
    static char buffer[100];
    directory = t_directory();
    path = strcpy(buffer, t_path(directory, "s"));
    server = ws_server_create(NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, t_echo, NULL));
    messages_and_permissions();
    stale_live_and_other_files();
    file_of_somebody_else_stays();
    abstract_name();
    peer_has_no_address();
    OK(t_start_at_path(server, path, 0));
    OK(ws_server_destroy(server)); /* removes it as well */
    T_UNTIL_SO(!t_exists(path));
    CHECK_EQ(rmdir(directory), 0);
    return t_done();
}
