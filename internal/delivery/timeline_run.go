package delivery

import (
	"container/heap"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A run is one course of a Timeline.
type run struct {
	*Timeline
	tell     func(*Happening) error
	now      time.Time
	order    int
	queue    dues
	all      []journey
	standing hook.Standing
	ending   Ending
	deadline time.Duration
}

// A journey is the delivery of one Occasion.
type journey struct {
	Occasion
	hook.Course
	failure string // of the last attempt
	reason  string
	arrived bool // the event has come up
	going   bool // an attempt is under way
	held    bool // it waits for a pause to end that does not end by itself
}

// A due is what is to happen next in one journey: an attempt begins, or ends with answer.
type due struct {
	at      time.Time
	order   int // of those at one time
	journey int
	began   time.Time
	answer  *Answer
}

// Run lets the events come up and tells what happens, in its order. Errors are those of
// the handler, of tell and of the context.
func (t *Timeline) Run(ctx context.Context, events []Occasion, tell func(*Happening) error) (*Ending, error) {
	r := &run{Timeline: t, tell: tell, now: t.Begin, all: make([]journey, len(events)), queue: make(dues, 0, len(events))}
	r.deadline, _ = t.Rules.Deadline()
	r.ending.seen = map[string]bool{}
	for i, event := range events {
		r.all[i].Occasion = event
		if event.Number == 0 {
			r.all[i].Number = i + 1
		}
		r.add(due{at: t.Begin.Add(event.At), journey: i})
	}
	for len(r.queue) > 0 {
		next := heap.Pop(&r.queue).(due)
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		if r.Limit > 0 && next.at.Sub(r.Begin) > r.Limit {
			r.ending.Cut = true
			break
		}
		r.now = next.at
		if err := r.take(ctx, next); err != nil {
			return nil, err
		}
	}
	return r.end(), nil
}

// happens tells of h.
func (r *run) happens(h *Happening) error {
	r.ending.At = max(r.ending.At, h.At, h.End)
	return r.tell(h)
}

func (r *run) add(d due) {
	r.order++
	d.order = r.order
	heap.Push(&r.queue, d)
}

// take does what is due.
func (r *run) take(ctx context.Context, next due) error {
	if err := r.revive(); err != nil {
		return err
	}
	j := &r.all[next.journey]
	switch {
	case next.answer != nil:
		j.going = false
		return r.decide(next)
	case j.Over():
		return nil
	}
	j.arrived = true
	if free, err := r.free(next); !free {
		return err
	}
	return r.attempt(ctx, next)
}

// revive ends a pause whose time is over.
func (r *run) revive() error {
	if r.standing.Back.IsZero() || r.now.Before(r.standing.Back) {
		return nil
	}
	at := r.standing.Back
	back(&r.standing, r.now)
	return r.happens(&Happening{Kind: Changed, At: at.Sub(r.Begin), Standing: r.standing})
}

// free reports whether the endpoint takes the attempt that is due; otherwise it waits, or
// never comes.
func (r *run) free(next due) (bool, error) {
	j, s := &r.all[next.journey], &r.standing
	h := r.happening(Held, next.journey)
	switch {
	case r.gone():
		j.State, j.reason = hook.Cancelled, "never sent: the endpoint is "+string(s.Status)
		h.Kind = Unsent
		return false, r.happens(h)
	case !s.Active(r.now) && s.Back.IsZero():
		j.held, r.ending.Paused = true, true
		return false, r.happens(h)
	}
	until := s.HeldUntil
	if !s.Active(r.now) {
		r.ending.Paused = true
		if s.Back.After(until) {
			until = s.Back
		}
	}
	if !until.After(r.now) {
		return true, nil
	}
	next.at = until
	r.add(next)
	h.Next = until.Sub(r.Begin)
	return false, r.happens(h)
}

func (r *run) happening(kind HappeningKind, i int) *Happening {
	j := &r.all[i]
	return &Happening{
		Kind: kind, At: r.now.Sub(r.Begin), Number: j.Number, Try: j.Tries + 1, Event: j.Event, Standing: r.standing,
	}
}

// attempt makes one, the end of which may lie later.
func (r *run) attempt(ctx context.Context, next due) error {
	j := &r.all[next.journey]
	answer, err := r.ask(ctx, next.journey)
	if err != nil {
		return err
	}
	if answer.Failure != hook.FailureLate && answer.Held >= r.deadline {
		answer.Failure, answer.Reason = hook.FailureLate, ""
	}
	if answer.Failure == hook.FailureLate {
		answer.Held = r.deadline
	}
	end := due{at: r.now.Add(answer.Held), journey: next.journey, began: r.now, answer: &answer}
	if answer.Held == 0 {
		return r.decide(end)
	}
	j.going = true
	r.add(end)
	return nil
}

// ask has the answer to an attempt from the handler, or from nobody in an outage.
func (r *run) ask(ctx context.Context, i int) (Answer, error) {
	j := &r.all[i]
	at := r.now.Sub(r.Begin)
	if slices.ContainsFunc(r.Outages, func(o Outage) bool { return o.From <= at && at < o.Until }) {
		return Answer{Failure: hook.FailureUnreachable, Reason: "down", Outage: true}, nil
	}
	if j.Message == nil && j.Make != nil {
		var err error
		if j.Event, j.Message, err = j.Make(); err != nil {
			return Answer{}, err
		}
	}
	job := Job{Number: j.Number, Try: j.Tries + 1, Event: &j.Event, Message: j.Message, Failure: j.failure}
	if j.Tries > 0 {
		job.Since = r.now.Sub(j.First)
	}
	return r.Handler.Attempt(ctx, job)
}

// decide says what follows the attempt that ends now.
func (r *run) decide(end due) error {
	j, a := &r.all[end.journey], end.answer
	h := r.happening(Attempted, end.journey)
	res := Result{
		StartedAt: end.began, EndedAt: end.at, Wall: a.Wall, Status: a.Status, Failure: a.Failure,
		RetryAfter: a.RetryAfter, Body: a.Body,
	}
	before := r.standing.Status
	h.Step = r.Rules.After(j.Event.Type, j.Course, r.standing, res, Chance(r.Seed, strconv.Itoa(h.Number), h.Try))
	j.Course, j.failure, j.reason = h.Step.Course, a.Failure, h.Step.Reason
	r.standing = h.Step.Standing
	h.At, h.End, h.Answer, h.Result, h.Standing = end.began.Sub(r.Begin), end.at.Sub(r.Begin), *a, res, r.standing
	if j.Course.State == hook.Pending {
		h.Next = j.Course.Due.Sub(r.Begin)
	}
	if j.Over() && j.Make != nil {
		j.Message = nil
	}
	if err := r.happens(h); err != nil {
		return err
	}
	r.ending.note(h)
	if j.Course.State == hook.Pending && !r.gone() {
		r.add(due{at: j.Course.Due, journey: end.journey})
	}
	if r.gone() && (r.standing.Status != before || !j.Over()) {
		return r.cancel()
	}
	return nil
}

// gone reports whether the endpoint gets nothing any more.
func (r *run) gone() bool {
	return r.standing.Back.IsZero() && (r.standing.Status == hook.Disabled || r.standing.Status == hook.Deleted)
}

// cancel ends whatever waits for an attempt.
func (r *run) cancel() error {
	for i := range r.all {
		j := &r.all[i]
		if !j.arrived || j.going || j.Over() {
			continue
		}
		j.State, j.reason = hook.Cancelled, "the endpoint was "+string(r.standing.Status)
		if err := r.happens(r.happening(Dropped, i)); err != nil {
			return err
		}
	}
	return nil
}

// dues is what is to happen, the earliest first.
type dues []due

func (d dues) Len() int      { return len(d) }
func (d dues) Swap(i, k int) { d[i], d[k] = d[k], d[i] }
func (d dues) Less(i, k int) bool {
	if !d[i].at.Equal(d[k].at) {
		return d[i].at.Before(d[k].at)
	}
	return d[i].order < d[k].order
}
func (d *dues) Push(x any) { *d = append(*d, x.(due)) }
func (d *dues) Pop() any {
	last := len(*d) - 1
	x := (*d)[last]
	(*d)[last] = due{}
	*d = (*d)[:last]
	return x
}
