package delivery

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"pgregory.net/rapid"
)

func TestWhatIsStretchedAndShrunkIsAsBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.Float64Range(0.01, 2000).Draw(t, "speed")
		at := begin().Add(time.Duration(rapid.Int64Range(-10*24*3600e6, 10*24*3600e6).Draw(t, "at")) * time.Microsecond)
		back := around(begin(), 1/by)(around(begin(), by)(at))
		if off := back.Sub(at); by >= 1 && off != 0 || off.Abs() > time.Duration(1/by)*time.Microsecond+time.Microsecond {
			t.Fatalf("%v became %v", at, back)
		}
	})
}

func TestPacesDecideAlike(t *testing.T) {
	r := rulesOf(t, "svix")
	for _, speed := range []pace{0.5, 1, 60, 3600} {
		var c hook.Course
		var s hook.Standing
		now := begin()
		var waits []time.Duration
		for range 8 {
			res := Result{StartedAt: now, EndedAt: now, Status: 500}
			step := speed.after(r, "e", c, s, res, 0.5)
			c, s = step.Course, step.Standing
			if !c.Over() {
				waits = append(waits, (time.Duration(float64(c.Due.Sub(now)) * float64(speed))).Round(time.Second))
				now = c.Due
			}
		}
		want := []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour}
		if diff := cmp.Diff(want, waits); diff != "" || c.State != hook.Lost || s.InRow != 8 {
			t.Errorf("at the speed %v: %+v\n%s", speed, c, diff)
		}
	}
}

func TestPacesLeaveTheLedgerAlone(t *testing.T) {
	r := rulesOf(t, "svix")
	before := hook.Standing{
		Clocks: map[string]time.Time{"days": begin()}, Marks: []time.Time{begin()}, Tallies: []hook.Tally{{From: begin(), Good: 1}},
	}
	end := begin().Add(time.Hour)
	pace(60).after(r, "e", hook.Course{}, before, Result{StartedAt: end, EndedAt: end, Status: 500}, 0)
	if !before.Clocks["days"].Equal(begin()) || !before.Marks[0].Equal(begin()) || !before.Tallies[0].From.Equal(begin()) {
		t.Errorf("%+v", before)
	}
}

// A schedule within a window goes on at another pace as it would have at the first: no attempt
// comes sooner or later for the provider, and none is left out.
func TestASchedulePassesFromPaceToPace(t *testing.T) {
	for _, provider := range []string{"recharge", "svix", "paddle"} {
		r := rulesOf(t, provider)
		want := waitsAt(r, func(int) float64 { return 1 })
		for name, speed := range map[string]func(try int) float64{
			"faster": func(try int) float64 { return []float64{1, 600}[try/5%2] },
			"slower": func(try int) float64 { return []float64{3600, 0.5}[try/3%2] },
		} {
			if diff := cmp.Diff(want, waitsAt(r, speed)); diff != "" || len(want) < 4 {
				t.Errorf("%s, %s: %s", provider, name, diff)
			}
		}
	}
}

// waitsAt are the waits of a delivery that never succeeds, in the provider's time: after the
// attempt try, in the middle of the wait, the policy is taken up at the speed of try.
func waitsAt(r *Rules, speed func(try int) float64) (waits []time.Duration) {
	var c hook.Course
	var s hook.Standing
	for now, is := begin(), speed(0); ; now = c.Due {
		res := Result{StartedAt: now, EndedAt: now, Status: 500}
		step := pace(is).after(r, "e", c, s, res, 0.5)
		if c, s = step.Course, step.Standing; c.Over() {
			return append(waits, time.Duration(s.InRow))
		}
		first := c.Due.Sub(now) / 2
		now = now.Add(first)
		next := Repacing{Now: now, Was: is, Is: speed(c.Tries)}
		wait := float64(first) * is
		c, s, is = next.Course(c), next.Standing(s), next.Is
		wait += float64(c.Due.Sub(now)) * is
		waits = append(waits, time.Duration(wait).Round(time.Second))
	}
}

func TestWhatNobodyHasPlannedIsNotRepaced(t *testing.T) {
	r := Repacing{Now: begin(), Was: 60, Is: 1}
	c := hook.Course{State: hook.Pending, Due: begin().Add(time.Minute)}
	if got := r.Course(c); got != c {
		t.Errorf("%+v became %+v", c, got)
	}
	held := r.Standing(hook.Standing{HeldUntil: begin().Add(time.Minute), FailingSince: begin().Add(-time.Second), MovedAt: begin().Add(time.Second)})
	want := hook.Standing{HeldUntil: begin().Add(time.Hour), FailingSince: begin().Add(-time.Minute), MovedAt: begin().Add(time.Second)}
	if diff := cmp.Diff(want, held); diff != "" {
		t.Error(diff)
	}
}
