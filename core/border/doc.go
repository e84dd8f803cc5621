// SPDX-License-Identifier: Apache-2.0

// Package border is what C and Go share: the state block of a handle, the records of a batch,
// the outbox of its callbacks, the lane of a connection that the host writes itself. The
// structs lie outside the Go heap, hold addresses instead of pointers, and have a twin each in
// capi/shared.h; capi/layout.go does not compile when the two differ. Come here for a new
// event, for what an event carries, and for the word that decides who may send; and change
// the twin with it.
//
// Most methods are a few instructions of the hot path and are inlined.
package border
