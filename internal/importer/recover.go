package importer

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
)

// What the names of folders begin with, or have behind the catalog's, in which an import
// works: digits follow.
const (
	workMark = ".hookctl-new-" // inside of the catalog's folder
	newMark  = ".new-"         // beside it
	oldMark  = ".old-"         // beside it, what was moved out of the way
)

// besides begins the names of folders beside dir.
func besides(dir, mark string) string { return "." + filepath.Base(dir) + mark }

// Recover clears away what imports into dir have left that were killed, and makes of dir
// what it was before them. It says what it has done, "" where there was nothing to tell.
func Recover(dir string) (told string, err error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	inside, err := undoSwaps(dir)
	if err != nil {
		return "", err
	}
	restored, err := restoreOld(dir)
	if err != nil {
		return "", err
	}
	for _, left := range leftovers(filepath.Dir(dir), besides(dir, newMark)) {
		_ = os.RemoveAll(left) // it is in nobody's way
	}
	if inside || restored {
		told = "an import was broken off before: what it replaced is there again"
	}
	return told, nil
}

// leftovers are the folders in dir whose names have digits behind prefix.
func leftovers(dir, prefix string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // there is none, or its files are nobody's to see
	}
	var found []string
	for _, entry := range entries {
		digits, ok := strings.CutPrefix(entry.Name(), prefix)
		if ok && entry.IsDir() && isDigits(digits) {
			found = append(found, filepath.Join(dir, entry.Name()))
		}
	}
	return found
}

// undoSwaps puts back the files of the catalogs in dir that were not replaced to the end.
func undoSwaps(dir string) (undone bool, err error) {
	for _, work := range leftovers(dir, workMark) {
		s := swap{dir, work}
		if !isThere(s.begun()) || !isThere(filepath.Join(s.waiting(), catalog.FileName)) { // nothing was moved, or all
			_ = os.RemoveAll(work)
			continue
		}
		if err := s.undo(); err != nil {
			return undone, err
		}
		undone = true
	}
	return undone, nil
}

// restoreOld puts a catalog back that was moved out of the way, where nothing has taken
// its place.
func restoreOld(dir string) (restored bool, err error) {
	for _, old := range leftovers(filepath.Dir(dir), besides(dir, oldMark)) {
		from := old
		if !isThere(filepath.Join(old, catalog.FileName)) {
			from = filepath.Join(old, "catalog")
		}
		_, err := os.Lstat(dir)
		if errors.Is(err, fs.ErrNotExist) && isThere(filepath.Join(from, catalog.FileName)) {
			if err := os.Rename(from, dir); err != nil {
				return restored, err
			}
			restored = true
		}
		if isThere(filepath.Join(dir, catalog.FileName)) {
			_ = os.RemoveAll(old)
		}
	}
	return restored, nil
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
