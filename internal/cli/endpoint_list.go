package cli

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

func newEndpointList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "list the endpoints of hookctl.yaml, and how they stand",
		Long: `List the endpoints of hookctl.yaml in its order. STATE is what deliveries, or
you, have made of each: enabled, paused, disabled or deleted, for the REASON at
the end; endpoint show says what ends it. PENDING is how many deliveries wait.
Where some wait for an endpoint that is not in the file any more, that is listed
too.`,
		Example: "  hookctl endpoint list\n  hookctl endpoint list --json | jq -r 'select(.status != \"enabled\").name'",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runEndpointList(cmd.Context(), a) },
	}
}

func runEndpointList(ctx context.Context, a *app) error {
	set, err := a.endpoints()
	if err != nil {
		return err
	}
	states, err := a.endpointStates(ctx, "")
	if err != nil {
		return err
	}
	strays := set.strays(states)
	if len(set.known) == 0 && !a.global.json {
		a.messages().Status("there are no endpoints in " + configName + "; hookctl endpoint add NAME --url URL makes one")
	}
	var rows []listedEndpoint
	for _, e := range set.known {
		rows = append(rows, a.listed(e, states[e.Name]))
	}
	for _, name := range strays {
		st := states[name]
		rows = append(rows, listedEndpoint{
			Name: name, Undeclared: true, Events: []string{}, Secret: secretOfProvider,
			Status: endpointStatus(&st.Standing, a.world.Now()), Pending: st.pending, Next: st.next,
		})
	}
	if err := a.printEndpoints(rows); err != nil {
		return err
	}
	if len(strays) > 0 && !a.global.json {
		a.messages().Hint("hookctl endpoint remove " + strays[0] + " cancels what is pending there; declared again, it goes on")
	}
	return nil
}

func (a *app) printEndpoints(rows []listedEndpoint) error {
	var shown []render.EndpointRow
	for _, row := range rows {
		if a.global.json {
			if err := render.WriteJSON(a.world.Stdout, row); err != nil {
				return err
			}
			continue
		}
		shown = append(shown, render.EndpointRow{
			Name: row.Name, Status: row.Status, Provider: row.Provider, Events: strings.Join(row.Events, ", "), URL: row.place(), Pending: row.Pending,
			Reason: row.Reason,
		})
	}
	return a.out().Endpoints(shown)
}

// place is where deliveries go, in words where nothing declares that.
func (row *listedEndpoint) place() string {
	if row.Undeclared {
		return "(not in " + configName + ")"
	}
	return row.URL
}

// strays are the places for which something is pending, and that are not declared.
func (es *endpointSet) strays(states map[string]endpointState) []string {
	var strays []string
	for _, place := range slices.Sorted(maps.Keys(states)) {
		if st := states[place]; st.stray() && !slices.Contains(es.names(), place) {
			strays = append(strays, place)
		}
	}
	return strays
}

// stray reports whether an endpoint would leave something behind if it were not declared.
func (st *endpointState) stray() bool { return st.pending > 0 }

// An endpointState is what the store knows of an endpoint.
type endpointState struct {
	hook.Standing
	queue
}

// endpointStates are those of the endpoint called name, or of all for "".
func (a *app) endpointStates(ctx context.Context, name string) (map[string]endpointState, error) {
	all := map[string]endpointState{}
	declared, err := a.endpoints()
	if err != nil {
		return nil, err
	}
	err = a.withStanding(readOnly, func(s *store.Store) error {
		standings, err := s.Standings(ctx)
		if err != nil {
			return err
		}
		waiting, err := queues(ctx, s, name)
		if err != nil {
			return err
		}
		for place, st := range standings {
			if a.outlived(declared, place, &st) {
				st = st.Anew()
			}
			all[place] = endpointState{Standing: st}
		}
		for place, q := range waiting {
			st := all[place]
			st.queue = q
			all[place] = st
		}
		return nil
	})
	return all, err
}

// A listedEndpoint is an endpoint in JSON. Times are there where they mean something.
type listedEndpoint struct {
	Name        string              `json:"name"`
	URL         string              `json:"url"`
	Undeclared  bool                `json:"undeclared,omitempty"`
	Provider    string              `json:"provider,omitempty"`
	Events      []string            `json:"events"`
	Headers     [][2]string         `json:"headers,omitempty"`
	RateLimit   string              `json:"rate_limit,omitempty"`
	Concurrency int                 `json:"concurrency"`
	Secret      string              `json:"secret"`
	ErrorsTo    string              `json:"errors_to,omitempty"`
	Reply       replyRule           `json:"reply"`
	Set         map[string]string   `json:"set,omitempty"`
	Status      hook.EndpointStatus `json:"status"`
	Reason      string              `json:"reason,omitempty"`
	Since       time.Time           `json:"since_at,omitzero"`
	Until       string              `json:"until,omitempty"`
	Back        time.Time           `json:"back_at,omitzero"`
	HeldUntil   time.Time           `json:"held_until_at,omitzero"`
	Failures    int                 `json:"failures_in_row"`
	Failing     time.Time           `json:"failing_since_at,omitzero"`
	Pending     int                 `json:"pending"`
	Next        time.Time           `json:"due_at,omitzero"`
	Problems    []string            `json:"problems,omitempty"`
}

// listed is e as it is told, credentials hidden.
func (a *app) listed(e *knownEndpoint, st endpointState) listedEndpoint {
	now := a.world.Now()
	row := listedEndpoint{
		Name: e.Name, URL: hook.DisplayURL(e.URL), Provider: e.Provider, Events: append([]string{}, e.Events...),
		RateLimit: (&rateLimit{e.Rate}).String(), Concurrency: e.Concurrency, Secret: e.secretPlace(), Reply: replyRelayed,
		Status: endpointStatus(&st.Standing, now), Failures: st.InRow, Failing: st.FailingSince, Pending: st.pending, Next: st.next,
	}
	if row.Status != hook.Enabled {
		row.Reason, row.Since, row.Until, row.Back = st.Reason, st.Since, st.Until, st.Back
	}
	if st.HeldUntil.After(now) {
		row.HeldUntil = st.HeldUntil
	}
	for _, f := range e.Header.Mask() {
		row.Headers = append(row.Headers, [2]string{f.Name, f.Value})
	}
	if e.ErrorsTo != nil {
		row.ErrorsTo = hook.DisplayURL(e.ErrorsTo)
	}
	if !e.relay {
		row.Reply = replyIgnored
	}
	for i, rule := range e.set {
		if i == 0 {
			row.Set = map[string]string{}
		}
		row.Set[rule.Path] = rule.Value.Flow()
	}
	for _, trouble := range e.troubles {
		row.Problems = append(row.Problems, trouble.Error())
	}
	for _, p := range e.problems() {
		row.Problems = append(row.Problems, p.Text)
	}
	return row
}

// Where the secret of an endpoint is that deliveries are signed with.
const secretOfProvider = "provider" // it has none of its own

// secretPlace says where the endpoint's secret is, in the words of providers.
func (e *knownEndpoint) secretPlace() string {
	switch {
	case len(e.troubles) > 0:
		return secretUnreadable
	case len(e.config.Secret) > 0:
		return secretConfigured
	case len(e.keys) > 0:
		return secretLocal
	}
	return secretOfProvider
}
