package store

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

// tighten takes from others what they may do with the store. What belongs to
// somebody else stays as it is: it is theirs to judge. So does a folder that is not
// the store's alone, and its mode is returned: to close it would be to close what
// else is in it.
func (d folder) tighten(beside []string) (shared fs.FileMode, err error) {
	for _, path := range []string{d.file(), d.log(), d.shared()} {
		if err := tighten(path, fileMode); err != nil {
			return 0, err
		}
	}
	info, err := os.Lstat(string(d))
	if err != nil || info.Mode().Perm()&^dirMode == 0 || runtime.GOOS == "windows" {
		return 0, ignore(err, fs.ErrNotExist)
	}
	if !Alone(string(d), beside) {
		return info.Mode(), nil
	}
	return 0, tighten(string(d), dirMode)
}

// tighten leaves what is at path no other permissions than those of mode.
func tighten(path string, mode fs.FileMode) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode().Perm()&^mode == 0 || runtime.GOOS == "windows" {
		return ignore(err, fs.ErrNotExist)
	}
	return ignore(os.Chmod(path, info.Mode()&^(fs.ModePerm&^mode)), fs.ErrPermission, fs.ErrNotExist)
}

// Alone reports whether the folder dir is a store's alone: it was not made for many, as
// /tmp is, and nothing is in it but a store's own files and those with a name that fits
// one of beside, see Options.
func Alone(dir string, beside []string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Mode()&fs.ModeSticky != 0 {
		return false
	}
	for {
		const some = 64 // a folder of others may be large
		names, err := f.Readdirnames(some)
		if slices.ContainsFunc(names, func(name string) bool { return !isOwn(name, beside) }) {
			return false
		}
		if err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// isOwn reports whether a store, or who uses it, has files of that name.
func isOwn(name string, beside []string) bool {
	fits := func(pattern string) bool {
		ok, err := filepath.Match(pattern, name)
		return ok && err == nil
	}
	return slices.ContainsFunc([]string{fileName, fileName + "-*", fileName + ".*", spoolName, ownersName, runsName, ignoreName}, fits) ||
		slices.ContainsFunc(beside, fits)
}
