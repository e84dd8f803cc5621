// SPDX-License-Identifier: Apache-2.0

package handshake

// Chunks takes the chunked coding off a body while it comes (RFC 9112 7.1). Chunk
// extensions and trailer fields have to be well formed, and are dropped, as they may be
// (RFC 9112 7.1.1, RFC 9110 6.5.1): so no trailer can stand for a field of the head.
//
// What surrounds the data is bounded: trailers by the greatest size of a head, and the
// lines before chunks, with leading zeros and extensions, by as much beyond 16 bytes and
// twice its data for each chunk. No byte is kept for that.
type Chunks struct {
	left  int64 // bytes that the body may still have
	size  int64 // of the chunk, as far as it was read; then what is left of its data
	limit int   // of spent
	spent int   // bytes around the data that count
	state chunkState
}

type chunkState uint8

const (
	chunkBegin     chunkState = iota // a digit must come
	chunkSize                        // digits
	chunkBlank                       // white space, before a semicolon
	chunkExtension                   // white space, before a name
	chunkName
	chunkNamed // white space behind a name
	chunkEqual // white space, before a value
	chunkValue
	chunkQuoted
	chunkEscaped // behind a backslash in quotes
	chunkClosed  // behind quotes
	chunkLineEnd // LF
	chunkData
	chunkDataCR
	chunkDataLF
	trailerBegin
	trailerName
	trailerValue
	trailerLineEnd
	chunksLineEnd // the LF of the last line
	chunksOver
	chunkBroken
)

// NewChunks begins a body of at most maxBody bytes in a request whose head has at most
// maxHead.
func NewChunks(maxBody int64, maxHead int) *Chunks {
	return &Chunks{left: maxBody, limit: maxHead}
}

// Over tells whether the whole body was read.
func (k *Chunks) Over() bool { return k.state == chunksOver }

// Decode takes the coding off what came next, in place: data bytes of body are at the
// begin of buf then. used is how many bytes of buf belonged to it, all unless the body is
// over. The rejection is for what is too large (413, 431) or broken (400); it comes with
// the first byte that is wrong.
func (k *Chunks) Decode(buf []byte) (data, used int, rej *Rejection) {
	for used < len(buf) && k.state != chunksOver {
		if k.state == chunkData {
			n := int(min(int64(len(buf)-used), k.size))
			data += copy(buf[data:], buf[used:used+n])
			used += n
			if k.size -= int64(n); k.size == 0 {
				k.state = chunkDataCR
			}
			continue
		}
		if rej = k.take(buf[used]); rej != nil {
			return data, used, rej
		}
		used++
	}
	return data, used, nil
}

// take reads a byte that is no data.
func (k *Chunks) take(c byte) *Rejection {
	was := k.state
	k.state = k.next(c)
	k.spent++
	switch {
	case k.state == chunkBroken:
		return &Rejection{Status: 400, Text: "the body is not made of sound chunks"}
	case k.size > k.left:
		return &Rejection{Status: 413, Text: "the body is too large"}
	case was == chunkLineEnd && k.state == trailerBegin:
		k.spent = 0
	case was == chunkLineEnd:
		k.left -= k.size
		k.spent = int(max(int64(k.spent)-chunkFree-2*k.size, 0)) // fits: it was an int, and is less now
	case k.state >= trailerBegin && k.spent > k.limit:
		return &Rejection{Status: 431, Text: "the trailers behind the body are too large"}
	case k.state < trailerBegin && k.spent > k.limit+chunkFree:
		return &Rejection{Status: 413, Text: "the chunk extensions are too large"}
	}
	return nil
}

// chunkFree is how many bytes around a chunk are not counted.
const chunkFree = 16

// next is the state behind a byte.
func (k *Chunks) next(c byte) chunkState {
	blank, token := c == ' ' || c == '\t', class[c]&classToken != 0
	switch k.state {
	case chunkBegin, chunkSize:
		if class[c]&classHex != 0 {
			k.size = k.size<<4 + int64(digit(c)) // refused before it runs over
			return chunkSize
		}
		if k.state == chunkSize {
			return behindSize(c)
		}
	case chunkBlank:
		if blank || c == ';' {
			return behindSize(c)
		}
	case chunkExtension:
		if blank {
			return chunkExtension
		}
		if token {
			return chunkName
		}
	case chunkName, chunkNamed:
		switch {
		case token && k.state == chunkName:
			return chunkName
		case blank:
			return chunkNamed
		case c == '=':
			return chunkEqual
		case c == ';' || k.state == chunkName:
			return behindSize(c)
		}
	case chunkEqual:
		switch {
		case blank:
			return chunkEqual
		case c == '"':
			return chunkQuoted
		case token:
			return chunkValue
		}
	case chunkValue:
		if token {
			return chunkValue
		}
		return behindSize(c)
	case chunkQuoted:
		switch {
		case c == '"':
			return chunkClosed
		case c == '\\':
			return chunkEscaped
		case class[c]&classValue != 0:
			return chunkQuoted
		}
	case chunkEscaped:
		if class[c]&classValue != 0 {
			return chunkQuoted
		}
	case chunkClosed:
		return behindSize(c)
	case chunkLineEnd:
		if c == '\n' && k.size == 0 {
			return trailerBegin
		}
		return only(c, '\n', chunkData)
	case chunkDataCR:
		return only(c, '\r', chunkDataLF)
	case chunkDataLF:
		return only(c, '\n', chunkBegin)
	case trailerBegin:
		if token {
			return trailerName
		}
		return only(c, '\r', chunksLineEnd)
	case trailerName:
		if token {
			return trailerName
		}
		return only(c, ':', trailerValue)
	case trailerValue:
		if class[c]&classValue != 0 {
			return trailerValue
		}
		return only(c, '\r', trailerLineEnd)
	case trailerLineEnd:
		return only(c, '\n', trailerBegin)
	case chunksLineEnd:
		return only(c, '\n', chunksOver)
	}
	return chunkBroken
}

// behindSize is the state behind a byte that ends the size or an extension.
func behindSize(c byte) chunkState {
	switch c {
	case ' ', '\t':
		return chunkBlank
	case ';':
		return chunkExtension
	case '\r':
		return chunkLineEnd
	}
	return chunkBroken
}

func only(c, wanted byte, then chunkState) chunkState {
	if c == wanted {
		return then
	}
	return chunkBroken
}

// digit is the value of a hexadecimal digit.
func digit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
