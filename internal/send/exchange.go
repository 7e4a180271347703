package send

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// An exchange is one attempt under way: a request, and what is read in return.
type exchange struct {
	client  *Client
	ctx     context.Context
	request *Request
	relay   Relay
	attempt *hook.Attempt

	start    time.Time
	limit    time.Duration // what the target has for the whole answer; 0 is no limit
	deadline time.Time     // when that ends; zero for no limit
	last     time.Time     // when the waiting ends: the deadline and the grace

	conn  *conn
	watch *watch // over ctx, which drops conn

	mu     sync.Mutex // over the deadline for reading, which an upload sets as well
	headAt time.Time  // when the head of the answer was there; zero before
}

// grace is how long an answer is awaited after the deadline.
func (x *exchange) grace() time.Duration {
	switch set := x.client.options.Grace; {
	case x.relay != nil || set < 0:
		return 0
	case set > 0:
		return set
	}
	return min(x.limit/2, maxGrace)
}

// run sends the request and reads the answer.
func (x *exchange) run() error {
	if err := check(x.request); err != nil {
		return err
	}
	buffer := x.client.takeBuffer()
	defer x.client.giveBuffer(buffer)
	m, err := compose((*buffer)[:0], x.request)
	*buffer = m.first
	defer m.close()
	if err != nil {
		return err
	}
	if err := x.begin(m); err != nil {
		return err
	}
	up := x.upload(m)
	reusable, err := x.answer()
	if err != nil && x.endedBefore(err) {
		x.client.pool.distrust(x.conn.origin)
		err = &keptError{err}
	}
	finished, broken := up.end(x.conn)
	reusable = reusable && finished && !m.closes
	if x.watch.release(x.conn) && reusable && err == nil {
		x.client.pool.put(x.conn)
	} else {
		x.conn.drop()
	}
	var unread *bodyError
	if err != nil && errors.As(broken, &unread) {
		return unread
	}
	return err
}

// endedBefore reports whether err is the end of a connection that was kept open, before
// anything of the answer came.
func (x *exchange) endedBefore(err error) bool {
	return x.conn.reused && x.conn.unheard && isEnd(err)
}

// begin sends the first part of m. Where a pooled connection turns out to be closed
// before it took a single byte another one is tried.
func (x *exchange) begin(m *message) error {
	for {
		conn, err := x.client.connect(x.ctx, x.request.URL, x.deadline)
		if err != nil {
			return err
		}
		x.guard(conn)
		n, err := conn.Write(m.first)
		if err == nil {
			x.limitHead(m)
			return nil
		}
		if n > 0 && x.ctx.Err() == nil && !isTimeout(err) {
			return nil // the target may have answered before it closed
		}
		stopped := !x.watch.release(conn)
		conn.drop()
		if n > 0 || stopped || isTimeout(err) || !conn.reused || conn.secure {
			return err
		}
	}
}

// guard makes conn the connection of x: it ends with the context and the deadline.
func (x *exchange) guard(conn *conn) {
	x.conn, x.watch = conn, x.client.watches.over(x.ctx, conn)
	if !x.last.IsZero() || conn.limited {
		conn.SetDeadline(x.last)
		conn.limited = !x.last.IsZero()
	}
}

// limitHead bounds the wait for the head of the answer, now that all of m but what is
// left is out.
func (x *exchange) limitHead(m *message) {
	wait := x.client.options.HeaderTimeout
	if wait <= 0 || m.left > 0 {
		return
	}
	until := time.Now().Add(wait)
	if !x.deadline.IsZero() && !until.Before(x.deadline) {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.headAt.IsZero() {
		x.conn.SetReadDeadline(until)
		x.conn.limited = true
	}
}

// limitBody bounds the wait for what follows the head of res, which has just come: an
// answer that began in time has to end in time, one that began late has the grace.
func (x *exchange) limitBody(res *http.Response) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.headAt = time.Now()
	whole := res.ContentLength >= 0 && res.ContentLength <= int64(x.conn.r.Buffered())
	if !x.conn.limited || whole {
		return
	}
	until := x.last
	if x.headAt.Before(x.deadline) {
		until = x.deadline
	}
	x.conn.SetReadDeadline(until)
}

// answer reads the whole answer, and says whether another may follow on the connection.
func (x *exchange) answer() (reusable bool, err error) {
	res, header, err := x.head()
	if err != nil {
		return false, err
	}
	x.limitBody(res)
	if res.StatusCode < 200 || res.StatusCode > 599 {
		return false, fmt.Errorf("the target answered with the status %d, which ends no exchange", res.StatusCode)
	}
	a := x.attempt
	a.Status, a.ResponseProto, a.ResponseHeader = res.StatusCode, res.Proto, header
	keep := &keeper{attempt: a, room: kept(x.request.Kept)}
	if x.relay != nil {
		keep.to = x.relay(res.StatusCode, res.Header)
	}
	if res.Body != http.NoBody {
		if err := x.client.receive(res.Body, keep); err != nil {
			return false, err
		}
	}
	return !res.Close && x.conn.r.Buffered() == 0, nil
}

// head reads the head of the answer. A relay may keep the header that it is given.
func (x *exchange) head() (*http.Response, hook.Header, error) {
	method := x.request.Method
	if x.relay == nil && method != http.MethodHead {
		return x.conn.readUsual(method)
	}
	res, err := x.conn.readHead(method)
	if err != nil {
		return nil, nil, err
	}
	return res, hook.SortedHeader(res.Header), nil
}
