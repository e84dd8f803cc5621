// SPDX-License-Identifier: Apache-2.0

// Package world is a small world in which one seed decides everything: who runs, what the
// time is, what the network does. Everything in it happens on one goroutine at a time, so
// the same seed gives the same run.
//
//   - Tasks stand for threads: the loops of the library, its short goroutines, threads of
//     a host. A task runs until it blocks, or until a decision takes the turn from it at a
//     lock, an unlock or an atomic access (Yield).
//   - The clock moves by itself when nobody can run, a little with each step, and now and
//     then ahead of those who could run, as if the machine had been busy.
//   - Sockets (net.go) read and write less than they could, are full, late, reset.
//
// Packages under shim replace those of the standard library in a copy of core that
// tests/simulate/weave makes.
package world
