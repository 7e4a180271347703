package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// catalogsFolder is where the store keeps catalogs that were imported.
const catalogsFolder = "catalogs"

// A catalogSet is where commands get their catalogs from.
type catalogSet struct {
	app       *app
	providers *providerSet
	bundled   fs.FS
	imported  string // the folder of catalogs that were imported, "" where there can be none
}

// A catalogPlace is where a catalog is.
type catalogPlace struct {
	files fs.FS
	// folder is the folder's path on disk, "" for a bundled one.
	folder string
	// file is what errors call its catalog.yaml.
	file string
	// origin is a word for it: bundled, imported, configured, or profile.
	origin string
}

// The origins of catalogs.
const (
	originBundled    = "bundled"
	originImported   = "imported"
	originConfigured = "configured" // named in hookctl.yaml, or by the user
	originProfile    = "profile"    // beside a profile of the user's own
)

// catalogs returns where catalogs are looked for. It reads none.
func (a *app) catalogs() (*catalogSet, error) {
	providers, err := a.providers()
	if err != nil {
		return nil, err
	}
	set := &catalogSet{app: a, providers: providers, bundled: schemas.Files()}
	if store, err := a.storeDir(); err == nil { // a machine may have no home, and needs none to check files
		set.imported = filepath.Join(store, catalogsFolder)
	}
	return set, nil
}

// load returns the catalog of a provider, or the one in a folder.
func (cs *catalogSet) load(name string) (*catalog.Catalog, error) {
	place, err := cs.find(name)
	if err != nil {
		return nil, err
	}
	return place.load()
}

func (p *catalogPlace) load() (*catalog.Catalog, error) {
	c, err := catalog.Load(p.files, p.file)
	if errors.Is(err, fs.ErrNotExist) {
		err = cannot("hookctl catalog import makes one", fmt.Errorf("catalog: there is no %s", p.file))
	}
	return c, err
}

// find returns where the catalog of a provider is.
func (cs *catalogSet) find(name string) (*catalogPlace, error) {
	if isPath(name) {
		return cs.folder(cs.app.absolute(name), originConfigured), nil
	}
	place, err := cs.lookup(name)
	if place == nil && err == nil {
		err = cs.none(name)
	}
	return place, err
}

// lookup returns where the catalog of a provider is, by any of its names; nil where
// there is none.
func (cs *catalogSet) lookup(name string) (*catalogPlace, error) {
	place, err := cs.known(name)
	if place != nil || err != nil {
		return place, err
	}
	p, c, err := cs.providers.find(name)
	switch {
	case err != nil:
		return nil, cs.unknown(name, err)
	case c != nil && c.Name != name:
		return cs.known(c.Name)
	case c == nil && p.Name != name:
		return cs.known(p.Name)
	}
	return nil, nil
}

// unknown is err with a hint that fits catalogs, where it says that there is no provider
// of that name.
func (cs *catalogSet) unknown(name string, err error) error {
	var unknown *provider.UnknownError
	if !errors.As(err, &unknown) {
		return err
	}
	hint := "hookctl catalog list shows the catalogs; ./FOLDER stands for one of your own"
	switch {
	case hasFile(filepath.Join(cs.app.world.Dir, name), catalog.FileName):
		hint = "did you mean ./" + name + "?"
	case unknown.Near != "":
		hint = "did you mean " + unknown.Near + "?"
	}
	return usage(hint, "%w", unknown)
}

// known returns where the catalog of the provider of exactly that name is; nil where
// there is none.
func (cs *catalogSet) known(name string) (*catalogPlace, error) {
	c := cs.providers.config(name)
	if c == nil {
		return cs.own(name)
	}
	if c.Catalog != "" {
		return cs.folder(inFolder(cs.providers.dir, c.Catalog), originConfigured), nil
	}
	if isPath(c.Profile) {
		if place := cs.beside(inFolder(cs.providers.dir, c.Profile)); place != nil {
			return place, nil
		}
	}
	if place, err := cs.own(name); place != nil || err != nil || c.Profile == "" || isPath(c.Profile) {
		return place, err
	}
	p, err := cs.providers.profile(c.Profile, cs.providers.dir)
	if err != nil {
		return nil, err
	}
	return cs.own(p.Name)
}

// own returns the imported or else the bundled catalog of a provider, nil where there
// is none.
func (cs *catalogSet) own(name string) (*catalogPlace, error) {
	if place := cs.kept(name); place != nil {
		return place, nil
	}
	if _, err := fs.Stat(cs.bundled, path.Join(name, catalog.FileName)); err != nil {
		return nil, nil
	}
	files, err := fs.Sub(cs.bundled, name)
	return &catalogPlace{files: files, file: path.Join(name, catalog.FileName), origin: originBundled}, err
}

// beside returns the catalog in the folder of the profile at path, nil where there is none.
func (cs *catalogSet) beside(path string) *catalogPlace {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		path = filepath.Dir(path)
	}
	return cs.ifThere(cs.folder(path, originProfile))
}

// kept returns the catalog that was imported for a provider, nil where none was.
func (cs *catalogSet) kept(name string) *catalogPlace {
	if cs.imported == "" || provider.CheckName(name) != nil {
		return nil
	}
	return cs.ifThere(cs.folder(filepath.Join(cs.imported, name), originImported))
}

func (cs *catalogSet) ifThere(place *catalogPlace) *catalogPlace {
	if _, err := os.Stat(filepath.Join(place.folder, catalog.FileName)); err != nil {
		return nil
	}
	return place
}

func (cs *catalogSet) folder(dir, origin string) *catalogPlace {
	return &catalogPlace{
		files: os.DirFS(dir), folder: dir, origin: origin,
		file: filepath.ToSlash(cs.app.relative(filepath.Join(dir, catalog.FileName))),
	}
}

// none is the failure of a provider without a catalog.
func (cs *catalogSet) none(name string) error {
	return usage("hookctl catalog import FILE --provider "+name+" brings one in; hookctl catalog list shows those there are",
		"there is no catalog of %s", name)
}

// names are the providers that have a catalog, sorted.
func (cs *catalogSet) names() ([]string, error) {
	names, err := catalog.Names(cs.bundled)
	if err != nil {
		return nil, err
	}
	if cs.imported != "" {
		imported, err := catalog.Names(os.DirFS(cs.imported))
		if err != nil {
			return nil, err
		}
		for _, name := range imported {
			if provider.CheckName(name) == nil { // others are on their way in or out
				names = append(names, name)
			}
		}
	}
	for i := range cs.providers.configs {
		name := cs.providers.configs[i].Name
		if place, err := cs.known(name); err != nil || place != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// version is the API version that hookctl.yaml or the profile says for a provider, ""
// where neither does.
func (cs *catalogSet) version(name string) string {
	if isPath(name) {
		return ""
	}
	if c := cs.providers.config(name); c != nil && c.APIVersion != "" {
		return c.APIVersion
	}
	p, err := cs.providers.profileOf(name)
	if err != nil {
		return ""
	}
	return p.APIVersion
}

// unknownEvent is the failure of an event that a catalog does not have.
func unknownEvent(err error) error {
	var unknown *catalog.UnknownError
	if !errors.As(err, &unknown) {
		return err
	}
	hint := "hookctl catalog list " + unknown.Catalog + " shows its events"
	if unknown.Near != "" {
		hint = "did you mean " + unknown.Near + "?"
	}
	return usage(hint, "%w", err)
}
