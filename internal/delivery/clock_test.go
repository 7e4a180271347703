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
