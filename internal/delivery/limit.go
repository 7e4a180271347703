package delivery

import (
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// timerSlack is how late a timer may wake us without the time being lost to a rate.
const timerSlack = 10 * time.Millisecond

// A limiter spaces beginnings evenly: a rate of 300 in a minute lets one begin each 200 ms,
// and no more of them however long nothing began. What a timer was late is made up for.
type limiter struct {
	next time.Time
}

// free is when the next may begin.
func (l *limiter) free() time.Time { return l.next }

// take notes that one begins at the time now.
func (l *limiter) take(now time.Time, r hook.Rate) {
	if r.Count <= 0 || r.Per <= 0 {
		l.next = time.Time{}
		return
	}
	if early := now.Add(-timerSlack); l.next.Before(early) {
		l.next = now
	}
	l.next = l.next.Add(r.Per / time.Duration(r.Count))
}

// giveBack undoes a take: nothing began after all.
func (l *limiter) giveBack(r hook.Rate) {
	if r.Count > 0 && r.Per > 0 {
		l.next = l.next.Add(-r.Per / time.Duration(r.Count))
	}
}
