/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading and using the library leaves the soft limit of descriptors as the host
 * has set it. The runtime inside would like to raise it.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <sys/resource.h>

#include "ws_types.h"

int main(int argc, char **argv)
{
    struct rlimit host, now;
    if (argc < 2 || getrlimit(RLIMIT_NOFILE, &host)) return 2;
    host.rlim_cur = host.rlim_max > 600 ? 600 : host.rlim_max / 2;
    if (setrlimit(RLIMIT_NOFILE, &host)) return 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    int32_t (*init)(const ws_init_options *);
    *(void **)&init = dlsym(library, "ws_init");
    if (!init || init(NULL) != WS_OK) return 1; /* the runtime has started when it returns */
    if (getrlimit(RLIMIT_NOFILE, &now)) return 2;
    if (now.rlim_cur != host.rlim_cur || now.rlim_max != host.rlim_max) {
        fprintf(stderr, "the soft limit is %llu, not %llu\n", (unsigned long long)now.rlim_cur, (unsigned long long)host.rlim_cur);
        return 1;
    }
    return 0;
}
