/* SPDX-License-Identifier: Apache-2.0 */
/* flag_linux.c - a flag is an eventfd. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "flag.h"
#include "runtime.h"

int wsx_flag_make(wsx_flag *flag)
{
    int made = wsx_raised(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (made < 0) return errno;
    flag->watched = flag->written = made;
    return 0;
}

const char *wsx_flag_error(int error)
{
    return strerror(error);
}

void wsx_flag_raise(const wsx_flag *flag)
{
    uint64_t one = 1;
    while (write(flag->written, &one, sizeof one) < 0 && errno == EINTR) {}
}

void wsx_flag_lower(const wsx_flag *flag)
{
    uint64_t one;
    while (read(flag->watched, &one, sizeof one) < 0 && errno == EINTR) {}
}

void wsx_flag_close(wsx_flag *flag)
{
    if (wsx_flag_made(flag)) close(flag->watched);
    *flag = WSX_NO_FLAG;
}
