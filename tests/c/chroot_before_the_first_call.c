/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host that locks itself into an empty directory after the library was loaded, and before
 * it is used: no /proc, no /etc, no /dev.
 */
#include "t.h"

#include <errno.h>
#include <fcntl.h>

int main(void)
{
    char directory[] = "/tmp/ws-chroot-XXXXXX";
    CHECK(mkdtemp(directory));
    int outside = open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(outside >= 0);
    bool locked = !chroot(directory);
    if (!locked && errno == EPERM) locked = !unshare(CLONE_NEWUSER) && !chroot(directory);
    if (!locked) printf("this process may not chroot (%s): what follows is outside\n", strerror(errno));
    if (locked) CHECK(!chdir("/"));
    unlinkat(outside, strrchr(directory, '/') + 1, AT_REMOVEDIR); /* who is inside does not need its name */
    close(outside);

    static t_log log = T_LOG;
    ws_handle client = t_open_client(t_echo_server(), &log);
    t_echo_round(client, &log, "from inside", 11, WS_TEXT, 1);
    return t_done();
}
