package replay

import (
	"context"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Pace says when attempts begin. The nil Pace is as fast as can be. It is not safe for
// concurrent use.
type Pace struct {
	// Rate bounds how many begin in a time, evenly spread; the zero Rate is no bound.
	Rate hook.Rate
	// Speed sends captures as far apart as they came, so many times as fast; 0 does not.
	// Where they are sent repeatedly, each time begins when the one before is through.
	Speed float64

	next  time.Time // before which Rate allows nothing
	try   int       // the time that is under way
	began time.Time // when its first capture was sent
	first time.Time // when that had come
}

// catchUp is how far behind its rate a replay may be and still make up for it: timers wake
// a little late each time.
const catchUp = 50 * time.Millisecond

// wait waits for the time of shot, and reports whether it came.
func (p *Pace) wait(ctx context.Context, shot *Shot) bool {
	if p == nil {
		return true
	}
	now := time.Now()
	at := p.spaced(shot, now)
	if p.Rate.Count > 0 {
		if now.Sub(p.next) > catchUp {
			p.next = now
		}
		at = p.next
		p.next = p.next.Add(p.Rate.Per / time.Duration(p.Rate.Count))
	}
	wait := at.Sub(now)
	if wait <= 0 {
		return true
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// spaced is when shot is due for its distance from the first capture.
func (p *Pace) spaced(shot *Shot, now time.Time) time.Time {
	if p.Speed == 0 {
		return now
	}
	received := shot.Capture.ReceivedAt
	if p.try != shot.Try {
		p.try, p.began, p.first = shot.Try, now, received
	}
	return p.began.Add(time.Duration(float64(received.Sub(p.first)) / p.Speed))
}
