package delivery

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// lookEvery is how soon it is noticed that another process has died whose deliveries
	// there are, watchEvery how soon that somebody has ended what waits here.
	lookEvery  = 10 * time.Second
	watchEvery = 2 * time.Second
	// clockSlack is how far a clock may go back without being set.
	clockSlack = time.Second
)

// watch looks what others have made of what waits here, which may not be due for hours: it
// returns how long that need not be done again.
func (e *Engine) watch(ctx context.Context) time.Duration {
	now := time.Now()
	if wait := e.watchAfter.Sub(now); wait > 0 {
		return wait
	}
	waiting := e.waiting(now.Add(watchEvery))
	if len(waiting) == 0 {
		return nap
	}
	e.watchAfter = now.Add(watchEvery)
	for _, l := range waiting {
		s, err := e.config.Ledger.Standing(ctx, l.name)
		if err != nil {
			continue // whoever makes an attempt tells of trouble
		}
		if s.Active(now) || s.Status == hook.Paused {
			e.leftBehind(l, s, now)
			e.sweep(ctx, l)
			continue
		}
		if count, dropped, err := e.cancel(ctx, l, cancelledFor(s)); err == nil {
			e.tellClear(l, s, max(count, dropped))
		}
	}
	return watchEvery
}

// waiting are the lanes in which nothing is due until the time by, and something later.
func (e *Engine) waiting(by time.Time) []*lane {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []*lane
	for _, l := range e.lanes {
		if l.place != nil && len(l.ready.parcels) == 0 && len(l.waiting.parcels) > 0 && l.waiting.parcels[0].due.After(by) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b *lane) int { return strings.Compare(a.name, b.name) })
	return found
}

// sweep drops what somebody has ended of what waits in l. Whoever does so ends it all, or
// the next: while that is pending nothing is looked at.
func (e *Engine) sweep(ctx context.Context, l *lane) {
	e.mu.Lock()
	var next hook.ID
	if len(l.waiting.parcels) > 0 {
		next = l.waiting.parcels[0].id
	}
	e.mu.Unlock()
	if d, err := e.config.Ledger.FindDelivery(ctx, string(next)); next == "" || err != nil || !d.Over() {
		return
	}
	e.mu.Lock()
	all := l.empty()
	e.mu.Unlock()
	for _, p := range all {
		d, err := e.config.Ledger.FindDelivery(ctx, string(p.id))
		ended := err == nil && d.Over()
		if ended {
			e.tell(Report{Kind: ReportEnd, Place: l.name, Delivery: d})
		}
		e.mu.Lock()
		if ended || l.place == nil {
			e.forget(p)
		} else {
			l.add(p)
		}
		e.mu.Unlock()
	}
}

// setBack moves what is due by as much as the clock was set back since it was looked at:
// waits are lengths of time. e.mu is held.
func (e *Engine) setBack(now time.Time) {
	now = now.Round(0) // what the clock shows, not how much time has passed
	if by := now.Sub(e.seen); !e.seen.IsZero() && by < -clockSlack {
		for _, l := range e.lanes {
			for _, p := range l.waiting.parcels { // by as much each: their order stays
				p.due = p.due.Add(by)
			}
		}
	}
	e.seen = now
}

// dueOf is when d is due at the time now: where the clock was set back after its latest
// attempt, as long after now as it was to be after that.
func dueOf(d *hook.Delivery, now time.Time) time.Time {
	if d.Last.After(now) {
		return d.Due.Add(now.Sub(d.Last))
	}
	return d.Due
}
