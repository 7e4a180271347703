package cli

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
)

// watched are the folders of the catalogs on disk, and the files that others may come in:
// in the folder of imported ones, beside profiles, and where hookctl.yaml says.
func (b *bookcase) watched() []string {
	var folders, files []string
	if b.set.imported != "" {
		folders = append(folders, b.set.imported)
		entries, _ := os.ReadDir(b.set.imported) // there may be none
		for _, entry := range entries {
			files = append(files, filepath.Join(b.set.imported, entry.Name(), catalog.FileName))
		}
	}
	for _, d := range b.disk {
		folders = append(folders, d.folders()...)
	}
	for i, folder := range folders {
		folders[i] = folder + string(filepath.Separator)
	}
	all := append(folders, files...)
	slices.Sort(all)
	return slices.Compact(all)
}

// catalogFiles are those in which the catalogs of the flags and of hookctl.yaml are, or
// may come.
func (o *listenOptions) catalogFiles(a *app) []string {
	var files []string
	if isPath(o.provider) {
		files = append(files, catalogsBeside(a.absolute(o.provider))...)
	}
	set, err := a.providers()
	if err != nil {
		return files
	}
	for _, c := range set.configs {
		if c.Catalog != "" {
			files = append(files, filepath.Join(inFolder(set.dir, c.Catalog), catalog.FileName))
		}
		if isPath(c.Profile) {
			files = append(files, catalogsBeside(inFolder(set.dir, c.Profile))...)
		}
	}
	return files
}

// catalogsBeside are the files that the catalog beside the profile at path may be in: path
// may be its folder, also where nothing is there now.
func catalogsBeside(path string) []string {
	inside, beside := filepath.Join(path, catalog.FileName), filepath.Join(filepath.Dir(path), catalog.FileName)
	switch info, err := os.Stat(path); {
	case err != nil:
		return []string{inside, beside}
	case info.IsDir():
		return []string{inside}
	}
	return []string{beside}
}
