package listener

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
)

// maxHead is the most a request head may take; net/http answers 431 beyond it.
const maxHead = 256 << 10

// A tapListener hands out connections that record each request head as it was
// sent, because net/http changes the case of header names and loses their order.
type tapListener struct {
	net.Listener
	tls *tls.Config // nil for plain HTTP
	// stalled is told when Accept begins to fail, and again (nil) when it works.
	stalled func(error)

	mu    sync.Mutex
	fresh map[*tapConn]struct{} // connections that have not sent a byte yet
}

func newTapListener(ln net.Listener, config *tls.Config, stalled func(error)) *tapListener {
	return &tapListener{Listener: ln, tls: config, stalled: stalled, fresh: map[*tapConn]struct{}{}}
}

// Accept waits for the next connection. Where the process has run out of file
// descriptors it reports that once; net/http waits and calls again.
func (l *tapListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		if !errors.Is(err, net.ErrClosed) {
			l.stalled(err)
		}
		return nil, err
	}
	l.stalled(nil)
	if l.tls != nil {
		// The tap sits on the plain side, so net/http does not see the TLS connection;
		// the handshake happens in the first Read, under the header timeout.
		conn = tls.Server(conn, l.tls)
	}
	tap := &tapConn{Conn: conn}
	l.mu.Lock()
	l.fresh[tap] = struct{}{}
	l.mu.Unlock()
	return tap, nil
}

// connState follows net/http's view of a connection.
func (l *tapListener) connState(conn net.Conn, state http.ConnState) {
	tap, ok := conn.(*tapConn)
	if !ok {
		return
	}
	switch state {
	case http.StateActive, http.StateClosed:
		if !tap.known {
			tap.known = true
			l.mu.Lock()
			delete(l.fresh, tap)
			l.mu.Unlock()
		}
	case http.StateIdle:
		tap.rearm()
	}
}

// closeFresh ends the connections that never sent a byte: no request of theirs
// can be in flight, and a graceful stop would wait for them.
func (l *tapListener) closeFresh() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for tap := range l.fresh {
		tap.Close()
	}
}

// A tapConn records what is read until the blank line that ends a request head.
//
// Its methods are called by one goroutine at a time: net/http stops its
// background read before it reports the connection idle.
type tapConn struct {
	net.Conn
	head []byte // the head read so far, from its first byte
	done bool   // the head is complete: what follows is body
	// known is set once the connection has left the listener's set of fresh ones.
	known bool
	// ahead is a byte of the next head that was read before the connection was
	// reported idle: net/http reads one byte in the background while a handler
	// runs, and a fast client may have sent it by then.
	ahead []byte
}

// Read reads from the connection and records what belongs to the head.
func (c *tapConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		var notTLS tls.RecordHeaderError
		if errors.As(err, &notTLS) && notTLS.Conn != nil {
			io.WriteString(notTLS.Conn, "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nthis port speaks HTTPS: use https:// in the URL\n")
		}
	}
	switch {
	case n == 0:
	case !c.done:
		c.record(p[:n])
	case n == 1 && len(p) == 1:
		c.ahead = append(c.ahead[:0], p[0])
	}
	return n, err
}

// record appends to the head up to the blank line that ends it.
func (c *tapConn) record(p []byte) {
	for len(c.head) == 0 && len(p) > 0 && (p[0] == '\r' || p[0] == '\n') {
		p = p[1:] // net/http skips empty lines before a request, and so do we
	}
	from := max(0, len(c.head)-3)
	c.head = append(c.head, p...)
	if end := headEnd(c.head, from); end > 0 {
		c.head, c.done = c.head[:end], true
	} else if len(c.head) > maxHead+4096 {
		c.done = true
	}
}

// rearm starts the recording of the next head.
func (c *tapConn) rearm() {
	c.head, c.done = c.head[:0], false
	c.record(c.ahead)
	c.ahead = c.ahead[:0]
}

// headEnd returns the length of the head in b including its blank line, or 0
// where that has not come yet. Bytes before from were looked at already. A bare
// line feed ends a line, as for net/http.
func headEnd(b []byte, from int) int {
	for i := from; i < len(b); i++ {
		if b[i] != '\n' {
			continue
		}
		if i+1 < len(b) && b[i+1] == '\n' {
			return i + 2
		}
		if i+2 < len(b) && b[i+1] == '\r' && b[i+2] == '\n' {
			return i + 3
		}
	}
	return 0
}
