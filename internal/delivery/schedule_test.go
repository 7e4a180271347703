package delivery

import (
	"slices"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// firstWait is the wait after a first attempt that ended like res, with a draw.
func firstWait(t *testing.T, r *Rules, res Result, draw float64) time.Duration {
	t.Helper()
	res.StartedAt, res.EndedAt = begin(), begin()
	step := r.After("x", hook.Course{}, hook.Standing{}, res, draw)
	if step.Course.State != hook.Pending {
		t.Fatalf("the delivery is %s", step.Course.State)
	}
	return step.Course.Due.Sub(begin())
}

func TestJitterFloorAndRetryAfter(t *testing.T) {
	date := func(after time.Duration) string { return begin().Add(after).Format(time.RFC1123Z) }
	for _, c := range []struct {
		name  string
		delay string // of the only retry
		res   Result
		draw  float64
		want  string
	}{
		{"as it is", "100s", Result{Status: 500}, 0.5, "100s"},
		{"least jitter", "100s", Result{Status: 500}, 0, "80s"},
		{"most jitter", "100s", Result{Status: 500}, 1, "120s"},
		{"floor after a timeout", "5s", Result{Failure: hook.FailureLate}, 0.5, "60s"},
		{"jitter shortens a floor", "5s", Result{Failure: hook.FailureLate}, 0, "48s"},
		{"jitter lengthens a floor", "5s", Result{Status: 429}, 1, "72s"},
		{"no floor otherwise", "5s", Result{Failure: hook.FailureBroken}, 0.5, "5s"},
		{"a longer wait than the floor", "100s", Result{Status: 429}, 0.5, "100s"},
		{"Retry-After within bounds", "100s", Result{Status: 503, RetryAfter: "150"}, 0.5, "150s"},
		{"a fraction", "100s", Result{Status: 503, RetryAfter: " 150.5 "}, 0.5, "150.5s"},
		{"too short a wish", "100s", Result{Status: 503, RetryAfter: "1"}, 0.5, "100s"},
		{"too long a wish", "100s", Result{Status: 503, RetryAfter: "1000"}, 0.5, "200s"},
		{"an immense wish", "100s", Result{Status: 503, RetryAfter: "999999999999999999999999"}, 0.5, "200s"},
		{"a date", "100s", Result{Status: 503, RetryAfter: date(130 * time.Second)}, 0.5, "130s"},
		{"a date of HTTP", "100s", Result{Status: 503, RetryAfter: begin().Add(130 * time.Second).Format("Mon, 02 Jan 2006 15:04:05 GMT")}, 0.5, "130s"},
		{"a date that is over", "100s", Result{Status: 503, RetryAfter: date(-time.Hour)}, 0.5, "100s"},
		{"a date on the receiver's clock", "100s", Result{Status: 503, RetryAfter: date(time.Hour + 130*time.Second), Wall: begin().Add(time.Hour)}, 0.5, "130s"},
		{"nonsense", "100s", Result{Status: 503, RetryAfter: "soon"}, 0.5, "100s"},
		{"no number", "100s", Result{Status: 503, RetryAfter: "1.5.5"}, 0.5, "100s"},
		{"not a negative one", "100s", Result{Status: 503, RetryAfter: "-5"}, 0.5, "100s"},
		{"no jitter below what is asked for", "5s", Result{Status: 503, RetryAfter: "10"}, 0, "10s"},
		{"no jitter above the bound", "5s", Result{Status: 503, RetryAfter: "10"}, 1, "10s"},
		{"jitter that is enough already", "100s", Result{Status: 503, RetryAfter: "110"}, 1, "120s"},
		{"a wish and a floor", "5s", Result{Status: 429, RetryAfter: "90"}, 0, "90s"},
		{"bounded by the floor", "5s", Result{Status: 429, RetryAfter: "900"}, 0, "120s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rulesOf(t, "clazar", "policy.retry={attempts: 2, delays: ["+c.delay+"], jitter: 20, retry_after: {honoured: true, at_most: 2}, floor: {timeout: 60s, \"429\": 60s}}")
			if got := firstWait(t, r, c.res, c.draw); got != durations(c.want)[0] {
				t.Errorf("it waits %s, want %s", got, c.want)
			}
		})
	}
}

func TestRetryAfterIsIgnoredWhereNothingSaysOtherwise(t *testing.T) {
	if got := firstWait(t, rulesOf(t, "retm"), Result{Status: 503, RetryAfter: "3600"}, 0.5); got != 10*time.Second {
		t.Errorf("it waits %s", got)
	}
}

func TestWaitsCountFromTheEndOfAnAttempt(t *testing.T) {
	w := newWalk(t, rulesOf(t, "retm"))
	for range 3 {
		w.get(Result{Failure: hook.FailureLate}, 10*time.Second)
	}
	if got := w.course.Last.Sub(w.course.First); got != 50*time.Second || !slices.Equal(w.waits, durations("10s 10s")) {
		t.Errorf("%s, waits %v", got, w.waits)
	}
}

func TestExponentialDelaysEndWithTheWindow(t *testing.T) {
	for _, name := range []string{"calendly", "stripe", "sendgrid", "xero", "meta", "adyen", "discord"} {
		r := rulesOf(t, name)
		w := newWalk(t, r)
		for !w.course.Over() {
			w.statuses(500)
			if w.course.Tries > 1000 {
				t.Fatalf("%s never gives up", name)
			}
		}
		if window := time.Duration(r.policy.Retry.Window); w.course.Last.Sub(w.course.First) > window {
			t.Errorf("%s: the last attempt was after %s", name, w.course.Last.Sub(w.course.First))
		}
		if !slices.IsSorted(w.waits) {
			t.Errorf("%s: waits %v", name, w.waits)
		}
	}
}

// A number of attempts within a time are all made, however long each of them takes.
func TestAttemptsWithinAWindowAreAllMade(t *testing.T) {
	w := newWalk(t, rulesOf(t, "recharge"))
	for !w.course.Over() {
		w.get(Result{Failure: hook.FailureLate}, 30*time.Hour)
	}
	last := w.step
	if w.course.Tries != 20 || last.Reason != "all 20 attempts failed" || w.standing.Status != hook.Deleted {
		t.Errorf("%d attempts, %q, %s", w.course.Tries, last.Reason, w.standing.Status)
	}
	if slices.Max(w.waits[2:]) != 0 {
		t.Errorf("waits %v", w.waits)
	}
}

func TestWhatOtherRulesHavePlanned(t *testing.T) {
	once, announced := rulesOf(t, "techrar"), rulesOf(t, "techrar", "policy.retry=announced")
	for tries, want := range map[int][2]bool{0: {true, true}, 1: {false, true}, 2: {false, true}, 3: {false, false}} {
		c := hook.Course{Tries: tries}
		if got := [2]bool{once.Plans(c), announced.Plans(c)}; got != want {
			t.Errorf("after %d attempts: %v, want %v", tries, got, want)
		}
	}
}

func TestTheEndOfAWindowIsSaid(t *testing.T) {
	w := newWalk(t, rulesOf(t, "recharge", "policy.retry={attempts: 20, exponential: {base: 1h, factor: 2}, window: 10h}"))
	for !w.course.Over() {
		w.statuses(500)
	}
	if got := w.step.Reason; got != "all 4 attempts within 10h failed" {
		t.Errorf("%q", got)
	}
}

func TestExplicitDelaysComeBeforeExponentialOnes(t *testing.T) {
	w := newWalk(t, rulesOf(t, "meta", "policy.retry={attempts: 6, delays: [0s, 3s], exponential: {base: 10s, factor: 1.5, max: 20s}}"))
	for !w.course.Over() {
		w.statuses(500)
	}
	if want := durations("0s 3s 10s 15s 20s"); !slices.Equal(w.waits, want) {
		t.Errorf("waits %v, want %v", w.waits, want)
	}
}

// A receiver that is overloaded has everything held back that goes to it.
func TestThrottlingHoldsOthers(t *testing.T) {
	w := newWalk(t, rulesOf(t, "standard-webhooks"))
	w.get(Result{Status: 429, RetryAfter: "90"}, 0)
	if got := w.standing.HeldUntil.Sub(begin()); got != 90*time.Second || w.course.Due.Sub(begin()) != got {
		t.Errorf("held for %s, due after %s", got, w.course.Due.Sub(begin()))
	}
	w.statuses(200)
	if w.standing.HeldUntil.IsZero() {
		t.Error("a success ends what the receiver asked for")
	}
}

// Where nothing is said of retries, what the receiver asks for is one.
func TestThrottlingWithoutASchedule(t *testing.T) {
	w := newWalk(t, rulesOf(t, "cloudevents"))
	w.get(Result{Status: 429, RetryAfter: "7"}, 0)
	if w.course.State != hook.Pending || w.course.Due.Sub(begin()) != 7*time.Second {
		t.Errorf("%+v", w.course)
	}
	w.get(Result{Status: 429}, 0)
	if w.course.State != hook.Lost {
		t.Errorf("%+v", w.course)
	}
}

func TestChanceIsTheSameEverywhere(t *testing.T) {
	if a, b := Chance(1, "dlv_1", 1), Chance(1, "dlv_1", 1); a != b {
		t.Errorf("%v and %v", a, b)
	}
	seen, sum := map[float64]bool{}, 0.0
	for seed := range uint64(10) {
		for _, key := range []string{"", "1", "2", "dlv_01JD7Q3V9K4M2N8PXR5TWYZ6AB"} {
			for try := range 25 {
				x := Chance(seed, key, try)
				if x < 0 || x >= 1 || seen[x] {
					t.Fatalf("%v for %d, %q, %d", x, seed, key, try)
				}
				seen[x] = true
				sum += x
			}
		}
	}
	if mean := sum / float64(len(seen)); mean < 0.45 || mean > 0.55 {
		t.Errorf("the mean of %d draws is %v", len(seen), mean)
	}
	if Chance(42, "1", 3) != 0.022787991576189826 {
		t.Errorf("it was another before: %v", Chance(42, "1", 3))
	}
}
