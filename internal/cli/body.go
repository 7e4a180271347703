package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/hookctl/hookctl/internal/hook"
)

// maxInMemory is the largest file that is read as a whole where it need not be.
const maxInMemory = 1 << 20

// readInput reads a whole file, or standard input where path is "-".
func (a *app) readInput(path string) ([]byte, error) {
	var data []byte
	var err error
	if path == "-" {
		data, err = io.ReadAll(a.world.Stdin)
	} else {
		data, err = os.ReadFile(a.absolute(path))
	}
	if err != nil {
		return nil, cannot("", fmt.Errorf("reading the body: %w", err))
	}
	return data, nil
}

// openInput returns the content of a file, or of standard input where path is
// "-": a large file is read as it is needed.
func (a *app) openInput(path string) (hook.Body, error) {
	if path != "-" {
		if info, err := os.Stat(a.absolute(path)); err == nil && info.Mode().IsRegular() && info.Size() > maxInMemory {
			return fileBody{a.absolute(path), info.Size()}, nil
		}
	}
	data, err := a.readInput(path)
	return hook.Bytes(data), err
}

// A fileBody is a body that stays in its file.
type fileBody struct {
	path string
	size int64
}

func (b fileBody) Size() int64                  { return b.size }
func (b fileBody) Open() (io.ReadCloser, error) { return os.Open(b.path) }
