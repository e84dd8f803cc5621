/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dlopen and dlclose in a loop, with a call each time, and a second copy of the library in
 * the same process: two libraries, each with threads and handles of its own, that hear of each other over a
 * connection. Run with the path of the library.
 */
#include <dlfcn.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "t_alone.h"
#include <libws/ws.h>

typedef struct copy {
    void *library;
    ws_handle(WS_CALL *create)(const ws_create_options *);
    int32_t(WS_CALL *destroy)(ws_handle);
    ws_handle(WS_CALL *server_create)(const ws_server_options *);
    int32_t(WS_CALL *server_start)(ws_handle, const ws_server_config *, ws_callback, void *);
    int32_t(WS_CALL *server_port)(ws_handle, int32_t *);
    int32_t(WS_CALL *server_on)(ws_handle, int32_t, ws_callback, void *);
    int32_t(WS_CALL *on)(ws_handle, int32_t, ws_callback, void *);
    int32_t(WS_CALL *connect)(ws_handle, const char *, const ws_connect_options *, ws_callback, void *);
    int32_t(WS_CALL *send)(ws_handle, const void *, size_t, int32_t, ws_callback, void *);
    int32_t(WS_CALL *shutdown)(int64_t);
} copy;

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    CHECK(found);
    return found;
}

static void load(copy *c, const char *path)
{
    c->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!c->library) fprintf(stderr, "%s\n", dlerror());
    CHECK(c->library);
    *(void **)&c->create = symbol(c->library, "ws_create");
    *(void **)&c->destroy = symbol(c->library, "ws_destroy");
    *(void **)&c->server_create = symbol(c->library, "ws_server_create");
    *(void **)&c->server_start = symbol(c->library, "ws_server_start");
    *(void **)&c->server_port = symbol(c->library, "ws_server_port");
    *(void **)&c->server_on = symbol(c->library, "ws_server_on");
    *(void **)&c->on = symbol(c->library, "ws_on");
    *(void **)&c->connect = symbol(c->library, "ws_connect");
    *(void **)&c->send = symbol(c->library, "ws_send");
    *(void **)&c->shutdown = symbol(c->library, "ws_shutdown_wait");
}

static atomic_int answers, opened;

static void WS_CALL echo(const ws_event *e, void *user)
{
    ((copy *)user)->send(e->handle, e->data, e->size, e->message_type, NULL, NULL);
}

static void WS_CALL answer(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    answers++;
}

static void WS_CALL open_event(const ws_event *e, void *unused)
{
    (void)e, (void)unused;
    opened++;
}

static void wait_for(atomic_int *count, int n)
{
    for (int i = 0; *count < n; i++) {
        CHECK(i < 60000);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
}

/* Messages from one copy to the other and back. */
static void talk(copy *serves, copy *asks)
{
    int32_t port;
    char url[64];
    ws_handle server = serves->server_create(NULL);
    CHECK(server);
    CHECK(!serves->server_on(server, WS_EVENT_MESSAGE_RECEIVE, echo, serves));
    CHECK(!serves->server_start(server, NULL, NULL, NULL));
    CHECK(!serves->server_port(server, &port));
    snprintf(url, sizeof url, "ws://127.0.0.1:%d/", port);
    ws_handle client = asks->create(NULL);
    CHECK(client);
    int open_before = opened, before = answers;
    CHECK(!asks->on(client, WS_EVENT_OPEN, open_event, NULL));
    CHECK(!asks->on(client, WS_EVENT_MESSAGE, answer, NULL));
    CHECK(!asks->connect(client, url, NULL, NULL, NULL));
    wait_for(&opened, open_before + 1);
    for (int i = 0; i < 100; i++) CHECK(!asks->send(client, "over there", 10, WS_TEXT, NULL, NULL));
    wait_for(&answers, before + 100);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    copy first, second;
    for (int i = 0; i < 50; i++) {
        load(&first, argv[1]);
        ws_handle client = first.create(NULL);
        CHECK(client);
        CHECK(!first.destroy(client));
        CHECK(!dlclose(first.library));
    }
    load(&first, argv[1]);
    char path[] = "/tmp/libws-copy-XXXXXX", command[4096];
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    snprintf(command, sizeof command, "cp '%s' %s", argv[1], path);
    CHECK(!system(command));
    load(&second, path);
    unlink(path);
    talk(&first, &second);
    talk(&second, &first);
    talk(&first, &first);
    CHECK(!first.shutdown(60000));
    talk(&second, &second);
    CHECK(!second.shutdown(60000));
    return 0;
}
