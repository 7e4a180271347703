package cli

import (
	"context"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newEndpointEdit(a *app) *cobra.Command {
	o := &endpointOptions{}
	var unset []string
	cmd := &cobra.Command{
		Use:        "edit NAME [flags]",
		SuggestFor: []string{"update", "change", "set"},
		Short:      "change an endpoint in hookctl.yaml",
		Long: `Change an endpoint in hookctl.yaml, in place. --header adds a header or gives it
another value, --set does so with a rule; all other flags take the place of what
was there. --unset takes a key away: events, headers, headers.X-Tenant,
set.policy.ack.deadline.

An endpoint that its provider has paused until it is updated, as Machnet does,
is in use again after any change. What is pending goes to the new URL.`,
		Example: `  hookctl endpoint edit orders --url http://localhost:4000/hooks
  hookctl endpoint edit orders --events 'order/*' --unset rate_limit
  hookctl endpoint edit orders --set policy.retry=announced --dry-run`,
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.editing(cmd.Context(), func() error { return runEndpointEdit(cmd, a, o, args[0], unset) })
		},
	}
	o.flags(a, cmd)
	cmd.Flags().StringArrayVar(&unset, "unset", nil, "take `KEY` away; may be repeated")
	return cmd
}

func runEndpointEdit(cmd *cobra.Command, a *app, o *endpointOptions, name string, unset []string) error {
	before, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	if cmd.Flags().Changed("url") && o.url.URL == nil {
		return usage("", "--url: want a URL")
	}
	changes, err := o.edits(cmd, a, before, unset)
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		return usage("hookctl endpoint edit --help lists the flags; hookctl endpoint enable "+name+" ends a pause without a change", "endpoint %s: nothing is to be changed", name)
	}
	edit, err := a.editConfig(changes...)
	if err != nil {
		return err
	}
	edit.told = endpointChanged{Name: name, Action: actionEdit}
	edit.first = func(*app) error { // a store that cannot be read is told before anything is changed
		_, err := a.endpointStates(cmd.Context(), name)
		return err
	}
	fresh, err := a.accept(edit, name, before, o.dryRun)
	if err != nil || o.dryRun {
		return err
	}
	after, err := fresh.findEndpoint(name)
	if err != nil {
		return err
	}
	if !edit.changes() {
		return a.tellChanged(edit.told, "endpoint "+name+" is like that already")
	}
	a.messages().Status("endpoint " + name + " changed in " + a.relative(edit.path))
	a.tellNewURL(before, after)
	if err := fresh.resumeUpdated(cmd.Context(), before, after, &edit.told); err != nil {
		return err
	}
	return a.writeChanged(edit.told)
}

// tellNewURL warns where attempts that were made have another address from now on.
func (a *app) tellNewURL(before, after *knownEndpoint) {
	was, is := hook.DisplayURL(before.URL), hook.DisplayURL(after.URL)
	if was == is {
		return
	}
	a.messages().Warn("attempts that were made keep the address " + was + "; what is pending goes to " + is)
	if after.Provider == "clazar" || after.Provider == "svix" {
		a.messages().Hint(after.Provider + " itself shows old attempts with the new address once the URL is changed")
	}
}

// resumeUpdated lets an endpoint be in use again that was paused until it is updated, and
// says of others that are not in use what ends that. told is for programs.
//
// In one step with that it is noted where the endpoint leads now: whoever delivers to it and
// has not read the file anew yet sends nothing to where it led before.
func (a *app) resumeUpdated(ctx context.Context, before, after *knownEndpoint, told *endpointChanged) error {
	name := after.Name
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	st := states[name]
	status := endpointStatus(&st.Standing, a.world.Now())
	updates := status == hook.Paused && st.Until == "updated"
	moves := after.URL.String() != before.URL.String() && (status != hook.Enabled || st.pending > 0)
	if updates || moves {
		err = a.withStanding(readWrite, func(s *store.Store) error {
			return s.SetStanding(ctx, name, func(now *hook.Standing) {
				if updates {
					*now = now.Anew()
				}
				if moves {
					now.Move(after.URL, a.movedAt(after))
				}
			})
		})
	}
	told.Status, told.Was, told.Pending = status, status, st.pending
	if updates {
		told.Status = hook.Enabled
	}
	switch {
	case err != nil || status == hook.Enabled:
	case updates:
		a.messages().Status(fmt.Sprintf("endpoint %s was paused (%s), and is in use again: %s", name, st.Reason, goOn(st.pending)))
	default:
		a.messages().Warn(fmt.Sprintf("endpoint %s is still %s (%s)", name, status, st.Reason))
		a.messages().Hint(ending(name, &st.Standing))
	}
	return err
}

// goOn says what becomes of what is pending.
func goOn(pending int) string {
	if pending == 0 {
		return "nothing was pending"
	}
	return pendingDeliveries(pending) + " can go on, with hookctl listen or hookctl send --resume"
}
