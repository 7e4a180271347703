package cli

import (
	"slices"

	"github.com/hookctl/hookctl/internal/identify"
)

// recognized are the providers whose requests are known.
type recognized struct {
	all  []*knownProvider
	only string // the one whose all requests are, or ""
	// bare are lines about providers of hookctl.yaml whose requests nobody knows.
	bare []string
}

// recognize loads all providers, the one that the flags name as they have it.
func (o *providerOptions) recognize(a *app) (*recognized, error) {
	if o.provider == "" && (len(o.secrets) > 0 || len(o.set) > 0) {
		return nil, usage("add --provider NAME, or configure several under providers: in "+configName, "--secret and --set are of one provider, and none is named")
	}
	all, err := a.allProviders()
	if err != nil {
		return nil, err
	}
	r := &recognized{all: all}
	if o.provider == "" {
		set, err := a.providers()
		if err != nil {
			return nil, err
		}
		r.bare = set.unrecognized()
		return r, nil
	}
	only, err := o.load(a, o.provider)
	if err != nil {
		return nil, err
	}
	if err := checkKeys(only, only.keys); err != nil {
		return nil, err
	}
	r.only, only.configured = only.Name, true
	r.all = slices.DeleteFunc(r.all, func(known *knownProvider) bool { return known.Name == only.Name })
	r.all = append(r.all, only)
	return r, nil
}

func (r *recognized) set() *identify.Set { return identify.NewSet(sources(r.all), r.only) }

// named is the provider that the flags name, as they have it; nil where they name none.
func (r *recognized) named() *knownProvider {
	if r.only == "" {
		return nil
	}
	i := slices.IndexFunc(r.all, func(known *knownProvider) bool { return known.Name == r.only })
	return r.all[i]
}
