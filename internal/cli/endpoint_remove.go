package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newEndpointRemove(a *app) *cobra.Command {
	dryRun := false
	cmd := &cobra.Command{
		Use:     "remove NAME [flags]",
		Aliases: []string{"rm"}, SuggestFor: []string{"delete", "del"},
		Short: "take an endpoint out of hookctl.yaml, and cancel what is pending",
		Long: `Take an endpoint out of hookctl.yaml, and nothing else. Deliveries to it that
are pending are cancelled, and a secret that hookctl keeps for it is deleted.
Its attempts stay.

One that is not in the file any more, but has pending deliveries, is removed as
well.`,
		Example:           "  hookctl endpoint remove orders --dry-run\n  hookctl endpoint remove orders",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.editing(cmd.Context(), func() error { return runEndpointRemove(cmd.Context(), a, args[0], dryRun) })
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would change in hookctl.yaml, and change nothing")
	return cmd
}

// removed is why deliveries are cancelled, and what an endpoint stands at, that was removed.
const removed = "the endpoint was removed"

func runEndpointRemove(ctx context.Context, a *app, name string, dryRun bool) error {
	if _, err := a.findEndpoint(name); err != nil {
		return a.removeStray(ctx, name, dryRun, err)
	}
	edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, name}})
	if err != nil {
		return err
	}
	edit.told = endpointChanged{Name: name, Action: actionRemove}
	before, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	var was hook.Standing
	retired := false
	// Beside a listen that has not read the file anew, nothing may be planned any more.
	edit.first = func(*app) (err error) {
		was, err = a.retire(ctx, name)
		retired = err == nil
		return err
	}
	if _, err := a.accept(edit, "", nil, dryRun); err != nil || dryRun {
		if retired {
			_, back := a.restand(ctx, name, was)
			err = errors.Join(err, back)
		}
		return err
	}
	// Whoever has read the file since the first time read it as it was.
	if _, err := a.retire(ctx, name); err != nil {
		return err
	}
	return a.endRemoved(ctx, name, "is out of "+a.relative(edit.path), before[name].pending)
}

// removeStray removes an endpoint that only the store knows; notDeclared is the error where
// that knows none either.
func (a *app) removeStray(ctx context.Context, name string, dryRun bool, notDeclared error) error {
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	st := states[name]
	if !st.stray() {
		return notDeclared
	}
	if dryRun {
		return a.tellChanged(endpointChanged{Name: name, Action: actionRemove, Pending: st.pending, DryRun: true},
			fmt.Sprintf("endpoint %s is not in %s; %s would be cancelled", name, configName, pendingDeliveries(st.pending)))
	}
	return a.endRemoved(ctx, name, "was not in "+configName, st.pending)
}

// endRemoved cancels what is pending for an endpoint that is gone, and says so. A listen
// may have cancelled what was pending before.
func (a *app) endRemoved(ctx context.Context, name, gone string, before int) error {
	n := 0
	err := a.withStanding(readWrite, func(s *store.Store) (err error) {
		n, err = s.CancelPending(ctx, name, "removed", time.Time{})
		return err
	})
	if err != nil {
		return err
	}
	n = max(n, before)
	secret, err := a.dropEndpointSecret(name)
	if err != nil {
		return err
	}
	return a.tellChanged(endpointChanged{Name: name, Action: actionRemove, Cancelled: n},
		fmt.Sprintf("endpoint %s %s: %s%s", name, gone, cancelled(n), secret))
}

// retire has an endpoint stand at being removed, and returns at what it stood.
func (a *app) retire(ctx context.Context, name string) (was hook.Standing, err error) {
	return a.restand(ctx, name, hook.Standing{Status: hook.Deleted, Reason: removed, Since: a.world.Now().UTC(), Until: "recreated"})
}

// restand has an endpoint stand at something else, and returns at what it stood.
func (a *app) restand(ctx context.Context, name string, at hook.Standing) (was hook.Standing, err error) {
	err = a.withStanding(readWrite, func(s *store.Store) error {
		return s.SetStanding(ctx, name, func(st *hook.Standing) { was, *st = *st, at })
	})
	return was, err
}

// dropEndpointSecret deletes the secret that hookctl keeps for an endpoint, and says so.
func (a *app) dropEndpointSecret(name string) (told string, err error) {
	path, err := a.endpointRingPath(name)
	if err != nil {
		return "", err
	}
	switch err := os.Remove(path); {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", cannot("", fmt.Errorf("the secret of endpoint %s: %w", name, err))
	}
	return ", and its secret is deleted", nil
}
