package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

// A deleteCount is how many captures were dropped, as JSON too.
type deleteCount struct {
	Deleted int `json:"deleted"`
}

func newCapturesDelete(a *app) *cobra.Command {
	sel := &selection{}
	cmd := &cobra.Command{
		Use:               "delete [ID...] [flags]",
		Aliases:           []string{"rm"},
		Short:             "delete captures with their bodies and attempts",
		Long:              "Delete captures with their bodies and attempts. There is no way back.\n\n" + idHelp + "\n\n" + queryHelp,
		Example:           "  hookctl captures delete 7QK3M2ZA\n  hookctl captures delete --query 'until:30d'",
		ValidArgsFunction: a.completeCaptures,
		RunE: func(cmd *cobra.Command, args []string) error {
			sel.ids = args
			if err := sel.check(cmd); err != nil {
				return err
			}
			return runCapturesDelete(cmd.Context(), a, sel)
		},
	}
	sel.flags(cmd.Flags(), "delete")
	return cmd
}

func runCapturesDelete(ctx context.Context, a *app, sel *selection) error {
	return a.withStore(readWrite, func(s *store.Store) error {
		selected, err := sel.captures(ctx, a, s)
		if err != nil {
			return err
		}
		var seqs []int64 // all ids are looked up before the first is deleted
		for c, err := range selected {
			if err != nil {
				return err
			}
			seqs = append(seqs, c.Seq)
		}
		n, err := s.Delete(ctx, seqs)
		if err != nil {
			return err
		}
		return a.deleted(n)
	})
}

func newCapturesPrune(a *app) *cobra.Command {
	keep, keepFor := 0, period(0)
	cmd := &cobra.Command{
		Use:     "prune [flags]",
		Short:   "delete old captures by number or age",
		Long:    "Delete old captures with their bodies and attempts: all but the latest --keep,\nand those older than --keep-for. hookctl listen does the same all the time when\ngiven these flags.\n\nCaptures that wait to be delivered stay. --keep-for also goes for what has no\ncapture: attempts of hookctl send, and deliveries that are over.",
		Example: "  hookctl captures prune --keep 10000\n  hookctl captures prune --keep-for 30d",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case keep < 0:
				return usage("", "--keep: want 0 or more, got %d", keep)
			case keep == 0 && keepFor <= 0:
				return usage("give --keep N, --keep-for PERIOD or both; captures delete --all deletes everything", "captures prune: nothing says what is old")
			}
			return runCapturesPrune(cmd.Context(), a, keep, keepFor)
		},
	}
	cmd.Flags().IntVar(&keep, "keep", 0, "keep the latest `N`")
	cmd.Flags().Var(&keepFor, "keep-for", "keep what is younger than `PERIOD`, such as 36h or 30d")
	return cmd
}

func runCapturesPrune(ctx context.Context, a *app, keep int, keepFor period) error {
	return a.withStore(readWrite, func(s *store.Store) error {
		var before time.Time
		if keepFor > 0 {
			before = cutoff(a.world.Now(), keepFor)
		}
		n, err := s.Prune(ctx, keep, before)
		if err != nil {
			return err
		}
		return a.deleted(n)
	})
}

// deleted tells how many captures are gone.
func (a *app) deleted(n int) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, deleteCount{n})
	}
	if !a.global.quiet {
		a.messages().Status(fmt.Sprintf("%d captures deleted", n))
	}
	return nil
}
