package listener

import "sync/atomic"

// A change is a condition that is spoken of only when it changes.
type change struct{ on atomic.Bool }

// to sets the condition and reports whether that was a change.
func (c *change) to(on bool) bool {
	if c.on.Load() == on {
		return false
	}
	return c.on.CompareAndSwap(!on, on)
}
