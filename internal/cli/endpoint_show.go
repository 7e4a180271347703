package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

func newEndpointShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "show an endpoint: what is declared, and how it stands",
		Long: `Show an endpoint: what hookctl.yaml declares, what deliveries have made of it
and why, what ends that, and what its provider would have against it.
Credentials are hidden.`,
		Example:           "  hookctl endpoint show orders",
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointShow(cmd.Context(), a, args[0])
		},
	}
}

func runEndpointShow(ctx context.Context, a *app, name string) error {
	e, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	states, err := a.endpointStates(ctx, name)
	if err != nil {
		return err
	}
	row := a.listed(e, states[name])
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, row)
	}
	if err := a.out().ShowEndpoint(append(row.declared(), e.remarks()...), row.state()); err != nil {
		return err
	}
	m := a.messages()
	for _, trouble := range e.troubles {
		m.Warn(trouble.Error())
	}
	for _, p := range e.problems() {
		if p.Fatal {
			m.Warn(p.Text)
			if p.Hint != "" {
				m.Hint(p.Hint)
			}
		}
	}
	if st := states[name]; row.Status != hook.Enabled {
		m.Hint(ending(name, &st.Standing))
	}
	return nil
}

// remarks are what is to be known of an endpoint, and is no reason not to use it.
func (e *knownEndpoint) remarks() []render.Fact {
	var facts []render.Fact
	for _, p := range e.problems() {
		if !p.Fatal {
			facts = append(facts, render.Fact{Label: "note", Value: p.Text})
		}
	}
	if settings := e.deliverySettings(); len(settings) > 0 {
		facts = append(facts, render.Fact{Label: "note", Value: strings.Join(settings, ", ") + ": for send --retry, listen --reply 200"})
	}
	return facts
}

// declared are the facts that hookctl.yaml states.
func (row *listedEndpoint) declared() []render.Fact {
	facts := []render.Fact{
		{Label: "endpoint", Value: row.Name}, {Label: "url", Value: row.URL},
		{Label: "provider", Value: orDefault(row.Provider, "that of each event")},
		{Label: "events", Value: orDefault(strings.Join(row.Events, ", "), "everything")},
	}
	for _, h := range row.Headers {
		facts = append(facts, render.Fact{Label: "header", Value: h[0] + ": " + h[1]})
	}
	facts = append(facts,
		render.Fact{Label: "rate limit", Value: row.RateLimit},
		render.Fact{Label: "concurrency", Value: strconv.Itoa(row.Concurrency)},
		render.Fact{Label: "secret", Value: map[string]string{
			secretOfProvider: "that of the provider", secretConfigured: "its own, named in " + configName,
			secretLocal: "its own, kept by hookctl", secretUnreadable: "its own, which cannot be read",
		}[row.Secret]},
		render.Fact{Label: "errors to", Value: row.ErrorsTo},
		render.Fact{Label: "reply", Value: string(row.Reply)},
	)
	for _, rule := range slices.Sorted(maps.Keys(row.Set)) {
		facts = append(facts, render.Fact{Label: "set", Value: rule + ": " + row.Set[rule]})
	}
	return facts
}

// state are the facts that deliveries made.
func (row *listedEndpoint) state() []render.Fact {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Local().Format("2006-01-02 15:04:05 -07:00")
	}
	ends := map[string]string{"updated": "when it is updated", "enabled": "when it is enabled", "recreated": "when it is registered anew"}[row.Until]
	if ends == "" {
		ends = at(row.Back)
	}
	facts := []render.Fact{
		{Label: "state", Value: string(row.Status)}, {Label: "since", Value: at(row.Since)}, {Label: "because", Value: row.Reason},
		{Label: "ends", Value: ends}, {Label: "held until", Value: at(row.HeldUntil)},
	}
	if row.Failures > 0 {
		facts = append(facts, render.Fact{Label: "failures", Value: fmt.Sprintf("%d in a row, since %s", row.Failures, at(row.Failing))})
	}
	pending := "nothing"
	if row.Pending > 0 {
		pending = strconv.Itoa(row.Pending)
		if row.Status == hook.Enabled && !row.Next.IsZero() {
			pending += ", the next attempt at " + at(row.Next)
		}
	}
	return append(facts, render.Fact{Label: "pending", Value: strings.TrimSpace(pending)})
}
