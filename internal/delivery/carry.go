package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// carry attempts the delivery p, unless something has changed, and says what becomes of
// it. Nothing begins after ctx has ended, and hands is how long what has begun may last.
func (e *Engine) carry(ctx, hands context.Context, l *lane, p *parcel) outcome {
	if ctx.Err() != nil {
		return outcome{unused: true, due: p.due}
	}
	if o, may := e.mayBegin(hands, l, p); !may {
		return o
	}
	d, err := e.config.Ledger.FindDelivery(hands, string(p.id))
	switch {
	case errors.Is(err, hook.ErrNoRecord):
		e.tell(Report{Kind: ReportEnd, Place: l.name, Err: err})
		return outcome{over: true, unused: true}
	case err != nil:
		return e.setback(hands, l, p, err, e.trouble)
	case d.Over():
		e.tell(Report{Kind: ReportEnd, Place: l.name, Delivery: d})
		return outcome{over: true, unused: true}
	case d.Owner != e.config.Owner: // another has taken it over
		return outcome{over: true, unused: true}
	case d.Tries != p.tries: // and attempted it
		p.tries = d.Tries
		if due := dueOf(d, time.Now()); due.After(time.Now()) {
			return outcome{unused: true, due: due}
		}
	}
	errand, err := e.errand(l, p, d)
	if err != nil {
		return e.unsendable(hands, l, p, d, err)
	}
	a, err := e.config.Courier.Carry(hands, errand)
	if err == nil && a.Failure == hook.FailureCancelled || err != nil && hands.Err() != nil {
		return outcome{due: time.Now().Add(firstSetback)} // the receiver did nothing wrong
	}
	var gone *GoneError
	if errors.As(err, &gone) {
		return e.end(hands, l, p, d, gone.Reason)
	}
	if err != nil {
		return e.unsendable(hands, l, p, d, err)
	}
	e.sendable(l)
	return e.conclude(hands, l, p, errand, a)
}

// mayBegin reports whether the place of l takes deliveries now. Where it does not, o is
// what becomes of p.
func (e *Engine) mayBegin(ctx context.Context, l *lane, p *parcel) (o outcome, may bool) {
	now := time.Now()
	s, err := e.config.Ledger.Standing(ctx, l.name)
	if err != nil {
		return e.setback(ctx, l, p, err, e.trouble), false
	}
	e.recovered()
	active := s.Active(now)
	if !active && s.Status != hook.Paused {
		o := e.clear(ctx, l, p, s, 1)
		o.unused = true
		return o, false
	}
	if e.leftBehind(l, s, now) {
		return outcome{unused: true, due: p.due, notBefore: now.Add(heldFor)}, false
	}
	e.hold(l, !active, s)
	switch {
	case !active:
		return outcome{unused: true, due: p.due, notBefore: now.Add(heldFor)}, false
	case s.HeldUntil.After(now):
		return outcome{unused: true, due: p.due, notBefore: earlier(s.HeldUntil, now.Add(heldFor))}, false
	}
	return outcome{}, true
}

// leftBehind reports whether the endpoint of l leads elsewhere by now than it is declared
// here, and tells so once: what is pending waits for the declaration to be read anew.
func (e *Engine) leftBehind(l *lane, s hook.Standing, now time.Time) bool {
	e.mu.Lock()
	news := !l.moved && l.place != nil && l.place.moved(&s, now)
	l.moved = l.moved || news
	behind := l.moved
	e.mu.Unlock()
	if news {
		e.tell(Report{Kind: ReportMoved, Place: l.name, Standing: s})
	}
	return behind
}

// hold notes whether the place of l is held, and tells of changes.
func (e *Engine) hold(l *lane, held bool, s hook.Standing) {
	e.mu.Lock()
	changed := l.held != held
	l.held = held
	e.mu.Unlock()
	switch {
	case changed && held:
		e.tell(Report{Kind: ReportHold, Place: l.name, Standing: s})
	case changed:
		e.tell(Report{Kind: ReportRelease, Place: l.name, Standing: s})
	}
}

// clear cancels what is pending for the place of l, p with it: the place is disabled or
// deleted. pending is 1 where p is pending, else 0.
func (e *Engine) clear(ctx context.Context, l *lane, p *parcel, s hook.Standing, pending int) outcome {
	count, dropped, err := e.cancel(ctx, l, cancelledFor(s))
	if err != nil {
		return e.setback(ctx, l, p, err, e.trouble)
	}
	e.recovered()
	e.tellClear(l, s, max(count, dropped+pending))
	return outcome{over: true}
}

// tellClear tells that count deliveries were cancelled, by this process or by whoever put
// the place out of use.
func (e *Engine) tellClear(l *lane, s hook.Standing, count int) {
	if count > 0 {
		e.tell(Report{Kind: ReportClear, Place: l.name, Standing: s, Count: count})
	}
}

// cancel cancels what is pending for the place of l and returns how many deliveries it
// cancelled, and how many it dropped that waited here: others may have been quicker.
func (e *Engine) cancel(ctx context.Context, l *lane, reason string) (count, gone int, err error) {
	e.mu.Lock()
	dropped := l.empty() // what comes meanwhile is looked at in its turn
	e.mu.Unlock()
	count, err = e.config.Ledger.CancelPending(ctx, l.name, reason, time.Time{})
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range dropped {
		if err != nil {
			l.add(p)
		} else {
			e.forget(p)
		}
	}
	return count, len(dropped), err
}

// cancelledFor says why deliveries to a place that stands at s are cancelled.
func cancelledFor(s hook.Standing) string {
	reason := string(s.Status)
	if s.Reason != "" {
		reason += ": " + s.Reason
	}
	return reason
}

// errand is the next attempt at d.
func (e *Engine) errand(l *lane, p *parcel, d *hook.Delivery) (*Errand, error) {
	e.mu.Lock()
	place := l.place
	e.mu.Unlock()
	if place == nil {
		return nil, errUndeclared
	}
	rules, err := place.Rules(d.Provider)
	if err != nil {
		return nil, err
	}
	limit, _ := rules.Deadline()
	return &Errand{
		Delivery: d, Endpoint: place.Endpoint, Rules: rules, Deadline: limit,
		Moment: Moment{At: time.Now(), First: d.First, Try: d.Tries + 1, Failure: p.last},
	}, nil
}

// errUndeclared is not told: that the place is gone was.
var errUndeclared = errors.New("the endpoint is not declared any more")

// conclude records a, which ended, and does what follows.
func (e *Engine) conclude(ctx context.Context, l *lane, p *parcel, errand *Errand, a *hook.Attempt) outcome {
	res := resultOf(a, errand.Deadline)
	verdict := errand.Rules.Judge(errand.Delivery.Event.Type, res)
	a.Acknowledged = &verdict.Acknowledged
	if err := e.complete(a, errand); err != nil {
		return e.setback(ctx, l, p, err, e.trouble)
	}
	var step Step
	d := *errand.Delivery
	decide := func(stored *hook.Delivery, s *hook.Standing) {
		if stored.Owner != e.config.Owner || stored.Tries != errand.Moment.Try-1 { // what follows is another's to decide
			d.Course, d.Reason, d.Owner = stored.Course, stored.Reason, stored.Owner
			step = Step{Verdict: verdict, Course: stored.Course, Standing: *s}
			return
		}
		pending := !stored.Over()
		draw := Chance(e.config.Seed, string(stored.ID), stored.Tries+1)
		step = e.pace.after(errand.Rules, stored.Event.Type, stored.Course, *s, res, draw)
		step.Standing.Settle(res.EndedAt)
		stored.Course, *s = step.Course, step.Standing
		if pending {
			stored.Reason = step.Reason
		}
		d.Course, d.Reason = stored.Course, stored.Reason
	}
	if o, ok := e.record(ctx, a, p, decide); !ok {
		return o
	}
	e.tell(Report{Kind: ReportAttempt, Place: l.name, Delivery: &d, Attempt: a, Step: step, Standing: step.Standing})
	for _, effect := range step.Effects {
		if effect.Errors {
			e.config.Courier.Complain(ctx, errand, res, verdict)
		}
	}
	p.tries = d.Tries
	if s := step.Standing; !s.Active(res.EndedAt) && s.Status != hook.Paused {
		return e.clear(ctx, l, p, s, map[bool]int{false: 1}[d.Over()])
	}
	return outcome{over: d.Over() || d.Owner != e.config.Owner, due: d.Due, last: a.Failure}
}

// resultOf is the result of a, which had as long as deadline. It is on the schedule,
// whoever asked for the delivery.
func resultOf(a *hook.Attempt, deadline time.Duration) Result {
	end := a.StartedAt.Add(a.Latency)
	if a.Failure == hook.FailureLate {
		end = earlier(end, a.StartedAt.Add(deadline))
	}
	res := ResultOf(a, end)
	res.Manual = false
	return res
}

// complete fills in what the Courier left out.
func (e *Engine) complete(a *hook.Attempt, errand *Errand) (err error) {
	d := errand.Delivery
	if a.ID == "" {
		if a.ID, err = e.config.IDs.New(hook.AttemptPrefix, a.StartedAt); err != nil {
			return err
		}
	}
	if a.Trigger == "" {
		a.Trigger = hook.TriggerSchedule
	}
	if a.Event == "" {
		a.Event = d.Event.Type
	}
	if a.Provider == "" {
		a.Provider = d.Provider
	}
	a.Delivery, a.Try, a.Endpoint = d.ID, errand.Moment.Try, d.Endpoint
	a.CaptureID, a.CaptureSeq = d.CaptureID, d.CaptureSeq
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
