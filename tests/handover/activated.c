/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activated.c PROGRAM - examples_c/handover started as systemd does it, with a socket as
 * descriptor 3. Other descriptors that it inherits, such as 4, are not its own: nothing is
 * written to them, and they stay open.
 */
#include "../c/t.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
    CHECK_EQ(argc, 2);
    int port, given = t_raw_listen(&port), orders[2], words[2], other[2];
    CHECK_EQ(pipe2(orders, O_CLOEXEC) | pipe2(words, O_CLOEXEC) | pipe2(other, O_CLOEXEC), 0);
    pid_t child = fork();
    if (!child) {
        char pid[20];
        snprintf(pid, sizeof pid, "%ld", (long)getpid());
        setenv("LISTEN_PID", pid, 1), setenv("LISTEN_FDS", "1", 1);
        int socket = fcntl(given, F_DUPFD_CLOEXEC, 20), log = fcntl(other[1], F_DUPFD_CLOEXEC, 20);
        dup2(orders[0], 0), dup2(words[1], 1);
        dup2(socket, 3), dup2(log, 4);
        execl(argv[1], argv[1], (char *)NULL);
        _exit(127);
    }
    close(given), close(orders[0]), close(words[1]), close(other[1]);
    FILE *told = fdopen(words[0], "re");
    char line[100], want[100];
    CHECK(fgets(line, sizeof line, told));
    snprintf(want, sizeof want, "listening on ws://127.0.0.1:%d\n", port);
    CHECK_TEXT(line, want);
    t_raw client;
    t_raw_client(&client, port);
    t_raw_close(&client);
    struct pollfd log = {.fd = other[0], .events = POLLIN};
    CHECK_EQ(poll(&log, 1, 0), 0);
    close(orders[1]); /* it ends */
    CHECK(fgets(line, sizeof line, told));
    CHECK_TEXT(line, "ended\n");
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    fclose(told), close(other[0]);
    return t_done();
}
