package cli

import (
	"slices"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// A shownProfile is the JSON of a profile.
type shownProfile struct {
	Name    string      `json:"name"`
	Title   string      `json:"title"`
	About   string      `json:"about"`
	Aliases []string    `json:"aliases"`
	Like    string      `json:"like,omitempty"`
	File    string      `json:"file"`
	Rules   []shownRule `json:"rules"`
	Sources []string    `json:"sources"`
}

// A shownRule is the JSON of a rule.
type shownRule struct {
	Path      string   `json:"path"`
	Value     string   `json:"value"`
	Status    string   `json:"status"`
	Sources   []string `json:"sources"`
	Note      string   `json:"note,omitempty"`
	Inherited string   `json:"inherited,omitempty"`
}

func newProviderShow(a *app) *cobra.Command {
	raw := false
	cmd := &cobra.Command{
		Use:   "show PROVIDER [flags]",
		Short: "show every rule of a provider, and how it is known",
		Long: `Show every rule of a provider with its value, how it is known, from which
source, and what there is to say of it.

  documented  the provider says so
  announced   the provider says that it will be so
  observed    software that works with the provider says so
  assumed     nothing says so: it may be otherwise
  configured  you say so, in hookctl.yaml

Each rule can be set: RULE=VALUE after --set, or under set: in hookctl.yaml.

` + profileHelp,
		Example:           "  hookctl provider show recharge\n  hookctl provider show svix --json |\n    jq '.rules[] | select(.status == \"assumed\")'\n  hookctl provider show stripe --raw > stripe.yaml",
		Args:              exactArgs("the provider"),
		ValidArgsFunction: a.completeFirst,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProviderShow(a, args[0], raw)
		},
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "write the file of the profile as it is")
	return cmd
}

func runProviderShow(a *app, name string, raw bool) error {
	if raw && a.global.json {
		return usage("", "--raw and --json exclude each other: --raw writes YAML")
	}
	set, err := a.providers()
	if err != nil {
		return err
	}
	p, err := set.profileOf(name)
	switch {
	case err != nil:
		return err
	case raw:
		_, err := a.world.Stdout.Write(p.Source())
		return err
	case a.global.json:
		return render.WriteJSON(a.world.Stdout, shown(p))
	}
	return a.out().ShowProfile(p)
}

func shown(p *provider.Profile) shownProfile {
	s := shownProfile{
		Name: p.Name, Title: p.Title, About: p.About, Aliases: append([]string{}, p.Aliases...), Like: p.Like,
		File: p.File(), Rules: []shownRule{}, Sources: []string{},
	}
	for _, r := range p.Rules() {
		s.Rules = append(s.Rules, shownRule{
			Path: r.Path, Value: r.Value, Status: orDefault(string(r.Status), string(provider.Unknown)),
			Sources: append([]string{}, r.Sources...), Note: r.Note, Inherited: r.Inherited,
		})
		for _, source := range r.Sources {
			if !slices.Contains(s.Sources, source) {
				s.Sources = append(s.Sources, source)
			}
		}
	}
	return s
}
