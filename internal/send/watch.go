package send

import (
	"context"
	"sync"
)

// Watches drop connections when contexts end. Exchanges under one context share a watch:
// one for each takes longer than to look at what is shared, where many are under way.
type watches struct {
	mu sync.Mutex
	by map[<-chan struct{}]*watch // by what is closed at the end of the context
}

// A watch is over one context. A nil one is over a context that never ends.
type watch struct {
	of    *watches
	done  <-chan struct{}
	conns map[*conn]bool
	stop  func() bool
	ended bool // the context has, and the connections were dropped
}

// over returns the watch over ctx, which drops c at its end, until it is released.
func (w *watches) over(ctx context.Context, c *conn) *watch {
	done := ctx.Done()
	if done == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	one := w.by[done]
	if one == nil {
		one = &watch{of: w, done: done, conns: map[*conn]bool{}}
		one.stop = context.AfterFunc(ctx, one.end)
		w.by[done] = one
	}
	one.conns[c] = true
	return one
}

// end drops what is watched.
func (w *watch) end() {
	w.of.mu.Lock()
	defer w.of.mu.Unlock()
	w.ended = true
	w.forget()
	for c := range w.conns {
		c.drop()
	}
}

// release ends the watch over c, and reports whether the context has not ended before.
func (w *watch) release(c *conn) bool {
	if w == nil {
		return true
	}
	w.of.mu.Lock()
	defer w.of.mu.Unlock()
	delete(w.conns, c)
	if len(w.conns) == 0 && !w.ended {
		w.stop()
		w.forget()
	}
	return !w.ended
}

// forget lets the next exchange under the context have a watch of its own. Another may be
// there already, where this one was released in the moment in which its context ended.
func (w *watch) forget() {
	if w.of.by[w.done] == w {
		delete(w.of.by, w.done)
	}
}
