package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
)

// runsName is the folder that has a file for each run that has not come to its end: that
// is locked as long as a process is at it.
const runsName = "runs"

// glance is longer than anybody holds the lock of a run only to look whether it lives.
const glance = 200 * time.Millisecond

// HoldRun keeps all others from going on with the run id, in this process and in others.
// It fails with lock.ErrHeld where somebody is at it. The lock is removed when the run has
// come to its end, and else released.
func (s *Store) HoldRun(ctx context.Context, id hook.ID) (*lock.Lock, error) {
	if s.writer == nil {
		return nil, ErrReadOnly
	}
	if !id.Valid(hook.RunPrefix) {
		return nil, fmt.Errorf("%q is not the id of a run", id)
	}
	held, err := s.folder.holdRun(ctx, id)
	if err != nil && !errors.Is(err, lock.ErrHeld) {
		err = fmt.Errorf("store %s: %w", s.folder, err)
	}
	return held, err
}

// RunLives reports whether somebody is at the run id.
func (s *Store) RunLives(id hook.ID) bool {
	path := s.folder.run(id)
	if _, err := os.Lstat(path); !id.Valid(hook.RunPrefix) || err != nil {
		return false
	}
	held, err := lock.Try(path)
	if err != nil {
		return errors.Is(err, lock.ErrHeld)
	}
	_ = held.Release() // nothing was written
	return false
}

// run is the path of the file of the run id.
func (d folder) run(id hook.ID) string { return filepath.Join(string(d), runsName, string(id)) }

func (d folder) holdRun(ctx context.Context, id hook.ID) (*lock.Lock, error) {
	path := d.run(id)
	if err := ignore(os.Mkdir(filepath.Dir(path), dirMode), fs.ErrExist); err != nil {
		return nil, readOnlyError(filepath.Dir(path), err)
	}
	if info, err := os.Lstat(filepath.Dir(path)); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%w: %s is a %s, not a folder", ErrUnsafe, filepath.Dir(path), kindOfFile(info))
	}
	ctx, stop := context.WithTimeout(ctx, glance)
	defer stop()
	for {
		held, err := lock.Wait(ctx, path)
		if err != nil {
			return nil, err
		}
		if _, err := os.Lstat(path); err == nil {
			return held, nil
		}
		_ = held.Release() // the run has just come to its end, and the file was taken away
	}
}
