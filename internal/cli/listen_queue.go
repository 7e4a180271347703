package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/store"
)

// standardPolicy is the profile whose policy counts for events of nobody known.
const standardPolicy = "standard-webhooks"

// A dispatch delivers what listen has accepted, and knows which endpoints are in use.
type dispatch struct {
	store   *store.Store
	ids     *hook.IDs
	owner   string // of what is delivered here
	engine  *delivery.Engine
	courier *courier
	log     *listenLog
	server  *listener.Server // set before anything is delivered
	flags   *providerOptions
	queues  bool // senders may be answered before it was delivered

	// These are as the configuration has them now.
	current atomic.Pointer[[]route]
	config  atomic.Pointer[app]
	known   atomic.Pointer[recognized]
	rules   sync.Map // of *delivery.Rules by ruleKey; emptied when routes change
}

// A ruleKey says whose policy counts where.
type ruleKey struct{ place, provider string }

// newDispatch returns a dispatch to routes, of deliveries that are the owner's. client makes
// the attempts.
func newDispatch(l *listening, s *store.Store, owner string, client *send.Client, log *listenLog) *dispatch {
	d := &dispatch{store: s, ids: hook.NewIDs(rand.Reader), owner: owner, log: log, flags: &l.options.providerOptions, queues: l.options.queues()}
	d.current.Store(&l.routes)
	d.config.Store(l.app)
	d.known.Store(l.known)
	d.courier = &courier{
		client: client, captures: s, keys: d.keys, random: rand.Reader, told: log.complained,
		onward: func(c *hook.Capture, e *hook.Endpoint) send.Request {
			return d.server.Outgoing(c, &listener.Target{Endpoint: *e, Exact: e.Name != ""})
		},
		added: func(c *hook.Capture, own hook.Header) (hook.Header, hook.Field) { return d.server.Added(c, own) },
	}
	d.engine = delivery.New(delivery.Config{
		Ledger: captured{s}, Courier: d.courier, IDs: d.ids, Owner: owner, Resume: true, Observe: log.delivered,
	}, d.places(l.routes)...)
	return d
}

// captured is a store as listen delivers from it: what hookctl send made is for that to
// see through, which may be doing so right now.
type captured struct{ *store.Store }

// Pending lists the pending deliveries of captures.
func (s captured) Pending(ctx context.Context, place string, after int64) iter.Seq2[*hook.Delivery, error] {
	return func(yield func(*hook.Delivery, error) bool) {
		for d, err := range s.Store.Pending(ctx, place, after) {
			if (err != nil || d.CaptureID != "") && !yield(d, err) {
				return
			}
		}
	}
}

// Adopt adopts deliveries of captures.
func (s captured) Adopt(ctx context.Context, place, owner string, which func(*hook.Delivery) bool) (int, error) {
	return s.Store.Adopt(ctx, place, owner, func(d *hook.Delivery) bool { return d.CaptureID != "" && which(d) })
}

// start begins to deliver. The function it returns ends that and waits for it.
func (d *dispatch) start(ctx context.Context) func() {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() {
		if err := d.engine.Run(ctx); err != nil {
			d.log.notice(listener.Notice{Text: err.Error()})
		}
	})
	return func() { cancel(); all.Wait() }
}

// farewell says what is still to be delivered.
func (d *dispatch) farewell() {
	pending := 0
	for _, r := range d.routes() {
		for waiting, err := range (captured{d.store}).Pending(context.Background(), r.Place(), 0) {
			if err != nil {
				break
			}
			if waiting.Owner == d.owner {
				pending++
			}
		}
	}
	if pending > 0 {
		d.log.status(deliveries(pending) + " still pending: the next hookctl listen goes on")
	}
}

// app is the program with the configuration that counts now.
func (d *dispatch) app() *app { return d.config.Load() }

func (d *dispatch) routes() []route { return *d.current.Load() }

// replace puts others in the place of the routes.
func (d *dispatch) replace(a *app, known *recognized, routes []route) {
	d.config.Store(a)
	d.known.Store(known)
	d.current.Store(&routes)
	d.rules.Clear()
	d.engine.SetPlaces(d.places(routes))
	d.server.SetTargets(d.targets())
}

// status says whether the endpoint called name gets anything at present, which other
// commands change at any time. Where that cannot be read, deliveries find out.
func (d *dispatch) status(name string) hook.EndpointStatus {
	s, err := d.store.Standing(context.Background(), name)
	if err != nil {
		return hook.Enabled
	}
	return endpointStatus(&s, d.app().world.Now())
}

// targets are the routes for the listener.
func (d *dispatch) targets() []listener.Target {
	routes := d.routes()
	list := make([]listener.Target, len(routes))
	for i, r := range routes {
		list[i] = listener.Target{Endpoint: r.Endpoint, Relay: r.relay}
		if r.known != nil {
			list[i].Exact = true
			list[i].Status = func() hook.EndpointStatus { return d.status(r.Name) }
			list[i].Write = func(c *hook.Capture) (*send.Request, error) { return d.written(&r, c) }
		}
	}
	return list
}

// written is c signed anew for an endpoint that has a secret of its own, as it is sent
// while its sender waits; nil for one that has none.
func (d *dispatch) written(r *route, c *hook.Capture) (*send.Request, error) {
	keys, err := r.known.validKeys(d.app())
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	planned := delivered(c, &r.Endpoint)
	rules, err := d.rulesFor(r, planned.Provider)
	if err != nil {
		return nil, err
	}
	errand := &delivery.Errand{Delivery: planned, Endpoint: r.Endpoint, Rules: rules, Moment: delivery.Moment{At: d.app().world.Now(), Try: 1}}
	request, err := d.courier.anew(errand, c, keys)
	return &request, err
}

// Plan makes the deliveries of c.
func (d *dispatch) Plan(c *hook.Capture, to []*hook.Endpoint) ([]*hook.Delivery, error) {
	planned := make([]*hook.Delivery, len(to))
	for i, e := range to {
		id, err := d.ids.New(hook.DeliveryPrefix, c.ReceivedAt)
		if err != nil {
			return nil, err
		}
		planned[i] = delivered(c, e)
		planned[i].ID, planned[i].Owner = id, d.owner
	}
	return planned, nil
}

// delivered is the delivery of c to e that begins at once, without an id.
func delivered(c *hook.Capture, e *hook.Endpoint) *hook.Delivery {
	d := &hook.Delivery{
		Endpoint: e.Name, URL: hook.DisplayURL(e.URL), CaptureID: c.ID, CreatedAt: c.ReceivedAt,
		Course: hook.Course{State: hook.Pending, Due: c.ReceivedAt},
	}
	if c.Identity != nil {
		d.Provider, d.Event = c.Identity.Provider, c.Identity.Event
	}
	return d
}

// Add begins with deliveries that are on disk.
func (d *dispatch) Add(ds []*hook.Delivery) { d.engine.Add(ds...) }

// places are routes for the engine.
func (d *dispatch) places(routes []route) []*delivery.Place {
	places := make([]*delivery.Place, len(routes))
	for i, r := range routes {
		places[i] = &delivery.Place{
			Endpoint: r.Endpoint, Read: d.app().declaredAt(),
			Rules: func(name string) (*delivery.Rules, error) { return d.rulesFor(&r, name) },
		}
	}
	return places
}

// rulesFor are the rules that count for events of the provider called name at r.
func (d *dispatch) rulesFor(r *route, name string) (*delivery.Rules, error) {
	key := ruleKey{r.Place(), name}
	if found, ok := d.rules.Load(key); ok {
		return found.(*delivery.Rules), nil
	}
	p, err := d.profile(r, name)
	if err != nil {
		return nil, err
	}
	rules := delivery.NewRules(p)
	if r.known == nil { // a --forward-to can be neither paused nor deleted
		rules = rules.WithoutEndings()
	}
	d.rules.Store(key, rules)
	return rules, nil
}

// profile is the profile whose policy counts. The rules that flags set, for the provider
// that they name, stand over those of hookctl.yaml.
func (d *dispatch) profile(r *route, name string) (*provider.Profile, error) {
	if name == "" {
		name = standardPolicy
	}
	only := d.known.Load().named()
	if only == nil || only.Name != name {
		return d.declared(r, name)
	}
	if r.known == nil {
		return only.Profile, nil
	}
	p, err := d.declared(r, name)
	if err != nil {
		return nil, err
	}
	return p, d.flags.override(&knownProvider{Profile: p})
}

// declared is the profile as hookctl.yaml has it.
func (d *dispatch) declared(r *route, name string) (*provider.Profile, error) {
	if r.known != nil {
		return r.known.profileFor(d.app(), name)
	}
	set, err := d.app().providers()
	if err != nil {
		return nil, err
	}
	p, err := set.profileOf(name)
	if errors.As(err, new(*provider.UnknownError)) { // a profile of the user's that is gone
		return set.profileOf(standardPolicy)
	}
	return p, err
}

// keys are the secrets of its own that deliveries to e are signed with: captures go on as
// they came where it has none.
func (d *dispatch) keys(e *hook.Endpoint, _ string) ([]signature.Key, error) {
	routes := d.routes()
	i := slices.IndexFunc(routes, func(r route) bool { return r.Place() == e.Place() })
	if i < 0 || routes[i].known == nil {
		return nil, nil
	}
	return routes[i].known.validKeys(d.app())
}
