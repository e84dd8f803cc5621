/* SPDX-License-Identifier: Apache-2.0 */
/* relay_kit.h - relay.c over Redis. */
#include "t.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <ws_redis.h>

typedef ws_redis *r_bridge;

static pid_t r_redis;
static int r_port;

/* Redis takes no port of the system's choice: one is found first. */
static int r_free_port(void)
{
    int port, fd = t_raw_listen(&port);
    close(fd);
    return port;
}

static bool r_answers(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)r_port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool there = !connect(fd, (struct sockaddr *)&at, sizeof at);
    close(fd);
    return there;
}

static void r_again(void)
{
    char port[16];
    snprintf(port, sizeof port, "%d", r_port);
    pid_t parent = getpid();
    CHECK((r_redis = fork()) >= 0);
    if (!r_redis) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
        int null = open("/dev/null", O_RDWR);
        dup2(null, 1);
        dup2(null, 2);
        execlp("redis-server", "redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly",
               "no", (char *)NULL);
        _exit(127);
    }
    int status;
    T_UNTIL_SO(r_answers() || (poll(NULL, 0, 5),
                               waitpid(r_redis, &status, WNOHANG) ? FAIL("redis-server does not start") : (void)0, 0));
}

static void r_begin(void)
{
    r_port = r_free_port();
    r_again();
}

static void r_kill(void)
{
    int status;
    kill(r_redis, SIGKILL);
    CHECK_EQ(waitpid(r_redis, &status, 0), r_redis);
}

static void r_end(void) { r_kill(); }

static void r_join(ws_handle server, const char *prefix, r_bridge *bridge)
{
    OK(ws_redis_join(server, "127.0.0.1", r_port, prefix, bridge));
}

static void r_leave(r_bridge bridge)
{
    OK(ws_redis_leave_wait(bridge));
}
