/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A malloc that gives nothing for the start of a thread: the first call fails with a text, and
 * later the library needs none. This program's malloc stands before that of libc.
 */
#include "t.h"
#include "t_malloc.h"

#include <errno.h>
#include <stdatomic.h>

enum { CLIENTS = 20, FIRST_MEMORY = 24 }; /* bytes: three words, as in libcgo.h */

static atomic_int fails;

void *malloc(size_t size)
{
    return fails && size == FIRST_MEMORY ? NULL : t_libc_malloc(size);
}

int main(void)
{
    static t_log logs[CLIENTS];
    ws_handle clients[CLIENTS];
    fails = 1;
    CHECK_EQ(ws_init(NULL), WS_ERR_UNKNOWN);
    CHECK_HAS(ws_last_error(), strerror(ENOMEM));
    fails = 0;
    OK(ws_init(NULL));
    ws_handle server = t_echo_server();
    for (int i = 0; i < CLIENTS; i++) {
        logs[i] = (t_log)T_LOG;
        clients[i] = t_client(&logs[i]);
    }
    fails = 1;
    for (int i = 0; i < CLIENTS; i++) OK(ws_connect(clients[i], t_url(server), NULL, NULL, NULL));
    for (int i = 0; i < CLIENTS; i++) t_wait_event(&logs[i], WS_EVENT_OPEN, 1);
    for (int i = 0; i < CLIENTS; i++) t_echo_round(clients[i], &logs[i], "hello", 5, WS_TEXT, 1);
    fails = 0;
    return t_done();
}
