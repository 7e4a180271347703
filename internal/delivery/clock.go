package delivery

import (
	"math"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A pace is how many times faster than the clock policies run. What is kept is by the
// clock; to decide, the time before and after an attempt's end is stretched, and what was
// decided shrunk again. To take a schedule up at another pace takes a Repacing.
type pace float64

// after is r.After with all times by the clock, the policy running at the pace p.
func (p pace) after(r *Rules, event string, c hook.Course, s hook.Standing, res Result, draw float64) Step {
	if p == 1 {
		return r.After(event, c, s, res, draw)
	}
	end := res.EndedAt
	res.StartedAt = around(end, float64(p))(res.StartedAt)
	stretch, shrink := around(end, float64(p)), around(end, 1/float64(p))
	step := r.After(event, mapCourse(c, stretch), mapStanding(s, stretch), res, draw)
	step.Course, step.Standing = mapCourse(step.Course, shrink), mapStanding(step.Standing, shrink)
	return step
}

// A Repacing takes up what was planned by policies that ran Was times as fast as the clock, by
// such that run Is times as fast from Now on: for them as much time has passed, and is left,
// as for those.
type Repacing struct {
	Now     time.Time
	Was, Is float64
}

// Course is c, from then on.
func (r Repacing) Course(c hook.Course) hook.Course {
	if c.Tries == 0 { // no policy has planned the first attempt
		return c
	}
	return mapCourse(c, r.moved())
}

// Standing is s, from then on.
func (r Repacing) Standing(s hook.Standing) hook.Standing { return mapStanding(s, r.moved()) }

func (r Repacing) moved() func(time.Time) time.Time {
	if r.Was == r.Is {
		return func(t time.Time) time.Time { return t }
	}
	return around(r.Now, r.Was/r.Is)
}

// around returns what moves times away from the time pivot by the factor by, to the
// microsecond, but for 73 years at most. Zero times stay zero.
func around(pivot time.Time, by float64) func(time.Time) time.Time {
	return func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		const most = float64(math.MaxInt64 / 4)
		d := float64(t.Sub(pivot)) * by
		return pivot.Add(time.Duration(max(-most, min(d, most))).Round(time.Microsecond))
	}
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
