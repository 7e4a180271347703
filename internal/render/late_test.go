package render

import (
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// An answer that came too late is told once, and not as one that broke off.
func TestResultsInWords(t *testing.T) {
	for want, a := range map[string]*hook.Attempt{
		"200, after 3.0 ms":                              {Status: 200, Latency: 3 * time.Millisecond},
		"200, then broken: closed, after 3.0 ms":         {Status: 200, Failure: hook.FailureBroken, Reason: "closed", Latency: 3 * time.Millisecond},
		"late: no complete answer in time, after 15.0 s": {Failure: hook.FailureLate, Reason: "no complete answer in time", Latency: 15 * time.Second},
		"late: answered 200 after 17.2s, later than the 15s allowed": {
			Status: 200, Failure: hook.FailureLate, Reason: "answered 200 after 17.2s, later than the 15s allowed", Latency: 17200 * time.Millisecond,
		},
	} {
		if got := resultInWords(a); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
