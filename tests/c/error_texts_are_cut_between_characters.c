/* SPDX-License-Identifier: Apache-2.0 */
/* A text of ws_last_error that is too long ends with a whole character of UTF-8. */
#include <stdbool.h>

#include "t.h"

/* RFC 3629 3, as far as an end that is cut goes. */
static bool whole(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : -1;
        if (more < 0) return false;
        for (p++; more; more--, p++)
            if ((*p & 0xc0) != 0x80) return false;
    }
    return true;
}

int main(void)
{
    static const char *const characters[] = {"\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (int c = 0; c < 3; c++)
        for (int before = 0; before < 8; before++) {
            char origins[1600] = "";
            memset(origins, 'x', (size_t)before);
            for (int i = 0; i < 380; i++) strcat(origins, characters[c]);
            ws_server_config o;
            WS_INIT_STRUCT(&o);
            o.origins = origins;
            ws_handle server = ws_server_create(NULL);
            CHECK_EQ(ws_server_start(server, &o, NULL, NULL), WS_ERR_PARAMETER);
            CHECK(strlen(ws_last_error()) > 400);
            CHECK(whole(ws_last_error()));
            OK(ws_server_destroy(server));
        }
    return t_done();
}
