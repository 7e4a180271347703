package delivery

import (
	"slices"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// fails makes n attempts at events of their own fail, every so often.
func (w *walk) fails(n int, every time.Duration) {
	w.t.Helper()
	for range n {
		w.next()
		w.statuses(500)
		w.now = w.now.Add(every)
	}
}

// succeeds makes n attempts at events of their own succeed, every so often.
func (w *walk) succeeds(n int, every time.Duration) {
	w.t.Helper()
	for range n {
		w.next()
		w.statuses(200)
		w.now = w.now.Add(every)
	}
}

func TestFailuresInARowPauseUntilUpdated(t *testing.T) {
	w := newWalk(t, rulesOf(t, "machnet-paas"))
	w.fails(10, time.Minute)
	w.succeeds(1, time.Minute)
	w.fails(10, time.Minute)
	if w.standing.Status != "" {
		t.Fatalf("it is %s already", w.standing.Status)
	}
	w.fails(1, time.Minute)
	if s := w.standing; s.Status != hook.Paused || s.Until != "updated" || !s.Back.IsZero() || s.Reason != "11 failures in a row" || s.Since.IsZero() {
		t.Errorf("%+v", s)
	}
	if s := w.standing; s.Active(w.now.Add(1000 * time.Hour)) {
		t.Error("the pause ends by itself")
	}
}

func TestGitLabPausesAndThenDisables(t *testing.T) {
	w := newWalk(t, rulesOf(t, "gitlab"))
	w.fails(3, 0)
	if w.standing.Status != "" {
		t.Fatalf("%+v", w.standing)
	}
	w.fails(1, 0)
	if s := w.standing; s.Status != hook.Paused || s.Back.Sub(w.now) != time.Minute || s.Until != "" || s.Active(w.now) || !s.Active(s.Back) {
		t.Fatalf("%+v", s)
	}
	w.now = w.standing.Back
	w.succeeds(1, 0)
	if s := w.standing; s.Status != "" || !s.Back.IsZero() || s.InRow != 0 || len(s.Fired) != 0 {
		t.Fatalf("after a success: %+v", s)
	}
	for range 39 {
		w.fails(1, 0)
		w.now = w.now.Add(2 * time.Minute)
	}
	if w.standing.Status != hook.Paused {
		t.Fatalf("%+v", w.standing)
	}
	w.fails(1, 0)
	if s := w.standing; s.Status != hook.Disabled || s.Until != "enabled" || !s.Back.IsZero() {
		t.Errorf("%+v", s)
	}
	w.fails(1, 0) // one that was under way
	if w.standing.Status != hook.Disabled {
		t.Errorf("what is disabled was paused: %+v", w.standing)
	}
}

// A pause that is over leaves nothing behind, also where the next attempt fails.
func TestAPauseThatIsOverIsNone(t *testing.T) {
	w := newWalk(t, rulesOf(t, "gitlab"))
	w.fails(4, 0)
	w.standing.InRow = 0
	w.now = w.standing.Back.Add(time.Second)
	w.fails(1, 0)
	if s := w.standing; s.Status != "" || s.Reason != "" || !s.Back.IsZero() {
		t.Errorf("%+v", s)
	}
}

func TestSvixDisablesAfterFiveDays(t *testing.T) {
	w := newWalk(t, rulesOf(t, "svix"))
	w.fails(5, 2*time.Hour) // the clock does not run: no two of them are 12 hours apart
	if len(w.standing.Clocks) != 0 {
		t.Fatalf("the clock runs: %+v", w.standing)
	}
	w.fails(2, 2*time.Hour) // the second of them is
	started, runs := w.standing.Clocks["days"]
	if !runs || started.Sub(begin()) != 12*time.Hour {
		t.Fatalf("the clock: %s, %v", started, runs)
	}
	for w.now.Before(started.Add(5 * 24 * time.Hour)) {
		if w.standing.Status != "" {
			t.Fatalf("it is %s after %s", w.standing.Status, w.now.Sub(started))
		}
		w.fails(1, time.Hour)
	}
	w.fails(1, time.Hour)
	if w.standing.Status != hook.Disabled || !slices.Contains(w.effects, "notify endpoint.disabled") {
		t.Errorf("%+v %v", w.standing, w.effects)
	}
}

func TestASuccessStopsTheClock(t *testing.T) {
	w := newWalk(t, rulesOf(t, "svix"))
	w.fails(20, 2*time.Hour)
	w.succeeds(1, time.Hour)
	if w.standing.Clocks != nil || !w.standing.FailingSince.IsZero() || len(w.standing.Marks) != 0 {
		t.Fatalf("%+v", w.standing)
	}
	w.fails(5, time.Hour)
	w.now = w.now.Add(10 * 24 * time.Hour)
	w.fails(1, 0) // more than 24 hours after the others: it starts nothing
	if w.standing.Status != "" || len(w.standing.Clocks) != 0 {
		t.Errorf("%+v", w.standing)
	}
}

// The eight attempts of one message last 27 hours and 35 minutes, which disables nothing.
func TestOneLostMessageDisablesNothing(t *testing.T) {
	w := newWalk(t, rulesOf(t, "clazar"))
	for !w.course.Over() {
		w.statuses(500)
	}
	if w.standing.Status != "" || w.course.Last.Sub(begin()) != durations("27h35m5s")[0] {
		t.Errorf("%+v after %s", w.standing, w.course.Last.Sub(begin()))
	}
}

func TestSlackCountsAShareOfAnHour(t *testing.T) {
	w := newWalk(t, rulesOf(t, "slack"))
	w.fails(1, time.Minute)
	if w.standing.Status != "" {
		t.Fatal("one failure is no share of an hour")
	}
	w = newWalk(t, rulesOf(t, "slack"))
	for range 100 { // 90 of 100 fail
		w.fails(9, time.Minute)
		w.succeeds(1, time.Minute)
	}
	if w.standing.Status != "" {
		t.Fatalf("%+v", w.standing)
	}
	w.fails(20, time.Minute)
	if w.standing.Status != "" {
		t.Fatalf("too early: %q", w.standing.Reason)
	}
	w.fails(25, time.Minute)
	if w.standing.Status != hook.Disabled || w.standing.Until != "enabled" {
		t.Errorf("%+v", w.standing)
	}
}

func TestIntercomPausesAfterABurst(t *testing.T) {
	w := newWalk(t, rulesOf(t, "intercom"))
	w.fails(1000, 800*time.Millisecond)
	if w.standing.Status != "" {
		t.Fatal("too early")
	}
	w.fails(1, 0)
	if s := w.standing; s.Status != hook.Paused || s.Back.Sub(w.now) != 15*time.Minute {
		t.Errorf("%+v", s)
	}
	slow := newWalk(t, rulesOf(t, "intercom"))
	slow.fails(3000, time.Second) // 900 in 15 minutes
	if slow.standing.Status != "" {
		t.Fatalf("a slow burst: %+v", slow.standing)
	}
	slow.fails(2500, 500*time.Millisecond) // it gets faster
	if slow.standing.Status != hook.Paused {
		t.Errorf("a burst after slow failures: %+v", slow.standing)
	}
}

func TestShopifyDeletesAfterEightInARow(t *testing.T) {
	w := newWalk(t, rulesOf(t, "shopify"))
	w.statuses(times(7, 500)...)
	if w.standing.Status != "" {
		t.Fatal("too early")
	}
	w.statuses(500)
	if s := w.standing; s.Status != hook.Deleted || s.Until != "recreated" || w.course.Over() {
		t.Errorf("%+v %+v", s, w.course)
	}
}

func TestSquareTellsEachWeekOnce(t *testing.T) {
	w := newWalk(t, rulesOf(t, "square"))
	w.fails(22*24, time.Hour)
	told := 0
	for _, effect := range w.effects {
		if effect == "notify the developer, by mail" {
			told++
		}
	}
	if told != 3 || w.standing.Status != hook.Disabled {
		t.Errorf("told %d times, %+v", told, w.standing)
	}
}

func TestWhatIsDeletedIsNotDisabledAnyMore(t *testing.T) {
	w := newWalk(t, rulesOf(t, "recharge"))
	for !w.course.Over() {
		w.statuses(500)
	}
	since := w.standing.Since
	step := Step{Course: w.course, Standing: w.standing}
	step.does(Effect{Do: "pause", Until: "1m"})
	step.does(Effect{Do: "disable", Until: "enabled"})
	if s := step.Standing; s.Status != hook.Deleted || s.Until != "recreated" || s.Since != since {
		t.Errorf("%+v", s)
	}
}

// The owner who is told of each failure and of the end gets one message about the last.
func TestNobodyIsToldTwiceOfOneAttempt(t *testing.T) {
	w := newWalk(t, rulesOf(t, "recharge"))
	told := 0
	for !w.course.Over() {
		w.statuses(500)
		for _, e := range w.step.Effects {
			if e.Whom != "" {
				told++
			}
		}
	}
	if told != 20 {
		t.Errorf("told %d times of 20 attempts", told)
	}
}

// A standing is kept in one row of the store: it must not grow with what happens.
func TestAStandingStaysSmall(t *testing.T) {
	for _, name := range []string{"svix", "slack", "intercom", "gitlab", "square"} {
		w := newWalk(t, rulesOf(t, name))
		for range 200 {
			w.fails(97, 37*time.Second)
			w.succeeds(3, time.Second)
		}
		w.fails(3000, 11*time.Second)
		if s := w.standing; len(s.Marks) > marksPerSpan+1 || len(s.Tallies) > talliesPerSpan+2 || len(s.Fired) > 3 || len(s.Clocks) > 3 {
			t.Errorf("%s: %d marks, %d tallies, %d fired", name, len(s.Marks), len(s.Tallies), len(s.Fired))
		}
	}
}

// Deciding changes nothing but what it returns: a standing may be shared.
func TestDecidingLeavesItsArgumentsAlone(t *testing.T) {
	for _, name := range []string{"svix", "slack", "square"} {
		w := newWalk(t, rulesOf(t, name))
		w.fails(300, time.Hour)
		before := w.standing
		marks, tallies, fired := slices.Clone(before.Marks), slices.Clone(before.Tallies), slices.Clone(before.Fired)
		w.next()
		w.statuses(500)
		if !slices.Equal(before.Marks, marks) || !slices.Equal(before.Tallies, tallies) || !slices.Equal(before.Fired, fired) {
			t.Errorf("%s: the standing before was changed", name)
		}
	}
}

// Calendly and Xero attempt for 24 hours and then disable: it is the end of the attempts that
// decides, and not a clock that runs out after them.
func TestTheEndOfTheAttemptsDisables(t *testing.T) {
	for _, name := range []string{"calendly", "xero"} {
		w := newWalk(t, rulesOf(t, name))
		for !w.course.Over() {
			w.statuses(500)
		}
		if s := w.standing; w.course.State != hook.Lost || s.Status != hook.Disabled || w.now.Sub(begin()) > 24*time.Hour {
			t.Errorf("%s: %+v after %s", name, s, w.now.Sub(begin()))
		}
	}
}

func TestWhatGetsThroughMeanwhileKeepsAnEndpoint(t *testing.T) {
	w := newWalk(t, rulesOf(t, "calendly"))
	w.statuses(500, 500)
	first := w.course
	w.next()
	w.statuses(200)
	w.course = first
	for !w.course.Over() {
		w.statuses(500)
	}
	if w.course.State != hook.Lost || w.standing.Status != "" {
		t.Errorf("another got through: %+v, %+v", w.course, w.standing)
	}
	w.next()
	for !w.course.Over() {
		w.statuses(500)
	}
	if w.standing.Status != hook.Disabled {
		t.Errorf("nothing got through since: %+v", w.standing)
	}
}

// The rule of Svix's open-source server: it looks when attempts are exhausted, the first
// failure must be 5 days old, and 10 days without a failure forget it.
func TestTheOpenServersRuleIsAChoice(t *testing.T) {
	server := rulesOf(t, "svix", "policy.failing.days.apart=0s", "policy.failing.days.exhausted=true", "policy.failing.days.forget=240h")
	exhaust := func(w *walk) {
		w.next()
		for !w.course.Over() {
			w.statuses(500)
		}
	}
	w := newWalk(t, server)
	exhaust(w)
	w.now = begin().Add(6 * 24 * time.Hour)
	w.next()
	w.statuses(500)
	if w.standing.Status != "" {
		t.Fatalf("a first attempt disabled it: %+v", w.standing)
	}
	for !w.course.Over() {
		w.statuses(500)
	}
	if w.standing.Status != hook.Disabled {
		t.Errorf("after 6 days: %+v", w.standing)
	}
	w = newWalk(t, server)
	exhaust(w)
	w.now = w.now.Add(11 * 24 * time.Hour)
	if exhaust(w); w.standing.Status != "" {
		t.Errorf("what was 11 days ago is not forgotten: %+v", w.standing)
	}
	w.now = w.now.Add(9 * 24 * time.Hour)
	if exhaust(w); w.standing.Status != hook.Disabled {
		t.Errorf("what was 9 days ago is forgotten: %+v", w.standing)
	}
}

func TestOneFailureIsNoneInARow(t *testing.T) {
	w := newWalk(t, rulesOf(t, "machnet-paas", "policy.failing.in-a-row.consecutive=1"))
	w.fails(1, 0)
	if w.standing.Reason != "1 failure in a row" {
		t.Errorf("%q", w.standing.Reason)
	}
}
