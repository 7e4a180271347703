package validate

import "sync"

// A gate bounds how many bytes of payloads are in memory. What belongs to the batch
// that is to be told next passes always, so that nothing waits for ever.
type gate struct {
	mu     sync.Mutex
	moved  sync.Cond
	free   int64
	next   int // the batch that is to be told next
	closed bool
}

func newGate(bytes int64) *gate {
	g := &gate{free: bytes}
	g.moved.L = &g.mu
	return g
}

// enter waits until there is room for n bytes of a batch, and reports whether the gate
// is still open.
func (g *gate) enter(batch int, n int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.free < n && batch > g.next && !g.closed {
		g.moved.Wait()
	}
	g.free -= n
	return !g.closed
}

// leave gives n bytes back.
func (g *gate) leave(n int64) {
	if n == 0 {
		return
	}
	g.mu.Lock()
	g.free += n
	g.mu.Unlock()
	g.moved.Broadcast()
}

// told says that a batch was told as a whole, with n bytes that it still had.
func (g *gate) told(batch int, n int64) {
	g.mu.Lock()
	g.next, g.free = batch+1, g.free+n
	g.mu.Unlock()
	g.moved.Broadcast()
}

// close lets everybody go who waits.
func (g *gate) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.moved.Broadcast()
}
