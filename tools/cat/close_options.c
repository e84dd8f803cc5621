/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "say.h"
#include "session.h"

int make_close(const char *text, ws_close_options *options)
{
    WS_INIT_STRUCT(options);
    const char *colon = strchr(text, ':');
    int64_t code;
    char *number = colon ? format_text("%.*s", (int)(colon - text), text) : format_text("%s", text);
    if (!read_number(number, 1000, 4999, &code)) return wrong("close %s: it is CODE or CODE:REASON, and CODE is 1000 to 4999", text);
    options->code = (int32_t)code;
    options->reason = colon ? colon + 1 : code == 1000 ? NULL : "";
    options->flags = WS_CUT_REASON;
    return 0;
}
