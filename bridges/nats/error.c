/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "bridge.h"

static _Thread_local char text[512];

int32_t wsn_fail(int32_t status, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return status;
}

int32_t wsn_fail_as_libws(int32_t status, const char *what)
{
    return wsn_fail(status, "%s: %s", what, ws_last_error());
}

const char *WS_CALL ws_nats_last_error(void)
{
    return text;
}
