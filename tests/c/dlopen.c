/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that is not linked with libws loads it, echoes, unloads it and does
 * so again. argv[1] is the library. The host's signal mask and handlers are as
 * they were, and its handlers run on its own threads.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "t_alone.h"
#include <libws/ws.h>

/* The functions of this program's only use. typeof keeps them as the header says. */
static struct {
    __typeof__(&ws_create) create;
    __typeof__(&ws_connect) connect;
    __typeof__(&ws_on) on;
    __typeof__(&ws_send) send;
    __typeof__(&ws_destroy) destroy;
    __typeof__(&ws_server_create) server_create;
    __typeof__(&ws_server_start) server_start;
    __typeof__(&ws_server_on) server_on;
    __typeof__(&ws_server_port) server_port;
    __typeof__(&ws_server_destroy) server_destroy;
    __typeof__(&ws_abi_version) abi_version;
} ws;

static void *load(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) fprintf(stderr, "%s\n", dlerror());
    CHECK(library);
#define LOAD(name) CHECK((*(void **)&ws.name = dlsym(library, "ws_" #name)))
    LOAD(create);
    LOAD(connect);
    LOAD(on);
    LOAD(send);
    LOAD(destroy);
    LOAD(server_create);
    LOAD(server_start);
    LOAD(server_on);
    LOAD(server_port);
    LOAD(server_destroy);
    LOAD(abi_version);
    CHECK(ws.abi_version() == WS_ABI_VERSION);
    CHECK(!dlsym(library, "wsgo_send")); /* the inside is not visible */
    return library;
}

static sem_t echoed, ended;

static void wait_for(sem_t *semaphore)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 20;
    int failed;
    while ((failed = sem_timedwait(semaphore, &end)) && errno == EINTR) {}
    CHECK(!failed);
}

static void echo(const ws_event *e, void *user) { ws.send(e->handle, e->data, e->size, e->message_type, NULL, user); }
static void say_hello(const ws_event *e, void *user) { ws.send(e->handle, "hello", 5, WS_TEXT, NULL, user); }
static void post(const ws_event *e, void *semaphore)
{
    if (e->type == WS_EVENT_MESSAGE) CHECK(e->size == 5 && !memcmp(e->data, "hello", 5));
    sem_post(semaphore);
}

static void echo_round(void)
{
    int32_t port;
    char url[64];
    ws_server_config config;
    WS_INIT_STRUCT(&config);
    config.server_ip = "127.0.0.1";
    ws_handle server = ws.server_create(NULL), client = ws.create(NULL);
    CHECK(!ws.server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, NULL));
    CHECK(!ws.server_on(server, WS_EVENT_DESTROYED, post, &ended));
    CHECK(!ws.server_start(server, &config, NULL, NULL));
    CHECK(!ws.server_port(server, &port));
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    CHECK(!ws.on(client, WS_EVENT_OPEN, say_hello, NULL));
    CHECK(!ws.on(client, WS_EVENT_MESSAGE, post, &echoed));
    CHECK(!ws.on(client, WS_EVENT_DESTROYED, post, &ended));
    CHECK(!ws.connect(client, url, NULL, NULL, NULL));
    wait_for(&echoed);
    CHECK(!ws.destroy(client));
    CHECK(!ws.server_destroy(server));
    wait_for(&ended);
    wait_for(&ended);
}

static volatile sig_atomic_t handled_by, handled;

static void handler(int number)
{
    (void)number;
    handled_by = gettid();
    handled = handled + 1;
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    sem_init(&echoed, 0, 0);
    sem_init(&ended, 0, 0);
    struct sigaction mine = {.sa_handler = handler}, now;
    sigemptyset(&mine.sa_mask);
    sigset_t before, after;
    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    CHECK(!sigaction(SIGUSR1, &mine, NULL));
    CHECK(!pthread_sigmask(SIG_SETMASK, &before, NULL));

    for (int round = 0; round < 3; round++) {
        void *library = load(argv[1]);
        CHECK(!pthread_sigmask(SIG_SETMASK, NULL, &after));
        for (int s = 1; s < NSIG; s++) CHECK(sigismember(&before, s) == sigismember(&after, s));
        CHECK(!sigaction(SIGUSR1, NULL, &now) && now.sa_handler == handler);
        echo_round();
        for (int i = 1; i <= 20; i++) { /* to the process: any thread that does not block it would do */
            sig_atomic_t seen = handled;
            CHECK(!kill(getpid(), SIGUSR1));
            CHECK(handled == seen + 1); /* delivered before kill returns: this is the only thread for it */
            CHECK(handled_by == gettid());
        }
        CHECK(!dlclose(library)); /* the code stays: Go cannot be unloaded */
    }
    return 0;
}
