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

// A postOffice knows where messages of a provider go, and how they are written and sent.
type postOffice struct {
	app     *app
	options *sendOptions
	known   *knownProvider
	// targets are where messages go; those that are not all is for may refuse some.
	targets []*postTarget
	// all says that every message goes to every target, whatever it wants.
	all bool
	ids *hook.IDs
	// closed is the name of an endpoint that does not take deliveries, once one was tried.
	closed string
}

// A postTarget is a receiver, with what it takes to send to it.
type postTarget struct {
	endpoint hook.Endpoint
	// sender is the provider whose messages are meant; the rules may be another's.
	sender string
	rules  *delivery.Rules
	keys   []signature.Key
	writer *delivery.Writer
}

// A letter is a message on its way to one target; nil where none wants it.
type letter struct {
	*parcel
	target *postTarget
}

// newPostOffice finds the targets that the flags name.
func newPostOffice(a *app, o *sendOptions, known *knownProvider) (*postOffice, error) {
	post := &postOffice{app: a, options: o, known: known, ids: hook.NewIDs(rand.Reader)}
	if o.to != "" {
		to, err := parseTarget(o.to)
		if err != nil {
			return nil, err
		}
		post.all = true
		return post, post.add(hook.Endpoint{URL: to, Concurrency: 1, Provider: known.Name}, known.Profile, known.signingKeys())
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
		post.all = true
		return post, post.declared(e)
	}
	for _, e := range set.all() {
		if e.Provider != "" && e.Provider != known.Name {
			continue
		}
		if err := post.declared(e); err != nil {
			return nil, err
		}
	}
	return post, nil
}

// declared adds an endpoint of hookctl.yaml. The rules of --set stand over its own.
func (post *postOffice) declared(e *knownEndpoint) error {
	profile, err := e.profileFor(post.app, orDefault(post.options.from, post.known.Name))
	if err != nil {
		return err
	}
	rules, _, err := post.options.split()
	if err != nil {
		return err
	}
	overrides := providerOptions{set: rules}
	if err := overrides.override(&knownProvider{Profile: profile}); err != nil {
		return err
	}
	keys := post.known.signingKeys()
	if e.provider != nil && len(post.options.secrets) == 0 {
		keys = e.provider.signingKeys()
	}
	if len(e.keys) > 0 && len(post.options.secrets) == 0 {
		keys = e.keys
	}
	return post.add(e.Endpoint, profile, keys)
}

// add adds a target, unless the provider would not have it.
func (post *postOffice) add(e hook.Endpoint, profile *provider.Profile, keys []signature.Key) error {
	o := post.options
	if len(keys) == 0 && len(profile.Signatures.Schemes) > 0 {
		return noSecret(post.known)
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
	if err := post.accepts(rules, e); err != nil {
		return err
	}
	post.targets = append(post.targets, &postTarget{
		endpoint: e, sender: post.known.Name, rules: rules, keys: keys, writer: delivery.NewWriter(rules, keys, o.seed.chance()),
	})
	return nil
}

// accepts refuses what the provider would not accept of a target, and tells the rest. That
// events are chosen is no matter here: they are named.
func (post *postOffice) accepts(rules *delivery.Rules, e hook.Endpoint) error {
	e.Events, e.Rate, e.Header = []string{"*"}, hook.Rate{}, append(slices.Clone(e.Header), post.options.header...)
	for _, p := range rules.CheckEndpoint(&e) {
		switch {
		case p.Fatal:
			return usage(asFlag(p.Hint), "send: %s", p.Text)
		case strings.HasPrefix(p.Text, "events:"):
		default:
			post.app.messages().Warn(p.Text)
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

// address makes a letter of each message for each target that it is for.
func (post *postOffice) address(mail []*parcel) []*letter {
	letters := make([]*letter, 0, len(mail))
	for _, p := range mail {
		wanted := false
		for _, t := range post.targets {
			if post.all || t.endpoint.Wants(p.event.Type) {
				letters, wanted = append(letters, &letter{parcel: p, target: t}), true
			}
		}
		if !wanted {
			letters = append(letters, &letter{parcel: p})
		}
	}
	return letters
}

// delivery is what is kept of a letter, pending as yet.
func (post *postOffice) delivery(l *letter, due time.Time) (*hook.Delivery, error) {
	now := post.app.world.Now().UTC().Truncate(time.Microsecond)
	id, err := post.ids.New(hook.DeliveryPrefix, now)
	if err != nil {
		return nil, err
	}
	d := &hook.Delivery{ID: id, Provider: post.known.Name, Event: l.event, Message: l.message, CreatedAt: now}
	d.State, d.Due = hook.Pending, due
	if l.target == nil {
		d.State, d.Due, d.Reason = hook.Cancelled, time.Time{}, "no endpoint wants "+orDefault(l.event.Type, "it")
		return d, nil
	}
	e := &l.target.endpoint
	d.Endpoint, d.URL = e.Name, hook.DisplayURL(e.URL)
	return d, nil
}

// write makes the request of an attempt at d.
func (t *postTarget) write(d *hook.Delivery, now delivery.Moment) (send.Request, error) {
	request, err := t.writer.Write(&d.Event, withHeader(d.Message, t.endpoint.Header), t.endpoint.URL, now)
	if err != nil {
		return request, usage("hookctl provider show "+d.Provider+" says which secret is meant", "%w", err)
	}
	return request, nil
}

// client makes the attempts.
func (post *postOffice) client() *send.Client {
	return send.New(send.Options{Insecure: post.options.insecure}, post.app.world.Now)
}

// dryRun prints what the first attempts would be, a blank line after each.
func (post *postOffice) dryRun(letters []*letter) error {
	now := post.app.world.Now()
	for i, l := range letters {
		if l.target == nil {
			post.app.messages().Warn("no endpoint wants " + orDefault(l.event.Type, "it"))
			continue
		}
		d, err := post.delivery(l, now)
		if err != nil {
			return err
		}
		request, err := l.target.write(d, delivery.Moment{At: now, Try: 1})
		if err != nil {
			return err
		}
		if err := post.app.printWire(request, i < len(letters)-1); err != nil {
			return err
		}
	}
	return nil
}

// targetCount says in words how many messages go where.
func (post *postOffice) targetCount(letters []*letter) string {
	places := map[string]bool{}
	for _, l := range letters {
		if l.target != nil {
			places[l.target.endpoint.Place()] = true
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
