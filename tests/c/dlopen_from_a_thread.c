/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that ran before the library was loaded call it, which another thread than the first one has
 * loaded; then a thousand threads come, call and go; dlclose changes nothing.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <libws/ws.h>

enum { EARLY = 16, AT_ONCE = 8, ROUNDS = 125, CALLS = 20 };

static void *library;
static ws_handle (*create)(const ws_create_options *);
static int32_t (*destroy)(ws_handle), (*set_log_level)(int32_t);
static const char *(*last_error)(void);
static atomic_int calls;
static pthread_barrier_t loaded;

static void check(int right, const char *what)
{
    if (right) return;
    fprintf(stderr, "%s: %s\n", what, last_error ? last_error() : dlerror());
    exit(1);
}

static void call(void)
{
    for (int i = 0; i < CALLS; i++, calls++) {
        ws_handle handle = create(NULL);
        check(handle != 0, "ws_create");
        check(set_log_level(WS_LOG_ERROR) == WS_OK, "ws_set_log_level");
        check(destroy(handle) == WS_OK, "ws_destroy");
        check(destroy(handle) == WS_ERR_HANDLE, "ws_destroy again");
    }
}

static void *early(void *nothing)
{
    pthread_barrier_wait(&loaded);
    call();
    return nothing;
}

static void *late(void *nothing)
{
    call();
    return nothing;
}

static void *load(void *path)
{
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    check(library != NULL, "dlopen");
    *(void **)&create = dlsym(library, "ws_create");
    *(void **)&destroy = dlsym(library, "ws_destroy");
    *(void **)&set_log_level = dlsym(library, "ws_set_log_level");
    check(create && destroy && set_log_level, "dlsym");
    *(void **)&last_error = dlsym(library, "ws_last_error");
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[EARLY], loader;
    check(argc == 2, "usage: dlopen_from_a_thread LIBRARY");
    pthread_barrier_init(&loaded, NULL, EARLY + 1);
    for (int i = 0; i < EARLY; i++) check(!pthread_create(&threads[i], NULL, early, NULL), "pthread_create");
    check(!pthread_create(&loader, NULL, load, argv[1]), "pthread_create");
    pthread_join(loader, NULL);
    pthread_barrier_wait(&loaded);
    for (int i = 0; i < EARLY; i++) pthread_join(threads[i], NULL);
    for (int r = 0; r < ROUNDS; r++) {
        for (int i = 0; i < AT_ONCE; i++) check(!pthread_create(&threads[i], NULL, late, NULL), "pthread_create");
        for (int i = 0; i < AT_ONCE; i++) pthread_join(threads[i], NULL);
    }
    check(!dlclose(library), "dlclose");
    call();
    return calls != CALLS * (EARLY + AT_ONCE * ROUNDS + 1);
}
