/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fault of Go itself, here at an address that no memory has, ends the call with
 * WS_ERR_INTERNAL and nothing else: on threads of the host with and without an alternate
 * stack, and on the small stack of a coroutine.
 */
#include "t_coroutine.h"

#include <signal.h>

static void fault(void)
{
    ws_handle client = ws_create(NULL);
    CHECK(client);
    for (int i = 0; i < 3; i++) {
        ws_connect_options options;
        WS_INIT_STRUCT(&options);
        options.origin = (const char *)8;
        CHECK_EQ(ws_connect(client, "ws://127.0.0.1:1/", &options, NULL, NULL), WS_ERR_INTERNAL);
        CHECK_HAS(ws_last_error(), "internal error");
    }
    OK(ws_destroy(client));
}

static void *thread(void *size)
{
    stack_t own = {.ss_size = (size_t)size}, none = {.ss_flags = SS_DISABLE};
    if (own.ss_size) {
        own.ss_sp = malloc(own.ss_size);
        CHECK_EQ(sigaltstack(&own, NULL), 0);
    }
    fault();
    CHECK_EQ(sigaltstack(&none, NULL), 0);
    free(own.ss_sp);
    return NULL;
}

static void routine(t_coroutine *unused)
{
    (void)unused;
    fault();
}

static void on_a_coroutine(void)
{
    t_coroutine c;
    t_coroutine_make(&c, 16 << 10, routine, NULL);
    t_coroutine_resume(&c);
    CHECK(c.over);
    t_coroutine_free(&c);
}

int main(void)
{
    static const size_t sizes[] = {0, 16 << 10, 64 << 10};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        pthread_t other;
        t_thread(&other, thread, (void *)sizes[i]);
        t_join(other);
    }
    fault();
    on_a_coroutine();
    return t_done();
}
