// SPDX-License-Identifier: Apache-2.0

package deflate

import (
	"errors"

	"libws/core/wire"
)

// ErrFull says that the buffer is full and more is to come: call again with a larger
// one. It is not a violation.
var ErrFull = errors.New("the buffer is full")

// The violations that a [Decoder] finds. They are final.
var (
	ErrCorrupt = &wire.Error{Code: wire.CloseInvalidPayload, Text: "a compressed message is not valid DEFLATE data (RFC 7692 7.2.2)"}
	ErrTooBig  = &wire.Error{Code: wire.CloseTooBig, Text: "a message is larger than the limit when inflated (RFC 6455 7.4.1)"}
	ErrRatio   = &wire.Error{Code: wire.CloseTooBig, Text: "a message inflates to too many times its compressed size"}
)
