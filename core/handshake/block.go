// SPDX-License-Identifier: Apache-2.0

package handshake

// Block lays out fields as ws_header_next reads them: names and values in
// turn, a NUL behind each.
func Block(fields []Field) []byte {
	var b []byte
	for _, f := range fields {
		b = append(append(b, f.Name...), 0)
		b = append(append(b, f.Value...), 0)
	}
	return b
}
