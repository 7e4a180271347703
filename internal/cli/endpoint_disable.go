package cli

import (
	"context"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

// byHand is why an endpoint is disabled that a person has disabled.
const byHand = "hookctl endpoint disable"

func newEndpointDisable(a *app) *cobra.Command {
	return &cobra.Command{
		Use:        "disable NAME",
		SuggestFor: []string{"pause", "stop"},
		Short:      "stop deliveries to an endpoint, and cancel those that are pending",
		Long: `Stop deliveries to an endpoint. Those that are pending are cancelled, as
providers do: they do not come back with endpoint enable, but replay sends them
again. An attempt that is under way ends by itself.`,
		Example:           "  hookctl endpoint disable orders",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointDisable(cmd.Context(), a, args[0])
		},
	}
}

func runEndpointDisable(ctx context.Context, a *app, name string) error {
	_, notDeclared := a.findEndpoint(name)
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	st := states[name]
	if notDeclared != nil && !st.stray() {
		return notDeclared
	}
	was := endpointStatus(&st.Standing, a.world.Now())
	if was == hook.Deleted {
		return usage("hookctl endpoint remove "+name+" takes it out of "+configName, "endpoint %s was deleted (%s): nothing goes there", name, st.Reason)
	}
	n := 0
	err = a.withStore(readWrite, func(s *store.Store) error {
		now := a.world.Now().UTC()
		err := s.SetStanding(ctx, name, func(st *hook.Standing) {
			*st = st.Anew()
			st.Status, st.Reason, st.Since, st.Until = hook.Disabled, byHand, now, "enabled"
		})
		if err != nil {
			return err
		}
		n, err = s.CancelPending(ctx, name, "disabled", now)
		return err
	})
	if err != nil {
		return err
	}
	return a.tellChanged(endpointChanged{Name: name, Action: actionDisable, Status: hook.Disabled, Was: was, Cancelled: n},
		fmt.Sprintf("endpoint %s is disabled: %s; hookctl endpoint enable %s ends it", name, cancelled(n), name))
}

// cancelled says what became of what was pending.
func cancelled(n int) string {
	switch n {
	case 0:
		return "nothing was pending"
	case 1:
		return "1 pending delivery was cancelled"
	}
	return fmt.Sprintf("%d pending deliveries were cancelled", n)
}
