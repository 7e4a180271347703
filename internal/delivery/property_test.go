package delivery

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"pgregory.net/rapid"
)

// drawRules are the rules of a policy that nobody has thought of.
func drawRules(t *rapid.T, outer *testing.T) *Rules {
	sets := []string{"policy.exhausted=[{do: discard}]", "policy.ack.statuses=[2xx]", "policy.retry=" + drawRetry(t)}
	if rapid.Bool().Draw(t, "actions") {
		sets = append(sets, `policy.actions={"409": {do: repeat, every: `+drawPeriod(t)+fmt.Sprintf(", attempts: %d", rapid.IntRange(0, 4).Draw(t, "repeats"))+
			`}, "410": {do: disable}, "406": {do: drop}, "429": {do: throttle}}`)
	}
	sets = append(sets, "policy.failing="+drawFailing(t))
	return rulesOf(outer, "svix", sets...)
}

func drawPeriod(t *rapid.T) string {
	return rapid.SampledFrom([]string{"1s", "5s", "1m", "17m", "2h", "30h"}).Draw(t, "period")
}

// drawRetry is a retry rule that some profile could have.
func drawRetry(t *rapid.T) string {
	var parts []string
	attempts := rapid.IntRange(1, 12).Draw(t, "attempts")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		delays := make([]string, attempts-1)
		for i := range delays {
			delays[i] = drawPeriod(t)
		}
		parts = append(parts, fmt.Sprintf("attempts: %d", attempts), "delays: ["+strings.Join(delays, ", ")+"]")
	case 1:
		parts = append(parts, fmt.Sprintf("attempts: %d", attempts), "window: "+drawPeriod(t))
	case 2:
		parts = append(parts, fmt.Sprintf("attempts: %d", attempts), "exponential: {base: "+drawPeriod(t)+", factor: 2, max: 9h}", "window: 40h")
	case 3:
		parts = append(parts, "delays: ["+drawPeriod(t)+"]", "exponential: {base: "+drawPeriod(t)+", factor: 1.5}", "window: "+drawPeriod(t))
	}
	if rapid.Bool().Draw(t, "extras") {
		parts = append(parts, fmt.Sprintf("jitter: %d", rapid.IntRange(0, 100).Draw(t, "jitter")),
			`floor: {timeout: 60s, reset: 2s, "429": 90s}`, "retry_after: {honoured: true, at_most: "+rapid.SampledFrom([]string{"0", "1", "2"}).Draw(t, "most")+"}")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// drawFailing are rules for endpoints that keep failing.
func drawFailing(t *rapid.T) string {
	all := []string{
		"a: {each: true, do: [{do: notify, whom: owner}]}",
		"b: {consecutive: 3, do: [{do: pause}], until: 1m}",
		"c: {consecutive: 5, within: 10m, do: [{do: disable}]}",
		"d: {for: 2h, within: 24h, apart: 1h, do: [{do: disable}]}",
		"e: {percent: 90, within: 60m, do: [{do: disable}]}",
		"f: {deliveries: 3, do: [{do: delete}]}",
		"g: {attempt: 2, do: [{do: notify, event: failing}]}",
	}
	var chosen []string
	for _, rule := range all {
		if rapid.Bool().Draw(t, rule[:1]) {
			chosen = append(chosen, rule)
		}
	}
	return "{" + strings.Join(chosen, ", ") + "}"
}

// drawResult is how an attempt that began at the time at ended.
func drawResult(t *rapid.T, at time.Time) Result {
	res := Result{StartedAt: at, EndedAt: at.Add(time.Duration(rapid.Int64Range(0, int64(20*time.Second)).Draw(t, "took")))}
	res.Failure = rapid.SampledFrom([]string{"", "", "", hook.FailureLate, hook.FailureBroken, hook.FailureUnreachable}).Draw(t, "failure")
	if res.Failure == "" {
		res.Status = rapid.SampledFrom([]int{200, 302, 400, 406, 409, 410, 429, 500, 503, 500, 500}).Draw(t, "status")
		res.RetryAfter = rapid.SampledFrom([]string{"", "3", "0.5", "86400", "1e99", "-1", "x", at.Add(time.Hour).Format(time.RFC1123Z)}).Draw(t, "wish")
	}
	return res
}

// Whatever a policy says and a receiver does.
func TestPromisesOfEveryPolicy(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := drawRules(rt, t)
		draws := rapid.Uint64().Draw(rt, "seed")
		draw := func(try int) float64 { return Chance(draws, "x", try) }
		var history []Result
		step := Step{}
		now := begin()
		for range rapid.IntRange(1, 25).Draw(rt, "length") {
			if step.Course.Due.After(now) {
				now = step.Course.Due
			}
			res := drawResult(rt, now)
			now, history = res.EndedAt, append(history, res)
			before := step
			step = r.After("x", before.Course, before.Standing, res, draw(before.Course.Tries+1))

			if again := r.After("x", before.Course, before.Standing, res, draw(before.Course.Tries+1)); !reflect.DeepEqual(again, step) {
				rt.Fatalf("the same gave %+v and %+v", step, again)
			}
			if whole := r.Next("x", history, hook.Standing{}, draw); !reflect.DeepEqual(whole.Course, step.Course) || !reflect.DeepEqual(whole.Standing, step.Standing) {
				rt.Fatalf("the history says %+v, its last step %+v", whole, step)
			}
			if before.Course.Over() {
				if !reflect.DeepEqual(step.Course, before.Course) || !reflect.DeepEqual(step.Standing, before.Standing) || len(step.Effects) > 0 {
					rt.Fatalf("what was over went on: %+v, then %+v", before.Course, step.Course)
				}
				continue
			}
			checkCourse(rt, r, step, res)
			if size := len(step.Standing.Marks); size > marksPerSpan+1 || len(step.Standing.Tallies) > talliesPerSpan+2 {
				rt.Fatalf("the standing grows: %+v", step.Standing)
			}
		}
	})
}

func checkCourse(t *rapid.T, r *Rules, step Step, res Result) {
	c, attempts, window, spread := step.Course, r.policy.Retry.Attempts, time.Duration(r.policy.Retry.Window), r.spread()
	if scheduled := c.Tries - c.Repeats; attempts > 0 && (scheduled > attempts || scheduled == attempts && c.Repeats == 0 && !c.Over()) {
		t.Fatalf("%d attempts of %d, and it is %q", scheduled, attempts, c.State)
	}
	switch c.State {
	case hook.Pending:
		if !r.Plans(c) {
			t.Fatalf("what is pending is taken for planned by others: %+v", c)
		}
		if c.Due.Before(res.EndedAt) {
			t.Fatalf("the next attempt is due %s before the end of the last", res.EndedAt.Sub(c.Due))
		}
		if window > 0 && c.Due.After(c.First.Add(window)) && step.Verdict.Action != "repeat" && !(spread && c.Due.Equal(res.EndedAt)) {
			t.Fatalf("the next attempt is due %s after the first, of %s", c.Due.Sub(c.First), window)
		}
		if step.Verdict.Acknowledged || step.Verdict.Action == "drop" || step.Verdict.Action == "disable" {
			t.Fatalf("it goes on after %+v", step.Verdict)
		}
	case hook.Lost:
		if step.Verdict.Acknowledged || step.Reason == "" || len(step.Rules) == 0 {
			t.Fatalf("lost: %+v", step)
		}
	case hook.Succeeded:
		if !step.Verdict.Acknowledged || res.Status != 200 || res.Failure != "" || slices.ContainsFunc(step.Effects, func(e Effect) bool { return e.Do != provider.Notify }) {
			t.Fatalf("succeeded: %+v", step)
		}
	default:
		t.Fatalf("the state is %q", c.State)
	}
	if c.Over() && !c.Due.IsZero() {
		t.Fatalf("it is over and due: %+v", c)
	}
}
