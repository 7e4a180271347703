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

// A swap puts the files of a new catalog into a folder in the place of the old one's. Its
// own folder in there has the new files that wait, under new, and the old ones, under old.
// The old catalog.yaml stays until all others are exchanged; then the new one takes its
// place, at once. Until that is done a swap can be undone from what is there.
type swap struct{ dir, work string }

// begun and waiting are the two folders of a swap.
func (s swap) begun() string   { return filepath.Join(s.work, "old") }
func (s swap) waiting() string { return filepath.Join(s.work, "new") }

// swapFiles makes of a folder with the files of an old catalog, and others, one with the
// files of the new. If anything goes wrong, everything is put back.
func swapFiles(dir string, files []File, old []string, modes Modes) error {
	work, err := os.MkdirTemp(dir, workMark)
	if err != nil {
		return err
	}
	s := swap{dir, work}
	err = os.Mkdir(s.waiting(), modes.Folder)
	if err == nil {
		err = draft(s.waiting(), files, modes)
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(work))
	}
	if err := s.do(files, old, modes); err != nil {
		return errors.Join(err, s.undo())
	}
	s.removeEmpty(old)
	return os.RemoveAll(work)
}

// do moves the old files away, and the new ones to their places.
func (s swap) do(files []File, old []string, modes Modes) error {
	if err := os.Mkdir(s.begun(), modes.Folder); err != nil {
		return err
	}
	for _, name := range old {
		if name == catalog.FileName {
			continue
		}
		err := move(inside(s.dir, name), inside(s.begun(), name), modes.Folder)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, file := range files {
		if file.Name == catalog.FileName {
			continue
		}
		if err := move(inside(s.waiting(), file.Name), inside(s.dir, file.Name), modes.Folder); err != nil {
			return err
		}
	}
	return os.Rename(inside(s.waiting(), catalog.FileName), inside(s.dir, catalog.FileName))
}

// undo moves everything to where it was. What it cannot move stays where it is, for another
// time.
func (s swap) undo() error {
	fresh, err := owned(s.waiting())
	if err != nil {
		return err
	}
	back, err := filesIn(s.begun())
	if err != nil {
		return err
	}
	info, err := os.Stat(s.dir)
	if err != nil {
		return err
	}
	mode := info.Mode().Perm()
	for _, name := range fresh {
		_, waits := os.Lstat(inside(s.waiting(), name))
		if name == catalog.FileName || waits == nil {
			continue
		}
		if err := move(inside(s.dir, name), inside(s.waiting(), name), mode); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, name := range back {
		if err := move(inside(s.begun(), name), inside(s.dir, name), mode); err != nil {
			return err
		}
	}
	s.removeEmpty(fresh)
	return os.RemoveAll(s.work)
}

// removeEmpty removes the folders in which files were, if they have become empty.
func (s swap) removeEmpty(gone []string) {
	for _, name := range gone {
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			_ = os.Remove(inside(s.dir, at))
		}
	}
}

func inside(dir, name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }

// filesIn are the files below a folder, sorted.
func filesIn(dir string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	slices.Sort(names)
	return names, err
}

// move moves a file to where none must be. The error is fs.ErrNotExist where it is not there.
func move(from, to string, folder fs.FileMode) error {
	if _, err := os.Lstat(from); err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "import", Path: to, Err: errors.New("this file is none of the catalog's, and would be overwritten")}
	}
	if err := os.MkdirAll(filepath.Dir(to), folder); err != nil {
		return err
	}
	return os.Rename(from, to)
}
