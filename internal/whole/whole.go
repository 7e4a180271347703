// Package whole puts files in their place as a whole: who reads one never reads a part of
// it, and neither a crash nor a second signal leaves one that nobody knows of.
package whole

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Unfinished are files that get their names once they are whole. What ends the program at
// once is to call Remove, so that none is left behind. A nil one notes nothing.
type Unfinished struct {
	mu    sync.Mutex
	names map[string]bool
	ended bool
}

// Remove takes all of them away. No other is begun after it.
func (u *Unfinished) Remove() {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.ended = true
	for name := range u.names {
		_ = os.Remove(name) // nobody is left to be told
	}
}

// Begin makes a file in a folder, which only its owner may read, whatever the umask says.
func (u *Unfinished) Begin(dir string) (*os.File, error) {
	if u == nil {
		u = &Unfinished{}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return nil, context.Canceled
	}
	file, err := os.CreateTemp(dir, ".hookctl-*")
	if err != nil {
		return nil, err
	}
	if u.names == nil {
		u.names = map[string]bool{}
	}
	u.names[file.Name()] = true
	return file, nil
}

// End takes a file away, where it is there under its first name.
func (u *Unfinished) End(name string) {
	_ = os.Remove(name) // it is gone where it got its own
	if u != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.names, name)
	}
}

// Write makes data the file at path, durably, in the place of one that is there. Its
// permissions are mode.
func (u *Unfinished) Write(path string, data []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	file, err := u.Begin(dir)
	if err != nil {
		return err
	}
	defer u.End(file.Name())
	_, err = file.Write(data)
	if err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	SyncFolder(dir)
	return nil
}

// SyncFolder makes the names in a folder durable, where the system can.
func SyncFolder(dir string) {
	folder, err := os.Open(dir)
	if err != nil {
		return
	}
	defer folder.Close()
	_ = folder.Sync() // not every system can
}
