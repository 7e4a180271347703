package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newEndpointRemove(a *app) *cobra.Command {
	dryRun := false
	cmd := &cobra.Command{
		Use:     "remove NAME [flags]",
		Aliases: []string{"rm"},
		Short:   "take an endpoint out of hookctl.yaml, and cancel what is pending",
		Long: `Take an endpoint out of hookctl.yaml, and nothing else. Deliveries to it that are pending
are cancelled, and a secret that hookctl keeps for it is deleted. Its attempts stay.`,
		Example:           "  hookctl endpoint remove orders --dry-run\n  hookctl endpoint remove orders",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointRemove(cmd.Context(), a, args[0], dryRun)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print what would change in hookctl.yaml, and change nothing")
	return cmd
}

func runEndpointRemove(ctx context.Context, a *app, name string, dryRun bool) error {
	if _, err := a.findEndpoint(name); err != nil {
		return err
	}
	edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, name}})
	if err != nil {
		return err
	}
	if _, err := a.accept(edit, "", nil, dryRun); err != nil || dryRun {
		return err
	}
	n := 0
	err = a.withStanding(readWrite, func(s *store.Store) error {
		if n, err = s.CancelPending(ctx, name, "the endpoint was removed", a.world.Now().UTC()); err != nil {
			return err
		}
		return s.ForgetPlace(ctx, name)
	})
	if err != nil {
		return err
	}
	secret, err := a.dropEndpointSecret(name)
	if err != nil {
		return err
	}
	a.messages().Status(fmt.Sprintf("endpoint %s is out of %s: %s%s", name, a.relative(edit.path), cancelled(n), secret))
	return nil
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
