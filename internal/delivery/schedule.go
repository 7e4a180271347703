package delivery

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// maxDelay bounds a single wait, so that times stay times.
const maxDelay = 365 * 24 * time.Hour

// windowRule is the path of the rule by which the time for attempts is over.
const windowRule = "policy.retry.window"

// due says when the attempt after res may begin, c having taken res in already; false
// where the schedule has no more. draw in [0,1) is the chance that jitter takes. rules
// are the paths of the rules that decided.
func (r *Rules) due(c *hook.Course, res Result, draw float64) (at time.Time, rules []string, more bool) {
	retry := &r.policy.Retry
	n := c.Tries - c.Repeats // attempts on the schedule, at least 1
	if retry.Attempts > 0 && n >= retry.Attempts {
		return time.Time{}, []string{"policy.retry.attempts"}, false
	}
	delay, rule, more := r.delay(n, c, res.EndedAt)
	if !more {
		return time.Time{}, []string{rule}, false
	}
	delay, rules = r.varied(delay, res, draw)
	rules = append([]string{rule}, rules...)
	at = res.EndedAt.Add(delay)
	if end, closes := r.windowEnd(c); closes && at.After(end) {
		if !r.spread() {
			return time.Time{}, []string{windowRule}, false
		}
		// Each has its place in the window, and keeps it: what comes too late for its own,
		// for an attempt took so long or hookctl was not running, goes out at once.
		if at = end; res.EndedAt.After(end) {
			at = res.EndedAt
		}
	}
	return at, rules, true
}

// Plans reports whether the schedule has an attempt after those that c had. Where it has
// none, what is pending was planned by other rules. What is repeated at an interval, or
// when the receiver asked for it, is on no schedule.
func (r *Rules) Plans(c hook.Course) bool {
	n, most := c.Tries-c.Repeats, r.policy.Retry.Attempts
	if n < 1 || c.Repeats > 0 || r.unscheduled() {
		return true
	}
	_, _, more := r.delay(n, &c, c.Last)
	return more && (most == 0 || n < most)
}

// varied is a wait of the schedule as it is after res: at least its floor, more or less by
// jitter, and then no shorter than the receiver asks for. So jitter can shorten a floor, as
// it does where this is known, and never what the receiver asked for.
func (r *Rules) varied(delay time.Duration, res Result, draw float64) (time.Duration, []string) {
	retry, rules := &r.policy.Retry, []string(nil)
	if floor, path := r.floor(res); delay < floor {
		delay, rules = floor, append(rules, path)
	}
	planned := delay
	if retry.Jitter > 0 {
		delay = scale(delay, 1+(2*draw-1)*float64(retry.Jitter)/100)
		rules = append(rules, "policy.retry.jitter")
	}
	if wish, ok := retryAfter(res); ok && retry.RetryAfter.Honoured {
		if most := float64(retry.RetryAfter.AtMost); most > 0 {
			wish = min(wish, scale(planned, most))
		}
		if wish > delay {
			delay, rules = wish, append(rules, "policy.retry.retry_after")
		}
	}
	return delay, rules
}

// windowEnd is when the time for attempts is over; false where it never is.
func (r *Rules) windowEnd(c *hook.Course) (time.Time, bool) {
	window := r.policy.Retry.Window
	if window <= 0 || window == provider.AnyDuration {
		return time.Time{}, false
	}
	return c.First.Add(bounded(window)), true
}

// unscheduled reports whether nothing says when a failed attempt is followed by another.
func (r *Rules) unscheduled() bool {
	retry := &r.policy.Retry
	return retry.Attempts == 0 && len(retry.Delays) == 0 && retry.Exponential == nil && retry.Window == 0
}

// spread reports whether the attempts are spread evenly over the window.
func (r *Rules) spread() bool {
	retry := &r.policy.Retry
	return len(retry.Delays) == 0 && retry.Exponential == nil && retry.Attempts > 1 &&
		retry.Window > 0 && retry.Window != provider.AnyDuration
}

// delay is the wait after n attempts on the schedule, the last of which ended at end.
func (r *Rules) delay(n int, c *hook.Course, end time.Time) (delay time.Duration, rule string, more bool) {
	retry := &r.policy.Retry
	switch {
	case n <= len(retry.Delays):
		return bounded(retry.Delays[n-1]), "policy.retry.delays", true
	case retry.Exponential != nil:
		e := retry.Exponential
		steps := float64(n - len(retry.Delays) - 1)
		delay := scale(bounded(e.Base), math.Pow(math.Max(float64(e.Factor), 1), steps))
		if e.Max > 0 {
			delay = min(delay, bounded(e.Max))
		}
		return delay, "policy.retry.exponential", true
	case r.spread():
		// The attempts have their places in the window, so that the last is in it however
		// long each takes.
		part, rest := bounded(retry.Window)/time.Duration(retry.Attempts-1), bounded(retry.Window)%time.Duration(retry.Attempts-1)
		place := c.First.Add(part*time.Duration(n) + rest*time.Duration(n)/time.Duration(retry.Attempts-1))
		return max(place.Sub(end), 0), windowRule, true
	}
	// Nothing says how long it waits: without an interval there is nothing to run.
	return 0, "policy.retry", false
}

func bounded(d provider.Duration) time.Duration { return min(time.Duration(d), maxDelay) }

// scale multiplies d, within bounds.
func scale(d time.Duration, by float64) time.Duration {
	return time.Duration(min(float64(d)*by, float64(maxDelay)))
}

// floor is the shortest wait after res.
func (r *Rules) floor(res Result) (shortest time.Duration, path string) {
	for _, f := range r.policy.Retry.Floor {
		if d := bounded(f.Delay); follows(f.After, res) && d > shortest {
			shortest, path = d, "policy.retry.floor."+f.After
		}
	}
	return shortest, path
}

// follows reports whether res is what a floor is for.
func follows(after string, res Result) bool {
	switch after {
	case "timeout":
		return res.Failure == hook.FailureLate
	case "reset":
		return res.Failure == hook.FailureBroken
	}
	return res.Failure == "" && after == strconv.Itoa(res.Status)
}

// retryAfter reads the header: seconds, which may have a fraction, or a date.
func retryAfter(res Result) (time.Duration, bool) {
	text := strings.TrimSpace(res.RetryAfter)
	if text == "" || res.Failure != "" {
		return 0, false
	}
	if strings.Trim(text, "0123456789.") == "" {
		seconds, err := strconv.ParseFloat(text, 64)
		return scale(time.Second, seconds), err == nil
	}
	at, err := http.ParseTime(text)
	if err != nil {
		if at, err = time.Parse(time.RFC1123Z, text); err != nil {
			return 0, false
		}
	}
	return min(max(at.Sub(orTime(res.Wall, res.EndedAt)), 0), maxDelay), true
}
