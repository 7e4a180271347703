package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/replay"
)

// A replayPosition is how far a replay is.
type replayPosition struct {
	spec  *replaySpec
	first int64 // seq of the first capture
	shot  *replay.Shot
	count int
}

// at notes the latest shot.
func (p *replayPosition) at(shot *replay.Shot) {
	if p.count++; p.first == 0 {
		p.first = shot.Capture.Seq
	}
	p.shot = shot
}

// done is the part that is behind it, 0 where that is not known: by number where the
// captures are numbered, else by how far the store was gone through.
func (p *replayPosition) done() float64 {
	spec := p.spec
	switch {
	case spec.stdin():
		return 0
	case len(spec.IDs) > 0:
		return float64(p.count) / float64(len(spec.IDs)*spec.Repeat)
	case spec.Limit > 0:
		return float64(p.count) / float64(spec.Limit*spec.Repeat)
	}
	part := float64(p.shot.Capture.Seq-p.first+1) / float64(max(spec.Last-p.first+1, 1))
	return (float64(p.shot.Try-1) + part) / float64(spec.Repeat)
}

// barWidth is how wide the bar is.
const barWidth = 24

// progress is "replaying 12000, 6000/s, 3 failed, 6s left [#####...]": of a line that is too
// narrow the bar is what goes.
func (t *replayTeller) progress() string {
	elapsed := t.replayer.app.world.Now().Sub(t.start)
	done := min(t.position.done(), 1)
	n := t.position.count
	text := fmt.Sprintf("replaying %d, %.0f/s", n, float64(n)/max(elapsed.Seconds(), 1e-9))
	if bad := t.total.Sent - t.total.Acknowledged + t.total.Unsent; bad > 0 {
		text += fmt.Sprintf(", %d failed", bad)
	}
	if done > 0 && done < 1 {
		left := time.Duration(float64(elapsed) * (1 - done) / done)
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	if done > 0 {
		full := int(done * barWidth)
		text += " [" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
	}
	return text
}
