// SPDX-License-Identifier: Apache-2.0

// Package deflate is the extension permessage-deflate (RFC 7692): what two ends
// agree on, and messages to compressed bytes and back. It does no I/O and starts
// nothing.
//
// Enter here when an offer is declined that should be granted, or the other way
// round; when a compressed message does not inflate; when one grows beyond its
// limit; or when an idle connection keeps memory for compression.
//
// Agreeing: a client sends [Offer] and reads the answer by [Options.Accept], a
// server answers by [Options.Answer]. Both get [Params].
//
// Sending: an [Encoder] for the connection, one message a call. The compressors
// behind it are large and pooled: a connection owns none, only the last bytes of
// what it sent and an index of them, and these only when the next message may refer to
// them (context takeover, RFC 7692 7.1.1). A message may be compressed in pieces, each
// by one call. compressor.go finds references (search.go) and says them in blocks
// (block.go) by codes that it makes for them (codes.go); library.go is for high levels.
//
// Receiving: a [Decoder] for the connection. It takes compressed bytes in pieces of
// any size and appends to the caller's buffer what they stand for, as far as it is
// known then, so that text is checked and limits hold while a message still comes.
// The inflater behind it is our own, see inflate.go: the libraries there are cannot
// stop where the input stops. Between messages a connection keeps only the history,
// again only with takeover.
//
// Buffers come from a [Memory] of the caller, so that they count towards its budget.
// An Encoder and a Decoder belong to one thread at a time each.
//
// Narrow windows (8 to 14 bits) are kept by our own compressor alone; a test reads the bits and
// checks each distance. zlib cannot make windows of 8 bits and uses 9 instead, so a decoder keeps
// at least 512 bytes.
package deflate
