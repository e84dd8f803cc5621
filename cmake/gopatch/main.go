// SPDX-License-Identifier: Apache-2.0

// gopatch makes what Go's linker has made fit for musl, whose dlopen refuses libraries with
// initial-exec TLS, by which Go finds g, the goroutine that runs. No source and no tool of Go is changed.
//
// It stands between Go's linker and the C compiler (go build -ldflags=-extld=gopatch), with the
// compiler and its first arguments in WS_REAL_CC. It edits go.o so that each access to g goes by
// a TLS descriptor, through a few lines of assembler (cmake/musl), and then becomes the compiler.
// An object that is not quite as the versions of Go that it was made for write it stops the build.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	fmt.Fprintln(os.Stderr, "gopatch:", run(os.Args[1:]))
	os.Exit(1)
}

// run becomes the C compiler; it returns only when that is not to be.
func run(arguments []string) error {
	compiler := strings.Fields(os.Getenv("WS_REAL_CC"))
	if len(compiler) == 0 {
		return fmt.Errorf("WS_REAL_CC does not name the C compiler")
	}
	path, err := exec.LookPath(compiler[0])
	if err != nil {
		return fmt.Errorf("WS_REAL_CC: %w", err)
	}
	// The linker also asks the compiler what it can do, without any go.o.
	for _, name := range arguments {
		if filepath.Base(name) != "go.o" {
			continue
		}
		if err := patchFile(name); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w", path, syscall.Exec(path, append(compiler, arguments...), os.Environ()))
}

func patchFile(name string) error {
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	patched, err := patch(file)
	if err != nil {
		return fmt.Errorf("%s: %w; this version of Go needs a look at cmake/gopatch", name, err)
	}
	return os.WriteFile(name, patched, 0o666)
}
