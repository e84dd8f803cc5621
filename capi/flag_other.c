/* SPDX-License-Identifier: Apache-2.0 */
//go:build !linux && !windows
/* flag_other.c - a flag is a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "flag.h"

/* Out of the numbers 0 to 2, which are the host's also when it has closed them; see core/fd. */
static int raised(int fd)
{
    if (fd < 0 || fd > 2) return fd;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3), error = errno;
    close(fd);
    errno = error;
    return high;
}

int wsx_flag_make(wsx_flag *flag)
{
    int ends[2];
    if (pipe(ends)) return errno;
    for (int i = 0; i < 2; i++) {
        ends[i] = raised(ends[i]);
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    if (ends[0] >= 0 && ends[1] >= 0) {
        *flag = (wsx_flag){ends[0], ends[1]};
        return 0;
    }
    int error = errno;
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0) close(ends[i]);
    return error;
}

const char *wsx_flag_error(int error)
{
    return strerror(error);
}

void wsx_flag_raise(const wsx_flag *flag)
{
    while (write(flag->written, "", 1) < 0 && errno == EINTR) {}
}

void wsx_flag_lower(const wsx_flag *flag)
{
    char all[64];
    while (read(flag->watched, all, sizeof all) < 0 && errno == EINTR) {}
}

void wsx_flag_close(wsx_flag *flag)
{
    if (wsx_flag_made(flag)) {
        close(flag->watched);
        close(flag->written);
    }
    *flag = WSX_NO_FLAG;
}
