/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the version of libws when the bridge over NATS answers. */
#include <stdio.h>

#include <ws_nats.h>

int main(void)
{
    ws_nats *bridge = NULL;
    int32_t status = ws_nats_join(7, NULL, &bridge); /* no handle of a server */
    puts(ws_version_string());
    return status == WS_ERR_HANDLE && *ws_nats_last_error() ? 0 : 1;
}
