package delivery

import (
	"math"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A pace is how many times faster than the clock policies run. What is kept is by the
// clock; to decide, the time before and after an attempt's end is stretched, and what was
// decided shrunk again: what is kept of the past stays as it is.
type pace float64

// after is r.After with all times by the clock, the policy running at the pace p.
func (p pace) after(r *Rules, event string, c hook.Course, s hook.Standing, res Result, draw float64) Step {
	c, s = TakeUp(c, res.EndedAt, float64(p)), TakeUpPlans(s, res.EndedAt, float64(p))
	if c.Pace == (hook.Pace{}) {
		return r.After(event, c, s, res, draw)
	}
	v := &view{pace: c.Pace, end: res.EndedAt, kept: map[int64]time.Time{}}
	res.StartedAt = v.stretch(res.StartedAt)
	step := r.After(event, mapCourse(c, v.stretch), mapStanding(s, v.stretch), res, draw)
	step.Course, step.Standing = mapCourse(step.Course, v.shrink), mapStanding(step.Standing, v.shrink)
	step.Standing.Pace = planned(&step.Standing, res.EndedAt, float64(p))
	return step
}

// TakeUp is c from the time now on, for policies that run is times as fast as the clock: as
// much time has passed for them, and is left, as for those that have planned it. All but Due
// stays as it was. To do so twice changes nothing.
func TakeUp(c hook.Course, now time.Time, is float64) hook.Course {
	was := factor(c.Pace.Is)
	switch {
	case c.Over():
	case c.Tries == 0: // no policy has planned the first attempt
		if c.Pace = (hook.Pace{}); is != 1 {
			c.Pace.Is = is
		}
	case was != is:
		if c.Last.After(now) { // the clock was set back: the wait is as long after that
			now = c.Last
		}
		before := was
		if ago := now.Sub(c.First); ago > 0 {
			before = passed(c.Pace, c.First, now) / float64(ago)
		}
		c.Pace = hook.Pace{Is: is, Was: before, At: now.UTC().Truncate(time.Microsecond)}
		if c.Due.After(now) {
			c.Due = away(now, c.Due, was/is)
		}
	}
	return c
}

// TakeUpPlans is TakeUp for what an endpoint waits for.
func TakeUpPlans(s hook.Standing, now time.Time, is float64) hook.Standing {
	by := factor(s.Pace) / is
	if s.Back.After(now) {
		s.Back = away(now, s.Back, by)
	}
	if s.HeldUntil.After(now) {
		s.HeldUntil = away(now, s.HeldUntil, by)
	}
	s.Pace = planned(&s, now, is)
	return s
}

// planned is the pace to keep of what s waits for, 0 where that is nothing.
func planned(s *hook.Standing, now time.Time, is float64) float64 {
	if is == 1 || !s.Back.After(now) && !s.HeldUntil.After(now) {
		return 0
	}
	return is
}

// A view is how the times around an attempt's end are for a policy at a pace.
type view struct {
	pace hook.Pace
	end  time.Time
	kept map[int64]time.Time // what times are by the clock that were stretched
}

func (v *view) stretch(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	far := v.end.Add(-bound(passed(v.pace, t, v.end)))
	if t.After(v.end) {
		far = away(v.end, t, factor(v.pace.Is))
	}
	v.kept[far.UnixNano()] = t
	return far
}

func (v *view) shrink(t time.Time) time.Time {
	if was, ok := v.kept[t.UnixNano()]; ok && !t.IsZero() {
		return was
	}
	if !t.After(v.end) {
		return t
	}
	return away(v.end, t, 1/factor(v.pace.Is))
}

// passed is how many nanoseconds passed from a time to another for a policy at the pace p.
func passed(p hook.Pace, from, to time.Time) float64 {
	at := earlier(p.At, to)
	if !from.Before(at) {
		return float64(to.Sub(from)) * factor(p.Is)
	}
	return float64(to.Sub(at))*factor(p.Is) + float64(at.Sub(from))*factor(p.Was)
}

// factor is a pace as it is kept, which is 0 for that of the clock.
func factor(pace float64) float64 {
	if pace == 0 {
		return 1
	}
	return pace
}

// away is t moved away from the time pivot by the factor by, to the microsecond.
func away(pivot, t time.Time, by float64) time.Time {
	return pivot.Add(bound(float64(t.Sub(pivot)) * by).Round(time.Microsecond))
}

// bound is so many nanoseconds, 73 years at most.
func bound(ns float64) time.Duration {
	const most = float64(math.MaxInt64 / 4)
	return time.Duration(max(-most, min(ns, most)))
}

func mapCourse(c hook.Course, moved func(time.Time) time.Time) hook.Course {
	c.First, c.Last, c.Due = moved(c.First), moved(c.Last), moved(c.Due)
	return c
}

func mapStanding(s hook.Standing, moved func(time.Time) time.Time) hook.Standing {
	s.Since, s.Back, s.FailingSince, s.HeldUntil = moved(s.Since), moved(s.Back), moved(s.FailingSince), moved(s.HeldUntil)
	s.FailedAt, s.GotThrough = moved(s.FailedAt), moved(s.GotThrough)
	s.Clocks = cloneMap(s.Clocks)
	for name, at := range s.Clocks {
		s.Clocks[name] = moved(at)
	}
	marks := s.Marks
	s.Marks = nil
	for _, at := range marks {
		s.Marks = append(s.Marks, moved(at))
	}
	tallies := s.Tallies
	s.Tallies = nil
	for _, t := range tallies {
		t.From = moved(t.From)
		s.Tallies = append(s.Tallies, t)
	}
	return s
}
