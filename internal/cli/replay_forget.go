package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/lock"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// forgetRuns drops the runs that did not come to their end: none of them is gone on with.
// Their attempts stay.
func (o *replayOptions) forgetRuns(ctx context.Context, a *app, s *store.Store, cmd *cobra.Command) error {
	if err := o.checkForget(cmd); err != nil {
		return err
	}
	for dropped := 0; ; dropped++ {
		run, err := s.UnfinishedRun(ctx)
		if isNotFound(err) {
			if dropped == 0 {
				a.messages().Status("no replay is unfinished")
			}
			return nil
		}
		if err == nil {
			err = a.forgetRun(ctx, s, run)
		}
		if err != nil {
			return err
		}
	}
}

// checkForget refuses what says which captures to send, or how: nothing is.
func (o *replayOptions) checkForget(cmd *cobra.Command) error {
	var others []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"forget", "config", "store", "json", "quiet", "verbose", "no-color", "to"}, f.Name) {
			others = append(others, "--"+f.Name)
		}
	})
	switch {
	case len(others) > 0:
		return usage("leave it out", "--forget sends nothing: it does not go with %s", strings.Join(others, ", "))
	case len(o.IDs) > 0:
		return usage("leave them out", "--forget drops what was begun as a whole: it takes no ids")
	}
	return nil
}

// forgetRun drops a run, unless somebody is at it.
func (a *app) forgetRun(ctx context.Context, s *store.Store, run *hook.Run) error {
	what := "the replay of " + run.StartedAt.Local().Format(time.DateTime)
	if was, err := readSpec(run.Spec); err == nil {
		what += " to " + was.place()
	}
	held, err := s.HoldRun(ctx, run.ID)
	if errors.Is(err, lock.ErrHeld) {
		return usage("wait for its end, or end it first", "--forget: %s is still going on", what)
	}
	if err != nil {
		return err
	}
	if err := s.EndRun(ctx, run.ID, a.world.Now().UTC()); err != nil {
		return errors.Join(fmt.Errorf("--forget: %w", err), held.Release())
	}
	a.messages().Status("forgot " + what)
	return held.Remove()
}
