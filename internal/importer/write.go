package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/catalog"
)

// Modes are those of the files and folders of a catalog.
type Modes struct {
	File, Folder fs.FileMode
	// Ours says that the folder is hookctl's own, which another may stand in for. One of
	// the user's stays itself: it may be where a program works, or be mounted.
	Ours bool
}

// Private are the modes of a catalog in the store.
func Private() Modes { return Modes{0o600, 0o700, true} }

// Shared are the modes of a catalog that is handed on.
func Shared() Modes { return Modes{0o644, 0o755, false} }

// files are all files of the catalog. The one that names the others is the last: what has
// it is complete.
func (im *Import) files(title string) []File {
	var all []File
	for i := range im.Events {
		all = append(all, im.Events[i].Schema)
		all = append(all, im.Events[i].Examples...)
	}
	return append(all, File{catalog.FileName, im.CatalogFile(title)})
}

// draft writes the catalog into an empty folder, and reads it back as every command does.
func draft(folder string, files []File, modes Modes) error {
	if err := os.Chmod(folder, modes.Folder); err != nil {
		return err
	}
	for _, file := range files {
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(file.Name)), file.Text, modes); err != nil {
			return err
		}
	}
	if _, err := catalog.Load(os.DirFS(folder), catalog.FileName); err != nil {
		return fmt.Errorf("what was imported is no catalog: %w", err)
	}
	return nil
}

func writeFile(name string, text []byte, modes Modes) error {
	if err := os.MkdirAll(filepath.Dir(name), modes.Folder); err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, modes.File)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Chmod(modes.File), file.Sync(), file.Close())
}

// ErrExists says that there is a catalog already.
var ErrExists = errors.New("there is a catalog already")

// Write makes the folder dir the catalog. One that is there is replaced where replace says
// so, as a whole: whatever goes wrong, the old one is there, if need be after Recover.
// Files in the folder that are none of the old catalog's stay.
func (im *Import) Write(dir, title string, replace bool, modes Modes) error {
	if _, err := Recover(dir); err != nil {
		return err
	}
	if info, err := os.Lstat(dir); err == nil && info.Mode().Type() == fs.ModeSymlink {
		modes.Ours = false
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	old, err := owned(dir)
	if err != nil {
		return err
	}
	if len(old) > 0 && !replace {
		return ErrExists
	}
	files := im.files(title)
	others, err := hasOthers(dir, old)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fresh(dir, files, modes, os.Rename)
	case err != nil:
		return err
	case modes.Ours && !others:
		if err := fresh(dir, files, modes, exchange); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return swapFiles(dir, files, old, modes)
}

// fresh writes the catalog into a new folder beside dir, and puts that in its place.
func fresh(dir string, files []File, modes Modes, put func(from, to string) error) error {
	if err := os.MkdirAll(filepath.Dir(dir), modes.Folder); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(filepath.Dir(dir), besides(dir, newMark))
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) // or what stood in its place
	if err := draft(folder, files, modes); err != nil {
		return err
	}
	return put(folder, dir)
}

// owned are the files of the catalog in a folder, none where there is no catalog.
func owned(dir string) ([]string, error) {
	if _, err := os.Lstat(filepath.Join(dir, catalog.FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	names := []string{catalog.FileName}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		return names, nil // it is to be replaced, whatever is wrong with it
	}
	seen := map[string]bool{}
	for i := range c.Events {
		e := &c.Events[i]
		for _, name := range append([]string{e.Schema}, e.Examples...) {
			for _, version := range append([]string{""}, c.Versions...) {
				if file := c.File(name, version); !seen[file] {
					seen[file] = true
					names = append(names, file)
				}
			}
		}
	}
	return names, nil
}

// hasOthers reports whether a folder has files besides those named.
func hasOthers(dir string, named []string) (bool, error) {
	known := map[string]bool{}
	for _, name := range named {
		for ; name != "."; name = path.Dir(name) {
			known[name] = true
		}
	}
	others := false
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name != "." && !known[name] {
			others = true
			return fs.SkipAll
		}
		return nil
	})
	return others, err
}
