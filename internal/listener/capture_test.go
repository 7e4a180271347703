package listener_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// exact is the body that tools which parse and re-encode JSON alter.
const exact = `{ "id": 12345678901234567890, "amount": 10.0, "note": "caf\u00e9 …" }` + "\n"

func TestKeepsEachRequestAsItWasSent(t *testing.T) {
	binary := string([]byte{0, 1, 2, 0xff, 0xfe, '\r', '\n', 0x1f, 0x8b})
	tests := map[string]struct {
		wire    string
		method  string
		target  string
		proto   string
		header  hook.Header
		trailer hook.Header
		body    string
		inexact bool
	}{
		"mixed case, repeats and order": {
			wire:   "POST /recharge?x=1 HTTP/1.1\r\nHost: a\r\nx-Dup: 1\r\nContent-Type: application/json\r\nX-dUp: 2\r\nx-Dup:3\r\nCONTENT-length: 2\r\nConnection: close\r\n\r\n{}",
			method: "POST", target: "/recharge?x=1", proto: "HTTP/1.1", body: "{}",
			header: fields("Host", "a", "x-Dup", "1", "Content-Type", "application/json", "X-dUp", "2", "x-Dup", "3", "CONTENT-length", "2", "Connection", "close"),
		},
		"JSON that re-encoding alters": {
			wire:   fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(exact), exact),
			method: "POST", target: "/", proto: "HTTP/1.1", body: exact,
			header: fields("Host", "a", "Content-Length", fmt.Sprint(len(exact)), "Connection", "close"),
		},
		"binary with a content type that lies": {
			wire:   fmt.Sprintf("PUT /b HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(binary), binary),
			method: "PUT", target: "/b", proto: "HTTP/1.1", body: binary,
			header: fields("Host", "a", "Content-Type", "application/json; charset", "Content-Encoding", "gzip", "Content-Length", fmt.Sprint(len(binary)), "Connection", "close"),
		},
		"chunked with trailers": {
			wire:   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n",
			method: "POST", target: "/", proto: "HTTP/1.1", body: "abcde",
			header:  fields("Host", "a", "Transfer-Encoding", "chunked", "Trailer", "X-Sum", "Connection", "close"),
			trailer: fields("X-Sum", "5"),
		},
		"GET challenge": {
			wire:   "GET /hooks?hub.challenge=42&hub.mode=subscribe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
			method: "GET", target: "/hooks?hub.challenge=42&hub.mode=subscribe", proto: "HTTP/1.1",
			header: fields("Host", "a", "Connection", "close"),
		},
		"DELETE with a body": {
			wire:   "DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
			method: "DELETE", target: "/x", proto: "HTTP/1.1", body: "abc",
			header: fields("Host", "a", "Content-Length", "3", "Connection", "close"),
		},
		"HTTP/1.0 without a host": {
			wire:   "POST /old HTTP/1.0\r\nContent-Length: 1\r\n\r\nz",
			method: "POST", target: "/old", proto: "HTTP/1.0", body: "z",
			header: fields("Content-Length", "1"),
		},
		"bare line feeds": {
			wire:   "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nConnection: close\n\nz",
			method: "POST", target: "/", proto: "HTTP/1.1", body: "z",
			header: fields("Host", "a", "Content-Length", "1", "Connection", "close"),
		},
		"path left as it is": {
			wire:   "POST /a%2Fb/../c//d?x=%zz&y=a+b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
			method: "POST", target: "/a%2Fb/../c//d?x=%zz&y=a+b", proto: "HTTP/1.1",
			header: fields("Host", "a", "Content-Length", "0", "Connection", "close"),
		},
		"OPTIONS of everything": {
			wire:   "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
			method: "OPTIONS", target: "*", proto: "HTTP/1.1",
			header: fields("Host", "a", "Connection", "close"),
		},
		"a method of one's own": {
			wire:   "HOOK! / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
			method: "HOOK!", target: "/", proto: "HTTP/1.1",
			header: fields("Host", "a", "Connection", "close"),
		},
		"header bytes that are not UTF-8": {
			wire:   "POST / HTTP/1.1\r\nHost: a\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
			method: "POST", target: "/", proto: "HTTP/1.1",
			header: fields("Host", "a", "X-Latin", "caf\xe9", "Content-Length", "0", "Connection", "close"),
		},
		"a pragma, to which net/http adds": {
			wire:   "GET / HTTP/1.1\r\nHost: a\r\nPragma: no-cache\r\nConnection: close\r\n\r\n",
			method: "GET", target: "/", proto: "HTTP/1.1",
			header: fields("Host", "a", "Pragma", "no-cache", "Connection", "close"),
		},
		"a folded header line is kept as net/http reads it": {
			wire:   "POST / HTTP/1.1\r\nHost: a\r\nx-long: a\r\n b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
			method: "POST", target: "/", proto: "HTTP/1.1", inexact: true,
			header: fields("Host", "a", "Connection", "close", "Content-Length", "0", "X-Long", "a b"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, listener.Config{})
			answer := raw(t, s.addr, test.wire)
			if !strings.Contains(statusLine(answer), " 200 ") {
				t.Fatalf("answer %q, want 200", answer)
			}
			c, body := s.store.only(t)
			if c.Method != test.method || c.Target != test.target || c.Proto != test.proto {
				t.Errorf("kept %q %q %q", c.Method, c.Target, c.Proto)
			}
			if diff := cmp.Diff(test.header, c.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.trailer, c.Trailer); diff != "" {
				t.Errorf("trailer (-want +got):\n%s", diff)
			}
			if c.HeadersExact == test.inexact {
				t.Errorf("HeadersExact = %t", c.HeadersExact)
			}
			if string(body) != test.body || c.BodySize != int64(len(test.body)) || c.BodySHA256 != sha256.Sum256([]byte(test.body)) {
				t.Errorf("body %q, size %d, digest %x", body, c.BodySize, c.BodySHA256)
			}
		})
	}
}

// A keep-alive connection carries many requests, split at any byte: the first
// byte of the next may be read in the background while the one before is answered.
func TestHeadsStayExactOverKeepAlive(t *testing.T) {
	s := start(t, listener.Config{})
	conn := dial(t, s.addr)
	const n = 50
	for i := range n {
		request := fmt.Sprintf("POST /%d HTTP/1.1\r\nhOST: a\r\nx-N: %d\r\ncontent-length: 2\r\n\r\n{}", i, i)
		if i%3 == 0 && i > 0 {
			request = "\r\n" + request // an empty line after a body is tolerated
		}
		split := i % len(request)
		for _, part := range []string{request[:split], request[split:]} {
			if _, err := io.WriteString(conn, part); err != nil {
				t.Fatal(err)
			}
		}
		readAnswer(t, conn)
	}
	captures, _ := s.store.kept()
	if len(captures) != n {
		t.Fatalf("%d captures, want %d", len(captures), n)
	}
	for i, c := range captures {
		want := fields("hOST", "a", "x-N", fmt.Sprint(i), "content-length", "2")
		if diff := cmp.Diff(want, c.Header); diff != "" || !c.HeadersExact {
			t.Fatalf("capture %d, exact %t (-want +got):\n%s", i, c.HeadersExact, diff)
		}
	}
}

func readAnswer(t *testing.T, r io.Reader) {
	t.Helper()
	var answer []byte
	one := make([]byte, 1)
	for !bytes.HasSuffix(answer, []byte("\r\n\r\n")) {
		if _, err := io.ReadFull(r, one); err != nil {
			t.Fatalf("after %q: %v", answer, err)
		}
		answer = append(answer, one...)
	}
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 200")) || !bytes.Contains(answer, []byte("Content-Length: 0")) {
		t.Fatalf("answer %q", answer)
	}
}

func TestPipelinedRequestsAreAllKept(t *testing.T) {
	s := start(t, listener.Config{})
	one := "POST /p HTTP/1.1\r\nHost: a\r\nx-a: 1\r\nContent-Length: 3\r\n\r\nabc"
	last := strings.Replace(one, "x-a: 1", "Connection: close", 1)
	raw(t, s.addr, one+one+last)
	captures, bodies := s.store.kept()
	if len(captures) != 3 {
		t.Fatalf("%d captures, want 3", len(captures))
	}
	for i, c := range captures {
		if string(bodies[i]) != "abc" || c.Header.Get("Host") != "a" {
			t.Errorf("capture %d: %v %q", i, c.Header, bodies[i])
		}
		if c.HeadersExact && i < 2 && c.Header[1].Name != "x-a" {
			t.Errorf("capture %d says its head is exact: %v", i, c.Header)
		}
	}
}

func TestMalformedRequestsAreRefusedAndNotKept(t *testing.T) {
	tests := map[string]string{
		"no HTTP at all":            "hello\r\n\r\n",
		"bad version":               "POST / HTTP/9.9\r\nHost: a\r\n\r\n",
		"no host":                   "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
		"two hosts":                 "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"space before the colon":    "POST / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
		"header without a colon":    "POST / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n",
		"NUL in a header":           "POST / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
		"ESC in a header":           "POST / HTTP/1.1\r\nHost: a\r\nX: a\x1b[31m\r\n\r\n",
		"bad escape in the path":    "POST /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
		"negative length":           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
		"two lengths":               "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"unknown transfer encoding": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
		"chunk length not a number": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
		"HTTP/2 preface":            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"method with a space in it": "PO ST / HTTP/1.1\r\nHost: a\r\n\r\n",
		"request line of two words": "POST /\r\nHost: a\r\n\r\n",
	}
	for name, wire := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, listener.Config{})
			status := statusLine(raw(t, s.addr, wire))
			if !strings.Contains(status, " 4") && !strings.Contains(status, " 5") {
				t.Errorf("answer %q, want a refusal", status)
			}
			if captures, _ := s.store.kept(); len(captures) > 0 {
				t.Errorf("kept %v", captures[0])
			}
			if res, _ := post(t, s.url, "{}"); res.StatusCode != 200 {
				t.Errorf("a good request after it: %s", res.Status)
			}
		})
	}
}

func TestABodyThatEndsEarlyIsNotKept(t *testing.T) {
	for name, wire := range map[string]string{
		"short":          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
		"short and long": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + strings.Repeat("a", 1_500_000),
		"chunked":        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, listener.Config{})
			conn := dial(t, s.addr)
			if _, err := io.WriteString(conn, wire); err != nil {
				t.Fatal(err)
			}
			conn.(interface{ CloseWrite() error }).CloseWrite()
			io.Copy(io.Discard, conn)
			eventually(t, "the refusal is told", func() bool { return len(s.eventKinds()) == 1 })
			if s.eventKinds()[0] != listener.Refused {
				t.Errorf("told %v", s.eventKinds())
			}
			if captures, _ := s.store.kept(); len(captures) > 0 {
				t.Errorf("kept %v", captures[0])
			}
		})
	}
}

func TestLengthStatedTwiceGetsOneAnswerAndAClosedConnection(t *testing.T) {
	s := start(t, listener.Config{})
	smuggled := "POST /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
	answer := raw(t, s.addr, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+smuggled)
	if n := strings.Count(answer, "HTTP/1.1 "); n != 1 {
		t.Errorf("%d answers, want 1: %q", n, answer)
	}
	if captures, _ := s.store.kept(); len(captures) != 1 || captures[0].Target != "/" {
		t.Errorf("kept %v", captures)
	}
}

func TestChunkedSendersKeepTheirConnection(t *testing.T) {
	s := start(t, listener.Config{})
	chunked := "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
	conn := dial(t, s.addr)
	for range 3 {
		if _, err := io.WriteString(conn, chunked); err != nil {
			t.Fatal(err)
		}
		readAnswer(t, conn)
	}
}

func TestLimits(t *testing.T) {
	tests := map[string]struct {
		wire   string
		status string
	}{
		"stated body over the limit":  {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n", "413"},
		"chunked body over the limit": {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + strings.Repeat("a", 1001) + "\r\n0\r\n\r\n", "413"},
		"body at the limit":           {"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + strings.Repeat("a", 1000), "200"},
		"headers over the limit":      {"POST / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("a", 300<<10) + "\r\n\r\n", "431"},
		"headers below the limit":     {"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: " + strings.Repeat("a", 250<<10) + "\r\n\r\n", "200"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := start(t, listener.Config{MaxBody: 1000})
			if got := statusLine(raw(t, s.addr, test.wire)); !strings.Contains(got, test.status) {
				t.Errorf("answer %q, want %s", got, test.status)
			}
			captures, _ := s.store.kept()
			if kept := len(captures) == 1; kept != (test.status == "200") {
				t.Errorf("kept: %t", kept)
			}
			if len(captures) == 1 && !captures[0].HeadersExact {
				t.Error("the head is not exact")
			}
		})
	}
}

func TestLargeBodiesGoThroughTheSpool(t *testing.T) {
	s := start(t, listener.Config{})
	body := strings.Repeat("0123456789abcdef", 5<<20/16) + "end"
	if res, _ := post(t, s.url, body); res.StatusCode != 200 {
		t.Fatal(res.Status)
	}
	c, kept := s.store.only(t)
	if string(kept) != body || c.BodySHA256 != sha256.Sum256([]byte(body)) {
		t.Errorf("kept %d bytes, want %d, the same", len(kept), len(body))
	}
}

func TestAnswersExpectContinue(t *testing.T) {
	s := start(t, listener.Config{})
	conn := dial(t, s.addr)
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	goAhead := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
	if _, err := io.ReadFull(conn, goAhead); err != nil || string(goAhead) != "HTTP/1.1 100 Continue\r\n\r\n" {
		t.Fatalf("%q, %v", goAhead, err)
	}
	io.WriteString(conn, "{}")
	readAnswer(t, conn)
}

func TestAnswersOnlyAfterTheCommit(t *testing.T) {
	for name, target := range map[string]bool{"own reply": false, "relayed reply": true} {
		t.Run(name, func(t *testing.T) {
			hold := make(chan struct{})
			store := &memory{hold: hold}
			config := listener.Config{Store: store}
			if target {
				config.Forward.Targets = append(config.Forward.Targets, relayed(newWireTarget(t, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").url))
			}
			s := start(t, config)
			answered := make(chan string, 1)
			go func() {
				req, _ := http.NewRequest("POST", s.url, strings.NewReader("{}"))
				req.Close = true
				res, err := http.DefaultTransport.RoundTrip(req)
				if err != nil {
					answered <- err.Error()
					return
				}
				res.Body.Close()
				answered <- res.Status
			}()
			// Nothing may come while the commit waits: a connection of our own that is
			// answered in the meantime shows that the server is not just slow.
			raw(t, s.addr, "nonsense\r\n\r\n")
			select {
			case status := <-answered:
				t.Fatalf("answered %q before the commit", status)
			default:
			}
			close(hold)
			if status := <-answered; status != "200 OK" {
				t.Fatal(status)
			}
		})
	}
}
