package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

const (
	fileName   = "hookctl.db"
	dirMode    = 0o700
	fileMode   = 0o600
	spoolName  = "spool-*"
	newName    = fileName + ".new-*"
	damagedFor = fileName + ".damaged-%d"
	ignoreName = ".gitignore"
)

// A folder is the place of a store on disk: an absolute path.
type folder string

func newFolder(dir string) (folder, error) {
	path, err := filepath.Abs(dir)
	return folder(path), err
}

// file is the path of the database.
func (d folder) file() string { return filepath.Join(string(d), fileName) }

// log and shared are the paths of the files that SQLite keeps beside it.
func (d folder) log() string    { return d.file() + "-wal" }
func (d folder) shared() string { return d.file() + "-shm" }

// inspect demands that nothing of the store is a symbolic link or otherwise odd:
// ErrUnsafe. It returns ErrNotExist where there is no store, ErrDamaged where there
// is half of one.
func (d folder) inspect() error {
	info, err := os.Lstat(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotExist
	}
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%w: %s is a %s, not a folder", ErrUnsafe, d, kindOfFile(info))
	}
	// The log is looked at before the file that it belongs to: another process may be
	// making the store right now, and then there is never a log without a file.
	found, logged := false, false
	for _, path := range []string{d.log(), d.shared(), d.file()} {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%w: %s is a %s, not a plain file", ErrUnsafe, path, kindOfFile(info))
		}
		found = found || path == d.file()
		logged = logged || path == d.log() && info.Size() > 0
	}
	switch {
	case found:
		return nil
	case logged: // a new file must never meet the log of an old one
		return fmt.Errorf("%w: %s is gone, but not its log", ErrDamaged, d.file())
	}
	return ErrNotExist
}

func kindOfFile(info fs.FileInfo) string {
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	case mode.IsDir():
		return "folder"
	case mode.IsRegular():
		return "file"
	}
	return "special file"
}

// MakeFolder makes the folder of a store, for who has something to keep beside it before
// there is one. A folder that is there stays as it is.
func MakeFolder(dir string) error {
	place, err := newFolder(dir)
	if err != nil {
		return err
	}
	return place.make()
}

// make creates the folder, for its owner alone whatever the umask says, and keeps it out of
// git: it may lie in a repository, beside hookctl.yaml. One that is there stays as it is.
func (d folder) make() error {
	parent := filepath.Dir(string(d))
	if _, err := os.Lstat(string(d)); err == nil {
		return nil
	}
	if err := os.MkdirAll(parent, dirMode); err != nil {
		return err
	}
	if err := os.Mkdir(string(d), dirMode); err != nil {
		return ignore(err, fs.ErrExist)
	}
	if err := os.Chmod(string(d), dirMode); err != nil {
		return err
	}
	ignored := filepath.Join(string(d), ignoreName)
	if err := errors.Join(os.WriteFile(ignored, []byte("*\n"), fileMode), os.Chmod(ignored, fileMode)); err != nil {
		return explain(err)
	}
	return syncFolder(parent)
}

// ignore returns err, or nil where it is a case of one of those.
func ignore(err error, those ...error) error {
	for _, that := range those {
		if errors.Is(err, that) {
			return nil
		}
	}
	return err
}

// writable returns ErrReadOnly, with the path that is at fault, where the store
// cannot be written.
func (d folder) writable() error {
	f, err := os.OpenFile(d.file(), os.O_RDWR, 0)
	if err != nil {
		return readOnlyError(d.file(), err)
	}
	f.Close()
	if f, err = os.CreateTemp(string(d), spoolName); err != nil {
		return readOnlyError(string(d), err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// readOnlyError wraps what kept path from being written.
func readOnlyError(path string, err error) error {
	if isFull(err) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrReadOnly, path, bare(err))
}

// bare takes off the operation and the path that an error of package os begins with.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// syncFolder makes the names in the folder at path durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be synced there, and need not be
	}
	f, err := os.Open(path)
	if err != nil {
		return ignore(err, fs.ErrPermission) // a parent that is not ours to read
	}
	defer f.Close()
	return f.Sync()
}
