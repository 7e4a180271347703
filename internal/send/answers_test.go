package send_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// The forms an answer can have, and whether another request may follow on its connection.
func TestFormsOfAnAnswer(t *testing.T) {
	long := strings.Repeat("a", 9000)
	tests := map[string]struct {
		method string // POST where it is empty
		answer string
		closes bool // the target ends the connection
		status int
		body   string
		once   bool // no second request on the connection
	}{
		"a length":               {answer: ok, status: 200, body: "ok"},
		"a length of nothing":    {answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", status: 200},
		"the same length twice":  {answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"chunks":                 {answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", status: 200, body: "ok"},
		"chunks with trailers":   {answer: "HTTP/1.1 200 OK\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nX: 1\r\n\r\n", status: 200, body: "ok"},
		"until the end":          {answer: "HTTP/1.1 200 OK\r\n\r\nok", closes: true, status: 200, body: "ok", once: true},
		"the end announced":      {answer: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok", once: true},
		"HTTP/1.0":               {answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok", once: true},
		"HTTP/1.0 until the end": {answer: "HTTP/1.0 200 OK\r\n\r\nok", closes: true, status: 200, body: "ok", once: true},
		"HTTP/1.0 that stays":    {answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"no reason":              {answer: "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n", status: 299},
		"bare line feeds":        {answer: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", status: 200, body: "ok"},
		"204 has no body":        {answer: "HTTP/1.1 204 No Content\r\n\r\n", status: 204},
		"304 has no body":        {answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", status: 304},
		"HEAD has no body":       {method: "HEAD", answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", status: 200},
		"HEAD has no chunks":     {method: "HEAD", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", status: 200},
		"100 goes before":        {answer: "HTTP/1.1 100 Continue\r\n\r\n" + ok, status: 200, body: "ok"},
		"103 goes before, more than once": {
			answer: strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n", 3) + ok, status: 200, body: "ok",
		},
		"longer than the buffer":        {answer: "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + long, status: 200, body: long},
		"a head longer than the buffer": {answer: "HTTP/1.1 200 OK\r\nX: " + long + "\r\nContent-Length: 2\r\n\r\nok", status: 200, body: "ok"},
		"more than was announced":       {answer: ok + "HTTP/1.1 200 OK\r\n\r\nforged", status: 200, body: "ok", once: true},
		"not acknowledged":              {answer: "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n", status: 503},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, func(to *target, conn net.Conn) {
				for r := bufio.NewReader(conn); to.takes(r); {
					if io.WriteString(conn, test.answer); test.closes {
						return
					}
				}
			})
			c := newClient(t, send.Options{Timeout: patience})
			r := request(t, to.url)
			if test.method != "" {
				r.Method, r.Body = test.method, nil
			}
			for range 2 {
				a := c.Attempt(context.Background(), r, nil)
				if a.Status != test.status || a.Failure != "" || string(a.ResponseBody) != test.body || a.ResponseSize != int64(len(test.body)) {
					t.Errorf("%d %q, %q: %q", a.Status, a.ResponseBody, a.Failure, a.Reason)
				}
			}
			want := int32(1)
			if test.once {
				want = 2
			}
			if n := to.opened.Load(); n != want {
				t.Errorf("%d connections for two requests, want %d", n, want)
			}
		})
	}
}

func TestHeadersOfAnAnswerAreKept(t *testing.T) {
	to := newTarget(t, says("HTTP/1.1 200 OK\r\nX-B: 1\r\nx-a: 2\r\nX-B: 3\r\nContent-Length: 0\r\n\r\n"))
	a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, to.url), nil)
	want := hook.Header{{Name: "Content-Length", Value: "0"}, {Name: "X-A", Value: "2"}, {Name: "X-B", Value: "1"}, {Name: "X-B", Value: "3"}}
	if len(a.ResponseHeader) != len(want) || a.ResponseProto != "HTTP/1.1" {
		t.Fatalf("%+v", a)
	}
	for i, f := range want {
		if a.ResponseHeader[i] != f {
			t.Errorf("%+v, want %+v", a.ResponseHeader[i], f)
		}
	}
}

// The first part of an answer is handed on before the second one is sent.
func TestAnAnswerIsRelayedAsItComes(t *testing.T) {
	for name, head := range map[string]string{"until the end": "\r\n", "with a length": "Content-Length: 6\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			relayed := make(chan string)
			to := newTarget(t, then("HTTP/1.1 200 OK\r\n"+head+"one", func(conn net.Conn) {
				if got := <-relayed; got != "one" {
					t.Errorf("relayed %q", got)
				}
				io.WriteString(conn, "two")
			}))
			a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, to.url), func(status int, _ http.Header) io.Writer {
				if status != 200 {
					t.Errorf("status %d", status)
				}
				return writerFunc(func(p []byte) {
					if string(p) == "one" {
						relayed <- string(p)
					}
				})
			})
			if a.Failure != "" || string(a.ResponseBody) != "onetwo" {
				t.Errorf("%+v", a)
			}
		})
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
