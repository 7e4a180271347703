package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hookctl/hookctl/internal/lock"
	"github.com/hookctl/hookctl/internal/store"
)

// editPatience is how long a command waits for another that changes the same hookctl.yaml.
const editPatience = 20 * time.Second

// editing runs do while no other command changes hookctl.yaml or the secrets of its
// endpoints, with the file as it is then. Where there is no place for a lock, do runs
// without: what another wrote meanwhile is still not written over.
func (a *app) editing(ctx context.Context, do func() error) error {
	path, err := a.editLock()
	if err != nil {
		return do()
	}
	ctx, cancel := context.WithTimeout(ctx, editPatience)
	defer cancel()
	held, err := lock.Wait(ctx, path)
	switch {
	case errors.Is(err, lock.ErrHeld):
		return cannot("try again once it has ended", fmt.Errorf("another hookctl is changing %s", configName))
	case err != nil:
		return do()
	}
	defer func() { _ = held.Release() }() // it ends with the process, too
	if a.file, err = a.loadConfig(); err != nil {
		return err
	}
	return do()
}

// locksFolder is where the user's own folder has the locks of files that are changed.
const locksFolder = "locks"

// editLock is the lock of the hookctl.yaml that is changed: in the user's own folder, since
// projects are not to find files of it among theirs.
func (a *app) editLock() (string, error) {
	folder := a.world.Dir
	if a.file != nil {
		folder = filepath.Dir(a.file.path)
	}
	if whole, err := filepath.EvalSymlinks(folder); err == nil {
		folder = whole
	}
	own, err := (&app{world: a.world}).storeDir()
	if err != nil {
		return "", err
	}
	if err := store.MakeFolder(own); err != nil {
		return "", err
	}
	dir := filepath.Join(own, locksFolder)
	sum := sha256.Sum256([]byte(folder))
	return filepath.Join(dir, hex.EncodeToString(sum[:8])), os.MkdirAll(dir, 0o700)
}
