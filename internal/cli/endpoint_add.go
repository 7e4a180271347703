package cli

import (
	"context"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newEndpointAdd(a *app) *cobra.Command {
	o := &endpointOptions{}
	cmd := &cobra.Command{
		Use:        "add NAME --url URL [flags]",
		SuggestFor: []string{"create", "new"},
		Short:      "declare an endpoint in hookctl.yaml",
		Long: `Declare an endpoint in hookctl.yaml, which is made in the working folder where
there is none: the store is beside it then, and local secrets and imported
catalogs are copied there. Comments and everything else in the file stay as they
are. What the provider would not accept is refused: RETM wants https but on this
machine, Clazar wants events to be chosen, Svix lets some headers not be set.

--rate-limit, --concurrency and --set count for deliveries, which hookctl send
--retry and hookctl listen --reply 200 make, not where listen relays the
endpoint's own answer.

A name has letters, digits, dots, underscores and hyphens.`,
		Example: `  hookctl endpoint add orders --url http://localhost:3000/hooks
  hookctl endpoint add billing --url 4000 --provider recharge \
    --events 'charge/*' --events order/created --rate-limit 5/s
  hookctl endpoint add crm --url https://crm.example/in \
    --header 'X-Tenant: acme' --secret env:CRM_SECRET --dry-run`,
		Args: exactArgs("the endpoint's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.editing(cmd.Context(), func() error { return runEndpointAdd(cmd, a, o, args[0]) })
		},
	}
	o.flags(a, cmd)
	return cmd
}

func runEndpointAdd(cmd *cobra.Command, a *app, o *endpointOptions, name string) error {
	if why := badEndpointName(name); why != "" {
		return usage("", "an endpoint's name: %s", why)
	}
	if o.url.URL == nil {
		return usage("the form is: hookctl endpoint add "+name+" --url http://localhost:3000/hooks", "endpoint %s: --url is missing", name)
	}
	set, err := a.endpoints()
	if err != nil {
		return err
	}
	if _, err := set.find(name); err == nil {
		return a.exists(cmd.Context(), name)
	}
	fields, err := o.changes(a, cmd)
	if err != nil {
		return err
	}
	edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, name}, Value: yamldoc.Mapping(fields)})
	if err != nil {
		return err
	}
	edit.told = endpointChanged{Name: name, Action: actionAdd}
	edit.first = func(fresh *app) error {
		if err := fresh.forget(cmd.Context(), name); err != nil {
			return err
		}
		a.carryOver(edit, fresh)
		return nil
	}
	fresh, err := a.accept(edit, name, nil, o.dryRun)
	if err != nil || o.dryRun {
		return err
	}
	e, err := fresh.findEndpoint(name)
	if err != nil {
		return err
	}
	edit.told.Status = hook.Enabled
	err = a.tellChanged(edit.told,
		fmt.Sprintf("endpoint %s: %s to %s, in %s", name, eventsInWords(&e.Endpoint), hook.DisplayURL(e.URL), a.relative(edit.path)))
	a.tellNewConfig(edit, fresh)
	return err
}

// exists refuses to declare an endpoint that is there, and says what to do with that.
func (a *app) exists(ctx context.Context, name string) error {
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	hint, st := "hookctl endpoint edit "+name+" changes it", states[name]
	if endpointStatus(&st.Standing, a.world.Now()) != hook.Enabled {
		hint += "; it is " + string(st.Status) + ", and " + ending(name, &st.Standing)
	}
	return usage(hint, "there is an endpoint %s already", name)
}

// accept puts an edited hookctl.yaml in its place, unless the endpoint called name is not
// as it must be, "" for one that is gone. before is what it was, nil for a new one. A dry
// run prints the difference.
func (a *app) accept(edit *configEdit, name string, before *knownEndpoint, dryRun bool) (*app, error) {
	fresh, set, err := edit.try(a)
	if err != nil {
		return nil, edit.refused(name, err)
	}
	if name != "" {
		e, err := set.find(name)
		if err != nil {
			return nil, err
		}
		if err := set.judge(a, e, before); err != nil {
			return nil, err
		}
	}
	if !dryRun {
		if edit.first != nil && edit.changes() {
			if err := edit.first(fresh); err != nil {
				return nil, err
			}
		}
		return fresh, edit.write(a)
	}
	return fresh, a.tellUnchanged(edit, edit.told)
}

// forget lets an endpoint be new that has the name of another: what is pending for that is
// not for this one.
func (a *app) forget(ctx context.Context, name string) error {
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	if _, known := states[name]; !known {
		return nil
	}
	n := 0
	err = a.withStanding(readWrite, func(s *store.Store) error {
		if n, err = s.CancelPending(ctx, name, "declared anew", a.world.Now().UTC()); err != nil {
			return err
		}
		return s.ForgetPlace(ctx, name)
	})
	if err == nil && n > 0 {
		a.messages().Status("of an endpoint " + name + " that was, " + cancelled(n))
	}
	return err
}
