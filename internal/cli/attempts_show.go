package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newAttemptsShow(a *app) *cobra.Command {
	reveal, delivery := false, false
	cmd := &cobra.Command{
		Use:               "show ID [flags]",
		SuggestFor:        []string{"get", "view", "last"},
		Short:             "show an attempt with its answer, or a delivery with its attempts",
		Long:              "Show one attempt with the target's answer. Where ID is that of a delivery, show\nthat, with what it sends and all its attempts.\n\n" + idHelp,
		Example:           "  hookctl attempts show last\n  hookctl attempts show last --delivery\n  hookctl attempts show dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB",
		Args:              exactArgs("the attempt's id"),
		ValidArgsFunction: a.completeAttempts,
		RunE: func(cmd *cobra.Command, args []string) error {
			o := render.ShowOptions{Reveal: reveal}
			return a.withStore(readOnly, func(s *store.Store) error {
				if delivery || strings.HasPrefix(strings.ToLower(args[0]), hook.DeliveryPrefix) {
					return a.showDelivery(cmd.Context(), s, args[0], o)
				}
				attempt, err := s.FindAttempt(cmd.Context(), args[0])
				var missing *store.NotFoundError
				if errors.As(err, &missing) {
					if d, none := s.FindDelivery(cmd.Context(), args[0]); none == nil {
						return a.showDelivery(cmd.Context(), s, string(d.ID), o)
					}
					if missing.Empty {
						return err
					}
					return usage("hookctl attempts list shows the ids, with --deliveries those of deliveries; last and last~1 are ids too", "%w", err)
				}
				if err != nil {
					return err
				}
				switch {
				case a.global.json && reveal:
					return render.WriteJSON(a.world.Stdout, attempt)
				case a.global.json:
					return render.WriteJSON(a.world.Stdout, attempt.Masked())
				}
				return a.out().ShowAttempt(attempt, o)
			})
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show credentials in headers too")
	cmd.Flags().BoolVar(&delivery, "delivery", false, "take ID for that of a delivery: last is the latest")
	return cmd
}

// showDelivery shows a delivery with its attempts, the first first. With --json its line
// comes first, then one for each attempt.
func (a *app) showDelivery(ctx context.Context, s *store.Store, ref string, o render.ShowOptions) error {
	d, err := s.FindDelivery(ctx, ref)
	if err != nil {
		return err
	}
	attempts, err := collect(s.Attempts(ctx, store.AttemptQuery{Delivery: d.ID, Ascending: true}))
	if err != nil {
		return err
	}
	if !a.global.json {
		return a.out().ShowDelivery(d, attempts, o)
	}
	if !o.Reveal {
		d = d.Masked()
	}
	if err := render.WriteJSON(a.world.Stdout, d); err != nil {
		return err
	}
	for _, attempt := range attempts {
		if !o.Reveal {
			attempt = attempt.Masked()
		}
		if err := render.WriteJSON(a.world.Stdout, attempt); err != nil {
			return err
		}
	}
	return nil
}
