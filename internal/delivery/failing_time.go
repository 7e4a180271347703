package delivery

import (
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

// forget stops the clocks of the rules that look back only so far as to the failure before,
// and notes when this one was.
func (r *Rules) forget(s *hook.Standing, res Result) {
	for i := range r.policy.Failing {
		rule := &r.policy.Failing[i]
		if rule.Forget == 0 {
			continue
		}
		if !s.FailedAt.IsZero() && res.EndedAt.Sub(s.FailedAt) > time.Duration(rule.Forget) {
			delete(s.Clocks, rule.Name)
			s.Fired = slices.DeleteFunc(s.Fired, func(name string) bool { return name == rule.Name })
		}
	}
	if r.some(func(rule *provider.FailureRule) bool { return rule.Forget > 0 }) {
		s.FailedAt = res.EndedAt
	}
}

// inRow is how many attempts have failed in a row, as far as rule looks back.
func inRow(s *hook.Standing, rule *provider.FailureRule, res Result) int {
	if rule.Within == 0 || res.EndedAt.Sub(s.FailingSince) <= time.Duration(rule.Within) {
		return s.InRow
	}
	_, failed := counted(s, res.EndedAt, time.Duration(rule.Within))
	return min(failed, s.InRow)
}

// clock is since when the time of rule runs: since the first failure that is not forgotten,
// or since the first that came so long after another as rule wants. Zero where it does not
// run.
func (r *Rules) clock(s *hook.Standing, rule *provider.FailureRule, res Result) time.Time {
	if rule.Apart == 0 && rule.Forget == 0 {
		return s.FailingSince
	}
	if at, ok := s.Clocks[rule.Name]; ok {
		return at
	}
	begins := func(mark time.Time) bool {
		age := res.EndedAt.Sub(mark)
		return age >= time.Duration(rule.Apart) && (rule.Within == 0 || age <= time.Duration(rule.Within))
	}
	if rule.Apart > 0 && !slices.ContainsFunc(s.Marks, begins) {
		return time.Time{}
	}
	if s.Clocks == nil {
		s.Clocks = map[string]time.Time{}
	}
	s.Clocks[rule.Name] = res.EndedAt
	return res.EndedAt
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
