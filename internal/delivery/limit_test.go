package delivery

import (
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"pgregory.net/rapid"
)

func TestNoTimeHasMoreThanItsRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := hook.Rate{Count: rapid.IntRange(1, 500).Draw(t, "count"), Per: rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour}).Draw(t, "per")}
		pauses := rapid.SliceOfN(rapid.Int64Range(0, int64(rate.Per)), 1, 20).Draw(t, "pauses")
		var l limiter
		var begun []time.Time
		now := begin()
		for i := range 1500 {
			if i%40 == 0 { // nothing was to be sent for a while
				now = now.Add(time.Duration(pauses[i/40%len(pauses)]))
			}
			if free := l.free(); free.After(now) {
				now = free
			}
			l.take(now, rate)
			begun = append(begun, now)
		}
		for i := rate.Count; i < len(begun); i++ {
			if span := begun[i].Sub(begun[i-rate.Count]); span < rate.Per-timerSlack-time.Microsecond {
				t.Fatalf("%d began within %v, at a rate of %d in %v", rate.Count+1, span, rate.Count, rate.Per)
			}
		}
	})
}

func TestTimersThatAreLateDoNotSlowARate(t *testing.T) {
	var l limiter
	now, rate := begin(), hook.Rate{Count: 1000, Per: time.Second}
	for range 1000 {
		if free := l.free(); free.After(now) {
			now = free.Add(700 * time.Microsecond)
		}
		l.take(now, rate)
	}
	if took := now.Sub(begin()); took > 1010*time.Millisecond {
		t.Errorf("1000 took %v", took)
	}
}

func TestWhatIsGivenBackWasNotTaken(t *testing.T) {
	var l limiter
	now, rate := begin(), hook.Rate{Count: 6, Per: time.Hour}
	l.take(now, rate)
	l.giveBack(rate)
	if l.free().After(now) {
		t.Errorf("free at %v", l.free())
	}
	l.take(now, hook.Rate{})
	if !l.free().IsZero() {
		t.Error("no rate is no bound")
	}
}
