/* SPDX-License-Identifier: Apache-2.0 */
/*
 * handover.c - an echo server that is replaced while its clients go on.
 *
 * The socket is given as systemd does it, as descriptor 3 with LISTEN_FDS=1 and LISTEN_PID,
 * so systemd's socket activation can start this program, too. HANDOVER_READY is our own: it
 * says that there is a pipe as well.
 */
#include <fcntl.h>
#include <getopt.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "help.h"
#include "server.h"

static const char help[] =
    "usage: handover [--port PORT] [--cert FILE --key FILE]\n"
    "\n"
    "An echo server that is replaced while its clients go on. Start it by a path, it\n"
    "starts the next one by the same.\n"
    "\n"
    "The line \"handover\" on stdin starts the program anew (a new version of it, if the\n"
    "file was replaced), gives it the listening socket, and ends the old one politely: no\n"
    "connect is refused, and clients get 1001 (going away) and connect again. What a\n"
    "client has sent without getting an answer it repeats on the new connection. The end\n"
    "of stdin ends the server. systemd's socket activation can start it, too.\n"
    "\n"
    "  --port PORT     where to listen on 127.0.0.1; 8080 unless given\n"
    "  --cert, --key   files of a certificate and its key: the server speaks wss\n";

extern char **environ;

enum { GIVEN = 3, READY = 4 }; /* what a successor inherits: the socket, and a pipe to say that it is ready */

static void echo(const ws_event *e, void *user_data)
{
    (void)user_data;
    /* Fails when the connection is closing: the client repeats the message elsewhere. */
    ws_send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
}

/* Whether somebody has given us a socket that listens. */
static int was_given(void)
{
    const char *count = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
    return count && atoi(count) == 1 && pid && atol(pid) == (long)getpid();
}

/* Starts the successor and waits until it listens. Behind fork only what is safe in a
 * program with threads is called, so its environment is ready before. */
static int successor(char **argv, ws_handle server)
{
    int32_t given = -1;
    int ends[2];
    size_t n = 0, kept = 0;
    while (environ[n]) n++;
    char **environment = malloc((n + 4) * sizeof *environment);
    char pid[32] = "LISTEN_PID=", fds[] = "LISTEN_FDS=1", pipe_given[] = "HANDOVER_READY=4";
    if (!environment) return 0;
    for (size_t i = 0; i < n; i++)
        if (strncmp(environ[i], "LISTEN_", 7) && strncmp(environ[i], "HANDOVER_", 9)) environment[kept++] = environ[i];
    environment[kept] = fds, environment[kept + 1] = pid, environment[kept + 2] = pipe_given;
    environment[kept + 3] = NULL;

    if (ws_server_descriptor(server, 0, &given) != WS_OK || pipe(ends)) {
        if (given >= 0) close(given);
        free(environment);
        return 0;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    int socket = fcntl(given, F_DUPFD_CLOEXEC, 10), ready = fcntl(ends[1], F_DUPFD_CLOEXEC, 10); /* neither 3 nor 4 */
    close(given), close(ends[1]);

    pid_t child = socket >= 0 && ready >= 0 ? fork() : -1;
    if (child == 0) {
        char digits[20];
        int length = 0, at = (int)strlen(pid);
        for (pid_t rest = getpid(); rest; rest /= 10) digits[length++] = (char)('0' + rest % 10);
        while (length) pid[at++] = digits[--length];
        pid[at] = 0;
        if (dup2(socket, GIVEN) == GIVEN && dup2(ready, READY) == READY) execve(argv[0], argv, environment);
        _exit(127);
    }
    if (socket >= 0) close(socket);
    if (ready >= 0) close(ready);
    char byte;
    int listens = child > 0 && read(ends[0], &byte, 1) == 1; /* else it has ended */
    close(ends[0]);
    free(environment);
    if (!listens && child > 0) waitpid(child, NULL, 0);
    return listens;
}

/* Unbuffered: lines behind it are for the successor. */
static int read_line(char *line, size_t room)
{
    size_t n = 0;
    char c;
    while (read(0, &c, 1) == 1) {
        if (c == '\n') {
            line[n] = 0;
            return 1;
        }
        if (n + 1 < room) line[n++] = c;
    }
    return 0;
}

int main(int argc, char **argv)
{
    help_if_asked(argc, argv, help);
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    config.server_port = 8080;
    static const struct option options[] = {
        {"port", required_argument, NULL, 'p'},
        {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p') config.server_port = atoi(optarg);
        else if (option == 'c') config.cert_path = optarg; /* a successor reads both anew */
        else if (option == 'k') config.key_path = optarg;
        else break;
    }
    if (option != -1 || config.server_port < 0 || optind < argc) return wrong_usage(help);
    ws_listener given;
    WS_INIT_STRUCT(&given);
    if (was_given()) {
        given.flags = WS_LISTEN_DESCRIPTOR;
        given.descriptor = GIVEN;
        fcntl(GIVEN, F_SETFD, FD_CLOEXEC);
        config.flags = WS_LISTENERS_ONLY;
        config.listeners = &given;
        config.listener_count = 1;
    }
    ws_handle server = create_server(NULL);
    must("on", ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL));
    int32_t port = start_server(server, &config);
    printf("listening on %s://127.0.0.1:%d\n", config.cert_path ? "wss" : "ws", port);
    fflush(stdout);
    if (config.listener_count) {
        close(GIVEN); /* the library has its own */
        if (getenv("HANDOVER_READY") && write(READY, "", 1) == 1) close(READY); /* systemd does not ask */
    }

    char line[32];
    int handed = 0;
    while (!handed && read_line(line, sizeof line))
        if (!strcmp(line, "handover") && !(handed = successor(argv, server)))
            fprintf(stderr, "handover: no successor\n");

    sem_t over;
    sem_init(&over, 0, 0);
    must("stop listening", ws_server_stop_listening(server, post, &over));
    sem_wait(&over); /* whoever we have accepted is connected */
    stop_server(server);
    must("shutdown", ws_shutdown_wait(-1));
    puts("ended");
    return 0;
}
