package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// Add takes up deliveries that are in the ledger, and have a Seq. It does not wait.
func (e *Engine) Add(deliveries ...*hook.Delivery) {
	strangers := map[string]int{}
	e.mu.Lock()
	for _, d := range deliveries {
		if e.admit(d) == stranger {
			strangers[d.Place()]++
		}
	}
	e.mu.Unlock()
	e.rouse()
	e.tellStranded(strangers)
}

// Cancel cancels all that is pending for a place, for the reason given in words, and
// returns how many deliveries that were. An attempt under way ends, and is on record.
func (e *Engine) Cancel(ctx context.Context, place, reason string) (int, error) {
	e.mu.Lock()
	l := e.lanes[place]
	e.mu.Unlock()
	if l == nil {
		l = newLane(place)
	}
	return e.cancel(ctx, l, reason)
}

// An admission says what became of a delivery that was to be taken up.
type admission int

const (
	admitted admission = iota
	// needless: it is over, or was taken up before.
	needless
	// stranger: its place is not declared.
	stranger
)

// admit puts d into its lane. e.mu is held.
func (e *Engine) admit(d *hook.Delivery) admission {
	if d.Over() || e.known[d.Seq] {
		return needless
	}
	l := e.lanes[d.Place()]
	if l == nil || l.place == nil {
		return stranger
	}
	if len(e.known) == 0 {
		e.expect()
	}
	e.known[d.Seq] = true
	l.add(&parcel{seq: d.Seq, id: d.ID, due: d.Due})
	return admitted
}

// expect has those wait who begin to wait now. e.mu is held.
func (e *Engine) expect() {
	select {
	case <-e.idle:
		e.idle = make(chan struct{})
	default:
	}
}

// tellStranded tells how many deliveries go to places that are not declared.
func (e *Engine) tellStranded(strangers map[string]int) {
	for _, name := range slices.Sorted(maps.Keys(strangers)) {
		e.mu.Lock()
		told := strangers[name] == 0 || e.strays[name]
		e.strays[name] = e.strays[name] || !told
		e.mu.Unlock()
		if told {
			continue
		}
		e.tell(Report{Kind: ReportStranded, Place: name, Count: strangers[name]})
	}
}

// load reads what is pending for places that are fresh. Where that fails, it says how long
// to wait before it is tried again.
func (e *Engine) load(ctx context.Context) (wait time.Duration, ok bool) {
	fresh, all := e.freshLanes()
	if len(fresh) == 0 && !all {
		return 0, true
	}
	if wait := time.Until(e.readAfter); wait > 0 {
		return wait, false
	}
	names := fresh
	if all {
		names = []string{""}
	}
	resumed, strangers := map[string]int{}, map[string]int{}
	for _, name := range names {
		if err := e.read(ctx, name, resumed, strangers); err != nil {
			if ctx.Err() == nil {
				e.trouble(err)
			}
			e.readAfter = time.Now().Add(firstSetback)
			return firstSetback, false
		}
	}
	e.loaded(fresh)
	e.recovered()
	for _, name := range slices.Sorted(maps.Keys(resumed)) {
		e.tell(Report{Kind: ReportResume, Place: name, Count: resumed[name]})
	}
	if all {
		e.tellStranded(strangers)
	}
	return 0, true
}

// freshLanes are those to be read, and whether all that is pending is, as at the beginning.
func (e *Engine) freshLanes() (fresh []string, all bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, l := range e.lanes {
		if l.fresh {
			fresh = append(fresh, name)
		}
	}
	slices.Sort(fresh)
	return fresh, !e.surveyed
}

func (e *Engine) loaded(names []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.surveyed = true
	for _, name := range names {
		if l := e.lanes[name]; l != nil {
			l.fresh = false
		}
	}
	e.seeIdle()
}

// read takes up what is pending for the place name, "" for all, and counts by place.
func (e *Engine) read(ctx context.Context, name string, resumed, strangers map[string]int) error {
	for d, err := range e.config.Ledger.Pending(ctx, name, 0) {
		if errors.Is(err, hook.ErrNoRecord) {
			e.tell(Report{Kind: ReportEnd, Place: name, Err: err})
			continue
		}
		if err != nil {
			return err
		}
		e.mu.Lock()
		became := e.admit(d)
		e.mu.Unlock()
		switch became {
		case admitted:
			resumed[d.Place()]++
		case stranger:
			strangers[d.Place()]++
		}
	}
	return nil
}
