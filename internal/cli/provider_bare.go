package cli

import (
	"errors"
	"fmt"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// bare reports whether an entry of hookctl.yaml has a catalog and nothing else, and no
// profile is bundled under its name: payloads are held against it, and no request is known
// to be its provider's.
func (ps *providerSet) bare(c *providerConfig) bool {
	if c.Catalog == "" || c.Profile != "" || c.URL != "" || c.SigningSecret != "" || len(c.Secret)+len(c.Set) > 0 {
		return false
	}
	_, err := ps.library.Load(c.Name)
	var unknown *provider.UnknownError
	return errors.As(err, &unknown)
}

// unrecognized says of each bare entry that no request is taken for its provider's.
func (ps *providerSet) unrecognized() []string {
	var lines []string
	for i := range ps.configs {
		if c := &ps.configs[i]; ps.bare(c) {
			lines = append(lines, fmt.Sprintf("%s%s has a catalog and no profile: no request is taken for its; hookctl provider new %s begins one", ps.placeOf(c), c.Name, c.Name))
		}
	}
	return lines
}

// placeOf is where an entry stands in hookctl.yaml, as errors begin; "" where nobody knows.
func (ps *providerSet) placeOf(c *providerConfig) string {
	var at *yamldoc.Error
	entry, there := ps.entries[c.Name]
	if !there || !errors.As(entry.Errorf(""), &at) {
		return ""
	}
	return placeText(at)
}

// misnamed is the failure err of an entry whose profile cannot be had, with its place.
func (ps *providerSet) misnamed(c *providerConfig, err error) error {
	if errors.As(err, new(*yamldoc.Error)) {
		return err // which has the place in the profile
	}
	f := classify(err)
	placed := &failure{err: fmt.Errorf("%s%w", ps.placeOf(c), f.err), status: f.status, hint: f.hint}
	var unknown *provider.UnknownError
	if errors.As(err, &unknown) && c.Profile == "" {
		placed.hint = "profile: NAME or ./FOLDER in the entry says whose rules it has; hookctl provider list shows the names"
		if unknown.Near != "" {
			placed.hint = "did you mean " + unknown.Near + "? profile: " + unknown.Near + " in the entry takes its rules under another name"
		}
	}
	return placed
}
