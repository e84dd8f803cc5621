// SPDX-License-Identifier: Apache-2.0

// Command genheader writes include/libws/ws.h from the C fronts of package capi.
//
// Enter here when the header should look different, or when a front is refused.
// The fronts (capi/front_*.c) are the only place where a public function is
// written down: its comment is its manual, its definition is its prototype. The
// header is a copy of both. The fronts include the header, so a prototype that
// differs does not compile; a test of this package fails when the header is
// stale.
//
// It is run by "go generate ./...", in the directory of package capi.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintf(os.Stderr, "genheader: %v\n", err)
		os.Exit(1)
	}
}

// run writes the header that belongs to the fronts in directory capi.
func run(capi string) error {
	text, err := generate(capi)
	if err != nil {
		return err
	}
	return os.WriteFile(headerPath(capi), text, 0o644)
}

func headerPath(capi string) string {
	return filepath.Join(capi, "..", "include", "libws", "ws.h")
}
