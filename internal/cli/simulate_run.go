package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/send"
	"github.com/hookctl/hookctl/internal/signature"
)

// A simulation is one run of simulate.
type simulation struct {
	app      *app
	options  *simulateOptions
	known    *knownProvider
	rules    *delivery.Rules
	to       *url.URL // nil where a script answers
	errorsTo *url.URL
	client   *send.Client
	mail     []upcoming // in the order in which it comes up
	timeline delivery.Timeline

	out  *bufio.Writer
	view *render.Timeline
	// reached says that an attempt found the handler, unreached why the first did not, ""
	// where it did.
	reached   bool
	unreached string
}

func runSimulate(ctx context.Context, a *app, o *simulateOptions, name string) error {
	s, err := newSimulation(a, o, name)
	if err != nil {
		return err
	}
	defer s.client.Close()
	if s.to != nil {
		a.keepTelling("requests are still sent, but no longer shown")
	}
	s.out = bufio.NewWriter(a.telling())
	if err := s.begin(); err != nil {
		return err
	}
	ending, err := s.timeline.Run(ctx, s.occasions(), func(h *delivery.Happening) error { return s.tell(ctx, h) })
	if err != nil {
		_ = s.out.Flush() // what happened until then
		return s.stopped(err)
	}
	if err := s.end(ending); err != nil {
		return err
	}
	if !s.reached && s.unreached != "" {
		return cannot("start it, or correct --to; --down PERIOD plays that it is down", fmt.Errorf("simulate: %s cannot be reached: %s", hook.DisplayURL(s.to), s.unreached))
	}
	return s.outcome(ending)
}

// outcome is a success where all was acknowledged and the endpoint lives. Where nobody was
// told of anything else, it tells which did not come about.
func (s *simulation) outcome(e *delivery.Ending) error {
	missed := len(e.Lost()) + len(e.Pending())
	if missed == 0 && e.Lives() {
		return nil
	}
	if s.app.global.quiet && !s.app.global.json {
		s.app.messages().Warn(fmt.Sprintf("%d of %d acknowledged; the endpoint is %s", len(e.Fates)-missed, len(e.Fates), orDefault(string(e.Standing.Status), string(hook.Enabled))))
	}
	return found()
}

// stopped is err, with a hint where it is one of signing.
func (s *simulation) stopped(err error) error {
	if !errors.As(err, new(*delivery.MessageError)) {
		return err
	}
	return usage("hookctl provider show "+s.known.Name+" says what is signed", "simulate: %w", err)
}

func newSimulation(a *app, o *simulateOptions, name string) (*simulation, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.from = name
	known, err := o.loadFor(a, name, o.secrets)
	if err != nil {
		return nil, err
	}
	s := &simulation{app: a, options: o, known: known, rules: delivery.NewRules(known.Profile)}
	if s.to, s.errorsTo, err = o.targets(s.rules); err != nil {
		return nil, err
	}
	s.client = send.New(send.Options{Insecure: o.insecure}, a.world.Now)
	if s.mail, err = s.messages(); err != nil {
		return nil, err
	}
	if err := s.checkEndpoint(); err != nil {
		return nil, err
	}
	outages, err := o.outages()
	if err != nil {
		return nil, err
	}
	handler, err := s.handler()
	if err != nil {
		return nil, err
	}
	s.timeline = delivery.Timeline{
		Rules: s.rules, Handler: handler, Outages: outages, Begin: a.world.Now(), Limit: time.Duration(o.limit), Seed: o.seed.n,
	}
	return s, nil
}

// handler is what answers: the user's, or the script.
func (s *simulation) handler() (delivery.Handler, error) {
	if s.to == nil {
		return &delivery.Script{Answers: s.options.scripted()}, nil
	}
	keys, err := s.keys()
	if err != nil {
		return nil, err
	}
	deadline, _ := s.rules.Deadline()
	return &delivery.Live{
		Sender: s.client, Writer: delivery.NewWriter(s.rules, keys, s.options.seed.chance()), To: s.to,
		Deadline: s.options.scale.of(deadline), Now: s.app.world.Now,
	}, nil
}

// keys are those that sign: one is made up where there is none.
func (s *simulation) keys() ([]signature.Key, error) {
	keys := s.known.signingKeys()
	switch {
	case len(keys) > 0 || len(s.known.Signatures.Schemes) == 0:
		return keys, nil
	case len(s.known.troubles) > 0:
		return nil, noSecret(s.known)
	}
	text, err := generate(s.known.Profile)
	if err != nil {
		return nil, cannot("--secret REF names one", fmt.Errorf("making up a secret for %s: %w", s.known.Name, err))
	}
	s.app.messages().Warn("there is no secret for " + s.known.Name + ": one is made up for this run, and a handler that verifies refuses what it signs; --secret REF names yours")
	return []signature.Key{{Name: "the secret of this run", Secret: text}}, nil
}

// An upcoming is an event that comes up. Its message is made when it is sent, for there may
// be many.
type upcoming struct {
	number int
	event  hook.Event
	make   func() (hook.Event, *hook.Message, error) // nil where nobody gets it
}

// messages are the events that come up, in their order.
func (s *simulation) messages() ([]upcoming, error) {
	o := s.options
	letters := &sendOptions{bodyOptions: o.bodyOptions, header: o.header, count: o.count, duplicate: 1, seed: o.seed}
	types := o.events
	if len(types) == 0 {
		types = []string{""}
	}
	mail := make([]upcoming, 0, len(types)*o.count)
	chance := o.seed.chance()
	for _, name := range types {
		maker, err := letters.maker(s.app, s.known, name, chance)
		switch {
		case err == nil:
			err = s.add(&mail, maker)
		case s.to == nil && o.file == "" && (!s.hasCatalog() || isOther(err)): // nobody sees the payloads
			for range o.count {
				mail = append(mail, upcoming{event: hook.Event{Type: name}})
			}
			if isOther(err) {
				s.app.messages().Warn(errorText(err) + ": it is played all the same")
			}
			err = nil
		}
		if err != nil {
			return nil, err
		}
	}
	for i := range mail {
		mail[i].number = i + 1
	}
	if o.shuffle {
		shuffle(mail, o.seed.n)
	}
	return mail, nil
}

// add adds the messages of a maker. The first is made at once, to see that they can be.
func (s *simulation) add(mail *[]upcoming, maker *messageMaker) error {
	first, err := maker.make(0)
	if err != nil {
		return err
	}
	for n := range s.options.count {
		next := upcoming{event: hook.Event{Type: first.event.Type}}
		if s.to != nil {
			next.make = func() (hook.Event, *hook.Message, error) {
				p, err := first, error(nil)
				if n > 0 {
					p, err = maker.make(n)
				}
				if err != nil {
					return hook.Event{}, nil, err
				}
				return p.event, p.message, nil
			}
		}
		*mail = append(*mail, next)
	}
	return nil
}

// isOther reports whether err is that of an event that the catalog has not got, nor any that
// is written much like it.
func isOther(err error) bool {
	return errors.As(err, new(*catalog.UnknownError)) && nearEvent(err) == ""
}

func (s *simulation) hasCatalog() bool {
	set, err := s.app.catalogs()
	if err != nil {
		return false
	}
	place, err := set.lookup(s.options.from)
	return place != nil || err != nil
}

// occasions are the messages in virtual time.
func (s *simulation) occasions() []delivery.Occasion {
	all := make([]delivery.Occasion, len(s.mail))
	for i, u := range s.mail {
		all[i] = delivery.Occasion{At: time.Duration(i) * time.Duration(s.options.every), Number: u.number, Event: u.event, Make: u.make}
	}
	return all
}

// types are the types of the events, each once.
func (s *simulation) types() []string {
	var types []string
	for _, u := range s.mail {
		if len(types) == 0 || !slices.Contains(types, u.event.Type) {
			types = append(types, u.event.Type)
		}
	}
	return types
}

// settingFlags writes what a section of hookctl.yaml could set as the flag that does it here.
func settingFlags() *strings.Replacer {
	return strings.NewReplacer(
		"set: {endpoint.https: false}", "--set rule:endpoint.https=false",
		"set: {endpoint.refused_headers: []}", "--set 'rule:endpoint.refused_headers=[]'",
	)
}

// checkEndpoint refuses what the provider would not deliver to.
func (s *simulation) checkEndpoint() error {
	e := &hook.Endpoint{URL: s.to, Events: s.types(), Header: hook.Header(s.options.header), ErrorsTo: s.errorsTo}
	for _, p := range s.rules.CheckEndpoint(e) {
		if p.Fatal {
			return usage(settingFlags().Replace(p.Hint), "simulate: %s", p.Text)
		}
		if !strings.HasPrefix(p.Text, "events:") { // they are what comes up, not what is chosen
			s.app.messages().Warn(p.Text)
		}
	}
	if s.options.shuffle && s.known.Policy.Ordered == "yes" {
		return usage("leave --shuffle out", "--shuffle: %s keeps the order of events", s.known.Name)
	}
	return nil
}
