// SPDX-License-Identifier: Apache-2.0

package handshake

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// outcome is what a reader makes of the bytes of a connection.
type outcome struct {
	rej   *Rejection // why it is no request; nil also when more has to come
	whole bool       // the request has come to its end, and this is it:
	req   Request
	head  []byte
	body  []byte
	rest  []byte // what came behind it
}

const fuzzMaxBody = 1 << 20

// readRequest reads a request from what comes in two parts, as a connection does.
func readRequest(data []byte, cut int) (o outcome) {
	var all []byte
	var k *Chunks
	blank, searched, end, whole := 0, 0, 0, 0
	for _, part := range [][]byte{data[:cut], data[cut:]} {
		all = append(all, part...)
		if end == 0 {
			n := BlankLines(all)
			if blank += n / 2; blank > MaxBlankLines {
				o.rej = &Rejection{Status: 400, Text: "blank lines"}
				return o
			}
			if all = all[n:]; len(all) == 0 || string(all) == "\r" {
				continue
			}
			if end, o.rej = FindHead(all, searched, 0); o.rej != nil {
				return o
			}
			if searched = len(all); end == 0 {
				continue
			}
			if o.req, _, o.rej = Parse(nil, all[:end], nil, true); o.rej != nil {
				return o
			}
			if o.req.Body > fuzzMaxBody {
				o.rej = &Rejection{Status: 413, Text: "the body is too large"}
				return o
			}
			if whole = end + int(o.req.Body); o.req.Chunked {
				k = NewChunks(fuzzMaxBody, DefaultMaxHead)
			}
		}
		if k != nil {
			n, used, rej := k.Decode(all[whole:])
			if rej != nil {
				o.rej = rej
				return o
			}
			all = append(all[:whole+n:whole+n], all[whole+used:]...)
			whole += n
		}
	}
	o.whole = end > 0 && len(all) >= whole && (k == nil || k.Over())
	if o.whole {
		o.head, o.body, o.rest = all[:end], all[end:whole], all[whole:]
	}
	return o
}

// stricter are the refusals of what net/http takes.
var stricter = map[string]string{
	// Readers differ in these, and smuggling lives on that.
	"the length of the body is not clear":                      "equal lengths in several lines are one for net/http",
	"the request has Transfer-Encoding and Content-Length":     "net/http drops the length",
	"HTTP/1.0 has no Transfer-Encoding":                        "net/http ignores the field",
	flawLine.String():                                          "net/http takes LF for CR LF",
	flawFold.String():                                          "net/http unfolds",
	flawName.String():                                          "net/http leaves names to its server, which has a second look",
	flawValue.String():                                         "the same of values",
	flawNUL.String():                                           "the same",
	"the body is not made of sound chunks":                     "net/http takes white space behind a size, and all that stands behind a semicolon",
	"exactly one Host field is required":                       "left to the server of net/http",
	"the Host field is empty or malformed":                     "the server of net/http looks at the characters only",
	"the request target has no valid host":                     "a user part, a port that does not exist; a host that is escaped or empty",
	"the request target is neither a path nor an absolute URI": "net/http takes URIs of any scheme, and * for each method",
	"the request line is malformed":                            "net/http takes a fragment, and bytes beyond ASCII",
	"this is not an HTTP request":                              "a line that does not begin with a token",
	// Limits, and what is not done here.
	"HTTP/1.1 is required":                           "net/http leaves the version to its server",
	"the request line is too long":                   "limits",
	"the request head is too large":                  "limits",
	"the body is too large":                          "limits",
	"the trailers behind the body are too large":     "limits",
	"the chunk extensions are too large":             "limits",
	"blank lines":                                    "limits",
	"the target of CONNECT is not a host and a port": "net/http takes a path, and no port",
	noTunnels.Text:                                   "net/http lets its host decide",
}

// FuzzParse holds what a host is told of any request, with the body that follows, against
// net/http: who reads another request, or another begin of the next one, must not exist. And
// against Accept: who is no upgrade for one is none for the other.
func FuzzParse(f *testing.F) {
	for _, c := range goodRequests {
		f.Add([]byte(c.head), 5)
	}
	for _, c := range badRequests {
		f.Add([]byte(c.head), 5)
	}
	const chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, stream := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"\r\n\r\nPOST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\nabcdefgGET",
		"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0000000000000000000000003\r\n\r\nabc",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
		"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET http://[::1]:80/ HTTP/1.1\r\nHost: [v1.a]\r\n\r\n",
		chunked + "5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
		chunked + "5;a=\"b;c\";d\r\nhello\r\n0;x\r\nA: b\r\nContent-Length: 3\r\n\r\nabc",
		chunked + "5 ;a\r\nhello\r\n0\r\n\r\n",
		chunked + "0000000000000000001\r\nx\r\n0\r\n\r\n",
		chunked + "10000000000000000\r\nx\r\n0\r\n\r\n",
		chunked + "1\nx\n0\n\n",
		chunked + "1\r\nxx\r\n0\r\n\r\n",
	} {
		f.Add([]byte(stream), 70)
	}
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		before := bytes.Clone(data)
		ours := readRequest(data, len(data))
		if !bytes.Equal(before, data) {
			t.Fatal("the bytes were changed")
		}
		if cut >= 0 && cut < len(data) {
			mustBeTheSame(t, data, cut, ours)
		}
		theirs, body, rest, err := byNetHTTP(data)
		switch {
		case ours.rej != nil:
			mustBeAnswer(t, ours.rej.AppendReply(nil), ours.rej)
			// In any of its fields (RFC 9110 5.3): the first may be empty.
			upgrade := err == nil && strings.Join(theirs.Header["Upgrade"], "") != ""
			if err == nil && stricter[ours.rej.Text] == "" && !upgrade {
				t.Fatalf("%q: %v, but net/http takes it", data, ours.rej)
			}
		case !ours.whole:
			if err == nil {
				t.Fatalf("%q: more has to come, but not for net/http", data)
			}
		case err != nil:
			if !netHTTPIsStricter(err) && !chunksOfNetHTTPAreStricter(err, data) {
				t.Fatalf("%q: net/http refuses it: %v", data, err)
			}
		case theirs.Method != ours.req.Method || theirs.Host != ours.req.Host && !theirs.URL.IsAbs():
			t.Fatalf("%q: net/http has %s of %q, we have %s of %q", data, theirs.Method, theirs.Host, ours.req.Method, ours.req.Host)
		case !bytes.Equal(body, ours.body) || !bytes.Equal(rest, ours.rest):
			t.Fatalf("%q: net/http has the body %q and then %q, we %q and %q", data, body, rest, ours.body, ours.rest)
		}
		mustAgreeWithAccept(t, ours)
	})
}

// mustBeTheSame reads in two parts what was read at once.
func mustBeTheSame(t *testing.T, data []byte, cut int, whole outcome) {
	parts := readRequest(data, cut)
	if (whole.rej == nil) != (parts.rej == nil) || whole.rej != nil && parts.rej.Status != whole.rej.Status && parts.rej.Status != 400 {
		t.Fatalf("%q cut at %d: %v, whole: %v", data, cut, parts.rej, whole.rej)
	}
	if parts.whole != whole.whole || !bytes.Equal(parts.body, whole.body) || !bytes.Equal(parts.rest, whole.rest) {
		t.Fatalf("%q cut at %d: body %q, rest %q; whole: %q, %q", data, cut, parts.body, parts.rest, whole.body, whole.rest)
	}
}

// byNetHTTP reads a request, and what is behind its end. Blank lines before it are left out
// by the server of net/http.
func byNetHTTP(data []byte) (r *http.Request, body, rest []byte, err error) {
	in := bufio.NewReader(bytes.NewReader(data[BlankLines(data):]))
	if r, err = http.ReadRequest(in); err != nil {
		return nil, nil, nil, err
	}
	if body, err = io.ReadAll(r.Body); err != nil {
		return nil, nil, nil, err
	}
	if r.ContentLength > int64(len(body)) {
		return nil, nil, nil, io.ErrUnexpectedEOF
	}
	rest, err = io.ReadAll(in)
	return r, body, rest, err
}

// mustAgreeWithAccept holds the head of a request against Accept.
func mustAgreeWithAccept(t *testing.T, o outcome) {
	if !o.whole {
		return
	}
	if _, _, refused := Accept(nil, o.head, nil); o.req.Upgrade != (refused == nil) {
		t.Fatalf("%q: an upgrade %v, Accept: %v", o.head, o.req.Upgrade, refused)
	}
	if o.req.Upgrade && len(o.body) > 0 {
		t.Fatalf("%q: an upgrade with a body", o.head)
	}
}

var (
	blankBeforeExtension = regexp.MustCompile(`[0-9a-fA-F][ \t]+;`)
	longChunkSize        = regexp.MustCompile(`[0-9a-fA-F]{17}`)
)

// chunksOfNetHTTPAreStricter tells whether net/http refuses a chunk that RFC 9112 7.1 has: its
// grammar allows white space before a semicolon, and zeros before a size.
func chunksOfNetHTTPAreStricter(err error, data []byte) bool {
	switch err.Error() {
	case "invalid byte in chunk length":
		return blankBeforeExtension.Match(data)
	case "http chunk length too large":
		return longChunkSize.Match(data)
	}
	return false
}

// netHTTPIsStricter tells whether a refusal is one that need not be ours: net/http looks
// into absolute URIs and percent escapes more closely; it announces trailers, of which we take
// none; and it bounds a line of chunks by 4 KiB, and trailers by as much.
func netHTTPIsStricter(err error) bool {
	for _, text := range []string{"parse ", "Host", "bad trailer key", "header line too long", "suspiciously long trailer"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
