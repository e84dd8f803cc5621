// SPDX-License-Identifier: Apache-2.0

package dial

// Stage tells where on the way to, or in the life of, a connection an error
// happened. The values are part of the ABI: append, never reorder.
type Stage uint8

// The stages. This package reports StageResolve, StageConnect, StageProxy and
// StageTimeout; the others are for the packages above it.
const (
	StageNone      Stage = iota // no error
	StageResolve                // looking up the host name
	StageConnect                // the TCP connect
	StageProxy                  // talking to a proxy
	StageTLS                    // the TLS handshake
	StageUpgrade                // the HTTP upgrade, RFC 6455 4
	StageProtocol               // a peer that breaks RFC 6455 after the upgrade
	StageTimeout                // a deadline passed
	StageLimit                  // a limit was reached: message size, memory
	StageReconnect              // giving up reconnecting
	StageIO                     // reading or writing an open connection
)

var stageNames = [...]string{
	"none", "resolve", "connect", "proxy", "tls", "upgrade",
	"protocol", "timeout", "limit", "reconnect", "io",
}

// String returns the lower-case name of the stage, as it appears in texts.
func (s Stage) String() string {
	if int(s) < len(stageNames) {
		return stageNames[s]
	}
	return "unknown"
}
