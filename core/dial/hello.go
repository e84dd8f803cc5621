// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"crypto/tls"
	"fmt"
	"strings"
)

// groups are those of key exchanges, as IANA and as others call them.
var groups = map[string]tls.CurveID{
	"x25519mlkem768": tls.X25519MLKEM768,
	"x25519":         tls.X25519,
	"secp256r1":      tls.CurveP256, "p-256": tls.CurveP256, "prime256v1": tls.CurveP256,
	"secp384r1": tls.CurveP384, "p-384": tls.CurveP384,
	"secp521r1": tls.CurveP521, "p-521": tls.CurveP521,
}

// setGroups finds groups by their names. Without a hybrid one the client's hello has some
// 1,200 bytes less, and fits into one segment.
func setGroups(c *tls.Config, names []string) *InputError {
	for _, name := range names {
		group, known := groups[strings.ToLower(name)]
		if !known {
			return &InputError{Input: InputGroups, Err: fmt.Errorf("there is no group %.64q; X25519MLKEM768, X25519, secp256r1, secp384r1 and secp521r1 are known", name)}
		}
		c.CurvePreferences = append(c.CurvePreferences, group)
	}
	return nil
}

// setProtocols checks the names for ALPN (RFC 7301 3.1).
func setProtocols(c *tls.Config, names []string) *InputError {
	if names == nil {
		c.NextProtos = []string{"http/1.1"}
		return nil
	}
	size := 0
	for _, name := range names {
		size += 1 + len(name)
		if name == "" || len(name) > 255 || size > 65535 {
			return &InputError{Input: InputALPN, Err: fmt.Errorf("a name has 1 to 255 bytes, not %d", len(name))}
		}
	}
	c.NextProtos = names
	return nil
}
