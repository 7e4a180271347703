package send

import (
	"sync"
	"time"
)

const (
	// idlePerHost is the size of the connection pool for one target.
	idlePerHost = 256
	// idleTimeout lies below the 5 s after which common dev servers close an idle
	// connection, so that a request does not meet a connection that is just closing.
	idleTimeout = 4 * time.Second
)

// A pool holds idle connections, those of one origin in the order in which they became
// idle.
type pool struct {
	mu       sync.Mutex
	idle     map[origin][]*conn
	closing  map[origin]bool // those that close connections without saying so
	sweeping *time.Timer     // nil while nothing is idle
	closed   bool
}

// get returns the connection to o that became idle last, or nil where none is alive.
func (p *pool) get(o origin) *conn {
	for {
		c := p.pop(o)
		if c == nil {
			return nil
		}
		if time.Since(c.since) < idleTimeout && c.quiet() {
			return c
		}
		c.drop()
	}
}

func (p *pool) pop(o origin) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.idle[o]
	if len(of) == 0 {
		return nil
	}
	c := of[len(of)-1]
	of[len(of)-1] = nil
	p.idle[o] = of[:len(of)-1]
	return c
}

// put takes c, which has brought a whole answer.
func (p *pool) put(c *conn) {
	c.since, c.reused = time.Now(), true
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.closing[c.origin] || len(p.idle[c.origin]) >= idlePerHost {
		c.drop()
		return
	}
	p.idle[c.origin] = append(p.idle[c.origin], c)
	if p.sweeping == nil {
		p.sweeping = time.AfterFunc(idleTimeout, p.sweep)
	}
}

// distrust keeps no connection to o any more: it closes them without saying so, and what
// is sent on one at that moment is lost.
func (p *pool) distrust(o origin) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing == nil {
		p.closing = map[origin]bool{}
	}
	p.closing[o] = true
	for _, c := range p.idle[o] {
		c.Close()
	}
	delete(p.idle, o)
}

// sweep closes what has been idle for too long, and comes back as long as there is more.
func (p *pool) sweep() {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := false
	for o, of := range p.idle {
		old := 0
		for old < len(of) && time.Since(of[old].since) >= idleTimeout {
			of[old].Close()
			old++
		}
		if old == len(of) {
			delete(p.idle, o)
			continue
		}
		p.idle[o] = append(of[:0], of[old:]...)
		clear(of[len(of)-old:])
		left = true
	}
	p.sweeping = nil
	if left && !p.closed {
		p.sweeping = time.AfterFunc(idleTimeout/2, p.sweep)
	}
}

// close closes what is idle and takes nothing more.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	if p.sweeping != nil {
		p.sweeping.Stop()
	}
	for o, of := range p.idle {
		for _, c := range of {
			c.Close()
		}
		delete(p.idle, o)
	}
}
