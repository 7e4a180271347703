package cli

import (
	"slices"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// Where a provider's secret is, in lists.
const (
	secretNone       = "none"
	secretConfigured = "configured" // in hookctl.yaml
	secretLocal      = "local"      // kept by hookctl
	secretUnreadable = "unreadable" // in hookctl.yaml, but not here
)

// A listedProvider is one provider in the JSON of the list.
type listedProvider struct {
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Aliases    []string `json:"aliases"`
	Signature  string   `json:"signature"`
	Configured bool     `json:"configured"`
	Secret     string   `json:"secret"`
	Source     string   `json:"source"`
}

func newProviderList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the providers, bundled and your own",
		Long: `List the providers: those that come with hookctl, and those of the section
providers of hookctl.yaml. SIGNATURE is the algorithm of the first way of
signing. SECRET says where the secret is: configured in hookctl.yaml, unreadable
where that names one that is not here, local where hookctl secret keeps one,
none where you configured the provider without one.

A profile that has a fault is told of on standard error, and the others are
listed; the exit status then is 2.`,
		Example: "  hookctl provider list\n  hookctl provider list --json | jq -r 'select(.configured).name'",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			return runProviderList(a)
		},
	}
}

func runProviderList(a *app) error {
	set, err := a.providers()
	if err != nil {
		return err
	}
	names, err := set.names()
	if err != nil {
		return err
	}
	slices.Sort(names)
	l := a.providerLister()
	faulty := false
	for _, name := range names {
		known, err := set.load(name)
		if err != nil {
			a.messages().Warn(err.Error())
			faulty = true
			continue
		}
		if err := l.row(listed(set, known)); err != nil {
			return err
		}
	}
	if err := l.close(); err != nil || !faulty {
		return err
	}
	return &failure{err: errFaultyProfile, status: exitUsage, silent: true}
}

func (a *app) providerLister() lister[*listedProvider] {
	if a.global.json {
		return jsonLister(a, func(*listedProvider) {})
	}
	table := a.out().ProviderTable()
	return lister[*listedProvider]{close: done, row: func(p *listedProvider) error {
		row := render.ProviderRow{Name: p.Name, Title: p.Title, Signature: p.Signature, Secret: p.Secret, Source: p.Source}
		if !p.Configured {
			row.Secret = ""
		}
		return table.Row(row)
	}}
}

func listed(set *providerSet, known *knownProvider) *listedProvider {
	c := set.config(known.Name)
	row := &listedProvider{
		Name: known.Name, Title: known.Title, Aliases: append([]string{}, known.Aliases...),
		Signature: signedBy(known.Profile), Configured: known.configured, Secret: secretLocal, Source: "bundled",
	}
	if c != nil && isPath(c.Profile) {
		row.Source = known.File()
	}
	switch {
	case len(known.troubles) > 0:
		row.Secret = secretUnreadable
	case len(known.keys)+len(known.signing) == 0:
		row.Secret = secretNone
	case c != nil && (len(c.Secret) > 0 || c.SigningSecret != ""):
		row.Secret = secretConfigured
	}
	return row
}

// signedBy names the first way in which a provider signs.
func signedBy(p *provider.Profile) string {
	if len(p.Signatures.Schemes) == 0 {
		return "none"
	}
	if s := p.Signatures.Schemes[0]; s.Codec != "" {
		return string(s.Codec)
	} else {
		return string(s.Algorithm)
	}
}
