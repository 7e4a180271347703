package send_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// An idle connection that its target has closed, or spoken on, is not used again: the
// attempt is made over a new one and does not fail.
func TestAnIdleConnectionThatIsNoLongerGood(t *testing.T) {
	for name, next := range map[string]func(net.Conn){
		"closed": func(net.Conn) {},
		"reset":  resets,
		"spoken on": func(conn net.Conn) {
			io.WriteString(conn, "HTTP/1.1 408 Request Timeout\r\n\r\n")
			hangs(conn)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := make(chan struct{}, 3)
			to := newTarget(t, then(ok, func(conn net.Conn) { <-answered; next(conn) }))
			c := newClient(t, send.Options{Timeout: patience})
			for i := range 3 {
				if a := c.Attempt(context.Background(), request(t, to.url), nil); a.Status != 200 || a.Failure != "" {
					t.Errorf("attempt %d: %+v", i+1, a)
				}
				answered <- struct{}{}
				eventually(t, "the connection is no longer good", func() bool { return !c.Quiet() })
			}
			if n := to.opened.Load(); n != 3 {
				t.Errorf("%d connections, want 3", n)
			}
		})
	}
}

// The same over TLS, where the end of a connection is data too.
func TestAnIdleTLSConnectionThatIsClosed(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	c := newClient(t, send.Options{Timeout: patience, Insecure: true})
	for i, want := range []int32{1, 1, 2, 2} {
		if i == 2 {
			server.CloseClientConnections()
			eventually(t, "the connection is no longer good", func() bool { return !c.Quiet() })
		}
		if a := c.Attempt(context.Background(), request(t, server.URL), nil); a.Status != 200 || string(a.ResponseBody) != "{}" {
			t.Errorf("attempt %d: %+v", i+1, a)
		}
		if n := opened.Load(); n != want {
			t.Errorf("attempt %d: %d connections, want %d", i+1, n, want)
		}
	}
}

func TestHTTP2IsNotOffered(t *testing.T) {
	offered := make(chan []string, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		offered <- hello.SupportedProtos
		return nil, nil
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	a := newClient(t, send.Options{Timeout: patience, Insecure: true}).Attempt(context.Background(), request(t, server.URL), nil)
	if got := <-offered; a.Status != 200 || a.ResponseProto != "HTTP/1.1" || len(got) != 1 || got[0] != "http/1.1" {
		t.Errorf("%+v; offered %q", a, got)
	}
}

// A request that asks for the end of its connection gets it.
func TestConnectionCloseIsHeeded(t *testing.T) {
	to := newTarget(t, after(0, ok))
	c := newClient(t, send.Options{Timeout: patience})
	r := request(t, to.url)
	r.Header = append(r.Header, hook.Field{Name: "connection", Value: "close"})
	for range 2 {
		if a := c.Attempt(context.Background(), r, nil); a.Status != 200 {
			t.Errorf("%+v", a)
		}
	}
	if n := to.opened.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}

func TestManyAtOnce(t *testing.T) {
	to := newTarget(t, digests)
	c := newClient(t, send.Options{Timeout: patience})
	const workers, each = 16, 50
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				if a := c.Attempt(context.Background(), request(t, to.url), nil); a.Status != 200 || a.Failure != "" {
					t.Errorf("%+v", a)
				}
			}
		})
	}
	wg.Wait()
	if n := to.opened.Load(); n > workers || to.asked.Load() != workers*each {
		t.Errorf("%d connections for %d workers, %d requests", n, workers, to.asked.Load())
	}
}

func TestACloseEndsWhatIsIdle(t *testing.T) {
	ended := make(chan struct{})
	to := newTarget(t, then(ok, func(conn net.Conn) { hangs(conn); close(ended) }))
	c := send.New(send.Options{Timeout: patience}, time.Now)
	if a := c.Attempt(context.Background(), request(t, to.url), nil); a.Status != 200 {
		t.Fatalf("%+v", a)
	}
	c.Close()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the connection stays open")
	}
}

// Whenever it is stopped, an attempt ends soon, and says that it was stopped.
func TestAStoppedAttemptEnds(t *testing.T) {
	tests := map[string]struct {
		serve  func(*target, net.Conn)
		scheme string
		body   hook.Body
		status int
	}{
		"in the TLS handshake": {serve: deaf, scheme: "https"},
		"while writing":        {serve: deaf, body: hook.Bytes(make([]byte, 64<<20))},
		"before the answer":    {serve: then("", hangs)},
		"within the head":      {serve: then("HTTP/1.1 200 OK\r\nX-", hangs)},
		"within the body":      {serve: then("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", hangs), status: 200},
		"within an endless one": {
			serve: then("HTTP/1.1 200 OK\r\n\r\n", forever("abc")), status: 200,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			to := newTarget(t, test.serve)
			r := request(t, to.url)
			if test.scheme != "" {
				r.URL.Scheme = test.scheme
			}
			if test.body != nil {
				r.Body = test.body
			}
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(ample, cancel)
			start := time.Now()
			a := newClient(t, send.Options{Timeout: patience}).Attempt(ctx, r, nil)
			if a.Failure != hook.FailureCancelled || a.Status != test.status || time.Since(start) > patience/4 {
				t.Errorf("%d, %q: %q after %s", a.Status, a.Failure, a.Reason, time.Since(start))
			}
		})
	}
}

func TestAStopBeforeTheStart(t *testing.T) {
	to := newTarget(t, says(ok))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := newClient(t, send.Options{}).Attempt(ctx, request(t, to.url), nil)
	if a.Failure != hook.FailureCancelled || to.opened.Load() != 0 {
		t.Errorf("%+v, %d connections", a, to.opened.Load())
	}
}

// A context of the caller's own that runs out is a deadline like any other.
func TestAContextThatRunsOutIsADeadline(t *testing.T) {
	to := newTarget(t, func(_ *target, conn net.Conn) { bufio.NewReader(conn).ReadByte(); hangs(conn) })
	ctx, cancel := context.WithTimeout(context.Background(), short)
	defer cancel()
	if a := newClient(t, send.Options{}).Attempt(ctx, request(t, to.url), nil); a.Failure != hook.FailureLate {
		t.Errorf("%+v", a)
	}
}

// A target that closes connections after each answer, without saying so, costs one attempt
// at most: no further ones are kept open.
func TestATargetThatClosesWithoutSayingSo(t *testing.T) {
	to := newTarget(t, func(to *target, conn net.Conn) {
		r := bufio.NewReader(conn)
		if to.takes(r) {
			io.WriteString(conn, ok)
			r.Peek(1) // it closes as the next request comes
		}
	})
	c := newClient(t, send.Options{Timeout: patience})
	var broken []string
	for range 12 {
		if a := c.Attempt(context.Background(), request(t, to.url), nil); a.Failure != "" {
			broken = append(broken, a.Failure+": "+a.Reason)
		}
	}
	if len(broken) != 1 || !strings.HasPrefix(broken[0], "broken: ") || !strings.HasSuffix(broken[0], ", on a connection that was kept open") {
		t.Errorf("%q", broken)
	}
}

// One that breaks off within an answer, or over a connection of its own, is no such target.
func TestOtherBreaksKeepConnectionsOpen(t *testing.T) {
	var n atomic.Int32
	to := newTarget(t, func(to *target, conn net.Conn) {
		for r := bufio.NewReader(conn); to.takes(r); {
			if n.Add(1) == 2 {
				io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
				return
			}
			io.WriteString(conn, ok)
		}
	})
	c := newClient(t, send.Options{Timeout: patience})
	for i := range 6 {
		a := c.Attempt(context.Background(), request(t, to.url), nil)
		if (a.Failure != "") != (i == 1) || strings.Contains(a.Reason, "kept open") {
			t.Errorf("attempt %d: %+v", i+1, a)
		}
	}
	if n := to.opened.Load(); n != 2 {
		t.Errorf("%d connections, want 2", n)
	}
}
