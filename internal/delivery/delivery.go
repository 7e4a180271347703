// Package delivery is the sending side: it decides as providers do when an event is
// attempted, what acknowledges it, what follows a failure, and when a provider gives up
// on a delivery or on an endpoint.
//
// Deciding is pure: Rules turn what has happened into what comes next, without a clock
// and without I/O. A Timeline runs them on a clock of its own, an Engine on a real one.
package delivery

import (
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// StandardDeadline is how long an answer may take where the provider does not say.
const StandardDeadline = 30 * time.Second

// Rules are the policy of one provider. They are not changed by use.
type Rules struct {
	profile *provider.Profile
	policy  *provider.Policy
}

// NewRules returns the rules of p, with all that was overridden in it.
func NewRules(p *provider.Profile) *Rules {
	return &Rules{profile: p, policy: &p.Policy}
}

// WithoutEndings are the rules for a receiver that can be neither paused, disabled nor
// deleted: deliveries end as r says, and endpoints do not.
func (r *Rules) WithoutEndings() *Rules {
	policy := *r.policy
	policy.Failing, policy.Exhausted, policy.Actions = nil, nil, slices.Clone(policy.Actions)
	for _, e := range r.policy.Exhausted {
		if e.Do == provider.Discard {
			policy.Exhausted = append(policy.Exhausted, e)
		}
	}
	for i := range policy.Actions {
		if policy.Actions[i].Do == provider.ActDisable {
			policy.Actions[i].Do = provider.ActDrop
		}
	}
	return &Rules{profile: r.profile, policy: &policy}
}

// Profile is the profile whose rules these are.
func (r *Rules) Profile() *provider.Profile { return r.profile }

// Deadline is how long the whole answer may take, and whether the provider says so.
func (r *Rules) Deadline() (limit time.Duration, stated bool) {
	if d := r.policy.Ack.Deadline; d > 0 && d != provider.AnyDuration {
		return time.Duration(d), true
	}
	return StandardDeadline, false
}

// Kept is how many bytes of an answer the provider keeps; 0 where it does not say.
func (r *Rules) Kept() int { return r.policy.Ack.Kept }

// Restamps reports whether an attempt is signed for its own time, not for that of the
// first: what no source says is taken for yes, for otherwise late attempts would be too
// old to be accepted.
func (r *Rules) Restamps() bool { return r.policy.Restamp != provider.No }

// A Result is how an attempt ended.
type Result struct {
	// StartedAt and EndedAt are on the clock of the policy. An attempt that was late
	// ended with its deadline, whatever came afterwards.
	StartedAt, EndedAt time.Time
	// Wall is when it ended for the receiver, whose dates are on that clock; zero where
	// that is EndedAt.
	Wall time.Time
	// Status is 0 where no answer came, Failure one of the hook.Failure constants.
	Status  int
	Failure string
	// RetryAfter is the value of that header, as it came.
	RetryAfter string
	// Body says that the answer had one that is not blank.
	Body bool
	// Manual says that a person asked for it: it is off the schedule.
	Manual bool
}

// ResultOf is the result of a, which ended at the time end.
func ResultOf(a *hook.Attempt, end time.Time) Result {
	return Result{
		StartedAt: a.StartedAt, EndedAt: end, Status: a.Status, Failure: a.Failure,
		RetryAfter: a.ResponseHeader.Get("Retry-After"), Body: !blank(a.ResponseBody),
		Manual: a.Trigger == hook.TriggerManual,
	}
}

func blank(text []byte) bool {
	for _, c := range text {
		if c > ' ' {
			return false
		}
	}
	return true
}
