package delivery

import (
	"fmt"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// succeeded notes in s that an attempt was acknowledged: whatever was counted begins anew.
func (r *Rules) succeeded(s *hook.Standing, res Result) {
	fresh := s.Anew()
	fresh.Status, fresh.Reason, fresh.Since, fresh.Until, fresh.Back = s.Status, s.Reason, s.Since, s.Until, s.Back
	fresh.HeldUntil, fresh.Tallies = s.HeldUntil, s.Tallies
	*s = fresh
	if r.some(func(rule *provider.FailureRule) bool { return rule.Exhausted }) {
		s.GotThrough = res.EndedAt
	}
	r.tally(s, res, true)
}

// failed notes in the step's standing that an attempt failed, and does what the rules for
// endpoints that keep failing say.
func (r *Rules) failed(step *Step, res Result) {
	s := &step.Standing
	s.Clocks, s.Fired = cloneMap(s.Clocks), slices.Clone(s.Fired)
	if s.InRow++; s.FailingSince.IsZero() {
		s.FailingSince = res.EndedAt
	}
	if step.Course.State == hook.Lost {
		s.Lost++
	}
	r.tally(s, res, false)
	r.mark(s, res)
	r.forget(s, res)
	for i := range r.policy.Failing {
		r.apply(step, &r.policy.Failing[i], res)
	}
}

// some reports whether there is such a rule for endpoints that keep failing.
func (r *Rules) some(such func(*provider.FailureRule) bool) bool {
	for i := range r.policy.Failing {
		if such(&r.policy.Failing[i]) {
			return true
		}
	}
	return false
}

// apply does what rule says, where its conditions hold and it has not been done since the
// last success. Rules for attempts of one delivery are done at each.
func (r *Rules) apply(step *Step, rule *provider.FailureRule, res Result) {
	s := &step.Standing
	reason, path, holds := r.holds(step, rule, res)
	if !holds || slices.Contains(s.Fired, rule.Name) {
		return
	}
	if rule.Attempt == 0 && !rule.Each && !recurs(rule) {
		s.Fired = append(s.Fired, rule.Name)
	}
	step.uses(path)
	for _, e := range rule.Do {
		until := rule.Until
		if until == "" {
			until = untilOf(e.Do)
		}
		step.does(Effect{Do: e.Do, Whom: e.Whom, Event: e.Event, Rule: "policy.failing." + rule.Name, Reason: reason, Until: until})
	}
}

// recurs reports whether the effect of a rule ends by itself, to come again with the next
// failure.
func recurs(rule *provider.FailureRule) bool {
	var d provider.Duration
	return rule.Until != "" && d.UnmarshalText([]byte(rule.Until)) == nil
}

// holds reports whether all conditions of rule hold, in words, and the path of the one
// that decided.
func (r *Rules) holds(step *Step, rule *provider.FailureRule, res Result) (reason, path string, holds bool) {
	s, base := &step.Standing, "policy.failing."+rule.Name
	path = base
	var since time.Time
	if rule.For > 0 { // it runs whatever else holds
		since = r.clock(s, rule, res)
	}
	if rule.Each {
		reason, path = fmt.Sprintf("attempt %d failed", step.Course.Tries), base+".each"
	}
	if n := rule.Attempt; n > 0 {
		if step.Course.Tries != n {
			return "", "", false
		}
		reason, path = fmt.Sprintf("attempt %d failed", step.Course.Tries), base+".attempt"
	}
	if n := rule.Consecutive; n > 0 {
		row := inRow(s, rule, res)
		if row < n {
			return "", "", false
		}
		reason, path = many(row, "failure")+" in a row", base+".consecutive"
	}
	if n := rule.Deliveries; n > 0 {
		if s.Lost < n {
			return "", "", false
		}
		switch {
		case rule.Consecutive == 0:
			reason, path = many(s.Lost, "delivery")+" in a row failed for good", base+".deliveries"
		case inRow(s, rule, res) > rule.Consecutive: // they were enough long since
			path = base + ".deliveries"
		}
	}
	if rule.For > 0 {
		if since.IsZero() || res.EndedAt.Sub(since) < time.Duration(rule.For) {
			return "", "", false
		}
		reason, path = "all attempts failed for "+rule.For.String(), base+".for"
	}
	if rule.Percent > 0 {
		good, failed := counted(s, res.EndedAt, time.Duration(rule.Within))
		if failed*100 < rule.Percent*(good+failed) || !filled(s, res.EndedAt, time.Duration(rule.Within)) {
			return "", "", false
		}
		reason, path = fmt.Sprintf("%d of %d attempts failed within %s", failed, good+failed, rule.Within), base+".percent"
	}
	if rule.Exhausted {
		if !ranOut(step) {
			return "", "", false
		}
		if reason == "" {
			reason, path = "all attempts at a delivery failed, and nothing else got through", base+".exhausted"
		}
	}
	return reason, path, reason != ""
}

// ranOut reports whether the delivery failed with its last attempt, and nothing else got
// through since its first.
func ranOut(step *Step) bool {
	c := &step.Course
	return c.State == hook.Lost && step.Verdict.Action != provider.ActDrop && step.Verdict.Action != provider.ActDisable &&
		!step.Standing.GotThrough.After(c.First)
}

// many is so many of a thing in words.
func many(n int, thing string) string {
	switch {
	case n == 1:
	case thing == "delivery":
		thing = "deliveries"
	default:
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
