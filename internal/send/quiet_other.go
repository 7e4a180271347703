//go:build !unix

package send

import "time"

const (
	// trusted is how long an idle connection is taken for alive without a look.
	trusted = 100 * time.Millisecond
	// glance is how long the look takes: reading is tried for so long.
	glance = time.Millisecond
)

// silence returns a function that reports whether the target neither closed the idle
// connection c nor sent anything on it.
func silence(c *conn) func() bool {
	return func() bool {
		if time.Since(c.since) < trusted {
			return true
		}
		c.SetReadDeadline(time.Now().Add(glance))
		_, err := c.r.Peek(1)
		c.SetReadDeadline(time.Time{})
		return err != nil && isTimeout(err)
	}
}
