// SPDX-License-Identifier: Apache-2.0

// Package loop is the event engine: epoll loops on locked OS threads, sockets,
// timers, and memory outside the Go heap. It knows nothing of WebSocket.
//
// Enter here when a wake-up is lost, a timer fires late, a descriptor leaks, a
// system call is wrong, or buffers are not given back.
//
// Rules of the house:
//   - A Loop runs on one thread; Handler, Timer and Round calls come from it.
//     Only Post and Wake may be called from other threads.
//   - Only the loop closes a socket's descriptor; whoever writes from another
//     thread holds the lock of the connection, under which it is closed.
//   - What epoll gives back carries slot and generation, never a pointer or a
//     descriptor, so a late event of a closed socket is recognised.
package loop
