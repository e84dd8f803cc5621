// SPDX-License-Identifier: Apache-2.0

package loop

import "golang.org/x/sys/unix"

const keepIdle = unix.TCP_KEEPALIVE
