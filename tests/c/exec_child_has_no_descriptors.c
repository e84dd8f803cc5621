/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that the host starts by fork and exec, while a server listens, connections
 * are open, attempts are under way and a queue has its descriptor, gets none of the
 * library's descriptors.
 */
#include "t.h"

#include <fcntl.h>
#include <sys/wait.h>

/* How many descriptors a program has that is started by exec. It counts itself, so that
 * nothing of the library is in it. */
static int descriptors_of_child(void)
{
    pid_t child = fork();
    CHECK(child >= 0);
    if (!child) {
        execl("/bin/sh", "sh", "-c", "n=0; for f in /proc/$$/fd/*; do n=$((n + 1)); done; exit $n", (char *)NULL);
        _exit(255);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) >= 3 && WEXITSTATUS(status) < 255);
    return WEXITSTATUS(status);
}

int main(void)
{
    int before = descriptors_of_child();
    for (int fd = 3; fd < 64; fd++) { /* what loading the library has opened */
        char path[40], target[200];
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t n = readlink(path, target, sizeof target - 1);
        if (n > 0 && (target[n] = 0, strstr(target, "cgroup"))) CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    }

    static t_log log = T_LOG;
    ws_handle server = t_echo_server(), queue = ws_queue_create(NULL);
    CHECK(queue);
    ws_socket fd;
    OK(ws_queue_fd(queue, &fd));
    for (int i = 0; i < 3; i++) t_open_client(server, NULL);
    int port, silent = t_raw_listen(&port);
    ws_handle waiting = t_client(&log); /* in the middle of its attempt */
    OK(ws_connect(waiting, t_url_of_port(port), NULL, NULL, NULL));

    for (int round = 0; round < 20; round++) {
        CHECK_EQ(descriptors_of_child(), before);
        t_open_client(server, NULL); /* more of them each time */
    }
    close(silent);
    OK(ws_queue_destroy(queue));
    return t_done();
}
