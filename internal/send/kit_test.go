package send_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

const (
	// patience is how long a test waits for what must come.
	patience = 30 * time.Second
	// ample is a deadline by which all comes that does, on a busy machine too, and which a
	// test waits out.
	ample = time.Second
	// short is one by which nothing need come.
	short = 60 * time.Millisecond
)

// A target speaks whatever a test has it say, over bare connections.
type target struct {
	url    string
	opened atomic.Int32 // connections so far
	asked  atomic.Int32 // whole requests so far
	ended  chan struct{}
}

// newTarget serves each connection with serve, one after the other at its pace, and
// closes it afterwards.
func newTarget(t testing.TB, serve func(to *target, conn net.Conn)) *target {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := &target{url: "http://" + ln.Addr().String(), ended: make(chan struct{})}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	wg.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			to.opened.Add(1)
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			wg.Go(func() {
				defer conn.Close()
				serve(to, conn)
			})
		}
	})
	t.Cleanup(func() {
		close(to.ended)
		ln.Close()
		mu.Lock()
		for conn := range open {
			conn.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return to
}

// takes reads one request from r and reports whether it came whole.
func (to *target) takes(r *bufio.Reader) bool {
	req, err := http.ReadRequest(r)
	if err != nil {
		return false
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return false
	}
	to.asked.Add(1)
	return true
}

// says answers the first request of each connection with text and ends it.
func says(text string) func(*target, net.Conn) {
	return then(text, func(net.Conn) {})
}

// then answers the first request of each connection with text and goes on with next.
func then(text string, next func(net.Conn)) func(*target, net.Conn) {
	return func(to *target, conn net.Conn) {
		if to.takes(bufio.NewReader(conn)) {
			io.WriteString(conn, text)
			next(conn)
		}
	}
}

// deaf takes not a byte.
func deaf(to *target, _ net.Conn) { <-to.ended }

// hangs waits until the other side has gone.
func hangs(conn net.Conn) { io.Copy(io.Discard, conn) }

// resets ends a connection as a process does that crashes.
func resets(conn net.Conn) { conn.(*net.TCPConn).SetLinger(0) }

// forever repeats text until the other side has gone.
func forever(text string) func(net.Conn) {
	more := []byte(text)
	return func(conn net.Conn) {
		for {
			if _, err := conn.Write(more); err != nil {
				return
			}
		}
	}
}

// after answers every request with text, but only after a while.
func after(wait time.Duration, text string) func(*target, net.Conn) {
	return func(to *target, conn net.Conn) {
		for r := bufio.NewReader(conn); to.takes(r); {
			select {
			case <-to.ended:
			case <-time.After(wait):
			}
			io.WriteString(conn, text)
		}
	}
}

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: did not happen in %s", what, patience)
		}
	}
}

func request(t testing.TB, to string) send.Request {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return send.Request{
		Method: "POST", URL: u, Target: "/hook", Header: hook.Header{{Name: "Host", Value: u.Host}}, Body: hook.Bytes("{}"),
	}
}

func newClient(t testing.TB, o send.Options) *send.Client {
	t.Helper()
	c := send.New(o, time.Now)
	t.Cleanup(c.Close)
	return c
}
