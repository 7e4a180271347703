package assess

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/shape"
)

const (
	// maxPerPlace is how many details are told apart of one place in an event, and how
	// many new properties of one object: what has more is data, not drift.
	maxPerPlace = 20
	// maxPerProvider is how many drifts are told apart of one provider. Anybody may send
	// what claims to be of it: half is for messages whose signature holds.
	maxPerProvider = 500
	// countEvery is how often counts are put on disk.
	countEvery = time.Second
)

// A Counter keeps what was counted.
type Counter interface {
	CountDrifts(ctx context.Context, drifts []hook.Drift) error
}

// Drifts notes drifts, and tells new ones from those that were seen before. It is safe
// for concurrent use.
type Drifts struct {
	mu       sync.Mutex
	seen     map[hook.DriftKey]*hook.Drift // with what is not on disk yet
	places   map[hook.DriftKey]int         // how many there are of a place
	provider map[string]int
}

// NewDrifts returns Drifts that know what was seen before.
func NewDrifts(known []hook.Drift) *Drifts {
	d := &Drifts{seen: map[hook.DriftKey]*hook.Drift{}, places: map[hook.DriftKey]int{}, provider: map[string]int{}}
	for _, drift := range known {
		drift.Count = 0
		d.add(drift)
	}
	return d
}

// TooMuch is the kind of drift of a provider that has had more than is told apart.
const TooMuch = "too_much"

// place is the key of all drifts at one place: of a new property, its object.
func place(key hook.DriftKey) hook.DriftKey {
	key.Detail = ""
	if key.Kind == shape.UnknownProperty {
		key.Pointer = key.Pointer[:strings.LastIndexByte(key.Pointer, '/')+1]
	}
	return key
}

func (d *Drifts) add(drift hook.Drift) {
	key := drift.Key()
	d.seen[key] = &drift
	d.places[place(key)]++
	d.provider[drift.Provider]++
}

// note counts drifts and returns those that are new. verified says that they are surely
// the provider's.
func (d *Drifts) note(drifts []hook.Drift, verified bool) (fresh []hook.Drift) {
	if len(drifts) == 0 {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, drift := range drifts {
		if d.count(drift) {
			continue
		}
		if d.places[place(drift.Key())] >= maxPerPlace {
			continue
		}
		if n := d.provider[drift.Provider]; n >= maxPerProvider || !verified && n >= maxPerProvider/2 {
			drift.Event, drift.Schema, drift.Kind, drift.Pointer, drift.Detail = "", "", TooMuch, "", ""
			if d.count(drift) {
				continue
			}
		}
		d.add(drift)
		fresh = append(fresh, drift)
	}
	return fresh
}

// count adds drift to what is known of the same one; false where that is nothing.
func (d *Drifts) count(drift hook.Drift) bool {
	known := d.seen[drift.Key()]
	switch {
	case known == nil:
		return false
	case known.Count == 0: // all that is known of it is on disk
		*known = drift
	default:
		known.Count += drift.Count
		known.First, known.Last = earlier(known.First, drift.First), later(known.Last, drift.Last)
	}
	return true
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Run puts counts on disk until ctx ends, and then the last of them.
func (d *Drifts) Run(ctx context.Context, to Counter) {
	// A count that is broken off may be on disk all the same: it must not be made again.
	whole := context.WithoutCancel(ctx)
	tick := time.NewTicker(countEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			d.flush(whole, to)
		case <-ctx.Done():
			d.flush(whole, to)
			return
		}
	}
}

// flush puts on disk what is not there. What fails is tried again with the next.
func (d *Drifts) flush(ctx context.Context, to Counter) {
	pending := d.take()
	if len(pending) == 0 || to.CountDrifts(ctx, pending) == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, drift := range pending {
		d.seen[drift.Key()].Count += drift.Count
	}
}

// take returns the drifts with counts that are not on disk, and takes these to be there.
func (d *Drifts) take() []hook.Drift {
	d.mu.Lock()
	defer d.mu.Unlock()
	var pending []hook.Drift
	for _, drift := range d.seen {
		if drift.Count > 0 {
			pending = append(pending, *drift)
			drift.Count = 0
		}
	}
	return pending
}
