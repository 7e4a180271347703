package delivery

import (
	"context"
	"iter"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Ledger keeps deliveries, their attempts and how endpoints stand. The store is one.
// An error that is hook.ErrNoRecord is of a delivery that is not there, or cannot be read.
type Ledger interface {
	// Pending lists the pending deliveries of a place, "" for all, whose Seq is greater
	// than after, in order of Seq. Their Message may be left out.
	Pending(ctx context.Context, place string, after int64) iter.Seq2[*hook.Delivery, error]
	// Adopt makes those pending deliveries to a place, "" for all places, the owner's that no
	// living process owns, and returns how many these were. which says of each whether it is
	// meant, and may change the Course of one that is; it must not call the Ledger. nil means
	// all.
	Adopt(ctx context.Context, place, owner string, which func(*hook.Delivery) bool) (int, error)
	// FindDelivery returns the delivery whose whole id is ref, as it is now, with its Message.
	FindDelivery(ctx context.Context, ref string) (*hook.Delivery, error)
	// Standing is how a place stands now; the zero Standing where nothing is known of it.
	Standing(ctx context.Context, place string) (hook.Standing, error)
	// Advance records a, has decide change the delivery and the standing of its place as
	// they are now, and keeps both, all or nothing. Of the delivery, only Course and Reason
	// change. The channel gets one value: nil once it is durable.
	Advance(a *hook.Attempt, delivery hook.ID, decide func(*hook.Delivery, *hook.Standing)) <-chan error
	// CancelPending ends the pending deliveries of a place that were made before at, all of
	// them where that is zero, and returns how many they were.
	CancelPending(ctx context.Context, place, reason string, at time.Time) (int, error)
}

// A Courier makes the attempts: it knows secrets, captures and the HTTP client.
type Courier interface {
	// Carry makes one attempt, signed for e.Moment, to e.Endpoint.URL, and gives up after
	// e.Deadline. What the receiver does is in the attempt, which may lack all that the
	// errand says already: its ID, Delivery, Try, Endpoint, Provider, Event, capture and
	// Trigger are filled in. All attempts have the event id that e.Delivery has: whoever
	// makes a delivery gives it one, where the provider sends one.
	//
	// An error means that nothing was sent: a *GoneError ends the delivery; after any
	// other, such as that of a secret which is not there, it is tried again by and by.
	// Where ctx ends, the attempt has the failure hook.FailureCancelled: it does not count.
	Carry(ctx context.Context, e *Errand) (*hook.Attempt, error)
	// Complain sends the provider's message about failed deliveries to
	// e.Endpoint.ErrorsTo, which may be nil: see Rules.ErrorMessage. It is sent once, and
	// how it went is the Courier's to tell.
	Complain(ctx context.Context, e *Errand, res Result, v Verdict)
}

// An Errand is one attempt to make.
type Errand struct {
	// Delivery is a copy, with its Message or the name of its capture.
	Delivery *hook.Delivery
	// Endpoint is as it is declared now: its URL may be newer than that of the Delivery.
	Endpoint hook.Endpoint
	Rules    *Rules
	// Deadline is how long the whole answer may take, by the clock.
	Deadline time.Duration
	// Moment is what Writer.Write wants. Its Failure is "" where the attempt before was
	// made by an earlier process.
	Moment Moment
}

// A GoneError says that an event cannot be had any more.
type GoneError struct {
	// Reason says why in words, such as "its capture was deleted".
	Reason string
}

func (e *GoneError) Error() string { return e.Reason }
