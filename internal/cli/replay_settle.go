package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// A replayKeeper keeps the attempts of a replay. One that an endpoint acknowledges settles
// the delivery of the same capture that is still pending there: nobody has to make it again.
type replayKeeper struct {
	app      *app
	store    *store.Store
	endpoint *knownEndpoint
	pending  map[int64]hook.ID // deliveries to the endpoint, by the seq of their captures
	settled  atomic.Int64

	mu    sync.Mutex
	rules map[string]*delivery.Rules // of the endpoint, by the provider of the event
}

// newKeeper returns what keeps the attempts. What was changed on the way is another message
// than the one that is pending, and settles nothing.
func (r *replayer) newKeeper(ctx context.Context) (*replayKeeper, error) {
	k := &replayKeeper{app: r.app, store: r.store, endpoint: r.target.endpoint}
	o := r.options
	if k.endpoint == nil || o.edit || o.NewID || o.Method != "" || len(o.Set)+len(o.Unset) > 0 {
		return k, nil
	}
	k.pending, k.rules = map[int64]hook.ID{}, map[string]*delivery.Rules{}
	for d, err := range r.store.Pending(ctx, k.endpoint.Place(), 0) {
		switch {
		case errors.As(err, new(*store.DamagedRowError)):
		case err != nil:
			return nil, err
		case d.CaptureSeq > 0:
			k.pending[d.CaptureSeq] = d.ID
		}
	}
	return k, nil
}

// RecordSoon keeps a, and what follows from it for the delivery that is pending.
func (k *replayKeeper) RecordSoon(a *hook.Attempt, company int) <-chan error {
	id, waits := k.pending[a.CaptureSeq]
	if !waits || a.Acknowledged == nil || !*a.Acknowledged {
		return k.store.RecordSoon(a, company)
	}
	rules, err := k.rulesOf(a.Provider)
	if err != nil {
		return k.store.RecordSoon(a, company)
	}
	a.Delivery = id
	result := delivery.ResultOf(a, a.StartedAt.Add(a.Latency))
	return k.store.Advance(a, id, func(d *hook.Delivery, s *hook.Standing) {
		if d.Over() {
			return
		}
		step := rules.After(d.Event.Type, d.Course, *s, result, 0)
		if d.Course, *s = step.Course, step.Standing; d.Over() {
			d.Reason = "acknowledged in a replay"
			k.settled.Add(1)
		}
	})
}

// rulesOf are the rules that count for events of a provider at the endpoint.
func (k *replayKeeper) rulesOf(name string) (*delivery.Rules, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if known := k.rules[name]; known != nil {
		return known, nil
	}
	p, err := k.endpoint.profileFor(k.app, orDefault(name, standardPolicy))
	if err != nil {
		return nil, err
	}
	k.rules[name] = delivery.NewRules(p)
	return k.rules[name], nil
}

// tell says how many deliveries were settled.
func (k *replayKeeper) tell() {
	switch n := k.settled.Load(); n {
	case 0:
	case 1:
		k.app.messages().Status("1 pending delivery to " + k.endpoint.Name + " is acknowledged with it")
	default:
		k.app.messages().Status(fmt.Sprintf("%d pending deliveries to %s are acknowledged with it", n, k.endpoint.Name))
	}
}
