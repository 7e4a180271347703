package send_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// A stream is a body that is not in memory: it states a size and yields what from brings.
type stream struct {
	size int64
	from func() io.Reader
}

func (s stream) Size() int64                  { return s.size }
func (s stream) Open() (io.ReadCloser, error) { return io.NopCloser(s.from()), nil }

// A sealed body cannot be opened.
type sealed struct{}

func (sealed) Size() int64                  { return 5 }
func (sealed) Open() (io.ReadCloser, error) { return nil, errors.New("the file is gone") }

// failing is a reader that breaks.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is broken") }

// digests answers each request with the digest of its body.
func digests(to *target, conn net.Conn) {
	for r := bufio.NewReader(conn); ; {
		req, err := http.ReadRequest(r)
		if err != nil || req.Method != http.MethodPost { // left over from the body before
			return
		}
		sum := sha256.New()
		if _, err := io.Copy(sum, req.Body); err != nil {
			return
		}
		to.asked.Add(1)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n"+string(sum.Sum(nil)))
	}
}

func TestBodiesArriveAsTheyAre(t *testing.T) {
	noise := rand.NewChaCha8([32]byte{5})
	for _, size := range []int{0, 1, 4095, 64<<10 - 1, 64 << 10, 64<<10 + 1, 100_000, 5 << 20} {
		text := make([]byte, size)
		noise.Read(text)
		want := sha256.Sum256(text)
		to := newTarget(t, digests)
		c := newClient(t, send.Options{Timeout: patience, HeaderTimeout: patience - time.Second})
		for name, body := range map[string]hook.Body{
			"in memory": hook.Bytes(text),
			"a stream":  stream{int64(size), func() io.Reader { return bytes.NewReader(text) }},
			"a slow one": stream{int64(size), func() io.Reader {
				return io.MultiReader(bytes.NewReader(text[:size/3]), bytes.NewReader(text[size/3:]))
			}},
			"longer than it says": stream{int64(size), func() io.Reader {
				return io.MultiReader(bytes.NewReader(text), strings.NewReader("more"))
			}},
		} {
			r := request(t, to.url)
			r.Body = body
			for range 2 {
				if a := c.Attempt(context.Background(), r, nil); a.Failure != "" || !bytes.Equal(a.ResponseBody, want[:]) {
					t.Errorf("%d bytes, %s: %+v", size, name, a)
				}
			}
		}
		if n := to.opened.Load(); n != 1 {
			t.Errorf("%d bytes: %d connections, want 1", size, n)
		}
	}
}

// A target that refuses a body before it has read it has answered all the same.
func TestAnAnswerBeforeTheBodyIsOut(t *testing.T) {
	const refusal = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"
	unread := func(end func(net.Conn)) func(*target, net.Conn) {
		return func(_ *target, conn net.Conn) {
			http.ReadRequest(bufio.NewReader(conn))
			io.WriteString(conn, refusal)
			end(conn)
		}
	}
	answered := make(chan struct{})
	for name, serve := range map[string]func(*target, net.Conn){
		"and never read":  unread(func(net.Conn) { <-answered }),
		"and read slowly": unread(func(conn net.Conn) { io.Copy(io.Discard, io.LimitReader(conn, 1<<20)) }),
		"and half closed": unread(func(conn net.Conn) { conn.(*net.TCPConn).CloseWrite(); hangs(conn) }),
	} {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, serve)
			r := request(t, to.url)
			r.Body = hook.Bytes(make([]byte, 64<<20))
			start := time.Now()
			a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), r, nil)
			if name == "and never read" {
				close(answered)
			}
			if a.Status != 413 || a.Failure != "" || string(a.ResponseBody) != "big" || time.Since(start) > patience/2 {
				t.Errorf("%d %q: %q after %s", a.Status, a.Failure, a.Reason, time.Since(start))
			}
		})
	}
}

// A target may answer while it reads, and be done only when it has read everything.
func TestAnAnswerThatFollowsTheBody(t *testing.T) {
	const size = 8 << 20
	to := newTarget(t, func(_ *target, conn net.Conn) {
		req, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		io.Copy(conn, req.Body)
	})
	r := request(t, to.url)
	r.Body = hook.Bytes(make([]byte, size))
	if a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), r, nil); a.ResponseSize != size || a.Failure != "" {
		t.Errorf("%d bytes came back, %q: %q", a.ResponseSize, a.Failure, a.Reason)
	}
}

func TestABodyThatCannotBeRead(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	tests := map[string]struct {
		body   hook.Body
		reason string
		begun  bool // something may go out before it is known
	}{
		"cannot be opened": {body: sealed{}, reason: "reading the body: the file is gone"},
		"fails at once":    {body: stream{5, func() io.Reader { return failing{} }}, reason: "reading the body: the disk is broken"},
		"ends at once":     {body: stream{5, func() io.Reader { return strings.NewReader("abc") }}, reason: "reading the body: it ended after 3 of 5 bytes"},
		"fails midway": {
			body:   stream{2 << 20, func() io.Reader { return io.MultiReader(strings.NewReader(long), failing{}) }},
			reason: "reading the body: the disk is broken", begun: true,
		},
		"ends midway": {
			body:   stream{2 << 20, func() io.Reader { return strings.NewReader(long) }},
			reason: "reading the body: it ended after 1048576 of 2097152 bytes", begun: true,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, after(0, ok))
			r := request(t, to.url)
			r.Body = test.body
			a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), r, nil)
			if a.Failure != hook.FailureBroken || a.Reason != test.reason || a.Status != 0 {
				t.Errorf("%d, %q: %q", a.Status, a.Failure, a.Reason)
			}
			if opened := to.opened.Load(); opened > 0 && !test.begun || to.asked.Load() != 0 {
				t.Errorf("%d connections, %d requests", opened, to.asked.Load())
			}
		})
	}
}

// What would be another request than it seems is refused before anything is sent.
func TestWhatCannotBeSentIsRefused(t *testing.T) {
	set := func(name, value string) func(*send.Request) {
		return func(r *send.Request) { r.Header = append(r.Header, hook.Field{Name: name, Value: value}) }
	}
	for name, change := range map[string]func(*send.Request){
		"a line feed in a value":       set("X-A", "1\nX-B: 2"),
		"a carriage return in a value": set("X-A", "1\rX-B: 2"),
		"a zero byte in a value":       set("X-A", "1\x002"),
		"a line break in a name":       set("X-A: 1\r\nX-B", "2"),
		"a colon in a name":            set("X-A:", "2"),
		"a space in a name":            set("X A", "2"),
		"no name":                      set("", "2"),
		"a second length":              set("content-length", "0"),
		"a transfer coding":            set("Transfer-Encoding", "chunked"),
		"a line break in the target":   func(r *send.Request) { r.Target = "/ HTTP/1.1\r\nX: 1\r\n\r\nGET /admin" },
		"a space in the target":        func(r *send.Request) { r.Target = "/a b" },
		"no target":                    func(r *send.Request) { r.Target = "" },
		"a line break in the method":   func(r *send.Request) { r.Method = "GET / HTTP/1.1\r\n\r\nGET" },
		"no method":                    func(r *send.Request) { r.Method = "" },
	} {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, says(ok))
			r := request(t, to.url)
			change(&r)
			a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), r, nil)
			if a.Failure != hook.FailureBroken || !strings.Contains(a.Reason, "cannot be se") || strings.ContainsAny(a.Reason, "\r\n\x00") {
				t.Errorf("%q: %q", a.Failure, a.Reason)
			}
			if n := to.opened.Load(); n != 0 {
				t.Errorf("%d connections", n)
			}
			if err := send.Wire(io.Discard, r); err == nil {
				t.Error("a dry run writes it")
			}
		})
	}
}
