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
type Modes struct{ File, Folder fs.FileMode }

// Private are the modes of a catalog in the store.
func Private() Modes { return Modes{0o600, 0o700} }

// Shared are the modes of a catalog that is handed on.
func Shared() Modes { return Modes{0o644, 0o755} }

// files are all files of the catalog.
func (im *Import) files(title string) []File {
	all := []File{{catalog.FileName, im.CatalogFile(title)}}
	for i := range im.Events {
		all = append(all, im.Events[i].Schema)
		all = append(all, im.Events[i].Examples...)
	}
	return all
}

// draft writes the catalog into a new folder beside dir, which is returned, and reads it
// back as every command does.
func draft(dir string, files []File, modes Modes) (folder string, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), modes.Folder); err != nil {
		return "", err
	}
	folder, err = os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+".new-")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder)
		}
	}()
	if err := os.Chmod(folder, modes.Folder); err != nil {
		return "", err
	}
	for _, file := range files {
		if err := writeFile(filepath.Join(folder, filepath.FromSlash(file.Name)), file.Text, modes); err != nil {
			return "", err
		}
	}
	if _, err := catalog.Load(os.DirFS(folder), catalog.FileName); err != nil {
		return "", fmt.Errorf("what was imported is no catalog: %w", err)
	}
	return folder, nil
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
// so, as a whole: whatever goes wrong, the old one is there. Files in the folder that are
// none of the old catalog's stay.
func (im *Import) Write(dir, title string, replace bool, modes Modes) error {
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
	folder, err := draft(dir, files, modes)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	switch others, err := hasOthers(dir, old); {
	case errors.Is(err, fs.ErrNotExist):
		return os.Rename(folder, dir)
	case err != nil:
		return err
	case others:
		return exchangeFiles(dir, folder, old, files)
	}
	return exchangeFolders(dir, folder)
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
