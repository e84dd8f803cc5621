// SPDX-License-Identifier: Apache-2.0

//go:build linux || freebsd || netbsd || dragonfly

package loop

import "golang.org/x/sys/unix"

const keepIdle = unix.TCP_KEEPIDLE
