package send

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
)

// A wireEnd notes whether it was closed.
type wireEnd struct {
	net.Conn
	closed bool
}

func (w *wireEnd) Close() error { w.closed = true; return nil }

func watched() (*conn, *wireEnd) {
	end := &wireEnd{}
	return &conn{raw: end}, end
}

func TestTheEndOfAContextDropsWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := watches{by: map[<-chan struct{}]*watch{}}
		ctx, cancel := context.WithCancel(t.Context())
		other, cancelOther := context.WithCancel(t.Context())
		defer cancelOther()
		done, doneEnd := watched()
		going, goingEnd := watched()
		apart, apartEnd := watched()
		first, second, third := all.over(ctx, done), all.over(ctx, going), all.over(other, apart)
		if first != second || second == third {
			t.Error("exchanges share a watch by their context, and only by that")
		}
		if !first.release(done) {
			t.Error("the context has ended before it has")
		}
		cancel()
		synctest.Wait()
		if doneEnd.closed || !goingEnd.closed || apartEnd.closed {
			t.Errorf("closed: released %t, under way %t, of another %t", doneEnd.closed, goingEnd.closed, apartEnd.closed)
		}
		late, lateEnd := watched()
		again := all.over(ctx, late)
		synctest.Wait()
		if !lateEnd.closed || again == second {
			t.Error("what begins after the end is not dropped")
		}
		if second.release(going) || again.release(late) || !third.release(apart) {
			t.Error("whether the context has ended is told wrongly")
		}
		if len(all.by) != 0 {
			t.Errorf("%d watches are left", len(all.by))
		}
	})
}

func TestAContextWithoutEndHasNoWatch(t *testing.T) {
	all := watches{by: map[<-chan struct{}]*watch{}}
	c, _ := watched()
	if w := all.over(context.Background(), c); w != nil || !w.release(c) || len(all.by) != 0 {
		t.Error("there is a watch")
	}
}
