package importer

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
)

// errNoFile is about what is neither a file nor a folder, or a link to a folder.
var errNoFile = errors.New("it is no regular file")

// Take makes the folder dir, which is not there, a catalog like the one in the folder from.
func Take(from, dir string, modes Modes) error {
	if _, err := Recover(from); err != nil {
		return err
	}
	tree := os.DirFS(from)
	var files []File
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), workMark):
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		if info, err := fs.Stat(tree, name); err != nil || !info.Mode().IsRegular() { // a link may lead to one
			return errors.Join(err, &fs.PathError{Op: "copy", Path: name, Err: errNoFile})
		}
		text, err := fs.ReadFile(tree, name)
		files = append(files, File{name, text})
		return err
	})
	if err != nil {
		return err
	}
	last := func(f File) int {
		if f.Name == catalog.FileName {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(files, func(a, b File) int { return last(a) - last(b) })
	return fresh(dir, files, modes, os.Rename)
}
