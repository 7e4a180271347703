package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A bookcase has the catalogs that listen holds captures against.
type bookcase struct {
	set     *catalogSet
	places  map[string]*catalogPlace
	disk    map[string]*diskCatalog // those on disk
	unnamed map[string]bool         // providers whose events' names have a place that is assumed
	// unread says of imported ones why they cannot be read: those of other providers go on.
	unread map[string]error
}

// bookcase finds the catalog of every provider, and reads those on disk, which may have
// faults. The one of the flags, where that is a path, has its catalog beside it.
func (o *listenOptions) bookcase(a *app, known *recognized) (*bookcase, error) {
	set, err := a.catalogs()
	if err != nil {
		return nil, err
	}
	b := &bookcase{set: set, places: map[string]*catalogPlace{}, disk: map[string]*diskCatalog{}, unnamed: map[string]bool{}, unread: map[string]error{}}
	for _, one := range known.all {
		b.unnamed[one.Name] = one.Status("event.type") == provider.Assumed
	}
	names, err := set.names()
	if err != nil {
		return nil, cannot("", err)
	}
	for _, name := range names {
		if c := set.providers.config(name); c != nil && set.providers.bare(c) {
			continue // no request asks for it
		}
		if b.places[name], err = set.known(name); err != nil {
			return nil, err
		}
	}
	if isPath(o.provider) {
		if place := set.beside(a.absolute(o.provider)); place != nil {
			b.places[known.only] = place
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.places)) {
		if err := b.read(name, name == known.only); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// read reads the catalog of a provider where it is on disk. Nobody may have asked for one
// that was imported, unless it is the only one: that it is broken is noted then.
func (b *bookcase) read(name string, only bool) error {
	place := b.places[name]
	if place == nil || place.folder == "" {
		return nil
	}
	d, err := openDisk(place)
	switch {
	case err == nil:
		b.disk[name] = d
	case place.origin == originImported && !only:
		b.unread[name] = err
	default:
		return err
	}
	return nil
}

// Has reports whether there is a catalog of a provider.
func (b *bookcase) Has(provider string) bool { return b.places[provider] != nil }

// Named reports whether more than an assumption says where a provider names its events.
func (b *bookcase) Named(provider string) bool { return !b.unnamed[provider] }

// Open returns the catalog of a provider that has one.
func (b *bookcase) Open(provider string) (assess.Book, error) {
	book := assess.Book{Version: b.set.version(provider)}
	place := b.places[provider]
	switch {
	case b.disk[provider] != nil:
		book.Catalog = b.disk[provider].Catalog
		return book, nil
	case b.unread[provider] != nil:
		return book, b.unread[provider]
	case place == nil:
		return book, fmt.Errorf("there is no catalog of %s", provider)
	}
	var err error
	book.Catalog, err = place.load()
	return book, err
}

// differences names the catalogs on disk that are new, gone or changed since before.
func (b *bookcase) differences(before *bookcase) string {
	var words []string
	for name, d := range b.disk {
		switch was := before.disk[name]; {
		case was == nil:
			words = append(words, "the catalog of "+name+" is new")
		case !was.equal(d):
			words = append(words, "the catalog of "+name+" has changed")
		}
	}
	for name := range before.disk {
		if b.disk[name] == nil {
			words = append(words, "the catalog of "+name+" is gone")
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// A flaw is what is wrong with the catalog of a provider.
type flaw struct{ provider, text string }

// broken are the catalogs with schemas that cannot be used, by name. Those that were
// the same before, which may be nil, are not looked at.
func (b *bookcase) broken(ctx context.Context, before *bookcase) []flaw {
	var flaws []flaw
	for _, name := range slices.Sorted(maps.Keys(b.disk)) {
		var was *diskCatalog
		if before != nil {
			was = before.disk[name]
		}
		if faults := b.disk[name].faults(ctx, was); len(faults) > 0 {
			flaws = append(flaws, flaw{name, faultText(faults)})
		}
	}
	return flaws
}

// unreadable are the imported catalogs that cannot be read, by name.
func (b *bookcase) unreadable() []flaw {
	var flaws []flaw
	for _, name := range slices.Sorted(maps.Keys(b.unread)) {
		flaws = append(flaws, flaw{name, "the catalog of " + name + " cannot be read: " + errorText(b.unread[name])})
	}
	return flaws
}

// faultText tells of the first fault, and whether there are more.
func faultText(faults []*yamldoc.Error) string {
	text := faults[0].Error()
	if len(faults) > 1 {
		text += "; others cannot be used either"
	}
	return text
}

// startDrift counts drift in s. The function it returns ends that, and waits until all
// is counted: ctx does not end it, for what came before its end is still looked at.
func startDrift(ctx context.Context, s *store.Store) (drifts *assess.Drifts, stop func(), err error) {
	known, err := s.Drifts(ctx, "")
	if err != nil {
		return nil, nil, cannot("hookctl doctor looks into it", err)
	}
	drifts = assess.NewDrifts(known)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		drifts.Run(ctx, s)
	}()
	return drifts, func() { cancel(); <-done }, nil
}
