// SPDX-License-Identifier: Apache-2.0

// Package loop is the event engine: loops on locked OS threads, sockets, timers,
// and memory outside the Go heap. It knows nothing of WebSocket.
//
// Enter here when a wake-up is lost, a timer fires late, a descriptor leaks, a
// system call is wrong, or buffers are not given back.
//
// A loop learns what is ready from a poller, and only there do the two engines
// differ: poll_epoll_linux.go asks epoll; poll_goroutine.go has goroutines wait in
// the poller of the Go runtime, on every system (wait_unix.go, wait_windows.go).
// Reads and writes are the same non-blocking system calls with both.
//
// Rules of the house:
//   - A Loop runs on one thread; Handler, Timer and Round calls come from it.
//     Only Post and Stop may be called from other threads.
//   - Only the loop closes a socket's descriptor; whoever writes from another
//     thread holds the lock of the connection, under which it is closed.
//   - What a poller tells carries slot and generation, never a pointer or a
//     descriptor, so a late event of a closed socket is recognised.
package loop
