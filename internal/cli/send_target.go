package cli

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// A sender knows where messages of a provider go, and how they are written and sent.
type sender struct {
	app     *app
	options *sendOptions
	known   *knownProvider
	// targets are where messages go; those that are not all is for may refuse some.
	targets []*sendTarget
	// all says that every message goes to every target, whatever it wants.
	all bool
	ids *hook.IDs
	// closed is what puts an endpoint in use that does not take deliveries, once one was tried.
	closed string
}

// A sendTarget is a receiver, with what it takes to send to it.
type sendTarget struct {
	endpoint hook.Endpoint
	// sender is the provider whose messages are meant; the rules may be another's.
	sender string
	rules  *delivery.Rules
	keys   []signature.Key
	writer *delivery.Writer
}

// An addressedMessage is one on its way to a target; nil where none wants it.
type addressedMessage struct {
	*eventMessage
	target *sendTarget
}

// newSender finds the targets that the flags name.
func newSender(a *app, o *sendOptions, known *knownProvider) (*sender, error) {
	snd := &sender{app: a, options: o, known: known, ids: hook.NewIDs(rand.Reader)}
	if o.to != "" {
		to, err := parseTarget(o.to)
		if err != nil {
			return nil, err
		}
		snd.all = true
		return snd, snd.add(hook.Endpoint{URL: to, Concurrency: 1, Provider: known.Name}, known.Profile, known.signingKeys())
	}
	set, err := a.endpoints()
	if err != nil {
		return nil, err
	}
	if o.endpoint != "" {
		e, err := set.find(o.endpoint)
		if err != nil {
			return nil, err
		}
		snd.all = true
		return snd, snd.declared(e)
	}
	for _, e := range set.all() {
		if e.Provider != "" && e.Provider != known.Name {
			continue
		}
		if err := snd.declared(e); err != nil {
			return nil, err
		}
	}
	return snd, nil
}

// declared adds an endpoint of hookctl.yaml. The rules of --set stand over its own.
func (snd *sender) declared(e *knownEndpoint) error {
	profile, err := e.profileFor(snd.app, orDefault(snd.options.from, snd.known.Name))
	if err != nil {
		return err
	}
	rules, _, err := snd.options.split()
	if err != nil {
		return err
	}
	overrides := providerOptions{set: rules}
	if err := overrides.override(&knownProvider{Profile: profile}); err != nil {
		return err
	}
	if err := e.acceptedBy(profile); err != nil {
		return err
	}
	keys := snd.known.signingKeys()
	if e.provider != nil && len(snd.options.secrets) == 0 {
		keys = e.provider.signingKeys()
	}
	if len(e.keys) > 0 && len(snd.options.secrets) == 0 {
		keys = e.keys
	}
	return snd.add(e.Endpoint, profile, keys)
}

// acceptedBy refuses, as listen does, an endpoint that its provider would not have.
func (e *knownEndpoint) acceptedBy(profile *provider.Profile) error {
	if e.Provider == "" {
		return nil
	}
	for _, p := range delivery.NewRules(profile).CheckEndpoint(&e.Endpoint) {
		if p.Fatal {
			return usage(p.Hint, "endpoint %s: %s", e.Name, p.Text)
		}
	}
	return nil
}

// add adds a target, unless the provider would not have it.
func (snd *sender) add(e hook.Endpoint, profile *provider.Profile, keys []signature.Key) error {
	o := snd.options
	if len(keys) == 0 && len(profile.Signatures.Schemes) > 0 {
		return noSecret(snd.known)
	}
	if o.errorsTo != "" {
		to, err := parseTarget(o.errorsTo)
		if err != nil {
			return err
		}
		e.ErrorsTo = to
	}
	if o.timeout > 0 {
		if err := profile.Set("--timeout", "policy.ack.deadline", o.timeout.String()); err != nil {
			return err
		}
	}
	rules := delivery.NewRules(profile)
	if err := snd.accepts(rules, e); err != nil {
		return err
	}
	snd.targets = append(snd.targets, &sendTarget{
		endpoint: e, sender: snd.known.Name, rules: rules, keys: keys, writer: delivery.NewWriter(rules, keys, o.seed.chance()),
	})
	return nil
}

// accepts refuses what the provider would not accept of a target, and tells the rest. That
// events are chosen is no matter here: they are named.
func (snd *sender) accepts(rules *delivery.Rules, e hook.Endpoint) error {
	e.Events, e.Rate, e.Header = []string{"*"}, hook.Rate{}, append(slices.Clone(e.Header), snd.options.header...)
	for _, p := range rules.CheckEndpoint(&e) {
		switch {
		case p.Fatal:
			return usage(asFlag(p.Hint), "send: %s", p.Text)
		case strings.HasPrefix(p.Text, "events:"):
		default:
			snd.app.messages().Warn(p.Text)
		}
	}
	return nil
}

// asFlag is a hint about an endpoint of hookctl.yaml as one about the command line.
func asFlag(hint string) string {
	before, rest, ok := strings.Cut(hint, "set: {")
	rule, after, closed := strings.Cut(rest, "}")
	if !ok || !closed {
		return hint
	}
	return before + "--set rule:" + strings.Replace(rule, ": ", "=", 1) + after
}

// address addresses each message to each target that it is for.
func (snd *sender) address(messages []*eventMessage) []*addressedMessage {
	addressed := make([]*addressedMessage, 0, len(messages))
	for _, p := range messages {
		wanted := false
		for _, t := range snd.targets {
			if snd.all || t.endpoint.Wants(p.event.Type) {
				addressed, wanted = append(addressed, &addressedMessage{eventMessage: p, target: t}), true
			}
		}
		if !wanted {
			addressed = append(addressed, &addressedMessage{eventMessage: p})
		}
	}
	return addressed
}

// delivery is what is kept of a message, pending as yet.
func (snd *sender) delivery(m *addressedMessage, due time.Time) (*hook.Delivery, error) {
	now := snd.app.world.Now().UTC().Truncate(time.Microsecond)
	id, err := snd.ids.New(hook.DeliveryPrefix, now)
	if err != nil {
		return nil, err
	}
	d := &hook.Delivery{ID: id, Provider: snd.known.Name, Event: m.event, Message: m.message, CreatedAt: now}
	d.State, d.Due = hook.Pending, due
	if m.target == nil {
		d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, "no endpoint wants "+orDefault(m.event.Type, "it")
		return d, nil
	}
	e := &m.target.endpoint
	d.Endpoint, d.URL = e.Name, hook.DisplayURL(e.URL)
	return d, m.target.identify(d, now)
}

// identify sets the id of the event of d to the one that the receiver finds: some
// providers' ids are made of headers too, which are there only once it is written.
func (t *sendTarget) identify(d *hook.Delivery, now time.Time) error {
	request, err := t.write(d, delivery.Moment{At: now, Try: 1})
	if err != nil {
		return err
	}
	seen := &provider.Message{Method: request.Method, URL: request.Target, Header: request.Header, Body: d.Message.Body}
	if id := t.rules.Profile().EventOf(seen).ID; id != "" {
		d.Event.ID = id
	}
	return nil
}

// write makes the request of an attempt at d.
func (t *sendTarget) write(d *hook.Delivery, now delivery.Moment) (send.Request, error) {
	request, err := t.writer.Write(&d.Event, withHeader(d.Message, t.endpoint.Header), t.endpoint.URL, now)
	if err != nil {
		return request, usage("hookctl provider show "+d.Provider+" says which secret is meant", "%w", err)
	}
	return request, nil
}

// client makes the attempts.
func (snd *sender) client() *send.Client {
	return send.New(send.Options{Insecure: snd.options.insecure}, snd.app.world.Now)
}

// targetCount says in words how many messages go where.
func (snd *sender) targetCount(addressed []*addressedMessage) string {
	places := map[string]bool{}
	for _, m := range addressed {
		if m.target != nil {
			places[m.target.endpoint.Place()] = true
		}
	}
	return placesInWords(places)
}

// placesInWords is the one place, or how many there are.
func placesInWords(places map[string]bool) string {
	if len(places) == 1 {
		for place := range places {
			return place
		}
	}
	return fmt.Sprintf("%d endpoints", len(places))
}
