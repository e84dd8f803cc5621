/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the mistake that its argument names, in a callback on a thread of the
 * library. A build with sanitizers must report it; else its silence on the other
 * tests means nothing.
 */
#include <limits.h>

#include "t.h"

static t_latch made = T_LATCH;
static int counted, most = INT_MAX;
static char *volatile block;

static void copy_too_much(const ws_event *e, void *unused)
{
    (void)unused;
    block = malloc(e->size);
    memcpy(block, e->data, e->size + 1);
    t_add(&made, 1);
}

static void forget(const ws_event *e, void *unused)
{
    (void)unused;
    block = malloc(1000 + e->size);
    block[0] = 1;
    block = NULL;
    t_add(&made, 1);
}

static void add_too_much(const ws_event *e, void *unused)
{
    (void)unused;
    most += (int)e->size;
    t_add(&made, 1);
}

static void count_badly(const ws_event *e, void *unused)
{
    (void)unused;
    counted += (int)e->size; /* main does so, too, and nothing orders the two */
    t_add(&made, 1);
}

int main(int argc, char **argv)
{
    ws_callback listener = NULL;
    CHECK_EQ(argc, 2);
    if (!strcmp(argv[1], "overflow")) listener = copy_too_much;
    if (!strcmp(argv[1], "leak")) listener = forget;
    if (!strcmp(argv[1], "integer")) listener = add_too_much;
    if (!strcmp(argv[1], "race")) listener = count_badly;
    CHECK(listener);
    ws_handle server = t_server(NULL, NULL);
    OK(ws_server_on(server, WS_EVENT_MESSAGE_RECEIVE, listener, NULL));
    ws_handle client = t_open_client(server, NULL);
    for (int i = 0; i < 100; i++) {
        OK(ws_send(client, "mistake", 7, WS_TEXT, NULL, NULL));
        counted++;
    }
    t_wait(&made, 100);
    return t_done();
}
