/* SPDX-License-Identifier: Apache-2.0 */
/* upgrade.h - the server's side of an upgrade, for peers that are bare sockets. */
#ifndef UPGRADE_H
#define UPGRADE_H

#include <stdbool.h>

/* Reads the request from a socket that blocks, and answers it (RFC 6455 4.2.2). False for
 * a probe, which ends without a request. */
bool upgrade(int fd);

#endif
