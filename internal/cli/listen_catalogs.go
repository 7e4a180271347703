package cli

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/store"
)

// A bookcase has the catalogs that listen holds captures against.
type bookcase struct {
	set    *catalogSet
	places map[string]*catalogPlace
	opened map[string]*catalog.Catalog // those on disk
	prints map[string][sha256.Size]byte
}

// bookcase finds the catalog of every provider, and reads those on disk, which may have
// faults. The one of the flags, where that is a path, has its catalog beside it.
func (o *listenOptions) bookcase(a *app, known *recognized) (*bookcase, error) {
	set, err := a.catalogs()
	if err != nil {
		return nil, err
	}
	b := &bookcase{set: set, places: map[string]*catalogPlace{}, opened: map[string]*catalog.Catalog{}, prints: map[string][sha256.Size]byte{}}
	names, err := set.names()
	if err != nil {
		return nil, cannot("", err)
	}
	for _, name := range names {
		if b.places[name], err = set.known(name); err != nil {
			return nil, err
		}
	}
	if isPath(o.provider) {
		if place := set.beside(a.absolute(o.provider)); place != nil {
			b.places[known.only] = place
		}
	}
	for name, place := range b.places {
		if place.folder == "" {
			continue
		}
		if b.opened[name], err = place.load(); err != nil {
			return nil, err
		}
		b.prints[name] = fingerprint(place.folder)
	}
	return b, nil
}

// Has reports whether there is a catalog of a provider.
func (b *bookcase) Has(provider string) bool { return b.places[provider] != nil }

// Open returns the catalog of a provider that has one.
func (b *bookcase) Open(provider string) (assess.Book, error) {
	c, err := b.opened[provider], error(nil)
	if c == nil {
		c, err = b.places[provider].load()
	}
	return assess.Book{Catalog: c, Version: b.set.version(provider)}, err
}

// differences names the catalogs on disk that are new, gone or changed since before.
func (b *bookcase) differences(before *bookcase) string {
	var words []string
	for name, print := range b.prints {
		switch was, there := before.prints[name]; {
		case !there:
			words = append(words, "the catalog of "+name+" is new")
		case was != print:
			words = append(words, "the catalog of "+name+" has changed")
		}
	}
	for name := range before.prints {
		if _, there := b.prints[name]; !there {
			words = append(words, "the catalog of "+name+" is gone")
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// watched are the folders of the catalogs on disk, and the one where imported ones come.
func (b *bookcase) watched() []string {
	var folders []string
	if b.set.imported != "" {
		folders = append(folders, b.set.imported)
	}
	for _, place := range b.places {
		if place.folder != "" {
			folders = append(folders, foldersIn(place.folder)...)
		}
	}
	for i, folder := range folders {
		folders[i] = folder + string(filepath.Separator)
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// maxCatalogFolders is how many folders of a catalog are watched: there is one for each
// API version, and one for examples.
const maxCatalogFolders = 100

// foldersIn are the folder dir and those in it.
func foldersIn(dir string) []string {
	folders := []string{dir}
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || len(folders) > maxCatalogFolders:
			return fs.SkipDir
		case entry.IsDir() && path != dir:
			folders = append(folders, path)
		}
		return nil
	})
	return folders
}

// fingerprint is that of all files of a catalog.
func fingerprint(dir string) [sha256.Size]byte {
	all := sha256.New()
	_ = fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !isCatalogFile(name) {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err == nil {
			sum := sha256.Sum256(text)
			all.Write([]byte(name + "\x00"))
			all.Write(sum[:])
		}
		return nil
	})
	return [sha256.Size]byte(all.Sum(nil))
}

func isCatalogFile(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".yaml")
}

// startDrift counts drift in s. The function it returns ends that, and waits until all
// is counted.
func startDrift(ctx context.Context, s *store.Store) (drifts *assess.Drifts, stop func(), err error) {
	known, err := s.Drifts(ctx, "")
	if err != nil {
		return nil, nil, cannot("hookctl doctor looks into it", err)
	}
	drifts = assess.NewDrifts(known)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		drifts.Run(ctx, s)
	}()
	return drifts, func() { cancel(); <-done }, nil
}
