/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue with a thread tells the last events of all handles that were made before
 * ws_shutdown_wait has begun, also of one that another thread makes at that moment in a queue
 * that had none.
 */
#include <sys/wait.h>

#include "t.h"

enum { RUNS = 100, THREADS = 2 };

static ws_handle queue;
static t_latch made = T_LATCH;

static void *make(void *unused)
{
    ws_create_options o;
    WS_INIT_STRUCT(&o);
    o.queue = queue;
    for (ws_handle client; (client = ws_create(&o));) {
        ws_destroy(client);
        t_add(&made, 1);
    }
    CHECK_HAS(ws_last_error(), "shut down");
    return unused;
}

/* In a process of its own, because there is one shutdown in each. */
static void run(void)
{
    ws_queue_options o;
    WS_INIT_STRUCT(&o);
    o.flags = WS_QUEUE_THREAD;
    CHECK((queue = ws_queue_create(&o)));
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) t_thread(&threads[i], make, NULL);
    t_wait(&made, 20);
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    for (int i = 0; i < THREADS; i++) t_join(threads[i]);
    OK(ws_queue_destroy(queue));
}

int main(void)
{
    for (int i = 0; i < RUNS; i++) {
        int status;
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            run();
            exit(0);
        }
        CHECK_EQ(waitpid(child, &status, 0), child);
        CHECK_EQ(status, 0);
    }
    return 0;
}
