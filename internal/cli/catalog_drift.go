package cli

import (
	"context"
	"slices"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type driftOptions struct {
	provider string
	events   []string
	forget   bool
}

func newCatalogDrift(a *app) *cobra.Command {
	o := &driftOptions{}
	cmd := &cobra.Command{
		Use:   "drift [PROVIDER] [flags]",
		Short: "what messages have and their catalog does not",
		Long: `List what hookctl listen has seen in messages that their catalog does not know:
properties, values of an enum, types, nulls, and events. Each is listed once,
with how many messages had it, when the first and the last came, and the first
as an example. Items of arrays are taken together, as * in a pointer. Messages
whose signature does not hold do not count.

--forget deletes what was counted: the next message that has it is counted and
listed again. A hookctl listen that runs meanwhile says it again only after its
next start.`,
		Example:           "  hookctl catalog drift\n  hookctl catalog drift recharge --events 'order/*' --json\n  hookctl catalog drift recharge --forget",
		Args:              atMostOne("provider"),
		ValidArgsFunction: a.completeFirst,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.provider = args[0]
			}
			return runCatalogDrift(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringArrayVar(&o.events, "events", nil, "only events that fit `GLOB`, such as 'order/*'; may be repeated")
	cmd.Flags().BoolVar(&o.forget, "forget", false, "delete what was counted")
	return cmd
}

func runCatalogDrift(ctx context.Context, a *app, o *driftOptions) error {
	if o.forget && len(o.events) > 0 {
		return usage("leave --events out", "--forget deletes all of a provider, not of some events")
	}
	if o.provider != "" { // it may be called by another name
		set, err := a.catalogs()
		if err != nil {
			return err
		}
		p, err := set.providers.profileOf(o.provider)
		if err != nil {
			return set.unknown(o.provider, err)
		}
		o.provider = p.Name
	}
	if o.forget {
		return a.withStore(readWrite, func(s *store.Store) error { return o.forgetDrifts(ctx, a, s) })
	}
	return a.withStore(readOnly, func(s *store.Store) error { return o.list(ctx, a, s) })
}

func (o *driftOptions) list(ctx context.Context, a *app, s *store.Store) error {
	all, err := s.Drifts(ctx, o.provider)
	if err != nil {
		return cannot("", err)
	}
	if err := o.checkEvents(a, all); err != nil {
		return err
	}
	l, n := a.driftLister(), 0
	for i := range all {
		if !o.wants(all[i].Event) {
			continue
		}
		n++
		if err := l.row(&all[i]); err != nil {
			return err
		}
	}
	a.endList(n, false, 0, "drifts")
	return l.close()
}

// checkEvents refuses globs that neither what was seen fits nor any event of the catalogs.
func (o *driftOptions) checkEvents(a *app, seen []hook.Drift) error {
	var unmet []string
	for _, glob := range o.events {
		if !slices.ContainsFunc(seen, func(d hook.Drift) bool { return hook.Glob(glob, d.Event) }) {
			unmet = append(unmet, glob)
		}
	}
	if len(unmet) == 0 {
		return nil
	}
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	names, whose := []string{o.provider}, "of "+o.provider
	if o.provider == "" {
		whose = "of any catalog"
		if names, err = set.names(); err != nil {
			return cannot("", err)
		}
	}
	var types []string
	for _, name := range names {
		c, err := set.load(name)
		if err != nil {
			return nil // nobody knows which events it has
		}
		for i := range c.Events {
			types = append(types, c.Events[i].Type, wireOf(&c.Events[i]))
		}
	}
	return checkGlobs("--events", unmet, types, whose)
}

func (o *driftOptions) wants(event string) bool {
	return len(o.events) == 0 || slices.ContainsFunc(o.events, func(glob string) bool { return hook.Glob(glob, event) })
}

func (a *app) driftLister() lister[*hook.Drift] {
	if a.global.json {
		return jsonLister(a, func(*hook.Drift) {})
	}
	var all []*hook.Drift
	return lister[*hook.Drift]{
		row:   func(d *hook.Drift) error { all = append(all, d); return nil },
		close: func() error { return a.out().Drifts(all) },
	}
}

func (o *driftOptions) forgetDrifts(ctx context.Context, a *app, s *store.Store) error {
	n, err := s.ForgetDrifts(ctx, o.provider)
	if err != nil {
		return cannot("", err)
	}
	a.messages().Status(strconv.Itoa(n) + " forgotten")
	return nil
}
