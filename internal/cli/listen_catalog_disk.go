package cli

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"sync"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A diskCatalog is a catalog on disk as it was when it was read: schemas are compiled when
// an event asks for them, and must not have changed then.
type diskCatalog struct {
	*catalog.Catalog
	folder string
	prints map[string]print // of catalog.yaml, and the files that its schemas are made of
}

// A print tells one text from another; the zero one is that of a file that is not there.
type print [sha256.Size]byte

// openDisk reads the catalog at a place with all that its schemas are made of.
func openDisk(place *catalogPlace) (*diskCatalog, error) {
	files := &frozen{FS: place.files, read: map[string]frozenFile{}}
	still := *place
	still.files = files
	c, err := still.load()
	if err != nil {
		return nil, err
	}
	d := &diskCatalog{Catalog: c, folder: place.folder, prints: map[string]print{}}
	for _, name := range append(c.Files(), catalog.FileName) {
		if text, err := files.ReadFile(name); err == nil {
			d.prints[name] = sha256.Sum256(text)
		} else {
			d.prints[name] = print{}
		}
	}
	return d, nil
}

// faults are what is wrong with the schemas that are made of a file which was, as it is,
// not in before; nil is an empty one. Those not come to when ctx ends are taken for sound.
func (d *diskCatalog) faults(ctx context.Context, before *diskCatalog) []*yamldoc.Error {
	return d.Try(ctx, func(file string) bool {
		if before == nil {
			return true
		}
		was, there := before.prints[file]
		return !there || was != d.prints[file]
	})
}

func (d *diskCatalog) equal(other *diskCatalog) bool { return maps.Equal(d.prints, other.prints) }

// folders are those that its files lie in.
func (d *diskCatalog) folders() []string {
	var folders []string
	for name := range d.prints {
		folders = append(folders, filepath.Dir(filepath.Join(d.folder, filepath.FromSlash(name))))
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// Frozen are files that stay what they were when they were read first. It is safe for
// concurrent use.
type frozen struct {
	fs.FS
	mu   sync.Mutex
	read map[string]frozenFile
}

type frozenFile struct {
	text []byte
	err  error
}

// ReadFile is what fs.ReadFile asks.
func (f *frozen) ReadFile(name string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, known := f.read[name]
	if !known {
		file.text, file.err = fs.ReadFile(f.FS, name)
		f.read[name] = file
	}
	return file.text, file.err
}
