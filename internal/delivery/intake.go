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
	e.mu.Lock()
	for _, d := range deliveries {
		if e.admit(d) == stranger {
			e.missing[d.Place()] = true
		}
	}
	e.mu.Unlock()
	e.rouse()
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
	count, _, err := e.cancel(ctx, l, reason)
	return count, err
}

// An admission says what became of a delivery that was to be taken up.
type admission int

const (
	admitted admission = iota
	// needless: it is over, or was taken up before.
	needless
	// stranger: its place is not declared.
	stranger
	// foreign: it is another's.
	foreign
)

// admit puts d into its lane. e.mu is held.
func (e *Engine) admit(d *hook.Delivery) admission {
	if d.Over() || e.known[d.Seq] {
		return needless
	}
	l := e.lanes[d.Place()]
	switch {
	case l == nil || l.place == nil:
		return stranger
	case d.Owner != e.config.Owner:
		return foreign
	}
	if len(e.known) == 0 {
		e.expect()
	}
	e.known[d.Seq] = true
	l.add(&parcel{seq: d.Seq, id: d.ID, due: dueOf(d, time.Now()), tries: d.Tries})
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

// A survey counts what was read, by place.
type survey struct {
	resumed, foreign map[string]int
	// strangers are the places of those that go to none that is declared, by their Seq.
	strangers map[int64]string
}

// load reads what is pending for places that are fresh, or where others may have left
// something. Where that fails, it says how long to wait before it is tried again.
func (e *Engine) load(ctx context.Context) (wait time.Duration, ok bool) {
	fresh, all := e.freshLanes(time.Now())
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
	found := &survey{map[string]int{}, map[string]int{}, map[int64]string{}}
	for _, name := range names {
		if err := e.read(ctx, name, found); err != nil {
			if ctx.Err() == nil {
				e.trouble(err)
			}
			e.readAfter = time.Now().Add(firstSetback)
			return firstSetback, false
		}
	}
	e.lookAfter = time.Now().Add(lookEvery)
	news := e.loaded(fresh, found)
	e.recovered()
	for _, name := range slices.Sorted(maps.Keys(found.resumed)) {
		e.tell(Report{Kind: ReportResume, Place: name, Count: found.resumed[name]})
	}
	for _, name := range news {
		e.tell(Report{Kind: ReportForeign, Place: name, Count: found.foreign[name]})
	}
	if all {
		e.strand(found)
	}
	return 0, true
}

// strand notes the places that are not declared.
func (e *Engine) strand(found *survey) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, place := range found.strangers {
		e.missing[place] = true
	}
}

// freshLanes are those to be read, and whether all that is pending is, as at the beginning.
func (e *Engine) freshLanes(now time.Time) (fresh []string, all bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, l := range e.lanes {
		if l.fresh || l.others && !now.Before(e.lookAfter) {
			fresh = append(fresh, name)
		}
	}
	slices.Sort(fresh)
	return fresh, !e.surveyed
}

// loaded notes what was found of the places called names, and returns those of which it is
// news that others have something.
func (e *Engine) loaded(names []string, found *survey) (news []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.surveyed = true
	for _, name := range names {
		if l := e.lanes[name]; l != nil {
			others := found.foreign[name] > 0
			if others && !l.others {
				news = append(news, name)
			}
			l.fresh, l.others = false, others
		}
	}
	e.seeIdle()
	return news
}

// read takes up what is pending for the place name, "" for all, and is nobody else's.
func (e *Engine) read(ctx context.Context, name string, found *survey) error {
	if e.config.Owner != "" {
		declared := func(d *hook.Delivery) bool { return e.declares(d, found) }
		if _, err := e.config.Ledger.Adopt(ctx, name, e.config.Owner, declared); err != nil {
			return err
		}
	}
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
		switch {
		case became == admitted:
			found.resumed[d.Place()]++
		case became == foreign:
			found.foreign[d.Place()]++
		case became == stranger && d.Owner == e.config.Owner:
			found.strangers[d.Seq] = d.Place()
		}
	}
	return nil
}

// declares reports whether the place of d is declared. One that is not is a stranger, and
// left to those who declare it.
func (e *Engine) declares(d *hook.Delivery, found *survey) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.lanes[d.Place()]; l != nil && l.place != nil {
		d.Course = TakeUp(d.Course, time.Now(), e.config.Speed)
		return true
	}
	found.strangers[d.Seq] = d.Place()
	return false
}
