package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/store"
)

// sendAll sends letters as their policies say, until each is over. What they are is in the
// store before the first is attempted.
func (post *postOffice) sendAll(ctx context.Context, letters []*letter) error {
	return post.app.withStore(readWrite, func(s *store.Store) error {
		log := newSendLog(post.app)
		if err := renewPlaces(ctx, s, post.targets); err != nil {
			return err
		}
		pending, err := post.enqueue(ctx, s, log, letters)
		if err != nil {
			return err
		}
		desk := &sendDesk{app: post.app, options: post.options, store: s, log: log, targets: post.targets, ids: post.ids}
		return desk.run(ctx, pending, post.targetCount(letters), post.closedHint())
	})
}

// renewPlaces forgets how URLs of the command line stood, where an earlier policy has put
// them out of use: to name one anew is to register it anew.
func renewPlaces(ctx context.Context, s *store.Store, targets []*postTarget) error {
	for _, t := range targets {
		if t.endpoint.Name != "" {
			continue
		}
		if err := s.ForgetPlace(ctx, t.endpoint.Place()); err != nil {
			return err
		}
	}
	return nil
}

// enqueue keeps a delivery of each letter, and returns those that are to be attempted.
func (post *postOffice) enqueue(ctx context.Context, s *store.Store, log *sendLog, letters []*letter) ([]*hook.Delivery, error) {
	begin := post.app.world.Now()
	var all, pending []*hook.Delivery
	for i, l := range letters {
		d, err := post.delivery(l, begin.Add(time.Duration(i)*time.Duration(post.options.every)))
		if err != nil {
			return nil, err
		}
		if l.target != nil {
			if err := post.turnAway(ctx, s, d); err != nil {
				return nil, err
			}
		}
		if all = append(all, d); !d.Over() {
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

// A sendDesk runs deliveries to their ends.
type sendDesk struct {
	app     *app
	options *sendOptions
	store   *store.Store
	log     *sendLog
	targets []*postTarget
	ids     *hook.IDs
	stop    context.CancelCauseFunc

	mu      sync.Mutex
	pending map[hook.ID]*hook.Delivery
	held    map[string]bool // places that wait for something that the user has to do
	failure error           // of writing the log
}

// errHeld ends a run whose deliveries all wait for something that the user has to do.
var errHeld = errors.New("what is pending waits")

// run attempts deliveries, which are in the store, until all are over, or ctx ends. to and
// hint are for the end of the log.
func (desk *sendDesk) run(ctx context.Context, deliveries []*hook.Delivery, to, hint string) error {
	desk.pending, desk.held = map[hook.ID]*hook.Delivery{}, map[string]bool{}
	for _, d := range deliveries {
		desk.pending[d.ID] = d
	}
	client := (&postOffice{app: desk.app, options: desk.options}).client()
	defer client.Close()
	engine := delivery.New(delivery.Config{
		Ledger: desk.store, IDs: desk.ids, Speed: float64(desk.options.speed), Seed: desk.options.seed.n, Observe: desk.observe,
		Courier: &courier{
			client: client, captures: desk.store, keys: desk.keys, random: rand.Reader, told: desk.complained,
		},
	}, desk.places()...)
	running, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	desk.stop = stop
	engine.Add(deliveries...)
	go func() {
		if engine.Wait(running) == nil {
			stop(nil)
		}
	}()
	err := engine.Run(running)
	desk.mu.Lock()
	defer desk.mu.Unlock()
	for _, d := range desk.pending {
		desk.log.over(d)
	}
	if len(desk.pending) > 0 && (ctx.Err() != nil || context.Cause(running) == errHeld) {
		desk.app.messages().Status(fmt.Sprintf("%s pending; %s goes on with what is left", countOf(len(desk.pending), "delivery is", "deliveries are"), desk.options.resumeCommand()))
	}
	if err := errors.Join(err, desk.failure); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return desk.log.end(to, hint)
}

// countOf is "1 thing" or "2 things".
func countOf(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

// places are the receivers, each with the rules for every provider that sends to it.
func (desk *sendDesk) places() []*delivery.Place {
	var places []*delivery.Place
	for i, t := range desk.targets {
		name := t.endpoint.Place()
		if slices.ContainsFunc(desk.targets[:i], func(other *postTarget) bool { return other.endpoint.Place() == name }) {
			continue
		}
		places = append(places, &delivery.Place{Endpoint: t.endpoint, Rules: func(providerName string) (*delivery.Rules, error) {
			found, err := desk.target(name, providerName)
			if err != nil {
				return nil, err
			}
			return found.rules, nil
		}})
	}
	return places
}

// target is what it takes to send events of a provider to a place.
func (desk *sendDesk) target(place, providerName string) (*postTarget, error) {
	for _, t := range desk.targets {
		if t.endpoint.Place() == place && t.sender == providerName {
			return t, nil
		}
	}
	return nil, fmt.Errorf("nothing of %s goes to %s", providerName, place)
}

func (desk *sendDesk) keys(e *hook.Endpoint, providerName string) ([]signature.Key, error) {
	t, err := desk.target(e.Place(), providerName)
	if err != nil {
		return nil, err
	}
	return t.keys, nil
}
