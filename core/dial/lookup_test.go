// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
)

func TestFailedLookUpSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dns   net.DNSError
		errno syscall.Errno
		text  string
	}{
		{net.DNSError{Err: "no such host", Name: "name.test", Server: "192.0.2.53:53", IsNotFound: true}, 0,
			"connecting to name.test:80: looking up the name: no such host; 192.0.2.53:53 was asked"},
		{net.DNSError{Err: "no such host", Name: "name.test", IsNotFound: true}, 0, "connecting to name.test:80: looking up the name: no such host"},
		{net.DNSError{Err: "dial udp 192.0.2.53:53: socket: too many open files", Name: "name.test", Server: "192.0.2.53:53"}, syscall.EMFILE,
			"connecting to name.test:80: looking up the name: too many open files: a look-up needs descriptors, and there are none left"},
		{net.DNSError{Err: syscall.ENFILE.Error(), Name: "name.test"}, syscall.ENFILE,
			"connecting to name.test:80: looking up the name: too many open files in system: a look-up needs descriptors, and there are none left"},
	} {
		d := &directory{turns: newTurns(func(context.Context, string) ([]netip.Addr, error) { return nil, &c.dns })}
		target, err := ParseURL("ws://name.test/")
		if err != nil {
			t.Fatal(err)
		}
		_, err = connectBy(t.Context(), target, Options{}, d)
		var failed *Error
		var dns *net.DNSError
		if !errors.As(err, &failed) || !errors.As(err, &dns) || failed.Stage != StageResolve || failed.Errno != c.errno || failed.Error() != c.text {
			t.Errorf("%v (%+v)", err, failed)
		}
	}
}

func TestPlainTextsHaveNoAddressesOfSockets(t *testing.T) {
	t.Parallel()
	op := &net.OpError{Op: "read", Net: "tcp", Source: &net.TCPAddr{Port: 1}, Addr: &net.TCPAddr{Port: 2}, Err: syscall.ECONNRESET}
	if text := Plain(errors.Join(op)); text != syscall.ECONNRESET.Error() || strings.Contains(text, "tcp") {
		t.Error(text)
	}
}
