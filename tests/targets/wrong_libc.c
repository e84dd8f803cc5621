/* SPDX-License-Identifier: Apache-2.0 */
/* wrong_libc.c - a program of glibc that loads a library for musl: wrong_libc LIBRARY. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <libws/ws.h>

int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (!library) {
        puts(dlerror());
        return 1;
    }
    int32_t(WS_CALL * init)(const ws_init_options *) = (int32_t(WS_CALL *)(const ws_init_options *))dlsym(library, "ws_init");
    ws_handle(WS_CALL * create)(const ws_create_options *) =
        (ws_handle(WS_CALL *)(const ws_create_options *))dlsym(library, "ws_create");
    const char *(WS_CALL * last_error)(void) = (const char *(WS_CALL *)(void))dlsym(library, "ws_last_error");
    for (int i = 0; i < 2; i++) { /* also when it is asked again */
        int32_t status = init(NULL);
        const char *text = last_error();
        if (status != WS_ERR_UNSUPPORTED || !strstr(text, "built for musl") || !strstr(text, "runs on glibc")) {
            printf("ws_init returns %d and says \"%s\"\n", status, text);
            return 1;
        }
        if (create(NULL) != 0 || !strstr(last_error(), "built for musl")) {
            printf("ws_create does not refuse: \"%s\"\n", last_error());
            return 1;
        }
        if (i) printf("refused: %s\n", text);
    }
    return 0;
}
