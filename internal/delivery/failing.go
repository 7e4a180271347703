package delivery

import (
	"fmt"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

const (
	// marksPerSpan is how many times of failures are kept for the longest time in which
	// some rule looks for two that lie apart, talliesPerSpan how many pieces the longest
	// time has in which some rule counts.
	marksPerSpan   = 48
	talliesPerSpan = 60
)

// succeeded notes in s that an attempt was acknowledged: whatever was counted begins anew.
func (r *Rules) succeeded(s *hook.Standing, res Result) {
	*s = hook.Standing{
		Status: s.Status, Reason: s.Reason, Since: s.Since, Until: s.Until, Back: s.Back, HeldUntil: s.HeldUntil,
		Tallies: s.Tallies,
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
	for i := range r.policy.Failing {
		r.apply(step, &r.policy.Failing[i], res)
	}
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
		reason, path = fmt.Sprintf("%d failures in a row", row), base+".consecutive"
	}
	if n := rule.Deliveries; n > 0 {
		if s.Lost < n {
			return "", "", false
		}
		reason, path = fmt.Sprintf("%d deliveries in a row failed for good", s.Lost), base+".deliveries"
	}
	if rule.For > 0 {
		since := r.clock(s, rule, res)
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
	return reason, path, reason != ""
}

// inRow is how many attempts have failed in a row, as far as rule looks back.
func inRow(s *hook.Standing, rule *provider.FailureRule, res Result) int {
	if rule.Within == 0 || res.EndedAt.Sub(s.FailingSince) <= time.Duration(rule.Within) {
		return s.InRow
	}
	_, failed := counted(s, res.EndedAt, time.Duration(rule.Within))
	return min(failed, s.InRow)
}

// clock is since when the time of rule runs: since the first failure, or since the first
// that came so long after another as rule wants. Zero where it does not run.
func (r *Rules) clock(s *hook.Standing, rule *provider.FailureRule, res Result) time.Time {
	if rule.Apart == 0 {
		return s.FailingSince
	}
	if at, ok := s.Clocks[rule.Name]; ok {
		return at
	}
	for _, mark := range s.Marks {
		age := res.EndedAt.Sub(mark)
		if age >= time.Duration(rule.Apart) && (rule.Within == 0 || age <= time.Duration(rule.Within)) {
			if s.Clocks == nil {
				s.Clocks = map[string]time.Time{}
			}
			s.Clocks[rule.Name] = res.EndedAt
			return res.EndedAt
		}
	}
	return time.Time{}
}

// mark keeps the time of a failure, as far as some rule looks back, thinned out.
func (r *Rules) mark(s *hook.Standing, res Result) {
	span := time.Duration(0)
	for _, rule := range r.policy.Failing {
		if rule.Apart > 0 {
			span = max(span, time.Duration(rule.Within), time.Duration(rule.Apart))
		}
	}
	if span == 0 {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(s.Marks), func(at time.Time) bool { return res.EndedAt.Sub(at) > span })
	if n := len(kept); n == 0 || res.EndedAt.Sub(kept[n-1]) >= span/marksPerSpan {
		kept = append(kept, res.EndedAt)
	}
	s.Marks = kept
}

// tally counts an attempt, as far as some rule looks at how many there were in a time.
func (r *Rules) tally(s *hook.Standing, res Result, good bool) {
	span := time.Duration(0)
	for _, rule := range r.policy.Failing {
		if rule.Percent > 0 || rule.Consecutive > 0 {
			span = max(span, time.Duration(rule.Within))
		}
	}
	if span == 0 {
		return
	}
	kept := slices.DeleteFunc(slices.Clone(s.Tallies), func(t hook.Tally) bool { return res.EndedAt.Sub(t.From) > span })
	if n := len(kept); n == 0 || res.EndedAt.Sub(kept[n-1].From) >= span/talliesPerSpan {
		kept = append(kept, hook.Tally{From: res.EndedAt})
	}
	last := &kept[len(kept)-1]
	if good {
		last.Good++
	} else {
		last.Failed++
	}
	s.Tallies = kept
}

// counted adds up what the attempts of the last time came to.
func counted(s *hook.Standing, now time.Time, within time.Duration) (good, failed int) {
	for _, t := range s.Tallies {
		if within == 0 || now.Sub(t.From) <= within {
			good, failed = good+t.Good, failed+t.Failed
		}
	}
	return good, failed
}

// filled reports whether attempts are known of from all of the last time: one failure alone
// is no share of an hour.
func filled(s *hook.Standing, now time.Time, within time.Duration) bool {
	return len(s.Tallies) > 0 && now.Sub(s.Tallies[0].From) >= within-2*within/talliesPerSpan
}

func cloneMap(m map[string]time.Time) map[string]time.Time {
	if m == nil {
		return nil
	}
	made := make(map[string]time.Time, len(m))
	for k, v := range m {
		made[k] = v
	}
	return made
}
