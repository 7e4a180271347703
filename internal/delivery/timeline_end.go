package delivery

import (
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// An Ending is how a timeline came out.
type Ending struct {
	// At is when the last thing happened or ended, since the beginning.
	At time.Duration
	// Attempts is how many there were, Asked how many of them the handler got.
	Attempts, Asked int
	// Failed is how many of them count as failures.
	Failed int
	// Fates are those of the events that came up, by their numbers; Missed counts those that
	// would have later than the limit.
	Fates  []Fate
	Missed int
	// Told is who was told of failures.
	Told []Telling
	// Standing is that of the endpoint, Since how long after the beginning it came to that.
	Standing hook.Standing
	Since    time.Duration
	// Rules are the paths of the rules that decided something, in that order.
	Rules []string
	// Statuses are those that were answered, in ascending order.
	Statuses []int
	// Paused says that a pause held something back.
	Paused bool
	// Cut says that the limit ended it while something was still to come.
	Cut bool

	seen map[string]bool
}

// A Fate is what became of one event. State is hook.Pending for what is still to come, or
// waits for the endpoint.
type Fate struct {
	Number int
	Event  hook.Event
	State  hook.DeliveryState
	Tries  int
	// Reason says in words why it ended without success.
	Reason string
	// Held says that it waits for the endpoint to be in use again.
	Held bool
	// Sent says that it was attempted at all.
	Sent bool
}

// A Telling is how often somebody was told: Whom, or by an event of the type Event, or
// with messages to the URL for Errors. Of the latter Failed are those that found no
// connection, and Kept those that had no URL to go to; Times counts neither.
type Telling struct {
	Whom, Event string
	Errors      bool
	Times       int
	Failed      int
	Kept        int
}

// Lost are the fates of events that the endpoint will never get.
func (e *Ending) Lost() []Fate {
	return e.with(func(f Fate) bool { return f.State == hook.Lost || f.State == hook.Cancelled })
}

// Pending are those of events that it has not got yet.
func (e *Ending) Pending() []Fate {
	return e.with(func(f Fate) bool { return f.State == hook.Pending })
}

func (e *Ending) with(fits func(Fate) bool) []Fate {
	var found []Fate
	for _, f := range e.Fates {
		if fits(f) {
			found = append(found, f)
		}
	}
	return found
}

// Lives reports whether the endpoint gets what comes next, if only once a pause has ended
// by itself.
func (e *Ending) Lives() bool {
	return e.Standing.Status == "" || e.Standing.Status == hook.Enabled || !e.Standing.Back.IsZero()
}

// note keeps what an attempt tells of the whole.
func (e *Ending) note(h *Happening) {
	e.Attempts++
	if h.Step.Verdict.Counts() {
		e.Failed++
	}
	if !h.Answer.Outage {
		e.Asked++
	}
	if i, known := slices.BinarySearch(e.Statuses, h.Answer.Status); !known && h.Answer.Failure == "" {
		e.Statuses = slices.Insert(e.Statuses, i, h.Answer.Status)
	}
	for _, path := range h.Step.Rules {
		e.uses(path)
	}
	for _, effect := range h.Step.Effects {
		if effect.Do == provider.Notify {
			t := Telling{Whom: effect.Whom, Event: effect.Event, Errors: effect.Errors}
			switch {
			case effect.Errors && h.Message == MessageKept:
				t.Kept = 1
			case effect.Errors && h.Message == MessageFailed:
				t.Failed = 1
			default:
				t.Times = 1
			}
			e.tells(t)
		}
	}
}

func (e *Ending) uses(path string) {
	if !e.seen[path] {
		e.seen[path] = true
		e.Rules = append(e.Rules, path)
	}
}

func (e *Ending) tells(t Telling) {
	for i := range e.Told {
		had := &e.Told[i]
		if had.Whom == t.Whom && had.Event == t.Event && had.Errors == t.Errors {
			had.Times, had.Failed, had.Kept = had.Times+t.Times, had.Failed+t.Failed, had.Kept+t.Kept
			return
		}
	}
	e.Told = append(e.Told, t)
}

// end says how it all came out.
func (r *run) end() *Ending {
	e := &r.ending
	if e.Standing = r.standing; !e.Standing.Since.IsZero() {
		e.Since = e.Standing.Since.Sub(r.Begin)
	}
	e.Fates = make([]Fate, 0, len(r.all))
	for i := range r.all {
		j := &r.all[i]
		state := j.State
		if !j.arrived && state == "" {
			e.Missed++
			continue
		}
		if state == "" {
			state = hook.Pending
		}
		e.Fates = append(e.Fates, Fate{
			Number: j.Number, Event: j.Event, State: state, Tries: j.Tries, Reason: j.reason,
			Held: j.held && state == hook.Pending, Sent: j.Tries > 0,
		})
	}
	slices.SortFunc(e.Fates, func(a, b Fate) int { return a.Number - b.Number })
	return e
}
