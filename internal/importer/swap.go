package importer

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
)

// exchangeFolders puts the folder fresh in the place of dir, which is gone then.
func exchangeFolders(dir, fresh string) error {
	old, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".old-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(old)
	aside := filepath.Join(old, "catalog")
	if err := os.Rename(dir, aside); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(aside, dir))
	}
	return nil
}

// A step of an exchange of files, and how it is undone.
type step struct{ do, undo func() error }

// exchangeFiles puts the files of fresh into dir, where there are others that stay, and
// takes away those of the old catalog. catalog.yaml, which names all of them, comes when
// the others are there; if anything goes wrong, everything is put back.
func exchangeFiles(dir, fresh string, old []string, files []File) error {
	aside, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".old-")
	if err != nil {
		return err
	}
	var steps []step
	for _, name := range old {
		steps = append(steps, move(filepath.Join(dir, filepath.FromSlash(name)), filepath.Join(aside, filepath.FromSlash(name)), true))
	}
	slices.SortStableFunc(files, func(a, b File) int { return last(a.Name) - last(b.Name) })
	for _, file := range files {
		name := filepath.FromSlash(file.Name)
		steps = append(steps, move(filepath.Join(fresh, name), filepath.Join(dir, name), false))
	}
	for i, s := range steps {
		if err := s.do(); err != nil {
			for _, done := range slices.Backward(steps[:i]) {
				err = errors.Join(err, done.undo())
			}
			if left, _ := filepath.Glob(filepath.Join(aside, "*")); len(left) == 0 || emptied(aside) {
				os.RemoveAll(aside)
			}
			return err
		}
	}
	for _, name := range old { // folders that have become empty
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			_ = os.Remove(filepath.Join(dir, filepath.FromSlash(at)))
		}
	}
	return os.RemoveAll(aside)
}

// last is 1 for the file that names the others.
func last(name string) int {
	if name == catalog.FileName {
		return 1
	}
	return 0
}

// emptied reports whether no file is left in a folder.
func emptied(dir string) bool {
	left := false
	err := fs.WalkDir(os.DirFS(dir), ".", func(_ string, entry fs.DirEntry, err error) error {
		left = left || err != nil || !entry.IsDir()
		return err
	})
	return err == nil && !left
}

// move is the step that moves a file to where none must be.
func move(from, to string, optional bool) step {
	moved := false
	return step{
		do: func() error {
			if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) && optional {
				return nil
			}
			if _, err := os.Lstat(to); err == nil {
				return &fs.PathError{Op: "import", Path: to, Err: errors.New("this file is none of the catalog's, and would be overwritten")}
			}
			if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
				return err
			}
			err := os.Rename(from, to)
			moved = err == nil
			return err
		},
		undo: func() error {
			if !moved {
				return nil
			}
			return os.Rename(to, from)
		},
	}
}
