// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Input is one of the TLS options, to tell which one cannot be used.
type Input string

// The inputs.
const (
	InputCA       Input = "authorities"
	InputCert     Input = "certificate"
	InputKey      Input = "key"
	InputPassword Input = "key password"
	InputPair     Input = "certificate and key" // each can be read, but not used together
	InputVersions Input = "versions"
	InputName     Input = "server name"
	InputPins     Input = "pins"
	InputCiphers  Input = "cipher suites"
	InputGroups   Input = "key exchange groups"
	InputALPN     Input = "application protocols"
	InputKeyLog   Input = "key log"
)

// InputError is a certificate, a key or another TLS option that cannot be used.
// Its chain has fs.ErrNotExist, ErrPassword and so on.
type InputError struct {
	Input   Input
	Path    string // "" when it is not one file
	Missing bool   // the file of a certificate or key does not exist
	Pair    int    // which one of a server's pairs
	Err     error
}

// Error says which input, and what is wrong with it.
func (e *InputError) Error() string { return e.Err.Error() }

// Unwrap gives access to the cause.
func (e *InputError) Unwrap() error { return e.Err }

// source is PEM from a file or from memory.
type source struct {
	input Input
	path  string
	data  []byte
}

// maxFile is more than any PEM file has; a wrong path, such as that of a device, may
// not take the host's memory.
const maxFile = 16 << 20

// given tells whether there is anything to read.
func (s *source) given() bool { return s.path != "" || s.data != nil }

// read gives the bytes; those of a file belong to the caller, others to the host.
func (s *source) read() ([]byte, *InputError) {
	if s.path == "" {
		return s.data, nil
	}
	data, err := ReadFile(s.path, maxFile)
	if err != nil {
		return nil, &InputError{Input: s.input, Path: s.path, Missing: errors.Is(err, fs.ErrNotExist), Err: err}
	}
	if len(data) > maxFile {
		return nil, s.fail("it has more than %d bytes", maxFile)
	}
	return data, nil
}

// ReadFile reads up to most bytes of a file, and one more when there are more. It may be
// replaced before the first use, by whoever must not wait in Go.
var ReadFile = func(path string, most int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var data bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Size() <= int64(most) {
		data.Grow(int(info.Size()) + bytes.MinRead) // one buffer: it may hold a key, and is wiped; fits: most is an int
	}
	_, err = data.ReadFrom(io.LimitReader(f, int64(most)+1))
	return data.Bytes(), err
}

// where names the file, or says that it is from memory.
func (s *source) where() string {
	if s.path == "" {
		return "the " + string(s.input) + " in memory"
	}
	return s.path
}

// fail makes an error that says where.
func (s *source) fail(format string, args ...any) *InputError {
	return &InputError{Input: s.input, Path: s.path, Err: fmt.Errorf("%s: %w", s.where(), fmt.Errorf(format, args...))}
}
