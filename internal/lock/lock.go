// Package lock has locks between processes. One that is held ends with its process,
// however that ends: the file that it leaves behind locks nothing.
package lock

import (
	"context"
	"errors"
	"os"
	"time"
)

// ErrHeld is the error of a lock that somebody else holds.
var ErrHeld = errors.New("somebody else holds the lock")

// A Lock is held until it is released.
type Lock struct{ file *os.File }

// Try takes the lock whose file is at path, and makes that where there is none, for its
// owner alone. It fails with ErrHeld where another holder has it, also one in this
// process, or with what the system says of the file.
func Try(path string) (*Lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := take(file); err != nil {
		file.Close()
		return nil, err
	}
	return &Lock{file}, nil
}

// Wait is Try, again and again as long as another has the lock, until ctx ends.
func Wait(ctx context.Context, path string) (*Lock, error) {
	const again = 20 * time.Millisecond
	for {
		l, err := Try(path)
		if !errors.Is(err, ErrHeld) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(again):
		}
	}
}

// Release lets the lock go. Its file stays.
func (l *Lock) Release() error { return l.file.Close() }

// Remove lets the lock go and takes its file away: for locks that are never taken again.
func (l *Lock) Remove() error {
	early := os.Remove(l.file.Name()) // before another can take it; not every system can
	if err := l.file.Close(); err != nil || early == nil {
		return err
	}
	return os.Remove(l.file.Name())
}
