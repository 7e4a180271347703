package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/hookctl/hookctl/internal/suggest"
	"github.com/hookctl/hookctl/internal/yamldoc"
	"github.com/spf13/cobra"
)

func newEndpointEdit(a *app) *cobra.Command {
	o := &endpointOptions{}
	var unset []string
	cmd := &cobra.Command{
		Use:   "edit NAME [flags]",
		Short: "change an endpoint in hookctl.yaml",
		Long: `Change an endpoint in hookctl.yaml, in place. --header adds a header or gives it another
value, --set does so with a rule; all other flags take the place of what was there.
--unset takes a key away: events, headers, headers.X-Tenant, set.policy.ack.deadline.

An endpoint that its provider has paused until it is updated, as Machnet does, is in use
again after any change. What is pending goes to the new URL.`,
		Example: `  hookctl endpoint edit orders --url http://localhost:4000/hooks
  hookctl endpoint edit orders --events 'order/*' --unset rate_limit
  hookctl endpoint edit orders --set policy.retry=announced --dry-run`,
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointEdit(cmd, a, o, args[0], unset)
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
	fresh, err := a.accept(edit, name, before, o.dryRun)
	if err != nil || o.dryRun {
		return err
	}
	after, err := fresh.findEndpoint(name)
	if err != nil {
		return err
	}
	if !edit.changes() {
		a.messages().Status("endpoint " + name + " is like that already")
		return nil
	}
	a.messages().Status("endpoint " + name + " changed in " + a.relative(edit.path))
	a.tellNewURL(before, after)
	return fresh.resumeUpdated(cmd.Context(), name)
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

// edits are the changes that the flags ask for.
func (o *endpointOptions) edits(cmd *cobra.Command, a *app, before *knownEndpoint, unset []string) ([]yamldoc.Change, error) {
	changes, err := unsets(before, unset)
	if err != nil {
		return nil, err
	}
	fields, err := o.changes(a, cmd, before)
	if err != nil {
		return nil, err
	}
	for _, f := range fields {
		path := []string{endpointsKey, before.Name, f.Key}
		rules, below := f.Value.(yamldoc.Mapping)
		if !below {
			changes = append(changes, yamldoc.Change{Path: path, Value: f.Value})
			continue
		}
		for _, rule := range rules { // each by itself, so that the others keep their lines
			key := rule.Key
			if f.Key == "headers" {
				key = before.headerKey(key)
			}
			changes = append(changes, yamldoc.Change{Path: append(slices.Clone(path), key), Value: rule.Value})
		}
	}
	return changes, nil
}

// headerKey is the name of a header as the file has it, in whatever case.
func (e *knownEndpoint) headerKey(name string) string {
	for _, f := range e.Header {
		if strings.EqualFold(f.Name, name) {
			return f.Name
		}
	}
	return name
}

// unsets are the changes that take keys away; a mapping that would have nothing left goes
// as a whole.
func unsets(e *knownEndpoint, keys []string) ([]yamldoc.Change, error) {
	var changes []yamldoc.Change
	left := map[string]int{"headers": len(e.Header), "set": len(e.set)}
	for _, key := range keys {
		section, below, nested := strings.Cut(key, ".")
		known := e.keysOf("")
		if nested {
			known = e.keysOf(section)
		}
		name := key
		if nested {
			name = below
			if section == "headers" {
				name = e.headerKey(below)
			}
		}
		if !slices.Contains(known, name) {
			hint := ""
			if near := suggest.Nearest(name, known); near != "" {
				hint = "did you mean " + near + "?"
			}
			return nil, usage(hint, "--unset: endpoint %s has no %s", e.Name, key)
		}
		if key == "url" {
			return nil, usage("hookctl endpoint remove "+e.Name+" takes the endpoint away", "--unset: an endpoint needs its url")
		}
		path := []string{endpointsKey, e.Name, section}
		if nested {
			if left[section]--; left[section] > 0 {
				path = append(path, name)
			}
		}
		changes = append(changes, yamldoc.Change{Path: path})
	}
	return changes, nil
}

// keysOf are the keys that the file has for an endpoint, or in one of its sections.
func (e *knownEndpoint) keysOf(section string) []string {
	node := e.entry.Value
	if section != "" {
		if node = below(e.entry, section); !has(e.entry, section) {
			return nil
		}
	}
	entries, _ := node.Entries()
	var keys []string
	for _, entry := range entries {
		keys = append(keys, entry.Key)
	}
	return keys
}

// resumeUpdated lets an endpoint be in use again that was paused until it is updated, and
// says of others that are not in use what ends that.
func (a *app) resumeUpdated(ctx context.Context, name string) error {
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	st := states[name]
	status := endpointStatus(&st.Standing, a.world.Now())
	if status == hook.Enabled {
		return nil
	}
	if status != hook.Paused || st.Until != "updated" {
		a.messages().Warn(fmt.Sprintf("endpoint %s is still %s (%s)", name, status, st.Reason))
		a.messages().Hint(ending(name, &st.Standing))
		return nil
	}
	err = a.withStanding(readWrite, func(s *store.Store) error {
		return s.SetStanding(ctx, name, func(now *hook.Standing) { *now = hook.Standing{} })
	})
	if err == nil {
		a.messages().Status(fmt.Sprintf("endpoint %s was paused (%s), and is in use again: %s", name, st.Reason, goOn(st.pending)))
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
