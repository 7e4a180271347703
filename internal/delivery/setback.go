package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// record puts a on record with what decide makes of it, however long that takes: an
// attempt that was made is not to be made again. Where it cannot be done before ctx ends,
// ok is false, and o is what becomes of p.
func (e *Engine) record(ctx context.Context, a *hook.Attempt, p *parcel, decide func(*hook.Delivery, *hook.Standing)) (o outcome, ok bool) {
	for tries := 0; ; tries++ {
		err := <-e.config.Ledger.Advance(a, p.id, decide)
		if err == nil || errors.Is(err, hook.ErrNoRecord) {
			e.unstick(tries > 0)
			if err != nil {
				e.tell(Report{Kind: ReportEnd, Err: err})
			}
			return outcome{over: true}, err == nil
		}
		e.stick(tries == 0)
		e.trouble(err)
		select {
		case <-time.After(setbackAfter(tries)):
		case <-ctx.Done():
			e.lose(err)
			return outcome{due: p.due}, false
		}
	}
}

// stick keeps others from beginning what could not be recorded either.
func (e *Engine) stick(first bool) {
	if first {
		e.mu.Lock()
		e.stuck++
		e.mu.Unlock()
	}
}

func (e *Engine) unstick(was bool) {
	if was {
		e.mu.Lock()
		e.stuck--
		e.mu.Unlock()
		e.rouse()
	}
	e.recovered()
}

// lose notes that an attempt is not on record.
func (e *Engine) lose(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lost++
	e.unrecorded = err
}

// trouble tells that the ledger cannot be used, once.
func (e *Engine) trouble(err error) {
	e.mu.Lock()
	told := e.troubled
	e.troubled = true
	e.mu.Unlock()
	if !told {
		e.tell(Report{Kind: ReportTrouble, Err: err})
	}
}

// recovered tells that the ledger works, where it did not: it can be read, and nobody
// waits to write to it.
func (e *Engine) recovered() {
	e.mu.Lock()
	over := e.troubled && e.stuck == 0
	e.troubled = e.troubled && !over
	e.mu.Unlock()
	if over {
		e.tell(Report{Kind: ReportRecovery})
	}
}

// setback puts p back for a while, with all that goes to the same place, and has tell say
// why, unless that is the end of ctx.
func (e *Engine) setback(ctx context.Context, l *lane, p *parcel, err error, tell func(error)) outcome {
	e.mu.Lock()
	wait := setbackAfter(l.setbacks)
	l.setbacks++
	e.mu.Unlock()
	if ctx.Err() == nil {
		tell(err)
	}
	return outcome{unused: true, due: p.due, notBefore: time.Now().Add(wait)}
}

// setbackAfter is the wait after n setbacks in a row.
func setbackAfter(n int) time.Duration {
	return min(firstSetback<<min(n, 8), lastSetback)
}

// unsendable puts p behind the others: nothing could be sent, since err.
func (e *Engine) unsendable(ctx context.Context, l *lane, p *parcel, d *hook.Delivery, err error) outcome {
	o := e.setback(ctx, l, p, err, func(err error) {
		e.mu.Lock()
		told := l.wrong == err.Error() || l.place == nil
		l.wrong = err.Error()
		e.mu.Unlock()
		if !told {
			e.tell(Report{Kind: ReportUnsendable, Place: l.name, Delivery: d, Err: err})
		}
	})
	o.due = time.Now().Add(lastSetback)
	return o
}

// sendable notes that an attempt could be made.
func (e *Engine) sendable(l *lane) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l.setbacks = 0
}

// end cancels d, whose event cannot be had any more.
func (e *Engine) end(ctx context.Context, l *lane, p *parcel, d *hook.Delivery, reason string) outcome {
	now := *d
	decide := func(stored *hook.Delivery, _ *hook.Standing) {
		if !stored.Over() && stored.Owner == e.config.Owner {
			stored.State, stored.Due, stored.Reason = hook.Cancelled, time.Time{}, reason
		}
		now = *stored
	}
	if o, ok := e.record(ctx, nil, p, decide); !ok {
		return o
	}
	e.tell(Report{Kind: ReportEnd, Place: l.name, Delivery: &now})
	return outcome{over: true, unused: true}
}
