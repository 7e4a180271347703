package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/validate"
)

// checker returns what holds payloads against schemas. Of what the flags name all is
// checked; nothing else is read.
func (o *validateOptions) checker(a *app) (func(*validate.Payload) validate.Report, error) {
	if o.schema != "" {
		single, err := validate.LoadSingle(a.absolute(o.schema), a.relative(a.absolute(o.schema)), o.ignoreFormats)
		switch {
		case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
			return nil, cannot("", fmt.Errorf("--schema: %w", err))
		case err != nil:
			return nil, usage("", "--schema: %w", err)
		}
		for _, warning := range single.Compiled.Warnings {
			a.messages().Warn(warning)
		}
		return single.Check, nil
	}
	set, err := a.catalogs()
	if err != nil {
		return nil, err
	}
	known := &validateKnown{set: set, ignoreFormats: o.ignoreFormats}
	if o.provider != "" {
		if err := o.checkFlags(known); err != nil {
			return nil, err
		}
	}
	resolver := validate.NewResolver(known)
	resolver.Provider, resolver.Event, resolver.Version = o.provider, o.event, o.version
	return resolver.Check, nil
}

// checkFlags refuses a provider, event or API version that there is none of.
func (o *validateOptions) checkFlags(known *validateKnown) error {
	c, err := known.set.load(o.provider)
	if err != nil {
		return err
	}
	known.named, known.loaded = o.provider, c
	if o.event != "" {
		if _, err := c.Event(o.event); err != nil {
			return unknownEvent(err)
		}
	}
	if _, err := c.At(o.version); err != nil {
		return usage("", "--api-version: %w", err)
	}
	return nil
}

// validateKnown tells a Resolver of the providers that hookctl.yaml, the store and the
// bundled files make known.
type validateKnown struct {
	set           *catalogSet
	ignoreFormats bool
	// named is the provider whose catalog was loaded already.
	named  string
	loaded *catalog.Catalog
}

// Names are those of all providers.
func (k *validateKnown) Names() ([]string, error) {
	names, err := k.set.providers.names()
	if err != nil {
		return nil, err
	}
	more, err := k.set.names()
	return slices.Concat(names, more), err
}

// Catalog returns the catalog of a provider.
func (k *validateKnown) Catalog(name string) (*catalog.Catalog, string, error) {
	place, err := k.set.find(name)
	var f *failure
	switch {
	case errors.As(err, &f) && f.status == exitUsage:
		return nil, "", fmt.Errorf("%w of %s; hookctl catalog import brings one in, --schema FILE takes any schema", validate.ErrNoCatalog, name)
	case err != nil:
		return nil, "", err
	}
	c := k.loaded
	if c == nil || name != k.named {
		if c, err = place.load(); err != nil {
			return nil, "", err
		}
	}
	c.IgnoreFormats = c.IgnoreFormats || k.ignoreFormats
	return c, k.version(name, c, place), nil
}

// version is the API version that hookctl.yaml or a profile says. A bundled profile says
// what the bundled catalog says, and is not read for it.
func (k *validateKnown) version(name string, c *catalog.Catalog, place *catalogPlace) string {
	if len(c.Versions) < 2 || place.origin == originBundled && k.set.providers.config(name) == nil {
		return ""
	}
	return k.set.version(name)
}

// Profile returns the profile of a provider.
func (k *validateKnown) Profile(name string) (*provider.Profile, error) {
	return k.set.providers.profileOf(name)
}

// Detector returns one of all providers.
func (k *validateKnown) Detector() (*provider.Detector, error) {
	all, err := k.set.app.allProviders()
	if len(all) == 0 && err != nil {
		return nil, err
	}
	configured := map[*provider.Profile]bool{}
	profiles := make([]*provider.Profile, len(all))
	for i, known := range all {
		profiles[i] = known.Profile
		configured[known.Profile] = known.configured
	}
	return provider.NewDetector(profiles, func(p *provider.Profile) bool { return configured[p] }), nil
}
