/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls leave a thread's alternate stack as it is: one that has none gets none, also not
 * between calls, where a handler with SA_ONSTACK may need more than we would give it; one that the host has set
 * stays, whatever its size.
 */
#include "t.h"

#include <signal.h>

enum { DEEP = 200 << 10, ROUNDS = 50 };

static ws_handle client;
static volatile sig_atomic_t handled;

static void deep(int number)
{
    (void)number;
    volatile char room[DEEP];
    for (size_t i = 0; i < sizeof room; i += 64) room[i] = (char)i;
    handled = handled + 1;
}

static void use(void)
{
    ws_stats stats;
    WS_INIT_STRUCT(&stats);
    OK(ws_stats_get(&stats));
    static t_latch told = T_LATCH;
    OK(ws_send(client, "x", 1, WS_TEXT, t_tick, &told));
    ws_handle h = ws_create(NULL);
    CHECK(h);
    OK(ws_connect(h, "ws://127.0.0.1:1/", NULL, NULL, NULL));
    OK(ws_destroy(h));
}

static void stays(void *stack, size_t size)
{
    stack_t now;
    CHECK_EQ(sigaltstack(NULL, &now), 0);
    CHECK_EQ(now.ss_flags & SS_DISABLE, stack ? 0 : SS_DISABLE);
    if (!stack) return;
    CHECK(now.ss_sp == stack);
    CHECK_EQ(now.ss_size, size);
}

static void with_stack(size_t size)
{
    stack_t own = {.ss_sp = size ? malloc(size) : NULL, .ss_size = size}, none = {.ss_flags = SS_DISABLE};
    for (int first = 0; first < 2; first++) {
        if (size) CHECK_EQ(sigaltstack(&own, NULL), 0);
        for (int i = 0; i < ROUNDS; i++) {
            use();
            stays(own.ss_sp, size);
            if (!size || size > DEEP + 100000) CHECK_EQ(raise(SIGUSR1), 0); /* there is room for it */
        }
        if (size) CHECK_EQ(sigaltstack(&none, NULL), 0);
        use(); /* the host has taken it away */
        stays(NULL, 0);
    }
    free(own.ss_sp);
}

static void *thread(void *size)
{
    with_stack((size_t)size);
    return NULL;
}

int main(void)
{
    struct sigaction action = {.sa_handler = deep, .sa_flags = SA_RESTART | SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    stays(NULL, 0);
    client = t_open_client(t_echo_server(), NULL);
    stays(NULL, 0);
    static const size_t sizes[] = {0, 8 << 10, 64 << 10, 512 << 10};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pthread_t other;
        pthread_attr_t large; /* threads of musl have 128 KiB */
        with_stack(sizes[i]);
        pthread_attr_init(&large);
        pthread_attr_setstacksize(&large, 8 << 20);
        CHECK_EQ(pthread_create(&other, &large, thread, (void *)sizes[i]), 0);
        pthread_attr_destroy(&large);
        t_join(other);
    }
    CHECK(handled > 0);
    return t_done();
}
