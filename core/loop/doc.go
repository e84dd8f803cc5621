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
//
// # Engines, timers and descriptors
//
// There is one loop by default, so that inline callbacks are serial for the whole process. Each
// is a locked OS thread with level-triggered epoll. Calls that move up to 64 KiB are RawSyscalls;
// the wait and larger ones tell the scheduler. Where there is no epoll (macOS, BSD, Windows) and
// by default on Android, a goroutine per connection waits in the poller of the Go runtime and
// wakes the loop; all else is the same. ws_init selects it on Linux, too: every promise is kept,
// at 2 to 6 times the CPU per message and some KB per connection. Every C test runs on both (the
// environment variable WS_ENGINE names the default), and WS_TEST_ENGINE=goroutine go test ./core
// does the same for core.
//
// Descriptors have numbers above 2: the lower ones are the host's, also when it has closed them.
// They are closed only by the loop, holding the connection's lock, when no thread sends directly.
// What a poller reports carries slot and generation.
//
// Timers hang in one wheel per loop (50 ms ticks); a connection needs one only in its handshake
// and at its end. Of timers that are due, and of what was posted, a turn of the loop takes 2 ms;
// what is left has its turn after the sockets. Who goes over all connections does it in steps,
// and the subscriptions of one that has ended are ended by a goroutine of the server when they
// are many, or somebody is publishing: its slot waits for that, its events do not.
package loop
