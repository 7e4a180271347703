package send

import (
	"fmt"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// conclude fills in how the exchange ended; err is what broke it off, if anything did.
//
// What is not whole at the deadline is late, whatever happens in the grace.
func (x *exchange) conclude(err error) {
	a := x.attempt
	a.Latency = time.Since(x.start)
	if err != nil {
		a.Failure, a.Reason = explain(x.ctx, err)
		a.Reason = clip(a.Reason)
	}
	if x.deadline.IsZero() || a.Latency < x.limit || a.Failure == hook.FailureUnreachable {
		return
	}
	switch began := !x.headAt.IsZero() && a.Status != 0; {
	case err == nil && x.relay == nil:
		a.Failure, a.Reason = hook.FailureLate, x.lateness()
	case err == nil: // the receiver of what was relayed took its time
	case !began:
		a.Failure, a.Reason, a.Latency = hook.FailureLate, notInTime, x.limit
	case x.headAt.Before(x.deadline):
		a.Failure, a.Latency = hook.FailureLate, x.limit
		a.Reason = fmt.Sprintf("answered %d, but not whole within the %s allowed", a.Status, x.limit)
	default:
		a.Failure, a.Reason = hook.FailureLate, x.lateness()+", and broke off"
	}
}

// lateness says when an answer came that was late.
func (x *exchange) lateness() string {
	return fmt.Sprintf("answered %d after %s, later than the %s allowed", x.attempt.Status, x.overdue(), x.limit)
}

// overdue is the latency as short as can be without seeming to be in time.
func (x *exchange) overdue() time.Duration {
	for _, unit := range []time.Duration{100 * time.Millisecond, time.Millisecond, time.Microsecond} {
		if d := x.attempt.Latency.Round(unit); d > x.limit {
			return d
		}
	}
	return x.attempt.Latency
}
