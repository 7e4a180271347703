package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newEndpointEnable(a *app) *cobra.Command {
	recreate := false
	cmd := &cobra.Command{
		Use:        "enable NAME [flags]",
		SuggestFor: []string{"resume", "unpause", "start"},
		Short:      "put a paused or disabled endpoint in use again",
		Long: `Put an endpoint in use again that was paused or disabled, by its provider or by
you. What is counted of its failures begins anew, and what is pending goes on.
What was cancelled stays so: replay sends it again.

One that the provider has deleted, as Recharge does after the 20th failure, must
be registered anew there: --recreate does that here.`,
		Example:           "  hookctl endpoint enable orders\n  hookctl endpoint enable orders --recreate",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointEnable(cmd.Context(), a, args[0], recreate)
		},
	}
	cmd.Flags().BoolVar(&recreate, "recreate", false, "also if the provider has deleted it")
	return cmd
}

func runEndpointEnable(ctx context.Context, a *app, name string, recreate bool) error {
	e, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	st := states[name]
	status := endpointStatus(&st.Standing, a.world.Now())
	switch {
	case status == hook.Enabled:
		return a.tellChanged(endpointChanged{Name: name, Action: actionEnable, Status: status, Was: status, Pending: st.pending}, "endpoint "+name+" is enabled")
	case status == hook.Deleted && !recreate:
		return usage("hookctl endpoint enable "+name+" --recreate does that",
			"endpoint %s was deleted (%s): at the provider it must be registered anew", name, st.Reason)
	}
	err = a.withStanding(readWrite, func(s *store.Store) error {
		return s.SetStanding(ctx, name, func(now *hook.Standing) {
			*now = now.Anew()
			now.Move(e.URL, a.movedAt(e)) // an editor may have changed it just now
		})
	})
	if err != nil {
		return err
	}
	return a.tellChanged(endpointChanged{Name: name, Action: actionEnable, Status: hook.Enabled, Was: status, Pending: st.pending},
		fmt.Sprintf("endpoint %s was %s (%s), and is in use again: %s", name, status, st.Reason, goOn(st.pending)))
}

// movedAt is since when e may lead where it does: since now for whoever has it lead elsewhere.
// With a password, of which nobody can tell whether it is another, since the file was written.
func (a *app) movedAt(e *knownEndpoint) time.Time {
	if e.URL.User != nil {
		if info, err := os.Stat(a.file.path); err == nil {
			return info.ModTime()
		}
	}
	return a.world.Now()
}
