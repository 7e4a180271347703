package cli

import (
	"context"
	"os"
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

// begin makes a file in a folder, which only its owner may read.
func (u *Unfinished) begin(dir string) (*os.File, error) {
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

// end takes a file away, where it is there under its first name.
func (u *Unfinished) end(name string) {
	_ = os.Remove(name) // it is gone where it got its own
	if u != nil {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.names, name)
	}
}
