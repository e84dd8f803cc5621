/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A process with few descriptors left, or none, lives on when it calls the library for the
 * first time: the call fails with a text, and works when there are more.
 */
#include "t_refusals.h"

#include <fcntl.h>
#include <sys/resource.h>

enum { LIMIT = 64, MOST = 12 };

static int first_call(int left)
{
    static t_log log = T_LOG;
    int taken[LIMIT], n = 0;
    struct rlimit hosts, limit;
    CHECK_EQ(getrlimit(RLIMIT_NOFILE, &hosts), 0);
    limit = (struct rlimit){LIMIT, hosts.rlim_max};
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (n < LIMIT && (taken[n] = open("/dev/null", O_RDONLY)) >= 0) n++;
    CHECK(n > left);
    for (int i = 0; i < left; i++) close(taken[--n]);

    ws_handle client = (ws_create)(NULL);
    if (!client)
        CHECK(strstr(ws_last_error(), "descriptor") || strstr(ws_last_error(), "eventfd") || strstr(ws_last_error(), "timerfd"));
    if (left < 2) CHECK(!client);
    while (n > 0) close(taken[--n]);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &hosts), 0);
    if (client) OK(ws_destroy(client));
    t_echo_round(t_open_client(t_echo_server(), &log), &log, "hello", 5, WS_TEXT, 1);
    return t_done();
}

int main(void)
{
    for (int left = 0; left <= MOST; left++) t_in_child("descriptors", left, first_call);
    return 0;
}
