package send

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A recording is a connection on which an answer is ready, in pieces of a few bytes.
type recording struct {
	net.Conn
	answer *bytes.Reader
	piece  int
	closed bool
}

func (r *recording) Read(p []byte) (int, error)      { return r.answer.Read(p[:min(len(p), r.piece)]) }
func (r *recording) Write(p []byte) (int, error)     { return len(p), nil }
func (r *recording) Close() error                    { r.closed = true; return nil }
func (r *recording) SetDeadline(time.Time) error     { return nil }
func (r *recording) SetReadDeadline(time.Time) error { return nil }

// answered makes an attempt to which the target answers with answer, and says whether
// the connection is kept for another.
func answered(t *testing.T, answer []byte, piece int, method string, kept int) (*hook.Attempt, bool) {
	t.Helper()
	c := New(Options{}, time.Now)
	defer c.Close()
	wire := &recording{answer: bytes.NewReader(answer), piece: piece}
	at := newConn(origin{"http", "target"}, wire, wire)
	at.quiet = func() bool { return true }
	c.pool.put(at)
	a := c.Attempt(context.Background(), Request{
		Method: method, URL: &url.URL{Scheme: "http", Host: "target"}, Target: "/", Header: hook.Header{{Name: "Host", Value: "target"}}, Kept: kept,
	}, nil)
	pooled := len(c.pool.idle[at.origin]) == 1
	if pooled == wire.closed {
		t.Errorf("pooled %t, closed %t", pooled, wire.closed)
	}
	return a, pooled
}

// Whatever a target sends, the attempt is told consistently, in bounds, and the same
// however the bytes are cut; and a connection on which something is left over is not
// used again.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: 1\r\n\r\n", "HTTP/1.0 200\r\n\r\nall of it",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 101 S\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 304 N\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 999 ?\r\n\r\n", "\x15\x03\x01\x00\x02\x02\x28", "HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\r\n",
		"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 200 OK\n\nx", "", "\r\n",
	} {
		f.Add([]byte(seed), uint16(3), false)
		f.Add([]byte(seed), uint16(4096), true)
	}
	f.Fuzz(func(t *testing.T, answer []byte, piece uint16, head bool) {
		method := http.MethodPost
		if head {
			method = http.MethodHead
		}
		const room = 8
		a, _ := answered(t, answer, int(piece)+1, method, room)
		whole, pooled := answered(t, answer, len(answer)+1, method, room)
		if a.Status != whole.Status || a.Failure != whole.Failure || a.ResponseSize != whole.ResponseSize || !bytes.Equal(a.ResponseBody, whole.ResponseBody) {
			t.Errorf("in pieces of %d: %+v, whole: %+v", int(piece)+1, a, whole)
		}
		consistent(t, a, room)
		if a.Failure != "" {
			return
		}
		if left := agrees(t, a, answer, method); left > 0 && pooled && len(answer) <= readSize {
			t.Errorf("used again with %d bytes left over", left)
		}
	})
}

// consistent checks that what a says fits together.
func consistent(t *testing.T, a *hook.Attempt, room int) {
	t.Helper()
	switch a.Failure {
	case "":
		if a.Status < 200 || a.Status > 599 || a.Reason != "" {
			t.Errorf("a success with %d, %q", a.Status, a.Reason)
		}
	case hook.FailureBroken:
		if a.Reason == "" || len(a.Reason) > maxReason+len("…") {
			t.Errorf("reason %q", a.Reason)
		}
	default:
		t.Errorf("failure %q: %q", a.Failure, a.Reason)
	}
	if len(a.ResponseBody) > room || int64(len(a.ResponseBody)) > a.ResponseSize || int64(len(a.ResponseBody)) < min(int64(room), a.ResponseSize) {
		t.Errorf("kept %d of %d", len(a.ResponseBody), a.ResponseSize)
	}
}

// agrees checks a against a plain reading of answer by net/http, and returns how much of
// answer is left over after it.
func agrees(t *testing.T, a *hook.Attempt, answer []byte, method string) int {
	t.Helper()
	source := bytes.NewReader(answer)
	r := bufio.NewReader(source)
	for {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%v, but the attempt is %+v", err, a)
		}
		if res.StatusCode < 200 {
			continue
		}
		n, err := io.Copy(io.Discard, res.Body)
		if err != nil || n != a.ResponseSize || res.StatusCode != a.Status {
			t.Errorf("%d with %d bytes (%v), but the attempt says %d with %d", res.StatusCode, n, err, a.Status, a.ResponseSize)
		}
		return r.Buffered() + source.Len()
	}
}
