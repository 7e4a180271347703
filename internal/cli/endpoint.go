package cli

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newEndpoint(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "endpoint",
		Aliases: []string{"endpoints"},
		Short:   "say where deliveries go, and see how they stand",
		Long: `Declare the endpoints that events are delivered to, in the section endpoints: of
hookctl.yaml, and see what deliveries have made of them: enabled, paused,
disabled or deleted, as the provider's policy says.

  endpoints:
    orders:
      url: http://localhost:3000/hooks
      provider: recharge                # whose policy and signature count
      events: [order/*, charge/*]       # none are all
      headers: {X-Tenant: acme}
      rate_limit: 5/s                   # or N/m, N/h
      concurrency: 1                    # more do not keep the order
      secret: env:ORDERS_SECRET         # deliveries are signed anew with it
      errors_to: http://localhost:3000/errors
      reply: relay                      # or ignore: never the sender's answer
      set: {policy.ack.deadline: 10s}   # rules of the provider, otherwise

Without a provider that of each event counts. rate_limit, concurrency and set:
count for deliveries, which hookctl send --retry and hookctl listen --reply 200
make; where listen relays an endpoint's own answer, each event is sent once, as
it comes.

The commands change this section in place and leave the rest of the file as it
is; an editor does as well.`,
		GroupID: groupSetup,
		Args:    cobra.ArbitraryArgs,
		RunE:    helpOrUnknown,
	}
	cmd.AddCommand(
		newEndpointAdd(a), newEndpointList(a), newEndpointShow(a), newEndpointEdit(a), newEndpointEnable(a),
		newEndpointDisable(a), newEndpointTest(a), newEndpointRemove(a), newEndpointRotate(a),
	)
	return cmd
}

// endpointNames completes the one argument that is an endpoint's name.
func (a *app) endpointNames(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	if a.settle(cmd) != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	set, err := a.endpoints()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return set.names(), cobra.ShellCompDirectiveNoFileComp
}

// findEndpoint returns the endpoint of hookctl.yaml called name.
func (a *app) findEndpoint(name string) (*knownEndpoint, error) {
	set, err := a.endpoints()
	if err != nil {
		return nil, err
	}
	return set.find(name)
}

// judge refuses an endpoint that its provider would, and tells what else is to be said and
// was not so before. Endpoints of the same provider count together.
func (es *endpointSet) judge(a *app, e, before *knownEndpoint) error {
	var known []delivery.Problem
	if before != nil {
		known = before.problems()
	}
	for _, p := range append(e.problems(), es.crowded(e)...) {
		if p.Fatal {
			return usage(asEndpointFlag(p.Hint), "endpoint %s: %s", e.Name, p.Text)
		}
		if slices.Contains(known, p) {
			continue
		}
		m := a.messages()
		m.Warn("endpoint " + e.Name + ": " + p.Text)
		if p.Hint != "" {
			m.Hint(asEndpointFlag(p.Hint))
		}
	}
	return nil
}

// asEndpointFlag is a hint about hookctl.yaml as one about the flags of endpoint add.
func asEndpointFlag(hint string) string {
	return strings.Replace(strings.Replace(asFlag(hint), "--set rule:", "--set ", 1), `events: ["*"]`, "--events '*'", 1)
}

// crowded says which topics of e too many endpoints of its provider have chosen, as far
// as the topics are named in hookctl.yaml.
func (es *endpointSet) crowded(e *knownEndpoint) []delivery.Problem {
	if e.provider == nil {
		return nil
	}
	var all []*hook.Endpoint
	for _, other := range es.known {
		if other.Provider == e.Provider {
			all = append(all, &other.Endpoint)
		}
	}
	var topics []string
	for _, glob := range e.Events {
		if !strings.ContainsAny(glob, "*?") {
			topics = append(topics, glob)
		}
	}
	if len(topics) == 0 { // what all of them share that choose with globs alone
		topics = []string{e.provider.Event.Example}
	}
	return delivery.NewRules(e.provider.Profile).CheckTopics(all, topics)
}

// withStanding runs do on the store that has the states of endpoints. Where there is none,
// do is not run: nothing was ever delivered.
func (a *app) withStanding(how access, do func(*store.Store) error) error {
	if how == readWrite {
		if err := a.withStore(readOnly, func(*store.Store) error { return nil }); errors.Is(err, store.ErrNotExist) {
			return nil
		}
	}
	err := a.withStore(how, do)
	if errors.Is(err, store.ErrNotExist) {
		return nil
	}
	return err
}

// A queue is what waits to be delivered to one place.
type queue struct {
	pending int
	next    time.Time // when the first may be attempted
}

// queues counts what is pending, by place; place "" is all of them.
func queues(ctx context.Context, s *store.Store, place string) (map[string]queue, error) {
	all := map[string]queue{}
	for d, err := range s.Pending(ctx, place, 0) {
		if errors.As(err, new(*store.DamagedRowError)) {
			continue // doctor tells of it
		}
		if err != nil {
			return nil, err
		}
		q := all[d.Place()]
		if q.pending++; q.next.IsZero() || d.Due.Before(q.next) {
			q.next = d.Due
		}
		all[d.Place()] = q
	}
	return all, nil
}

// endpointStatus is the status of an endpoint at the time now.
func endpointStatus(st *hook.Standing, now time.Time) hook.EndpointStatus {
	if st.Active(now) {
		return hook.Enabled
	}
	return st.Status
}

// ending is the command that ends the state of an endpoint that is not enabled, for hints.
func ending(name string, st *hook.Standing) string {
	switch st.Until {
	case "updated":
		return "hookctl endpoint edit " + name + " with any change ends it, as updating does at the provider; hookctl endpoint enable " + name + " does too"
	case "recreated":
		return "hookctl endpoint enable " + name + " --recreate registers it anew"
	}
	return "hookctl endpoint enable " + name + " ends it"
}

// pendingDeliveries says how many deliveries something is about.
func pendingDeliveries(n int) string {
	if n == 1 {
		return "1 pending delivery"
	}
	return strconv.Itoa(n) + " pending deliveries"
}
