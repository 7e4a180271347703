package replay

import (
	"strconv"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Total is what came of all shots.
type Total struct {
	// Sent counts attempts, Acknowledged those that the target acknowledged, Unsent the
	// shots of which no request could be made, Stopped the attempts that were cut short
	// by the end of the run.
	Sent, Acknowledged, Unsent, Stopped int
	// Failed counts the other attempts by what went wrong: a status, or one of the
	// hook.Failure constants.
	Failed map[string]int
	// Changes counts what became of answers, where that was asked for.
	Changes map[Change]int
	// Stale counts the attempts with a signature that is too old for the provider's rule.
	Stale int
	// Tolerated is the age that the last of these was allowed to have.
	Tolerated time.Duration

	Latencies Latencies
}

// Add counts a result.
func (t *Total) Add(r *Result) {
	a := r.Attempt
	if a == nil {
		t.Unsent++
		return
	}
	if a.Failure == hook.FailureCancelled {
		t.Stopped++
		return
	}
	t.Sent++
	if r.Message.Stale > 0 {
		t.Stale, t.Tolerated = t.Stale+1, r.Message.Stale
	}
	if a.Failure == "" {
		t.Latencies.Add(a.Latency)
	}
	if r.Why == "" {
		t.Acknowledged++
		return
	}
	if t.Failed == nil {
		t.Failed = map[string]int{}
	}
	t.Failed[Cause(a)]++
}

// AddChange counts what became of n answers.
func (t *Total) AddChange(c Change, n int) {
	if t.Changes == nil {
		t.Changes = map[Change]int{}
	}
	t.Changes[c] += n
}

// Cause names what went wrong with a: its failure, or else its status.
func Cause(a *hook.Attempt) string {
	if a.Failure != "" {
		return a.Failure
	}
	return strconv.Itoa(a.Status)
}
