package send

import (
	"net"
)

// A headConn is a connection on which the head that net/http writes can be
// replaced, because net/http sorts header fields and this package must not.
//
// replaceHead is called between the moment the transport takes the connection
// for a request and its first write, so that nothing here needs a lock.
type headConn struct {
	net.Conn
	head    []byte // what to write instead of the next head; nil once written
	matched int    // how much of the blank line that ends a head has gone by
}

func (c *headConn) replaceHead(head []byte) { c.head, c.matched = head, 0 }

// Write passes p on, with our own head in the place of the one at its start.
func (c *headConn) Write(p []byte) (int, error) {
	if c.head == nil {
		return c.Conn.Write(p)
	}
	end := c.headEnd(p)
	if end < 0 {
		return len(p), nil
	}
	// One write for head and body: one packet, one system call.
	skipped := len(c.head) - end
	out := append(c.head, p[end:]...)
	c.head = nil
	n, err := c.Conn.Write(out)
	return max(0, min(n-skipped, len(p))), err
}

// headEnd returns how many bytes of p still belong to the head that is being
// replaced, or -1 where all do and more will follow.
func (c *headConn) headEnd(p []byte) int {
	const blankLine = "\r\n\r\n"
	for i, b := range p {
		switch {
		case b == blankLine[c.matched]:
			c.matched++
		case b == '\r':
			c.matched = 1
		default:
			c.matched = 0
		}
		if c.matched == len(blankLine) {
			return i + 1
		}
	}
	return -1
}
