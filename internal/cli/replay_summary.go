package cli

import (
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// A replaySummary is the last line of the stream of replay. What hookctl broke off itself
// is Cancelled, and neither acknowledged nor failed.
type replaySummary struct {
	Kind     string  `json:"kind"`
	Run      hook.ID `json:"run,omitempty"`
	Attempts int     `json:"attempts"`
	// Before is how many of them were made before the replay was gone on with.
	Before       int `json:"attempts_before,omitempty"`
	Acknowledged int `json:"acknowledged"`
	Failed       int `json:"failed"`
	Cancelled    int `json:"cancelled"`
	Unsent       int `json:"unsent"`
	Unreachable  int `json:"unreachable"`
	// Causes counts what failed by its failure or status.
	Causes     map[string]int `json:"causes,omitempty"`
	Stale      int            `json:"stale_signatures"`
	DurationMS float64        `json:"duration_ms"`
	*latenciesJSON
	*changesJSON
}

// latenciesJSON are left out where nothing was answered.
type latenciesJSON struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
}

// changesJSON count what became of answers, where they were compared.
type changesJSON struct {
	Fixed        int `json:"fixed"`
	StillFailing int `json:"still_failing"`
	NewlyBroken  int `json:"newly_broken"`
	Changed      int `json:"changed"`
	Unchanged    int `json:"unchanged"`
	New          int `json:"new"`
}

// summary is of the whole replay, which took so long in this part.
func (t *replayTeller) summary(took time.Duration) replaySummary {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	whole := &t.whole
	s := replaySummary{
		Kind: kindSummary, Attempts: whole.Sent + whole.Stopped, Before: t.replayer.before.Sent, Acknowledged: whole.Acknowledged,
		Failed: whole.Sent - whole.Acknowledged, Cancelled: whole.Stopped, Unsent: whole.Unsent,
		Unreachable: whole.Failed[hook.FailureUnreachable], Causes: whole.Failed, Stale: whole.Stale, DurationMS: ms(took),
	}
	if run := t.replayer.record; run != nil {
		s.Run = run.ID
	}
	if l := &whole.Latencies; l.Len() > 0 {
		s.latenciesJSON = &latenciesJSON{P50: ms(l.At(0.5)), P95: ms(l.At(0.95)), P99: ms(l.At(0.99))}
	}
	if c := whole.Changes; t.replayer.options.Diff {
		s.changesJSON = &changesJSON{
			Fixed: c[replay.Fixed], StillFailing: c[replay.StillFailing], NewlyBroken: c[replay.NewlyBroken],
			Changed: c[replay.Differs], Unchanged: c[replay.Unchanged], New: c[replay.New],
		}
	}
	return s
}
