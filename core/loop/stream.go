// SPDX-License-Identifier: Apache-2.0

package loop

import "libws/core/fd"

// Stream is a connection of package net with a descriptor: TCP or a Unix socket.
type Stream = fd.Stream
