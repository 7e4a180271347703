package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// Names are the names of the folders in files that hold a catalog, sorted.
func Names(files fs.FS) ([]string, error) {
	found, err := fs.Glob(files, "*/"+FileName)
	for i, name := range found {
		found[i] = path.Dir(name)
	}
	slices.Sort(found)
	return found, err
}

// Load reads the catalog in a folder; its schemas and examples are read when they are
// asked for. file is what errors call catalog.yaml. Errors are fs.ErrNotExist for a
// folder without one, or a *yamldoc.Error.
func Load(folder fs.FS, file string) (*Catalog, error) {
	text, err := fs.ReadFile(folder, FileName)
	if err != nil {
		return nil, err
	}
	doc, err := yamldoc.Parse(file, text)
	if err != nil {
		return nil, err
	}
	c := &Catalog{doc: doc, files: folder}
	if err := doc.Decode(c); err != nil {
		return nil, err
	}
	if err := c.index(); err != nil {
		return nil, err
	}
	return c, c.check()
}

// index notes under which names events may come.
func (c *Catalog) index() error {
	c.byName = make(map[string]*Event, len(c.Events))
	for i := range c.Events {
		c.byName[c.Events[i].Type] = &c.Events[i]
	}
	for i := range c.Events {
		if wire := c.Events[i].Wire; wire != "" && c.byName[wire] == nil {
			c.byName[wire] = &c.Events[i]
		}
	}
	for i := range c.Families {
		name := c.Families[i].Type
		if c.byName[name] != nil {
			return c.doc.Errorf("families."+name, "%q is an event itself", name)
		}
		c.byName[name] = &c.Families[i]
	}
	for _, alias := range c.Aliases {
		event := c.byName[alias.Event]
		switch {
		case event == nil:
			return c.doc.Errorf("aliases."+alias.Name, "there is no event %q", alias.Event)
		case c.byName[alias.Name] != nil:
			return c.doc.Errorf("aliases."+alias.Name, "%q is an event itself", alias.Name)
		}
		c.byName[alias.Name] = event
	}
	return nil
}

func (c *Catalog) check() error {
	switch {
	case provider.CheckName(c.Name) != nil:
		return c.doc.Errorf("name", "want the name of a provider: %v", provider.CheckName(c.Name))
	case len(c.Events) == 0:
		return c.doc.Errorf("events", "a catalog has events")
	case len(c.Versions) > 0 && !slices.Contains(c.Versions, c.Version):
		return c.doc.Errorf("api_version", "want one of api_versions: %s", strings.Join(c.Versions, ", "))
	case len(c.Versions) == 0 && c.Version != "":
		return c.doc.Errorf("api_version", "%q is none of api_versions, which are missing", c.Version)
	}
	for e := range c.all() {
		if err := c.checkEvent(e); err != nil {
			return err
		}
	}
	return nil
}

// all are the events and the families.
func (c *Catalog) all() iter.Seq[*Event] {
	return func(yield func(*Event) bool) {
		for _, list := range [][]Event{c.Events, c.Families} {
			for i := range list {
				if !yield(&list[i]) {
					return
				}
			}
		}
	}
}

// IsFamily reports whether e is one of the families: what comes under its name may be
// any of several events.
func (c *Catalog) IsFamily(e *Event) bool {
	for i := range c.Families {
		if e == &c.Families[i] {
			return true
		}
	}
	return false
}

// place is where catalog.yaml has e.
func (c *Catalog) place(e *Event) string {
	if c.IsFamily(e) {
		return "families." + e.Type
	}
	return "events." + e.Type
}

func (c *Catalog) checkEvent(e *Event) error {
	at := c.place(e)
	switch {
	case e.Schema == "":
		return c.doc.Errorf(at, "schema is missing: the file of its JSON Schema")
	case e.Coverage == "":
		return c.doc.Errorf(at, "coverage is missing: full, partial or envelope")
	}
	for _, name := range append([]string{e.Schema}, e.Examples...) {
		switch {
		case !fs.ValidPath(name):
			return c.doc.Errorf(at, "want a file below the catalog's folder, got %q", name)
		case strings.Contains(name, versionPlace) && len(c.Versions) == 0:
			return c.doc.Errorf(at, "%s is there, but the catalog has no api_versions", versionPlace)
		}
	}
	for _, version := range e.Versions {
		if !slices.Contains(c.Versions, version) {
			return c.doc.Errorf(at+".api_versions", "%q is none of the catalog's api_versions", version)
		}
	}
	for _, in := range e.CoverageIn {
		if !slices.Contains(c.Versions, in.Version) {
			return c.doc.Errorf(at+".coverage_in", "%q is none of the catalog's api_versions", in.Version)
		}
	}
	for _, from := range e.From {
		if !slices.ContainsFunc(c.Sources, func(s provider.Named) bool { return s.Name == from }) {
			return c.doc.Errorf(at+".from", "there is no source %q", from)
		}
	}
	return nil
}

// An UnknownError says that a catalog has no event of a name.
type UnknownError struct {
	Catalog, Event string
	// Near is one that may have been meant, or "".
	Near string
}

func (e *UnknownError) Error() string {
	if e.Event == "" {
		return "no event is known of it"
	}
	return fmt.Sprintf("the catalog of %s has no event %q", e.Catalog, e.Event)
}

// Event returns the event that comes under a name. The error is a *UnknownError.
func (c *Catalog) Event(name string) (*Event, error) {
	if e := c.byName[name]; e != nil {
		return e, nil
	}
	names := make([]string, len(c.Events))
	for i := range c.Events {
		names[i] = c.Events[i].Type
	}
	return nil, &UnknownError{Catalog: c.Name, Event: name, Near: suggest.Nearest(name, names)}
}

// errVersion is the error of an API version that is none of the catalog's.
var errVersion = errors.New("no such API version")

// At returns the API version that version means: the catalog's own for "".
func (c *Catalog) At(version string) (string, error) {
	switch {
	case version == "" || len(c.Versions) == 0:
		return c.Version, nil
	case slices.Contains(c.Versions, version):
		return version, nil
	}
	return "", fmt.Errorf("%w: the catalog of %s has %s, not %q", errVersion, c.Name, strings.Join(c.Versions, ", "), version)
}
