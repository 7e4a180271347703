package cli

import (
	"context"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type attemptListOptions struct {
	attemptFilter
	deliveries bool
	limit      int
	reveal     bool
}

func newAttemptsList(a *app) *cobra.Command {
	o := &attemptListOptions{attemptFilter: newAttemptFilter()}
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Aliases: []string{"ls"},
		Short:   "list attempts, or deliveries, the newest first",
		Long: "List attempts, the newest first; with --deliveries the deliveries that they are\npart of, and what is still to come of them.\n\n" +
			attemptFilterHelp + "\n\n" + idHelp,
		Example: `  hookctl attempts list --failed --since 2h
  hookctl attempts list --endpoint orders --event 'order/*' --status 5xx,none
  hookctl attempts list --deliveries --state pending
  hookctl attempts list --capture last`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runAttemptsList(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	o.flags(flags)
	flags.BoolVar(&o.deliveries, "deliveries", false, "list deliveries instead, with their state, attempts, and when the next is due")
	flags.IntVar(&o.limit, "limit", 50, "list at most `N`; 0 lists all")
	flags.BoolVar(&o.reveal, "reveal", false, revealHelp)
	return cmd
}

func runAttemptsList(ctx context.Context, a *app, o *attemptListOptions) error {
	return a.withStore(readOnly, func(s *store.Store) error {
		query, err := o.query(ctx, a, s)
		if err != nil {
			return err
		}
		if o.deliveries {
			return o.listDeliveries(ctx, a, s, query)
		}
		query.Bare = !a.global.json
		return listRows(a, a.attemptLister(o.reveal), o.limit, "attempts", func(limit int) iter.Seq2[*hook.Attempt, error] {
			return o.attempts(ctx, s, query, limit)
		})
	})
}

// listDeliveries lists deliveries by the filters that they have with attempts in common.
func (o *attemptListOptions) listDeliveries(ctx context.Context, a *app, s *store.Store, q store.AttemptQuery) error {
	if o.failed || len(o.status) > 0 || o.acknowledged.value != "" || o.run != "" || o.delivery != "" {
		return usage("--state failed lists deliveries that failed for good", "--failed, --status, --acknowledged, --delivery and --run are of attempts, and --deliveries lists deliveries")
	}
	query := store.DeliveryQuery{Event: q.Event, States: q.States, Capture: q.Capture, Since: q.Since, Until: q.Until}
	held, err := a.heldPlaces(ctx, s)
	if err != nil {
		return err
	}
	return listRows(a, a.deliveryLister(held), o.limit, "deliveries", func(limit int) iter.Seq2[*hook.Delivery, error] {
		return o.attemptFilter.deliveries(ctx, s, query, limit)
	})
}

func (a *app) attemptLister(reveal bool) lister[*hook.Attempt] {
	if a.global.json {
		return jsonLister(a, func(attempt *hook.Attempt) {
			if !reveal {
				*attempt = *attempt.Masked()
			}
		})
	}
	table := a.out().AttemptTable()
	return lister[*hook.Attempt]{row: table.Row, close: done}
}

// heldPlaces are the places that are not in use at present, and how they stand.
func (a *app) heldPlaces(ctx context.Context, s *store.Store) (map[string]hook.EndpointStatus, error) {
	standings, err := s.Standings(ctx)
	if err != nil {
		return nil, err
	}
	held := map[string]hook.EndpointStatus{}
	for place, st := range standings {
		if status := endpointStatus(&st, a.world.Now()); status != hook.Enabled {
			held[place] = status
		}
	}
	return held, nil
}

func (a *app) deliveryLister(held map[string]hook.EndpointStatus) lister[*hook.Delivery] {
	if a.global.json {
		return jsonLister(a, func(*hook.Delivery) {})
	}
	table := a.out().DeliveryTable(held)
	return lister[*hook.Delivery]{row: table.Row, close: done}
}
