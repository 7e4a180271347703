package send_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// An answer that comes after its deadline is told, and is a failure all the same.
func TestAnAnswerAfterTheDeadlineIsLate(t *testing.T) {
	const limit = 200 * time.Millisecond
	const begin = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n"
	slowly := func(serve func(conn net.Conn)) func(*target, net.Conn) { return then("", serve) }
	tests := map[string]struct {
		limit   time.Duration // 0 for the usual one
		serve   func(*target, net.Conn)
		grace   time.Duration
		status  int
		reason  string // its beginning
		body    string
		latency func(d time.Duration) bool
	}{
		"within the grace": {
			serve: after(2*limit, begin+"ok"), grace: patience, status: 201, reason: "answered 201 after ", body: "ok",
			latency: func(d time.Duration) bool { return d >= 2*limit },
		},
		"within half the deadline, which is the grace of itself": {
			limit: 8 * limit, serve: after(8*limit+limit/4, begin+"ok"), status: 201, reason: "answered 201 after ", body: "ok",
			latency: func(d time.Duration) bool { return d > 8*limit },
		},
		"after the grace": {
			serve: after(patience, begin+"ok"), reason: "no complete answer in time",
			latency: func(d time.Duration) bool { return d == limit },
		},
		"without a grace": {
			serve: after(patience, begin+"ok"), grace: -1, reason: "no complete answer in time",
			latency: func(d time.Duration) bool { return d == limit },
		},
		"closed in the grace": {
			serve: slowly(func(net.Conn) { time.Sleep(limit + limit/4) }), grace: patience, reason: "no complete answer in time",
			latency: func(d time.Duration) bool { return d == limit },
		},
		"begun in time, ended late": {
			limit: ample, serve: slowly(func(conn net.Conn) {
				io.WriteString(conn, begin+"o")
				time.Sleep(2 * ample)
				io.WriteString(conn, "k")
			}), grace: patience, status: 201, reason: "answered 201, but not whole within the 1s allowed", body: "o",
			latency: func(d time.Duration) bool { return d == ample },
		},
		"begun late, never ended": {
			serve: slowly(func(conn net.Conn) {
				time.Sleep(limit + limit/4)
				io.WriteString(conn, begin+"o")
			}), grace: patience, status: 201, reason: "answered 201 after ", body: "o",
			latency: func(d time.Duration) bool { return d > limit },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := newTarget(t, test.serve)
			r := request(t, to.url)
			if r.Deadline = limit; test.limit > 0 {
				r.Deadline = test.limit
			}
			a := newClient(t, send.Options{Timeout: time.Hour, HeaderTimeout: time.Hour, Grace: test.grace}).Attempt(context.Background(), r, nil)
			if a.Failure != hook.FailureLate || a.Status != test.status || !strings.HasPrefix(a.Reason, test.reason) || string(a.ResponseBody) != test.body {
				t.Errorf("%d %q, %q: %q", a.Status, a.ResponseBody, a.Failure, a.Reason)
			}
			if strings.HasPrefix(a.Reason, "answered 201 after") && !strings.Contains(a.Reason, fmt.Sprintf(", later than the %s allowed", r.Deadline)) {
				t.Errorf("reason %q", a.Reason)
			}
			if !test.latency(a.Latency) {
				t.Errorf("latency %s", a.Latency)
			}
		})
	}
}

// Where somebody waits for the answer the deadline is the end, and what comes afterwards
// is not handed on.
func TestARelayedAnswerHasNoGrace(t *testing.T) {
	to := newTarget(t, after(patience, ok))
	start := time.Now()
	a := newClient(t, send.Options{Timeout: short, Grace: patience}).Attempt(context.Background(), request(t, to.url), func(int, http.Header) io.Writer {
		t.Error("a late answer was relayed")
		return nil
	})
	if a.Failure != hook.FailureLate || a.Status != 0 || time.Since(start) > patience/2 {
		t.Errorf("%+v after %s", a, time.Since(start))
	}
}

// The deadline of one request does not hold for the next one on the connection.
func TestADeadlineEndsWithItsRequest(t *testing.T) {
	to := newTarget(t, after(short, ok))
	c := newClient(t, send.Options{Grace: -1})
	r := request(t, to.url)
	for _, limit := range []time.Duration{patience, ample, 0} {
		if r.Deadline = limit; limit == 0 {
			time.Sleep(ample)
		}
		if a := c.Attempt(context.Background(), r, nil); a.Status != 200 || a.Failure != "" {
			t.Errorf("with %s: %+v", limit, a)
		}
	}
	if n := to.opened.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

// A timeout for the head, shorter than the deadline, does not cut a body off.
func TestTheTimeForTheHeadIsNotThatForTheBody(t *testing.T) {
	to := newTarget(t, then("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", func(conn net.Conn) {
		time.Sleep(ample + short)
		io.WriteString(conn, "k")
	}))
	a := newClient(t, send.Options{HeaderTimeout: ample}).Attempt(context.Background(), request(t, to.url), nil)
	if a.Failure != "" || string(a.ResponseBody) != "ok" {
		t.Errorf("%+v", a)
	}
}

// The time for the head begins when the request is out, however long that takes.
func TestTheTimeForTheHeadIsNotThatForTheRequest(t *testing.T) {
	to := newTarget(t, func(to *target, conn net.Conn) {
		time.Sleep(ample + short)
		if to.takes(bufio.NewReader(conn)) {
			io.WriteString(conn, ok)
			hangs(conn)
		}
	})
	r := request(t, to.url)
	r.Body = hook.Bytes(make([]byte, 64<<20))
	c := newClient(t, send.Options{HeaderTimeout: ample})
	if a := c.Attempt(context.Background(), r, nil); a.Failure != "" || a.Status != 200 || a.Latency < ample+short {
		t.Errorf("%+v", a)
	}
	silent := request(t, newTarget(t, then("", hangs)).url)
	silent.Body = r.Body
	if a := c.Attempt(context.Background(), silent, nil); a.Failure != hook.FailureLate || a.Latency > patience/2 {
		t.Errorf("%+v", a)
	}
}

// The time that the reader of a relayed answer takes is not the target's.
func TestASlowReaderDoesNotMakeAnAnswerLate(t *testing.T) {
	to := newTarget(t, after(0, ok))
	a := newClient(t, send.Options{Timeout: ample}).Attempt(context.Background(), request(t, to.url), func(int, http.Header) io.Writer {
		return writerFunc(func([]byte) { time.Sleep(ample + short) })
	})
	if a.Failure != "" || a.Status != 200 || a.Latency < ample+short {
		t.Errorf("%+v", a)
	}
}

func TestHowMuchIsKept(t *testing.T) {
	to := newTarget(t, after(0, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n"+strings.Repeat("a", 300_000)))
	c := newClient(t, send.Options{Timeout: patience})
	for stated, want := range map[int]int{0: 256 << 10, 20_000: 20_000, 1: 1, -1: 0, 1 << 30: 256 << 10} {
		r := request(t, to.url)
		r.Kept = stated
		if a := c.Attempt(context.Background(), r, nil); len(a.ResponseBody) != want || a.ResponseSize != 300_000 || !a.Truncated() {
			t.Errorf("kept %d of %d for %d, want %d", len(a.ResponseBody), a.ResponseSize, stated, want)
		}
	}
}
