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
		by := rapid.Float64Range(0.01, 2000)
		at := func(name string) time.Time {
			return begin().Add(time.Duration(rapid.Int64Range(-10*24*3600e6, 10*24*3600e6).Draw(t, name)) * time.Microsecond)
		}
		v := &view{pace: hook.Pace{Is: by.Draw(t, "is"), Was: by.Draw(t, "was"), At: at("change")}, end: begin().Add(7), kept: map[int64]time.Time{}}
		early, late := at("early"), at("late")
		far, further := v.stretch(late), v.stretch(early)
		if early.Before(late) && further.After(far) {
			t.Errorf("%v comes after %v", further, far)
		}
		if back := v.shrink(v.stretch(early)); !back.Equal(early) {
			t.Errorf("%v became %v", early, back)
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
		want := waitsAt(t, r, func(int) float64 { return 1 })
		for name, speed := range map[string]func(try int) float64{
			"faster": func(try int) float64 { return []float64{1, 600}[try/5%2] },
			"slower": func(try int) float64 { return []float64{3600, 0.5}[try/3%2] },
		} {
			if diff := cmp.Diff(want, waitsAt(t, r, speed)); diff != "" || len(want) < 4 {
				t.Errorf("%s, %s: %s", provider, name, diff)
			}
		}
	}
}

// waitsAt are the waits of a delivery that never succeeds, in the provider's time: after the
// attempt try, in the middle of the wait, the policy is taken up at the speed of try. What has
// happened stays when it was.
func waitsAt(t *testing.T, r *Rules, speed func(try int) float64) (waits []time.Duration) {
	var c hook.Course
	var s hook.Standing
	for now, is := begin(), speed(0); ; now = c.Due {
		res := Result{StartedAt: now, EndedAt: now, Status: 500}
		step := pace(is).after(r, "e", c, s, res, 0.5)
		c, s = step.Course, step.Standing
		if !c.First.Equal(begin()) || !c.Last.Equal(now) || !s.FailingSince.Equal(begin()) {
			t.Fatalf("attempt %d: %+v, failing since %v", c.Tries, c, s.FailingSince)
		}
		if c.Over() {
			return append(waits, time.Duration(s.InRow))
		}
		first := c.Due.Sub(now) / 2
		now = now.Add(first)
		wait := float64(first) * is
		is = speed(c.Tries)
		c = TakeUp(c, now, is)
		if again := TakeUp(c, now.Add(time.Second), is); again != c {
			t.Fatalf("taken up twice: %+v, then %+v", c, again)
		}
		wait += float64(c.Due.Sub(now)) * is
		waits = append(waits, time.Duration(wait).Round(time.Second))
	}
}

// An endpoint that has failed for long is judged at another pace by the time that has passed.
func TestPacesJudgeThePastAtThePaceItHad(t *testing.T) {
	r, now := rulesOf(t, "svix"), begin()
	fail := func(p pace, c hook.Course, s hook.Standing) Step {
		return p.after(r, "e", c, s, Result{StartedAt: now, EndedAt: now, Status: 500}, 0.5)
	}
	step := fail(1, hook.Course{}, hook.Standing{})
	for _, p := range []pace{1, 1, 3600} { // 3600 times ten minutes are 25 days
		now = now.Add(10 * time.Minute)
		step = fail(p, TakeUp(step.Course, now, float64(p)), step.Standing)
		if step.Standing.Status != "" {
			t.Fatalf("at %vx: %s, since %s", float64(p), step.Standing.Status, step.Standing.Reason)
		}
	}
}

func TestTakingUp(t *testing.T) {
	at := func(seconds int) time.Time { return begin().Add(time.Duration(seconds) * time.Second) }
	made := hook.Course{State: hook.Pending, Due: at(60)}
	tried := hook.Course{State: hook.Pending, Tries: 1, First: at(-10), Last: at(-9), Due: at(60)}
	with := func(c hook.Course, due int, p hook.Pace) hook.Course {
		c.Due, c.Pace = at(due), p
		return c
	}
	ahead := tried
	ahead.Last = at(30)
	over := tried
	over.State = hook.Lost
	for name, test := range map[string]struct {
		was, want hook.Course
		is        float64
	}{
		"by the clock":            {tried, tried, 1},
		"nobody has planned":      {made, with(made, 60, hook.Pace{Is: 60}), 60},
		"nobody has planned, 1x":  {with(made, 60, hook.Pace{Is: 60}), made, 1},
		"faster":                  {tried, with(tried, 1, hook.Pace{Is: 60, Was: 1, At: begin()}), 60},
		"slower":                  {with(tried, 1, hook.Pace{Is: 60}), with(tried, 60, hook.Pace{Is: 1, Was: 60, At: begin()}), 1},
		"once more":               {with(tried, 60, hook.Pace{Is: 1, Was: 60, At: at(-5)}), with(tried, 120, hook.Pace{Is: 0.5, Was: 30.5, At: begin()}), 0.5},
		"as it is":                {with(tried, 1, hook.Pace{Is: 60}), with(tried, 1, hook.Pace{Is: 60}), 60},
		"due since":               {with(tried, -1, hook.Pace{Is: 60}), with(tried, -1, hook.Pace{Is: 1, Was: 60, At: begin()}), 1},
		"the clock was set back":  {ahead, with(ahead, 33, hook.Pace{Is: 10, Was: 1, At: at(30)}), 10},
		"what is over has no due": {over, over, 60},
	} {
		if diff := cmp.Diff(test.want, TakeUp(test.was, begin(), test.is)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What an endpoint waits for goes on at another pace, once; what has happened stays.
func TestTakingUpWhatAnEndpointWaitsFor(t *testing.T) {
	planned := hook.Standing{HeldUntil: begin().Add(time.Minute), Back: begin().Add(-time.Minute), FailingSince: begin().Add(-time.Second), Pace: 60}
	want := planned
	want.HeldUntil, want.Pace = begin().Add(time.Hour), 0
	s := TakeUpPlans(planned, begin(), 1)
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, TakeUpPlans(s, begin().Add(time.Minute), 1)); diff != "" {
		t.Errorf("twice: %s", diff)
	}
	if s = TakeUpPlans(planned, begin().Add(time.Hour), 30); s.Pace != 0 {
		t.Errorf("nothing is planned, and there is a pace: %+v", s)
	}
}
