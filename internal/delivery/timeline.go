package delivery

import (
	"context"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Timeline lets a policy run its whole course on a clock of its own, which jumps from one
// thing that happens to the next. An attempt that is answered takes none of its time, one
// that is late takes the deadline: the same answers give the same timeline.
type Timeline struct {
	Rules   *Rules
	Handler Handler
	// Outages are the times in which attempts find no connection: the Handler is not asked.
	Outages []Outage
	// Begin is what the clock shows when it starts, not the zero time.
	Begin time.Time
	// Limit ends it, for what would go on for ever.
	Limit time.Duration
	// Seed is that of Chance.
	Seed uint64
}

// An Outage is a time in which the receiver is down: from From until before Until, both
// since the beginning.
type Outage struct{ From, Until time.Duration }

// An Occasion is an event that comes up, At so long after the beginning. Number is what it
// is called; 0 is its place among the others, from 1.
type Occasion struct {
	At     time.Duration
	Number int
	Event  hook.Event
	// Message is what is sent. Where it is nil, Make makes it and the event for the first
	// attempt that is not in an outage, and it is let go with the last; nil for handlers that
	// send nothing.
	Message *hook.Message
	Make    func() (hook.Event, *hook.Message, error)
}

// A Handler is asked for what comes of each attempt.
type Handler interface {
	Attempt(ctx context.Context, job Job) (Answer, error)
}

// A Job is one attempt.
type Job struct {
	// Number is that of the event, from 1, and Try that of the attempt.
	Number, Try int
	// Event may be given an id by its first attempt.
	Event   *hook.Event
	Message *hook.Message
	// Since is how long ago the first attempt began, on the timeline's clock.
	Since time.Duration
	// Failure is that of the attempt before, as in a Moment.
	Failure string
}

// An Answer is what came of an attempt.
type Answer struct {
	// Status is 0 where none came; Failure is one of the hook.Failure constants, and
	// Reason says it in words.
	Status          int
	Failure, Reason string
	RetryAfter      string
	// Body says that it had one that is not blank.
	Body bool
	// Held is how long it takes on the timeline's clock; what takes longer than the
	// deadline is late.
	Held time.Duration
	// Latency is how long it really took, 0 where nothing was sent; Wall is when it ended.
	Latency time.Duration
	Wall    time.Time
	// Outage says that nobody was asked.
	Outage bool
}

// A HappeningKind says what happens on a timeline.
type HappeningKind int

// The kinds.
const (
	Attempted HappeningKind = iota // with its Answer and the Step that follows
	Changed                        // the endpoint's status, without an attempt
	Held                           // an event or a retry waits for the endpoint
	Dropped                        // a delivery is cancelled, for the endpoint is gone
	Unsent                         // an event comes up that nobody gets
)

// A Happening is one thing that happens on a timeline.
type Happening struct {
	Kind HappeningKind
	// At is when, since the beginning; an attempt begins then, and ends at End.
	At, End time.Duration
	// Number and Event are those of the delivery; Try is the number of the attempt.
	Number, Try int
	Event       hook.Event
	Answer      Answer
	Result      Result
	Step        Step
	// Next is when the next attempt is due, since the beginning, where one is; what is
	// Held waits until then, for ever where it is 0.
	Next time.Duration
	// Standing is that of the endpoint afterwards.
	Standing hook.Standing
	// Message is what became of the message about failed deliveries that the attempt set
	// off. Who is told of the attempt sends it, and sets this.
	Message MessageFate
}

// A MessageFate is what became of a message about failed deliveries.
type MessageFate int

// The fates.
const (
	MessageKept   MessageFate = iota // there is no URL that it could go to
	MessageGone                      // it was sent
	MessageFailed                    // there was no connection to its URL
)
