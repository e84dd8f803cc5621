/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading and using the library leaves the soft limit of descriptors as the host
 * has set it, not only in the end. The runtime inside would like to raise it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <libws/ws_types.h>

/* From here on whoever sets that limit dies of SIGSYS. */
static int forbid(void)
{
#define WORD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
    struct sock_filter rules[] = {
        WORD(nr), IS(SYS_prlimit64, 0, 5),
        WORD(args[1]), IS(RLIMIT_NOFILE, 0, 3),
        WORD(args[2]), IS(0, 1, 0), /* the new limit; NULL only reads it */
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
    struct rlimit host, now;
    if (argc < 2 || getrlimit(RLIMIT_NOFILE, &host)) return 2;
    host.rlim_cur = host.rlim_max > 600 ? 600 : host.rlim_max / 2;
    if (setrlimit(RLIMIT_NOFILE, &host) || forbid()) return 2;
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
        fprintf(stderr, "the soft limit is %llu, not %llu\n", (unsigned long long)now.rlim_cur,
                (unsigned long long)host.rlim_cur);
        return 1;
    }
    return 0;
}
