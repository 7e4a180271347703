package send

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestWhatIsIdleForLongIsClosed(t *testing.T) {
	var p pool
	p.idle = map[origin][]*conn{}
	defer p.close()
	add := func(o origin, idle time.Duration) *recording {
		wire := &recording{answer: bytes.NewReader(nil), piece: 1}
		c := newConn(o, wire, wire)
		c.quiet = func() bool { return true }
		p.put(c)
		c.since = time.Now().Add(-idle)
		return wire
	}
	one, two := origin{"http", "one"}, origin{"https", "one"}
	old, young, other := add(one, idleTimeout), add(one, 0), add(two, idleTimeout)
	p.sweep()
	if !old.closed || young.closed || !other.closed || len(p.idle[one]) != 1 || len(p.idle) != 1 {
		t.Errorf("closed %t, %t, %t; left %v", old.closed, young.closed, other.closed, p.idle)
	}
	late := add(two, 2*idleTimeout)
	if c := p.get(two); c != nil || !late.closed {
		t.Errorf("got %v, which was idle for too long", c)
	}
	if c := p.get(one); c == nil || c.raw != young {
		t.Errorf("got %v", c)
	}
	if c := p.get(one); c != nil {
		t.Errorf("got %v twice", c)
	}
}

func TestThePoolIsBounded(t *testing.T) {
	var p pool
	p.idle = map[origin][]*conn{}
	var closed int
	for range idlePerHost + 3 {
		wire := &recording{answer: bytes.NewReader(nil), piece: 1}
		p.put(newConn(origin{"http", "one"}, wire, wire))
		if wire.closed {
			closed++
		}
	}
	if p.close(); closed != 3 || len(p.idle) != 0 {
		t.Errorf("%d were closed at once, %v are left", closed, p.idle)
	}
}

func TestNamesAreLookedUpInASCII(t *testing.T) {
	for host, want := range map[string]string{
		"localhost": "localhost", "127.0.0.1": "127.0.0.1", "::1": "::1", "bücher.example": "xn--bcher-kva.example", "例え.jp": "xn--r8jz45g.jp",
	} {
		if got := ascii(host); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}

// A late answer never seems to have been in time.
func TestLatenessIsTheShortestThatTells(t *testing.T) {
	for _, test := range []struct{ limit, latency, want time.Duration }{
		{15 * time.Second, 17234567 * time.Microsecond, 17200 * time.Millisecond},
		{15 * time.Second, 15012345 * time.Microsecond, 15012 * time.Millisecond},
		{15 * time.Second, 15*time.Second + 12*time.Microsecond, 15*time.Second + 12*time.Microsecond},
		{15 * time.Second, 15*time.Second + 12, 15*time.Second + 12},
		{50 * time.Millisecond, 93456 * time.Microsecond, 100 * time.Millisecond},
	} {
		x := &exchange{limit: test.limit, attempt: &hook.Attempt{Latency: test.latency}}
		if got := x.overdue(); got != test.want {
			t.Errorf("%s over %s is told as %s, want %s", test.latency, test.limit, got, test.want)
		}
	}
}

// A target to which no connection could be made in time is unreachable, not late.
func TestNoConnectionByTheDeadlineIsUnreachable(t *testing.T) {
	start := time.Now().Add(-2 * time.Second)
	x := &exchange{ctx: context.Background(), attempt: &hook.Attempt{}, start: start, limit: time.Second, deadline: start.Add(time.Second)}
	x.conclude(&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded})
	if a := x.attempt; a.Failure != hook.FailureUnreachable || a.Reason != "no connection in time" {
		t.Errorf("%q: %q", a.Failure, a.Reason)
	}
}

// A dead connection takes some bytes, or none, and fails.
type dead struct {
	recording
	takes int
}

func (d *dead) Write([]byte) (int, error) {
	return d.takes, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.EPIPE)}
}

// A pooled connection that took nothing may be replaced: the target cannot have seen the
// request. Once it took a single byte, or lies behind TLS, where nobody knows, it may not.
func TestARequestGoesOutAgainOnlyIfNothingOfItDid(t *testing.T) {
	var asked int
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++ }))
	defer server.Close()
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		takes  int
		secure bool
		fresh  bool
		asked  int
	}{
		"nothing":                  {asked: 1},
		"one byte":                 {takes: 1},
		"nothing, behind TLS":      {secure: true},
		"nothing, but never used":  {fresh: true},
		"all of it, then an error": {takes: 1 << 20},
	} {
		asked = 0
		c := New(Options{}, time.Now)
		wire := &dead{recording: recording{answer: bytes.NewReader(nil), piece: 1}, takes: test.takes}
		at := newConn(origin{"http", to.Host}, wire, wire)
		at.quiet, at.secure = func() bool { return true }, test.secure
		c.pool.put(at)
		at.reused = !test.fresh
		a := c.Attempt(context.Background(), Request{
			Method: "POST", URL: to, Target: "/", Header: hook.Header{{Name: "Host", Value: to.Host}}, Body: hook.Bytes("{}"),
		}, nil)
		if failed := a.Failure == hook.FailureBroken; asked != test.asked || failed != (test.asked == 0) || !wire.closed {
			t.Errorf("%s: asked %d times; %q: %q", name, asked, a.Failure, a.Reason)
		}
		c.Close()
	}
}
