package delivery

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
)

func durations(text string) []time.Duration {
	var all []time.Duration
	for _, word := range strings.Fields(text) {
		d, err := time.ParseDuration(word)
		if err != nil {
			panic(err)
		}
		all = append(all, d)
	}
	return all
}

// What follows when the receiver answers 500 each time, as the providers' pages have it.
func TestEachProviderGivesUpInItsOwnWay(t *testing.T) {
	each := func(effect string, n int) []string { return slices.Repeat([]string{effect}, n) }
	owner := "notify the owner of the API token"
	for _, c := range []struct {
		provider string
		set      []string
		waits    string
		effects  []string
		reason   string
		status   hook.EndpointStatus
	}{
		{"techrar", nil, "", []string{"discard"}, "the only attempt failed", ""},
		{"techrar", []string{"policy.retry=announced"}, "1m 5m", []string{"discard"}, "all 3 attempts failed", ""},
		{"techrar", []string{"policy.retry=announced-three-more"}, "0s 1m 5m", []string{"discard"}, "all 4 attempts failed", ""},
		{"retm", nil, "10s 10s", []string{"discard", "notify errors"}, "all 3 attempts failed", ""},
		{"retm", []string{"policy.retry=three-more"}, "10s 10s 10s", []string{"notify errors", "discard"}, "all 4 attempts failed", ""},
		{"recharge", nil, "", append(each(owner, 20), "discard", "delete"), "all 20 attempts failed", hook.Deleted},
		{"recharge", []string{"policy.retry=twenty-more"}, "", append(each(owner, 21), "discard", "delete"), "all 21 attempts failed", hook.Deleted},
		{"clazar", nil, "5s 5m 30m 2h 5h 10h 10h", []string{"notify message.attempt.failing", "discard", "notify message.attempt.exhausted"}, "all 8 attempts failed", ""},
		{"machnet-paas", nil, "", nil, "the only attempt failed", ""},
		{"machnet-paas", []string{"policy.retry=hourly"}, "1h 1h 1h 1h 1h 1h 1h 1h 1h 1h", []string{"pause"}, "all 11 attempts failed", hook.Paused},
		{"machnet-raas", nil, "1h 1h 1h 1h 1h 1h 1h 1h 1h 1h", []string{"discard", "pause"}, "all 11 attempts failed", hook.Paused},
		{"slack", nil, "0s 1m 5m", nil, "all 4 attempts failed", ""},
		{"shopify", nil, "56s 112s 224s 448s 896s 1792s 3584s 7168s", []string{"delete", "discard"}, "all 9 attempts failed", hook.Deleted},
		{"typeform", nil, "5m 10m 20m", []string{"discard"}, "all 4 attempts failed", ""},
		{"gitlab", nil, "", nil, "the only attempt failed", ""},
		{"bitbucket", nil, "1m 1m", []string{"discard"}, "all 3 attempts failed", ""},
		{"twilio", []string{"policy.retry=unreachable"}, "0s", nil, "all 2 attempts failed", ""},
		{"docusign", nil, "", nil, "the only attempt failed", ""},
	} {
		t.Run(c.provider+strings.Join(c.set, " "), func(t *testing.T) {
			w := newWalk(t, rulesOf(t, c.provider, c.set...))
			for !w.course.Over() {
				w.statuses(500)
			}
			if w.course.State != hook.Lost || w.step.Reason != c.reason || w.standing.Status != c.status {
				t.Errorf("%s, %q, endpoint %q", w.course.State, w.step.Reason, w.standing.Status)
			}
			if c.provider != "recharge" && !slices.Equal(w.waits, durations(c.waits)) {
				t.Errorf("waits %v, want %s", w.waits, c.waits)
			}
			if got := w.effects; c.provider == "recharge" {
				slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(b[:1], a[:1]) })
			}
			if diff := cmp.Diff(c.effects, w.effects); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTwentyAttemptsLieEvenlyIn48Hours(t *testing.T) {
	for _, took := range []time.Duration{0, 5 * time.Second, 3 * time.Hour} {
		w := newWalk(t, rulesOf(t, "recharge"))
		var begun []time.Duration
		for !w.course.Over() {
			w.get(Result{Failure: hook.FailureLate}, took)
			begun = append(begun, w.now.Add(-took).Sub(begin()))
		}
		if took == 3*time.Hour { // longer than the parts: each begins when the last has ended
			if len(begun) != 20 || begun[19] != 57*time.Hour {
				t.Errorf("%d attempts, the last at %s", len(begun), begun[len(begun)-1])
			}
			continue
		}
		if len(begun) != 20 || begun[19] != 48*time.Hour {
			t.Fatalf("%d attempts, the last at %s", len(begun), begun[len(begun)-1])
		}
		for i, at := range begun {
			want := 48 * time.Hour / 19 * time.Duration(i)
			if off := at - want; off < -time.Microsecond || off > time.Microsecond {
				t.Errorf("attempt %d at %s, want %s", i+1, at, want)
			}
		}
	}
}

func TestAnAttemptThatFailsThenSucceeds(t *testing.T) {
	w := newWalk(t, rulesOf(t, "clazar"))
	w.statuses(500, 500, 204)
	if w.course.State != hook.Succeeded || w.course.Tries != 3 || !w.course.Due.IsZero() || w.standing.InRow != 0 {
		t.Errorf("%+v %+v", w.course, w.standing)
	}
}

func TestA409IsSentAgainUntilItSucceeds(t *testing.T) {
	w := newWalk(t, rulesOf(t, "machnet-paas"))
	w.statuses(times(500, 409)...)
	if w.course.Over() || w.standing.Status != "" || w.standing.InRow != 0 {
		t.Errorf("%+v %+v", w.course, w.standing)
	}
	for _, wait := range w.waits {
		if wait != time.Hour {
			t.Fatalf("it waits %s", wait)
		}
	}
	w.statuses(200)
	if w.course.State != hook.Succeeded || w.course.Tries != 501 || w.course.Repeats != 500 {
		t.Errorf("%+v", w.course)
	}
}

func TestA409IsOffTheSchedule(t *testing.T) {
	w := newWalk(t, rulesOf(t, "machnet-raas"))
	w.statuses(slices.Concat(times(3, 409), times(10, 500), times(2, 409))...)
	if w.course.Over() {
		t.Fatal("it was given up before its 11th failure")
	}
	w.statuses(500)
	if w.course.State != hook.Lost || w.course.Tries != 16 || w.standing.Status != hook.Paused || w.standing.Until != "updated" {
		t.Errorf("%+v %+v", w.course, w.standing)
	}
}

func TestARedirectIsAFailure(t *testing.T) {
	for _, name := range []string{"machnet-paas", "retm", "techrar", "clazar"} {
		w := newWalk(t, rulesOf(t, name))
		w.statuses(302)
		if w.step.Verdict.Acknowledged {
			t.Errorf("%s takes a 302 for an acknowledgement", name)
		}
	}
}

// The attempts that are repeated at an interval have an end of their own, after which the
// delivery counts as lost.
func TestRepeatsEnd(t *testing.T) {
	w := newWalk(t, rulesOf(t, "typeform"))
	w.statuses(times(199, 503)...)
	if w.course.Over() {
		t.Fatal("it was given up too early")
	}
	w.statuses(503)
	if w.course.State != hook.Lost || w.step.Reason != "answered 503 200 times" || w.standing.Lost != 1 || w.standing.InRow != 1 {
		t.Errorf("%+v %q %+v", w.course, w.step.Reason, w.standing)
	}
	if w.course.Last.Sub(w.course.First) != 199*3*time.Minute {
		t.Errorf("it took %s", w.course.Last.Sub(w.course.First))
	}
}

func TestStatusesThatEndAtOnce(t *testing.T) {
	for _, c := range []struct {
		provider string
		status   int
		endpoint hook.EndpointStatus
	}{
		{"typeform", 410, hook.Disabled}, {"typeform", 404, hook.Disabled},
		{"standard-webhooks", 410, hook.Disabled}, {"bitbucket", 404, ""}, {"bitbucket", 301, ""}, {"mailgun", 406, ""},
	} {
		w := newWalk(t, rulesOf(t, c.provider))
		w.statuses(c.status)
		if w.course.State != hook.Lost || w.standing.Status != c.endpoint || len(w.waits) > 0 {
			t.Errorf("%s, %d: %s, endpoint %q", c.provider, c.status, w.course.State, w.standing.Status)
		}
	}
}

// Svix's own rules name no status that ends anything: it is the specification that does.
func TestGoneIsAFailureLikeAnyOtherForSvix(t *testing.T) {
	for _, name := range []string{"svix", "clazar"} {
		w := newWalk(t, rulesOf(t, name))
		w.statuses(times(7, 410)...)
		if w.course.Over() || w.standing.Status != "" {
			t.Errorf("%s: %+v, %+v", name, w.course, w.standing)
		}
		w.statuses(410)
		if w.course.State != hook.Lost || w.standing.Status != "" {
			t.Errorf("%s: %+v, %+v", name, w.course, w.standing)
		}
	}
}

func TestWhoeverDisablesSendsItsNotice(t *testing.T) {
	w := newWalk(t, rulesOf(t, "clazar", `policy.actions={"410": {do: disable}}`))
	w.statuses(410)
	want := []string{"discard", "notify message.attempt.exhausted", "disable", "notify endpoint.disabled"}
	if w.standing.Status != hook.Disabled || !slices.Equal(w.effects, want) {
		t.Errorf("%+v, %q", w.standing, w.effects)
	}
}

func TestReadingsOfWhatAcknowledges(t *testing.T) {
	plain := rulesOf(t, "recharge")
	listed := rulesOf(t, "recharge", "policy.ack.statuses=only-listed-failures")
	only := rulesOf(t, "recharge", "policy.ack.statuses=[200]")
	for status, want := range map[int][3]bool{
		200: {true, true, true}, 201: {true, true, false}, 302: {false, true, false}, 404: {false, true, false},
		408: {false, false, false}, 429: {false, false, false}, 499: {false, true, false}, 500: {false, false, false},
	} {
		for i, r := range []*Rules{plain, listed, only} {
			if got := r.Judge("order/created", Result{Status: status}).Acknowledged; got != want[i] {
				t.Errorf("reading %d takes %d for %v", i, status, got)
			}
		}
	}
}

func TestSomeAnswersNeedABody(t *testing.T) {
	r := rulesOf(t, "retm")
	if v := r.Judge("check_reward", Result{Status: 200}); v.Acknowledged || !strings.Contains(v.Reason, "without a body") {
		t.Errorf("%+v", v)
	}
	if !r.Judge("check_reward", Result{Status: 200, Body: true}).Acknowledged || !r.Judge("order.created", Result{Status: 200}).Acknowledged {
		t.Error("a good answer is refused")
	}
}

func TestWhatIsLateIsNoAcknowledgement(t *testing.T) {
	v := rulesOf(t, "clazar").Judge("x", Result{Status: 200, Failure: hook.FailureLate})
	if v.Acknowledged || v.Reason != "200, but not within 15s" {
		t.Errorf("%+v", v)
	}
	if limit, stated := rulesOf(t, "techrar").Deadline(); limit != StandardDeadline || stated {
		t.Errorf("%s, %v", limit, stated)
	}
}

func TestAManualAttemptIsOffTheSchedule(t *testing.T) {
	w := newWalk(t, rulesOf(t, "svix"))
	w.statuses(500)
	before := w.course
	step := w.rules.After("x", w.course, w.standing, Result{StartedAt: w.now, EndedAt: w.now, Status: 500, Manual: true}, 0.5)
	if step.Course != before || step.Standing.InRow != 1 {
		t.Errorf("a failed manual attempt changed %+v to %+v", before, step.Course)
	}
	step = w.rules.After("x", w.course, w.standing, Result{StartedAt: w.now, EndedAt: w.now, Status: 200, Manual: true}, 0.5)
	if step.Course.State != hook.Succeeded {
		t.Errorf("%+v", step.Course)
	}
}

// An attempt that hookctl broke off itself is none of the receiver's failures.
func TestWhatHookctlBreaksOffDoesNotCount(t *testing.T) {
	w := newWalk(t, rulesOf(t, "recharge"))
	w.get(Result{Failure: hook.FailureCancelled}, 0)
	if w.course != (hook.Course{}) || w.standing.InRow != 0 || len(w.step.Effects) > 0 {
		t.Errorf("%+v %+v %+v", w.course, w.standing, w.step.Effects)
	}
}

func TestNextIsTheWholeHistory(t *testing.T) {
	r := rulesOf(t, "retm")
	if step := r.Next("order.created", nil, hook.Standing{}, even); step.Course.Over() || !step.Course.Due.IsZero() || step.Course.Tries != 0 {
		t.Errorf("without a history: %+v", step.Course)
	}
	at := func(s int) time.Time { return begin().Add(time.Duration(s) * time.Second) }
	history := []Result{
		{StartedAt: at(0), EndedAt: at(10), Failure: hook.FailureLate},
		{StartedAt: at(20), EndedAt: at(21), Status: 500},
	}
	step := r.Next("order.created", history, hook.Standing{}, even)
	if !step.Course.Due.Equal(at(31)) || step.Course.Tries != 2 || step.Course.First != at(0) {
		t.Errorf("%+v", step.Course)
	}
}
