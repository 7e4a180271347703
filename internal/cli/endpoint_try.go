package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
)

type endpointTestOptions struct {
	sendOptions
	provider string
	event    string
}

func newEndpointTest(a *app) *cobra.Command {
	o := &endpointTestOptions{sendOptions: sendOptions{count: 1, duplicate: 1}}
	cmd := &cobra.Command{
		Use:   "test NAME [flags]",
		Short: "send an endpoint one example event, and show the exchange",
		Long: `Send an endpoint one event of its provider: the catalog's example, or the
payload of --body, signed and with its headers, once. The event is one that the
endpoint wants, unless --event says which. An endpoint that is paused, disabled
or deleted gets nothing, as with the provider. The attempt is kept. The exit
status is 1 where nothing was acknowledged.

` + eventSetHelp,
		Example: `  hookctl endpoint test orders
  hookctl endpoint test orders --event order/created --set order.id=5
  hookctl endpoint test crm --provider techrar --body event.json`,
		Args:              exactArgs("the endpoint's name"),
		ValidArgsFunction: a.endpointNames,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEndpointTest(cmd.Context(), a, o, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.event, "event", "", "send the event `TYPE` (default: one that the endpoint wants)")
	flags.StringVar(&o.provider, "provider", "", "send as `PROVIDER`, where the endpoint names none")
	o.bodyOptions.flags(a, cmd)
	flags.DurationVar(&o.timeout, "timeout", 0, "wait `DURATION` for the whole answer (default: the provider's deadline)")
	flags.BoolVar(&o.insecure, "insecure", false, "accept any certificate of the target")
	return cmd
}

func runEndpointTest(ctx context.Context, a *app, o *endpointTestOptions, name string) error {
	e, err := a.findEndpoint(name)
	if err != nil {
		return err
	}
	from := e.config.Provider
	switch {
	case o.provider != "" && e.provider != nil && o.provider != from && o.provider != e.Provider:
		return usage("", "--provider: endpoint %s is for events of %s", name, e.Provider)
	case from == "":
		from = o.provider
	}
	if from == "" {
		return usage("hookctl endpoint test "+name+" --provider PROVIDER says for once, hookctl endpoint edit "+name+" --provider PROVIDER for good",
			"endpoint %s names no provider: whose event is to be sent?", name)
	}
	for _, trouble := range e.troubles {
		return trouble
	}
	o.endpoint, o.once = name, true
	args := []string{from}
	if event := o.wanted(a, e, from); event != "" {
		args = append(args, event)
	}
	a.global.verbose = true // both sides of the exchange are what one asks for
	return withoutSecretFlag(runSend(ctx, a, &o.sendOptions, args), name)
}

// withoutSecretFlag is the error of send about a missing secret with a hint that fits: here
// is no flag for one.
func withoutSecretFlag(err error, name string) error {
	var f *failure
	if !errors.As(err, &f) || !strings.Contains(f.hint, "--secret ") {
		return err
	}
	fitting := *f
	fitting.hint, _, _ = strings.Cut(f.hint, ", --secret ")
	fitting.hint += ", hookctl endpoint rotate-secret " + name + " one for this endpoint alone"
	return &fitting
}

// wanted is the event to send: the one that the flag names, else one that the endpoint
// wants, "" for the provider's own example.
func (o *endpointTestOptions) wanted(a *app, e *knownEndpoint, from string) string {
	if o.event != "" || o.file != "" || len(e.Events) == 0 {
		return o.event
	}
	known, err := o.loadFor(a, from, nil)
	if err != nil || e.Wants(known.Event.Example) {
		return "" // an error comes up again
	}
	body := o.bodyOptions
	body.from = from
	if c, version, err := a.catalogFor(known, body); err == nil {
		for i := range c.Events {
			if event := &c.Events[i]; inVersion(event, version) && e.Wants(wireOf(event)) {
				return event.Type
			}
		}
	}
	return ""
}
