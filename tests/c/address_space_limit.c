/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Under a limit of address space (RLIMIT_AS) that is too small the library loads, and what
 * would start it fails with WS_ERR_MEMORY, until the limit is a larger one. It never ends
 * the process. Each limit is tried in a child.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libws/ws_types.h>

enum { REFUSED = 40, WORKS, BROKEN, SECONDS = 20 };

/* Loads the library and calls it; tells what came of it. */
static int load(const char *path, long mib)
{
    struct rlimit limit = {(rlim_t)mib << 20, RLIM_INFINITY};
    if (setrlimit(RLIMIT_AS, &limit)) return BROKEN;
    void *library = dlopen(path, RTLD_NOW);
    if (!library) return BROKEN;
    int32_t (*init)(const ws_init_options *), (*send)(ws_handle, const void *, size_t, int32_t, ws_callback, void *);
    int32_t (*shutdown_wait)(int32_t);
    ws_handle (*create)(const ws_create_options *);
    const char *(*last_error)(void);
    *(void **)&init = dlsym(library, "ws_init");
    *(void **)&send = dlsym(library, "ws_send");
    *(void **)&create = dlsym(library, "ws_create");
    *(void **)&last_error = dlsym(library, "ws_last_error");
    *(void **)&shutdown_wait = dlsym(library, "ws_shutdown_wait");
    if (!init || !send || !create || !last_error || !shutdown_wait) return BROKEN;
    if (create(NULL)) return init(NULL) == WS_ERR_STATE && shutdown_wait(SECONDS * 1000) == WS_OK ? WORKS : BROKEN;
    if (!strstr(last_error(), "address space") || init(NULL) != WS_ERR_MEMORY || !malloc(1 << 20)) return BROKEN;
    if (send(1, "x", 1, WS_TEXT, NULL, NULL) != WS_ERR_HANDLE) return BROKEN;
    limit.rlim_cur = RLIM_INFINITY;
    return !setrlimit(RLIMIT_AS, &limit) && create(NULL) && shutdown_wait(SECONDS * 1000) == WS_OK ? REFUSED : BROKEN;
}

static int in_child(const char *path, long mib)
{
    int status;
    pid_t pid = fork();
    if (!pid) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(SECONDS); /* a child that hangs is killed */
        exit(load(path, mib)); /* exit works in all cases */
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) exit(2);
    if (!WIFEXITED(status)) {
        fprintf(stderr, "%ld MiB: killed by signal %d\n", mib, WTERMSIG(status));
        exit(1);
    }
    return WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    for (long mib = 64; mib <= 3072; mib += mib < 512 ? 64 : 128) {
        int got = in_child(argv[1], mib);
        if (mib <= 2048 ? got != REFUSED : mib >= 2560 ? got != WORKS : got != REFUSED && got != WORKS) {
            fprintf(stderr, "%ld MiB: status %d\n", mib, got);
            return 1;
        }
    }
    return 0;
}
