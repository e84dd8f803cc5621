// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// FailedCertificate describes the certificate that a client has refused, if err
// comes of that; else it is nil.
func FailedCertificate(err error) *Certificate {
	var refused *tls.CertificateVerificationError
	if errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0 {
		return describe(refused.UnverifiedCertificates[0])
	}
	return nil
}

// Alert is the alert that the peer has sent (RFC 8446 6.2), if err comes of one.
func Alert(err error) (text string, ok bool) {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" { // as crypto/tls marks them
		return op.Err.Error(), true
	}
	return "", false
}

// PlainHTTP tells whether a handshake failed because the client has sent a request of
// HTTP instead of its hello (RFC 8446 4.1.2). Of that crypto/tls tells the first five bytes.
func PlainHTTP(err error) (is, head bool) {
	var record tls.RecordHeaderError
	if !errors.As(err, &record) {
		return false, false
	}
	begin := strings.TrimPrefix(string(record.RecordHeader[:]), "\r\n") // RFC 9112 2.2
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"} {
		if line := method + " "; strings.HasPrefix(line, begin) || strings.HasPrefix(begin, line) {
			return true, method == "HEAD"
		}
	}
	return false, false
}

// WrongCertificate tells whether err comes of a certificate that one of both ends did not
// take: the server's, as authorities or pins want it, or the client's.
func WrongCertificate(err error) bool {
	var refused *tls.CertificateVerificationError
	var pinned *PinError
	var byHost *RefusedError
	if errors.As(err, &refused) || errors.As(err, &pinned) || errors.As(err, &byHost) {
		return true
	}
	alert, ok := Alert(err)
	return ok && strings.Contains(alert, "certificate") // RFC 8446 6.2 names all of them so
}

// TLSFailure says in plain words, and in one line, why a TLS handshake failed.
func TLSFailure(err error) string { return oneLine(tlsFailure(err)) }

func tlsFailure(err error) string {
	var (
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	alert, refused := Alert(err)
	switch {
	case errors.As(err, &name):
		return "the certificate is for another name: " + wrongName(name)
	case errors.As(err, &unknown):
		return "the certificate is signed by an unknown authority" + unknownAuthority(unknown)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		return wrongTime(invalid, time.Now())
	case errors.As(err, &invalid):
		return "the certificate is not valid: " + strings.TrimPrefix(invalid.Error(), "x509: ")
	case refused:
		return "the peer refused the handshake: " + alert + advice(alert)
	case errors.As(err, &record):
		return "the peer does not speak TLS; it sent " + strconv.Quote(string(record.RecordHeader[:]))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the peer ended the connection"
	}
	return strings.TrimPrefix(Plain(err), "tls: ")
}

// ClientTLSFailure is TLSFailure for a client, with the option that helps, if there is one.
func ClientTLSFailure(err error) string {
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	text := TLSFailure(err)
	switch {
	case errors.As(err, &unknown):
		text += "; ca_path or ca names the authorities to trust"
	case errors.As(err, &record):
		text += "; try ws"
	}
	return text
}

// shownNames bounds the text: a certificate may have hundreds of names.
const shownNames = 8

// wrongName lists the names that the certificate has.
func wrongName(e x509.HostnameError) string {
	wanted := "it is not for " + strconv.Quote(e.Host)
	if e.Certificate == nil {
		return wanted
	}
	names := append([]string(nil), e.Certificate.DNSNames...)
	for _, ip := range e.Certificate.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return wanted + ", it has no name at all but " + e.Certificate.Subject.String()
	}
	more := ""
	if len(names) > shownNames {
		more = " and " + strconv.Itoa(len(names)-shownNames) + " more"
		names = names[:shownNames]
	}
	return wanted + " but for " + strings.Join(names, ", ") + more
}

func unknownAuthority(e x509.UnknownAuthorityError) string {
	// What crypto/x509 knows beyond that: one of that name has not signed it.
	hint := strings.TrimPrefix(e.Error(), "x509: certificate signed by unknown authority")
	if e.Cert == nil {
		return hint
	}
	subject, issuer := e.Cert.Subject.String(), e.Cert.Issuer.String()
	if subject == issuer {
		return hint + " (" + subject + ", signed by itself)"
	}
	return hint + " (" + subject + ", signed by " + issuer + ")"
}

// wrongTime tells expired from not yet valid, which crypto/x509 does not, with the
// dates. The clock may be what is wrong, so it is shown.
func wrongTime(e x509.CertificateInvalidError, now time.Time) string {
	day := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05Z") }
	what := "has expired"
	if now.Before(e.Cert.NotBefore) {
		what = "is not yet valid"
	}
	return "the certificate of " + e.Cert.Subject.String() + " " + what + ": it is valid from " +
		day(e.Cert.NotBefore) + " to " + day(e.Cert.NotAfter) + ", the clock says " + day(now)
}

// advice adds to an alert what it may come of, where its name does not say so.
func advice(alert string) string {
	for _, known := range [...]struct{ part, text string }{
		{"certificate required", " (it wants a certificate of the client)"},
		{"bad certificate", " (it does not take our certificate, or misses one)"},
		{"unknown certificate authority", " (it does not know the issuer of our certificate)"},
		{"handshake failure", " (both sides share no cipher suite, or it misses a certificate of ours)"},
		{"protocol version not supported", " (both sides share no version of TLS)"},
		{"unrecognized name", " (it has no certificate for this name)"},
		{"no application protocol", " (it does not speak http/1.1)"},
	} {
		if strings.Contains(alert, known.part) {
			return known.text
		}
	}
	return ""
}
