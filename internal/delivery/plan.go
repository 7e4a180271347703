package delivery

import (
	"fmt"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Step is what follows an attempt.
type Step struct {
	Verdict Verdict
	// Course and Standing are the delivery and the endpoint afterwards. Course.Due is when
	// it is attempted again, where Course.State is hook.Pending.
	Course   hook.Course
	Standing hook.Standing
	// Reason says in words why the delivery is over without success.
	Reason string
	// Effects are what the provider does besides, in this order.
	Effects []Effect
	// Rules are the paths of the profile's rules that decided.
	Rules []string
}

// An Effect is something that a provider does on failures.
type Effect struct {
	Do provider.Consequence
	// Whom says who is told, Event which type of event is sent; both for provider.Notify.
	Whom, Event string
	// Errors says that the message about failed deliveries goes to its URL.
	Errors bool
	// Rule is the path of the rule that says so, Reason why it does now, in words.
	Rule, Reason string
	// Until names what ends a pause or a disablement: "updated", "enabled", "recreated",
	// or a duration.
	Until string
}

// After says what follows res, the result of an attempt at an event of the type event:
// the delivery had come as far as c, and its endpoint stood at s. draw in [0,1) is the
// chance that jitter takes. A delivery that is over stays as it is, and an attempt that
// hookctl broke off itself says nothing of the receiver.
func (r *Rules) After(event string, c hook.Course, s hook.Standing, res Result, draw float64) Step {
	step := Step{Course: c, Standing: s, Verdict: r.Judge(event, res)}
	if c.Over() || res.Failure == hook.FailureCancelled {
		return step
	}
	back(&step.Standing, res.StartedAt)
	step.uses(step.Verdict.rules...)
	if res.Manual && !step.Verdict.Acknowledged && r.policy.Retry.ManualAgain != provider.Yes {
		return step // what was planned goes on
	}
	take(&step.Course, res)
	switch {
	case step.Verdict.Acknowledged:
		step.Course.State, step.Course.Due = hook.Succeeded, time.Time{}
		r.succeeded(&step.Standing, res)
		r.recovered(&step, res)
		return step
	case step.Verdict.Action == provider.ActRepeat:
		r.repeat(&step, res)
	default:
		r.retry(&step, res, draw)
		r.failed(&step, res)
	}
	r.tellErrors(&step)
	return step
}

// Next says what follows all of history, the results of one delivery from its first attempt
// on: its endpoint stood at s before. draw is the chance in [0,1) that jitter takes after
// the attempt of a number. Without history nothing was attempted, and the first is due.
func (r *Rules) Next(event string, history []Result, s hook.Standing, draw func(try int) float64) Step {
	step := Step{Standing: s}
	for _, res := range history {
		step = r.After(event, step.Course, step.Standing, res, draw(step.Course.Tries+1))
	}
	return step
}

// recovered does what the provider does when an attempt is acknowledged after many that
// failed. One that a person asked for is off the schedule, and counts as none of them.
func (r *Rules) recovered(step *Step, res Result) {
	rule, c := &r.policy.Recovered, &step.Course
	failed := c.Tries - 1 - c.Repeats
	if rule.After == 0 || failed < rule.After || res.Manual {
		return
	}
	step.uses("policy.recovered.after")
	for _, e := range rule.Do {
		step.does(Effect{Do: e.Do, Whom: e.Whom, Event: e.Event, Rule: "policy.recovered", Reason: fmt.Sprintf("acknowledged by attempt %d", c.Tries)})
	}
}

// take notes in c that an attempt has ended.
func take(c *hook.Course, res Result) {
	if c.Tries++; c.Tries == 1 {
		c.First = res.StartedAt
	}
	c.Last = res.EndedAt
}

// repeat plans an attempt at the fixed interval, off the schedule.
func (r *Rules) repeat(step *Step, res Result) {
	a := step.Verdict.action
	path := "policy.actions." + a.Status.String()
	step.uses(path + ".every")
	c := &step.Course
	if c.Repeats++; a.Attempts > 0 && c.Repeats >= a.Attempts {
		step.uses(path + ".attempts")
		r.giveUp(step, fmt.Sprintf("answered %d %d times", res.Status, c.Repeats))
		r.failed(step, res)
		return
	}
	c.State, c.Due = hook.Pending, res.EndedAt.Add(bounded(a.Every))
}

// retry plans the next attempt on the schedule, or ends the delivery.
func (r *Rules) retry(step *Step, res Result, draw float64) {
	c := &step.Course
	switch step.Verdict.Action {
	case provider.ActDrop:
		r.giveUp(step, step.Verdict.Reason+", and is not tried again")
		return
	case provider.ActDisable:
		path := step.Verdict.rules[0]
		r.giveUp(step, step.Verdict.Reason)
		step.does(Effect{Do: provider.Disable, Rule: path, Reason: step.Verdict.Reason, Until: "enabled"})
		r.tellDisabled(step, path)
		return
	}
	at, rules, more := r.due(c, res, draw)
	if step.Verdict.Action == provider.ActThrottle {
		at, rules, more = r.throttled(step, res, at, rules, more)
	}
	step.uses(rules...)
	if !more {
		r.giveUp(step, r.exhausted(c, step.Verdict, rules))
		return
	}
	c.State, c.Due = hook.Pending, at
}

// tellDisabled sends the notices that go with disabling an endpoint, where the provider has
// such, whatever the rule at path is that it did so by.
func (r *Rules) tellDisabled(step *Step, path string) {
	disables := func(e provider.Effect) bool { return e.Do == provider.Disable }
	for _, rule := range r.policy.Failing {
		for _, e := range rule.Do {
			if e.Do == provider.Notify && slices.ContainsFunc(rule.Do, disables) {
				step.does(Effect{Do: e.Do, Whom: e.Whom, Event: e.Event, Rule: path, Reason: step.Verdict.Reason})
			}
		}
	}
}

// throttled holds back everything that goes to the endpoint, as long as it asks for or
// else until the next attempt. Where there is no schedule at all, what it asks for is one.
func (r *Rules) throttled(step *Step, res Result, at time.Time, rules []string, more bool) (time.Time, []string, bool) {
	held := at
	if wish, ok := retryAfter(res); ok && r.policy.Retry.RetryAfter.Honoured {
		if asked := res.EndedAt.Add(wish); asked.After(held) {
			held = asked
		}
	}
	if !held.IsZero() {
		step.Standing.HeldUntil = held
	}
	if !more && !held.IsZero() && r.unscheduled() {
		return held, []string{"policy.retry.retry_after"}, true
	}
	return at, rules, more
}

// exhausted says that the schedule has no more attempts, by these rules. Those that were
// repeated at an interval are none of its own.
func (r *Rules) exhausted(c *hook.Course, v Verdict, rules []string) string {
	scheduled := c.Tries - c.Repeats
	switch {
	case scheduled == 1 && c.Repeats > 0:
		return v.Reason + ", and is not tried again"
	case scheduled == 1:
		return "the only attempt failed"
	case slices.Contains(rules, windowRule):
		return fmt.Sprintf("all %d attempts within %s failed", scheduled, r.policy.Retry.Window)
	case c.Repeats > 0:
		return fmt.Sprintf("all %d attempts on the schedule failed", scheduled)
	default:
		return fmt.Sprintf("all %d attempts failed", scheduled)
	}
}

// giveUp ends the delivery, with what the policy says then happens.
func (r *Rules) giveUp(step *Step, reason string) {
	step.Course.State, step.Course.Due = hook.Lost, time.Time{}
	step.Reason = reason
	for _, e := range r.policy.Exhausted {
		step.does(Effect{Do: e.Do, Whom: e.Whom, Event: e.Event, Rule: "policy.exhausted", Reason: reason, Until: untilOf(e.Do)})
	}
}

// untilOf is what ends an effect by its nature.
func untilOf(do provider.Consequence) string {
	switch do {
	case provider.Delete:
		return "recreated"
	case provider.Disable:
		return "enabled"
	case provider.Pause:
		return "updated"
	}
	return ""
}

// tellErrors adds the message about failed deliveries, where this attempt sets it off.
func (r *Rules) tellErrors(step *Step) {
	if n := r.policy.Errors.After; n > 0 && step.Course.Tries == n && len(r.policy.Errors.Body) > 0 {
		step.does(Effect{
			Do: provider.Notify, Errors: true, Rule: "policy.errors",
			Reason: fmt.Sprintf("%d attempts in a row failed", n),
		})
	}
}

// uses notes rules that decided something.
func (s *Step) uses(paths ...string) {
	for _, path := range paths {
		known := false
		for _, have := range s.Rules {
			known = known || have == path
		}
		if !known {
			s.Rules = append(s.Rules, path)
		}
	}
}

// does adds an effect, and carries out what it does to the endpoint. Who is told twice of
// one attempt gets one message.
func (s *Step) does(e Effect) {
	s.uses(e.Rule)
	for _, had := range s.Effects {
		if e.Do == provider.Notify && had.Do == e.Do && !e.Errors && had.Whom == e.Whom && had.Event == e.Event {
			return
		}
	}
	s.Effects = append(s.Effects, e)
	var status hook.EndpointStatus
	switch e.Do {
	case provider.Pause:
		status = hook.Paused
	case provider.Disable:
		status = hook.Disabled
	case provider.Delete:
		status = hook.Deleted
	default:
		return
	}
	if rank(status) < rank(s.Standing.Status) {
		return // what is deleted is not paused any more
	}
	s.Standing.Status, s.Standing.Reason, s.Standing.Since = status, e.Reason, s.Course.Last
	s.Standing.Until, s.Standing.Back = e.Until, time.Time{}
	var until provider.Duration
	if until.UnmarshalText([]byte(e.Until)) == nil && e.Until != "" && until != provider.AnyDuration {
		s.Standing.Until, s.Standing.Back = "", s.Course.Last.Add(time.Duration(until))
	}
}

// back ends in s what was to end by itself before the time now.
func back(s *hook.Standing, now time.Time) {
	if !s.Back.IsZero() && !now.Before(s.Back) {
		s.Status, s.Reason, s.Since, s.Until, s.Back = "", "", time.Time{}, "", time.Time{}
	}
}

// rank orders statuses by how much is gone.
func rank(s hook.EndpointStatus) int {
	switch s {
	case hook.Paused:
		return 1
	case hook.Disabled:
		return 2
	case hook.Deleted:
		return 3
	}
	return 0
}
