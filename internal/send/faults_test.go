package send_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

func TestTargetsThatFail(t *testing.T) {
	const begin = "HTTP/1.1 200 OK\r\n"
	tests := map[string]struct {
		serve   func(*target, net.Conn)
		options send.Options
		status  int
		failure string
		reason  string
	}{
		"hangs":                        {serve: then("", hangs), options: send.Options{Timeout: short}, failure: hook.FailureLate, reason: "no complete answer in time"},
		"hangs, by the head's timeout": {serve: then("", hangs), options: send.Options{HeaderTimeout: short}, failure: hook.FailureLate, reason: "no complete answer in time"},
		"takes no byte":                {serve: deaf, options: send.Options{Timeout: short}, failure: hook.FailureLate, reason: "in time"},
		"hangs up":                     {serve: says(""), failure: hook.FailureBroken, reason: "closed before the answer was complete"},
		"resets":                       {serve: then("", resets), failure: hook.FailureBroken, reason: "reset before the answer was complete"},
		"half a head":                  {serve: says(begin + "Content-Le"), failure: hook.FailureBroken, reason: "closed before the answer was complete"},
		"half a head, then silence": {
			serve: then(begin+"Content-Le", hangs), options: send.Options{Timeout: short}, failure: hook.FailureLate, reason: "no complete answer in time",
		},
		"half a head, then a reset": {serve: then(begin+"Content-Le", resets), failure: hook.FailureBroken, reason: "reset before"},
		"half a body":               {serve: says(begin + "Content-Length: 9\r\n\r\nhalf"), status: 200, failure: hook.FailureBroken, reason: "closed before"},
		"half a body, then a reset": {serve: then(begin+"Content-Length: 9\r\n\r\nhalf", resets), status: 200, failure: hook.FailureBroken, reason: "reset before"},
		"half a chunk":              {serve: says(begin + "Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"), status: 200, failure: hook.FailureBroken, reason: "closed before"},
		"half a body, then silence": {
			serve: then(begin+"Content-Length: 9\r\n\r\nhalf", hangs), options: send.Options{Timeout: ample},
			status: 200, failure: hook.FailureLate, reason: "answered 200, but not whole within the 1s allowed",
		},
		"garbage":                  {serve: says("\x00\xff hello\r\n\r\n"), failure: hook.FailureBroken, reason: "malformed HTTP"},
		"a page of garbage":        {serve: says(strings.Repeat("ü", 90_000) + "\r\n\r\n"), failure: hook.FailureBroken, reason: "malformed HTTP"},
		"a TLS alert":              {serve: says("\x15\x03\x01\x00\x02\x02\x0a"), failure: hook.FailureBroken, reason: "speaks TLS: its URL begins with https://"},
		"bad chunks":               {serve: says(begin + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), status: 200, failure: hook.FailureBroken, reason: "chunk"},
		"an unknown coding":        {serve: says(begin + "Transfer-Encoding: zip\r\n\r\n"), failure: hook.FailureBroken, reason: "unsupported transfer encoding"},
		"a negative length":        {serve: says(begin + "Content-Length: -1\r\n\r\n"), failure: hook.FailureBroken, reason: "bad Content-Length"},
		"two lengths":              {serve: says(begin + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"), failure: hook.FailureBroken, reason: "Content-Length"},
		"a length beyond numbers":  {serve: says(begin + "Content-Length: 99999999999999999999\r\n\r\n"), failure: hook.FailureBroken, reason: "bad Content-Length"},
		"a length beyond memory":   {serve: says(begin + "Content-Length: 9223372036854775807\r\n\r\nx"), status: 200, failure: hook.FailureBroken, reason: "closed before"},
		"one huge header":          {serve: then(begin+"X: ", forever(strings.Repeat("a", 1<<16))), failure: hook.FailureBroken, reason: "response headers exceeded 1048576 bytes"},
		"headers without end":      {serve: then(begin, forever("X-A: 1\r\n")), failure: hook.FailureBroken, reason: "response headers exceeded"},
		"announcements, no answer": {serve: then("", forever("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")), failure: hook.FailureBroken, reason: "response headers exceeded"},
		"an endless body": {
			serve:   then(begin+"\r\n", forever(strings.Repeat("a", 1<<16))),
			options: send.Options{Timeout: ample}, status: 200, failure: hook.FailureLate, reason: "not whole within the 1s allowed",
		},
		"an endless body in chunks": {
			serve:   then(begin+"Transfer-Encoding: chunked\r\n\r\n", forever("8\r\nabcdefgh\r\n")),
			options: send.Options{Timeout: ample}, status: 200, failure: hook.FailureLate, reason: "not whole within",
		},
		"a change of protocol": {serve: says("HTTP/1.1 101 Switching Protocols\r\n\r\n"), failure: hook.FailureBroken, reason: "the status 101, which ends no exchange"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			to := newTarget(t, test.serve)
			if test.options.Timeout == 0 {
				test.options.Timeout = patience
			}
			start := time.Now()
			a := newClient(t, test.options).Attempt(context.Background(), request(t, to.url), nil)
			if a.Status != test.status || a.Failure != test.failure || !strings.Contains(a.Reason, test.reason) {
				t.Errorf("%d, %q: %q", a.Status, a.Failure, a.Reason)
			}
			if len(a.Reason) > 310 || len(a.ResponseBody) > 256<<10 {
				t.Errorf("a reason of %d bytes, a body of %d", len(a.Reason), len(a.ResponseBody))
			}
			if took := time.Since(start); took > patience/2 {
				t.Errorf("it took %s", took)
			}
			if n := to.opened.Load(); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

func TestATargetThatIsDown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, "http://"+ln.Addr().String()), nil)
	if a.Failure != hook.FailureUnreachable || a.Reason != "connection refused" {
		t.Errorf("%q: %q", a.Failure, a.Reason)
	}
}

// A target that takes connections and never gets as far as TLS is not reached: nothing was
// sent.
func TestATLSHandshakeThatHangs(t *testing.T) {
	to := newTarget(t, func(_ *target, conn net.Conn) { hangs(conn) })
	for name, o := range map[string]send.Options{"by the deadline": {Timeout: short}, "by the time for connections": {DialTimeout: short}} {
		start := time.Now()
		a := newClient(t, o).Attempt(context.Background(), request(t, strings.Replace(to.url, "http:", "https:", 1)), nil)
		if a.Failure != hook.FailureUnreachable || a.Reason != "no TLS handshake in time" || time.Since(start) > patience/2 {
			t.Errorf("%s: %q: %q", name, a.Failure, a.Reason)
		}
	}
}

func TestPlainHTTPInTheFaceOfTLSIsTold(t *testing.T) {
	to := newTarget(t, func(_ *target, conn net.Conn) {
		conn.Read(make([]byte, 4096))
		conn.Write([]byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"))
	})
	a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, strings.Replace(to.url, "http:", "https:", 1)), nil)
	if a.Failure != hook.FailureBroken || a.Reason != "the target speaks plain HTTP: its URL begins with http://" {
		t.Errorf("%q: %q", a.Failure, a.Reason)
	}
}

func TestURLsThatLeadNowhere(t *testing.T) {
	for to, want := range map[string]string{
		"ftp://127.0.0.1:1": `the scheme "ftp" is neither http nor https`, "http://": "the URL names no host", "http://:80": "the URL names no host",
	} {
		a := newClient(t, send.Options{}).Attempt(context.Background(), request(t, to), nil)
		if a.Failure != hook.FailureBroken || a.Reason != want {
			t.Errorf("%s: %q: %q, want %q", to, a.Failure, a.Reason, want)
		}
	}
}

// What a target sends without end goes by: it is neither kept nor piled up.
func TestAnEndlessBodyTakesNoMemory(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	to := newTarget(t, then("HTTP/1.1 200 OK\r\n\r\n", func(conn net.Conn) {
		more := make([]byte, 1<<16)
		for range 1024 { // 64 MiB: far more than is under way at a time
			conn.Write(more)
		}
		cancel()
		hangs(conn)
	}))
	c := newClient(t, send.Options{Timeout: patience})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := c.Attempt(ctx, request(t, to.url), nil)
	runtime.ReadMemStats(&after)
	if a.ResponseSize < 8<<20 || len(a.ResponseBody) != 256<<10 {
		t.Errorf("%d bytes came, %d were kept", a.ResponseSize, len(a.ResponseBody))
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
		t.Errorf("%d bytes were allocated for it", used)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	second := newTarget(t, says(ok))
	first := newTarget(t, says("HTTP/1.1 302 Found\r\nLocation: "+second.url+"/x\r\nContent-Length: 0\r\n\r\n"))
	a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, first.url), nil)
	if a.Status != 302 || a.Failure != "" || second.opened.Load() != 0 {
		t.Errorf("%+v; %d connections to where it points", a, second.opened.Load())
	}
}

func TestABombIsNotInflated(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	to := newTarget(t, says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "+strconv.Itoa(bomb.Len())+"\r\n\r\n"+bomb.String()))
	a := newClient(t, send.Options{Timeout: patience}).Attempt(context.Background(), request(t, to.url), nil)
	if a.Failure != "" || a.ResponseSize != int64(bomb.Len()) || !bytes.Equal(a.ResponseBody, bomb.Bytes()) {
		t.Errorf("%q, %d bytes of %d", a.Reason, a.ResponseSize, bomb.Len())
	}
}
