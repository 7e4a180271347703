package cli

import (
	"context"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type recheckOptions struct {
	selection
	providerOptions
	save bool
}

func newCapturesVerify(a *app) *cobra.Command {
	o := &recheckOptions{}
	cmd := &cobra.Command{
		Use:   "verify [ID...] [flags]",
		Short: "check the signatures of kept captures again",
		Long: `Check the signatures of captures again, the oldest first: with the secrets of
now, each at the time when it came. Providers are those of now, too; --provider
takes all captures for those of one. With --save the outcome is kept in the
place of the one before.

The exit status is 0 where every capture of a known provider is verified, 1
where one is not, and 2 where there is no secret for any.

` + queryHelp,
		Example: `  hookctl captures verify --query 'provider:stripe verified:no' \
    --secret env:OLD_SECRET --provider stripe
  hookctl captures verify --all --save`,
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			if err := o.check(cmd); err != nil {
				return err
			}
			return runCapturesVerify(cmd.Context(), a, o)
		},
	}
	o.selection.flags(cmd.Flags(), "verify")
	o.providerOptions.flags(cmd.Flags(), "verify")
	cmd.Flags().BoolVar(&o.save, "save", false, "keep the outcome with each capture")
	return cmd
}

func runCapturesVerify(ctx context.Context, a *app, o *recheckOptions) error {
	known, err := o.recognize(a)
	if err != nil {
		return err
	}
	how := readOnly
	if o.save {
		how = readWrite
	}
	check := rechecker{app: a, set: known.set(), lister: a.captureLister(false), save: o.save}
	err = a.withStore(how, func(s *store.Store) error {
		check.store = s
		selected, err := o.captures(ctx, a, s)
		if err != nil {
			return err
		}
		for c, err := range selected {
			if a.damagedRow(err) {
				continue
			}
			if err == nil {
				err = check.one(ctx, c)
			}
			if err != nil {
				return err
			}
		}
		return check.lister.close()
	})
	if err != nil {
		return err
	}
	check.summarize()
	return check.outcome()
}

// A rechecker checks captures again and lists them.
type rechecker struct {
	app    *app
	set    *identify.Set
	store  *store.Store
	lister lister[*hook.Capture]
	save   bool
	counts map[hook.Outcome]int
	other  int // captures of nobody known
}

func (r *rechecker) one(ctx context.Context, c *hook.Capture) error {
	c.Identity = r.set.Identify(c).Identity
	if c.Identity == nil || c.Identity.Verification == nil {
		r.other++
	} else {
		if r.counts == nil {
			r.counts = map[hook.Outcome]int{}
		}
		r.counts[c.Identity.Verification.Outcome]++
	}
	if r.save {
		if err := r.store.Judge(ctx, c.Seq, c.Identity); err != nil {
			return err
		}
	}
	return r.lister.row(c)
}

// outcome is a success only where everything that a provider signs was verified.
func (r *rechecker) outcome() error {
	unchecked, checked := r.counts[hook.NotChecked], r.counts[hook.Failed]+r.counts[hook.Verified]
	switch {
	case checked == 0 && unchecked > 0:
		return usage("--provider NAME --secret REF gives one, hookctl secret set NAME keeps one", "nothing was checked: there is no secret for any of these captures")
	case r.counts[hook.Failed]+unchecked > 0:
		return found()
	}
	return nil
}

// summarize counts on standard error.
func (r *rechecker) summarize() {
	if r.app.global.quiet || r.app.global.json {
		return
	}
	r.app.messages().Status(fmt.Sprintf("%d verified, %d failed, %d not checked, %d of no known provider",
		r.counts[hook.Verified], r.counts[hook.Failed], r.counts[hook.NotChecked], r.other))
}
