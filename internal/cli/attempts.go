package cli

import (
	"context"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newAttempts(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "attempts",
		Aliases: []string{"attempt"},
		Short:   "list and show what was sent to targets and what they answered",
		Long:    "Look at the attempts: each request that hookctl sent, and what came back.",
		GroupID: groupLook,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(newAttemptsList(a), newAttemptsShow(a))
	return cmd
}

type attemptListOptions struct {
	capture string
	failed  bool
	limit   int
}

func newAttemptsList(a *app) *cobra.Command {
	o := &attemptListOptions{}
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Aliases: []string{"ls"},
		Short:   "list attempts, the newest first",
		Long:    "List attempts, the newest first.\n\n" + idHelp,
		Example: "  hookctl attempts list --failed\n  hookctl attempts list --capture last",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runAttemptsList(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.capture, "capture", "", "list only the attempts of the capture `ID`")
	cmd.Flags().BoolVar(&o.failed, "failed", false, "list only attempts that brought no 2xx")
	cmd.Flags().IntVar(&o.limit, "limit", 50, "list at most `N`; 0 lists all")
	return cmd
}

func runAttemptsList(ctx context.Context, a *app, o *attemptListOptions) error {
	return a.withStore(readOnly, func(s *store.Store) error {
		query := store.AttemptQuery{Failed: o.failed}
		if o.capture != "" {
			c, err := s.Find(ctx, o.capture)
			if err != nil {
				return err
			}
			query.Capture = c.ID
		}
		return listRows(a, a.attemptLister(), o.limit, "attempts", func(limit int) iter.Seq2[*hook.Attempt, error] {
			query.Limit = limit
			return s.Attempts(ctx, query)
		})
	})
}

func (a *app) attemptLister() lister[*hook.Attempt] {
	if a.global.json {
		return jsonLister(a, func(*hook.Attempt) {})
	}
	table := a.out().AttemptTable()
	return lister[*hook.Attempt]{row: table.Row, close: done}
}

func newAttemptsShow(a *app) *cobra.Command {
	reveal := false
	cmd := &cobra.Command{
		Use:     "show ID [flags]",
		Short:   "show one attempt with the target's answer",
		Long:    "Show one attempt with the target's answer.\n\n" + idHelp,
		Example: "  hookctl attempts show last",
		Args:    exactArgs("the attempt's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(readOnly, func(s *store.Store) error {
				attempt, err := s.FindAttempt(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if a.global.json {
					return render.WriteJSON(a.world.Stdout, attempt)
				}
				return a.out().ShowAttempt(attempt, render.ShowOptions{Reveal: reveal})
			})
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show credentials in headers too")
	return cmd
}

// collect gathers a short sequence.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
