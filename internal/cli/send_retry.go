package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/store"
)

// sendAll sends messages as their policies say, until each is over. What they are is in the
// store before the first is attempted.
func (snd *sender) sendAll(ctx context.Context, addressed []*addressedMessage) error {
	return snd.app.withStore(readWrite, func(s *store.Store) error {
		log := newSendLog(snd.app)
		owner, err := s.Own()
		if err != nil {
			return err
		}
		defer owner.Close()
		if err := errors.Join(snd.app.revive(ctx, s), renewPlaces(ctx, s, snd.targets)); err != nil {
			return err
		}
		run := &deliveryRun{app: snd.app, options: snd.options, store: s, owner: owner.ID(), log: log, targets: snd.targets, ids: snd.ids}
		pending, err := snd.enqueue(ctx, s, owner.ID(), log, addressed)
		if err != nil {
			return err
		}
		return run.complete(ctx, pending, snd.targetCount(addressed), snd.closed)
	})
}

// renewPlaces forgets how URLs of the command line stood, where an earlier policy has put
// them out of use: to name one anew is to register it anew.
func renewPlaces(ctx context.Context, s *store.Store, targets []*sendTarget) error {
	for _, t := range targets {
		if t.endpoint.Name != "" {
			continue
		}
		if err := renewPlace(ctx, s, t.endpoint.Place()); err != nil {
			return err
		}
	}
	return nil
}

// renewPlace has a place be in use, with nothing counted of it.
func renewPlace(ctx context.Context, s *store.Store, place string) error {
	return s.SetStanding(ctx, place, func(st *hook.Standing) { *st = st.Anew() })
}

// enqueue keeps a delivery of each message, and returns those that are to be attempted,
// which are the owner's.
func (snd *sender) enqueue(ctx context.Context, s *store.Store, owner string, log *sendLog, addressed []*addressedMessage) ([]*hook.Delivery, error) {
	begin := snd.app.world.Now()
	var all, pending []*hook.Delivery
	for i, m := range addressed {
		d, err := snd.delivery(m, begin.Add(time.Duration(i)*time.Duration(snd.options.every)))
		if err != nil {
			return nil, err
		}
		if m.target != nil {
			if err := snd.turnAway(ctx, s, d); err != nil {
				return nil, err
			}
		}
		if all = append(all, d); !d.Over() {
			d.Owner = owner
			pending = append(pending, d)
		}
	}
	if err := <-s.Enqueue(all...); err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Over() {
			log.over(d)
			if err := log.unsent(d, d.Reason); err != nil {
				return nil, err
			}
		}
	}
	return pending, nil
}

// A deliveryRun attempts deliveries until they are over.
type deliveryRun struct {
	app     *app
	options *sendOptions
	store   *store.Store
	owner   string // of the deliveries
	log     *sendLog
	targets []*sendTarget
	ids     *hook.IDs
	stop    context.CancelCauseFunc

	mu      sync.Mutex
	pending map[hook.ID]*hook.Delivery
	held    map[string]bool // places that wait for something that the user has to do
	failure error           // of writing the log
}

// errHeld ends a run whose deliveries all wait for something that the user has to do.
var errHeld = errors.New("what is pending waits")

// run attempts what was begun, which is in the store, until all is over, or ctx ends. to and
// hint are for the end of the log.
func (run *deliveryRun) complete(ctx context.Context, begun []*hook.Delivery, to, hint string) error {
	run.pending, run.held = map[hook.ID]*hook.Delivery{}, map[string]bool{}
	for _, d := range begun {
		run.pending[d.ID] = d
	}
	client := (&sender{app: run.app, options: run.options}).client()
	defer client.Close()
	engine := delivery.New(delivery.Config{
		Ledger: run.store, Owner: run.owner, IDs: run.ids, Speed: float64(run.options.speed), Seed: run.options.seed.n, Observe: run.observe,
		Courier: &courier{
			client: client, captures: run.store, keys: run.keys, random: run.options.seed.chance(), told: run.complained,
		},
	}, run.places()...)
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	run.stop = stop
	engine.Add(begun...)
	go func() {
		if engine.Wait(running) == nil {
			stop(nil)
		}
	}()
	err := engine.Run(running)
	run.mu.Lock()
	defer run.mu.Unlock()
	for _, d := range run.pending {
		run.log.over(d)
	}
	if len(run.pending) > 0 && (ctx.Err() != nil || context.Cause(running) == errHeld) {
		run.tellPending(ctx)
	}
	if err := errors.Join(err, run.failure); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errors.Join(run.log.tellTotal(to), context.Cause(ctx))
	}
	return run.log.end(to, hint)
}

// tellPending says what is left, and what it takes to go on with that: an endpoint that is
// held has to be put in use first. run.mu is held.
func (run *deliveryRun) tellPending(ctx context.Context) {
	m, resume := run.app.messages(), run.options.resumeCommand()
	var first []string
	for _, t := range run.targets {
		if name := t.endpoint.Name; name != "" && run.held[name] {
			first = append(first, run.release(ctx, name))
		}
	}
	first = slices.DeleteFunc(first, func(command string) bool { return command == "" })
	slices.Sort(first)
	if first = slices.Compact(first); len(first) == 0 {
		m.Status(fmt.Sprintf("%s pending; %s goes on with what is left", deliveries(len(run.pending)), resume))
		return
	}
	m.Status(deliveries(len(run.pending)) + " pending")
	m.Hint(strings.Join(first, ", ") + "; then " + resume + " goes on")
}

// release is the command that puts an endpoint in use again, as its provider has it; "" for
// one that is in use, as one is that has moved.
func (run *deliveryRun) release(ctx context.Context, name string) string {
	standing, err := run.store.Standing(context.WithoutCancel(ctx), name)
	switch {
	case err == nil && standing.Active(run.app.world.Now()):
		return ""
	case err == nil && standing.Until == "updated":
		return "hookctl endpoint edit " + name + " with any change, or hookctl endpoint enable " + name
	}
	return "hookctl endpoint enable " + name
}

// places are the receivers, each with the rules for every provider that sends to it.
func (run *deliveryRun) places() []*delivery.Place {
	var places []*delivery.Place
	for i, t := range run.targets {
		name := t.endpoint.Place()
		if slices.ContainsFunc(run.targets[:i], func(other *sendTarget) bool { return other.endpoint.Place() == name }) {
			continue
		}
		places = append(places, &delivery.Place{Endpoint: t.endpoint, Read: run.app.declaredAt(), Rules: func(providerName string) (*delivery.Rules, error) {
			found, err := run.target(name, providerName)
			if err != nil {
				return nil, err
			}
			return found.rules, nil
		}})
	}
	return places
}

// target is what it takes to send events of a provider to a place.
func (run *deliveryRun) target(place, providerName string) (*sendTarget, error) {
	for _, t := range run.targets {
		if t.endpoint.Place() == place && t.sender == providerName {
			return t, nil
		}
	}
	return nil, fmt.Errorf("nothing of %s goes to %s", providerName, place)
}

func (run *deliveryRun) keys(e *hook.Endpoint, providerName string) ([]signature.Key, error) {
	t, err := run.target(e.Place(), providerName)
	if err != nil {
		return nil, err
	}
	return t.keys, nil
}
