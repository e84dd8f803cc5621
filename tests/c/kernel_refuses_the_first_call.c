/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A kernel that refuses threads or memory by the limits of a process, by a filter of system
 * calls, or because all memory is locked: the first call works or fails with a text. It
 * never ends the process, and works when the limit is another one. Each is tried in a child.
 */
#include "t_refusals.h"

#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static int started(void)
{
    ws_handle client = (ws_create)(NULL);
    if (client) OK(ws_destroy(client));
    else if (malloc(1000)) CHECK(ws_last_error()[0]); /* else there is no memory for the text either */
    return client != 0;
}

static int ends(void)
{
    OK(ws_shutdown_wait(T_DEADLINE_MS));
    return 0;
}

static int data_limit(int mib)
{
    struct rlimit limit = {(rlim_t)mib << 20, RLIM_INFINITY};
    CHECK_EQ(setrlimit(RLIMIT_DATA, &limit), 0);
    started();
    limit.rlim_cur = RLIM_INFINITY;
    CHECK_EQ(setrlimit(RLIMIT_DATA, &limit), 0);
    CHECK(started());
    return ends();
}

/* A user that has no other process, nor has any other test that runs now, and no right to
 * pass by limits. */
static void become_nobody(void)
{
    if (geteuid()) return;
    uid_t nobody = 100000000u + (uid_t)getpid();
    CHECK_EQ(setgroups(0, NULL), 0);
    CHECK_EQ(setresuid(nobody, nobody, nobody), 0);
}

static int process_limit(int n)
{
    struct rlimit limit = {(rlim_t)n, (rlim_t)n};
    if (geteuid()) return 0; /* other processes of this user count */
    become_nobody();
    CHECK_EQ(setrlimit(RLIMIT_NPROC, &limit), 0);
    if (started() != (n > 30) && (n > 30 || n < 4)) FAIL("%d processes: %s", n, ws_last_error());
    return ends();
}

static int locked_memory(int mib)
{
    struct rlimit limit;
    CHECK_EQ(getrlimit(RLIMIT_MEMLOCK, &limit), 0);
    if (limit.rlim_max > (rlim_t)mib << 20) limit.rlim_max = (rlim_t)mib << 20;
    limit.rlim_cur = limit.rlim_max;
    CHECK_EQ(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
    become_nobody();
    if (mlockall(MCL_FUTURE)) return 0; /* the system allows it to nobody */
    CHECK(!started());
    CHECK_HAS(ws_last_error(), "MEMLOCK");
    munlockall();
    CHECK(started());
    return ends();
}

/* clone and clone3 fail with an errno from here on. */
static int threads_forbidden(int error)
{
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        UNLESS(SYS_clone3, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        UNLESS(SYS_clone, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    CHECK_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    CHECK_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_EQ(ws_init(NULL), WS_ERR_UNKNOWN);
#if defined(__GLIBC__) /* musl says EAGAIN for everything */
        CHECK_HAS(ws_last_error(), strerror(error));
#endif
    }
    return ends();
}

int main(void)
{
    for (int mib = 1; mib < 400; mib += mib < 16 ? 3 : 16) t_in_child("MiB of data", mib, data_limit);
    for (int n = 1; n < 20; n++) t_in_child("processes", n, process_limit);
    t_in_child("processes", 60, process_limit);
    t_in_child("MiB of locked memory", 1, locked_memory);
    t_in_child("MiB of locked memory", 64, locked_memory);
    t_in_child("no threads, errno", EPERM, threads_forbidden);
    t_in_child("no threads, errno", EAGAIN, threads_forbidden);
    return 0;
}
