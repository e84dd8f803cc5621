// SPDX-License-Identifier: Apache-2.0

package dial

import (
	"errors"
	"fmt"
	"os"
)

// keyLog is the path of a file in the format of NSS. It is opened for each line,
// so that no descriptor has to be closed when nobody uses the configuration any
// more.
type keyLog string

func (path keyLog) Write(line []byte) (int, error) {
	f, err := os.OpenFile(string(path), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("key log: %w", err)
	}
	n, err := f.Write(line)
	if err := errors.Join(err, f.Close()); err != nil {
		return n, fmt.Errorf("key log: %w", err)
	}
	return n, nil
}
