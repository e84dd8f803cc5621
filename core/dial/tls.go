// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
)

// TLSOptions is what a client says about TLS. The zero value checks the server
// against the authorities of the system.
type TLSOptions struct {
	CAFile     string // PEM; only these authorities are trusted. "": the system's
	SkipVerify bool   // takes any certificate: no protection against an active attacker
}

// FileError is a certificate or key file that cannot be used.
type FileError struct {
	Path    string // "" when each file can be read, but they do not belong together
	Missing bool   // it does not exist
	Err     error
}

// Error says which file, and what is wrong with it.
func (e *FileError) Error() string { return e.Err.Error() }

// Unwrap gives access to the cause.
func (e *FileError) Unwrap() error { return e.Err }

// openHarmonyRoots is where OpenHarmony keeps its authorities; crypto/x509 does
// not look there.
const openHarmonyRoots = "/etc/ssl/certs/cacert.pem"

// ClientTLS makes the configuration for u: TLS 1.2 or newer, the host's name
// checked and sent as SNI (RFC 6066 3), HTTP/1.1 only. The error is a *FileError.
func ClientTLS(u *url.URL, o TLSOptions) (*tls.Config, error) {
	name, _, _ := strings.Cut(u.Hostname(), "%") // a zone (RFC 6874) is this host's business
	c := &tls.Config{
		ServerName:         name,
		MinVersion:         tls.VersionTLS12,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: o.SkipVerify,
	}
	if o.CAFile != "" {
		roots, err := loadRoots(o.CAFile)
		if err != nil {
			return nil, err
		}
		c.RootCAs = roots
	} else if roots, err := loadRoots(openHarmonyRoots); err == nil {
		c.RootCAs = roots
	}
	return c, nil
}

func loadRoots(path string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(path, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, &FileError{Path: path, Err: fmt.Errorf("%s holds no PEM certificate", path)}
	}
	return roots, nil
}

func fileError(path string, err error) *FileError {
	return &FileError{Path: path, Missing: errors.Is(err, fs.ErrNotExist), Err: err}
}

// ServerTLS makes the configuration of a server from PEM files: TLS 1.2 or
// newer, session tickets, HTTP/1.1 only. The error is a *FileError.
func ServerTLS(certFile, keyFile string) (*tls.Config, error) {
	cert, err := os.ReadFile(certFile)
	if err != nil {
		return nil, fileError(certFile, err)
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fileError(keyFile, err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, &FileError{Err: fmt.Errorf("%s with %s: %w", certFile, keyFile, err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
}

// Alert is the alert that the peer has sent (RFC 8446 6.2), if err comes of one.
func Alert(err error) (text string, ok bool) {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" { // as crypto/tls marks them
		return op.Err.Error(), true
	}
	return "", false
}

// TLSFailure says in plain words why a TLS handshake failed.
func TLSFailure(err error) string {
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	alert, refused := Alert(err)
	switch {
	case errors.As(err, &name):
		return "the certificate is for another name: " + name.Error()
	case errors.As(err, &unknown):
		return "the certificate is signed by an unknown authority: " + unknown.Error()
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has expired or is not yet valid: " + invalid.Error()
	case errors.As(err, &invalid):
		return "the certificate is not valid: " + invalid.Error()
	case refused:
		return "the peer refused the handshake: " + alert
	case errors.As(err, &record):
		return "the peer does not speak TLS: " + record.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the peer ended the connection"
	}
	return err.Error()
}
