// SPDX-License-Identifier: Apache-2.0

package border

// DirectMax is the longest message that the host writes itself; it does not look at MaxSend.
const DirectMax = 1024

// Lane is what the host needs beside the block to write messages itself. It lies outside
// the Go heap. What it counts is plain memory of whoever holds the claim.
type Lane struct {
	Descriptor int32
	Epoch      uint32 // rises when a claim ends with its connection
	Messages   uint64 // that core has not counted
	Bytes      uint64 // of their payload
	Outbox     uint64 // address of that which has what is gathered; its first segment is Block.Cork
}
