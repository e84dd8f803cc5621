/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the version of the library; fails when header and library differ. */
#include <stdio.h>

#include <libws/ws.h>

int main(void)
{
    puts(ws_version_string());
    return ws_version_number() == (uint32_t)WS_VERSION_NUMBER && ws_abi_version() == WS_ABI_VERSION ? 0 : 1;
}
