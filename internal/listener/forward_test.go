package listener_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/send"
)

const closed = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

func TestForwardsTheBytesThatCame(t *testing.T) {
	const hops = "X-Hookctl-Hop: self\r\n"
	tests := map[string]struct {
		sent, want string
		forward    listener.Forward
		base       string
	}{
		"case, order and repeats": {
			sent: "POST /r?x=1&x=%20 HTTP/1.1\r\nx-Dup: 1\r\nHost: hooks.example\r\nX-dUp: 2\r\nuser-agent: Svix\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
			want: "POST /r?x=1&x=%20 HTTP/1.1\r\nx-Dup: 1\r\nHost: TARGET\r\nX-dUp: 2\r\nuser-agent: Svix\r\n" + hops + "Content-Length: 2\r\n\r\n{}",
		},
		"JSON that re-encoding alters": {
			sent: fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(exact), exact),
			want: fmt.Sprintf("POST / HTTP/1.1\r\nHost: TARGET\r\n%sContent-Length: %d\r\n\r\n%s", hops, len(exact), exact),
		},
		"hop-by-hop headers end here": {
			sent: "POST / HTTP/1.1\r\nHost: a\r\nKeep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Mine: 1\r\nX-Kept: 2\r\nConnection: close, x-mine, Upgrade\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
			want: "POST / HTTP/1.1\r\nHost: TARGET\r\nX-Kept: 2\r\n" + hops + "Content-Length: 1\r\n\r\na",
		},
		"the path is appended, queries are joined": {
			base: "/api/hooks/?token=1",
			sent: "POST /a%2Fb//c?x=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			want: "POST /api/hooks/a%2Fb//c?token=1&x=1 HTTP/1.1\r\nHost: TARGET\r\n" + hops + "Content-Length: 0\r\n\r\n",
		},
		"the root adds nothing to a path": {
			base: "/hooks",
			sent: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
			want: "GET /hooks HTTP/1.1\r\nHost: TARGET\r\n" + hops + "\r\n",
		},
		"path bytes that a URL library would escape": {
			sent: "POST /a|b{c}\"?q={\"x\":1} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			want: "POST /a|b{c}\"?q={\"x\":1} HTTP/1.1\r\nHost: TARGET\r\n" + hops + "Content-Length: 0\r\n\r\n",
		},
		"a DELETE with a body": {
			sent: "DELETE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
			want: "DELETE / HTTP/1.1\r\nHost: TARGET\r\n" + hops + "Content-Length: 1\r\n\r\nx",
		},
		"HTTP/1.0 without a host": {
			sent: "POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx",
			want: "POST / HTTP/1.1\r\nHost: TARGET\r\n" + hops + "Content-Length: 1\r\n\r\nx",
		},
		"headers that are added and overridden": {
			forward: listener.Forward{Header: fields("X-Tenant", "acme", "Authorization", "Bearer dev")},
			sent:    "POST / HTTP/1.1\r\nHost: a\r\nauthorization: Bearer live\r\nX-Z: 1\r\nAuthorization: again\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			want:    "POST / HTTP/1.1\r\nHost: TARGET\r\nauthorization: Bearer dev\r\nX-Z: 1\r\n" + hops + "X-Tenant: acme\r\nContent-Length: 0\r\n\r\n",
		},
		"a host of one's own, where the sender gave none": {
			forward: listener.Forward{Header: fields("Host", "dev.example")},
			sent:    "POST / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
			want:    "POST / HTTP/1.1\r\n" + hops + "Host: dev.example\r\nContent-Length: 0\r\n\r\n",
		},
		"a repeated header in the place of one that Connection names": {
			forward: listener.Forward{Header: fields("X-A", "1", "X-A", "2")},
			sent:    "GET / HTTP/1.1\r\nHost: a\r\nX-A: 0\r\nConnection: close, X-A\r\n\r\n",
			want:    "GET / HTTP/1.1\r\nHost: TARGET\r\n" + hops + "X-A: 1\r\nX-A: 2\r\n\r\n",
		},
		"X-Forwarded on request": {
			forward: listener.Forward{Forwarded: true},
			sent:    "POST / HTTP/1.1\r\nHost: a.example\r\nX-Forwarded-For: 10.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			want:    "POST / HTTP/1.1\r\nHost: TARGET\r\nX-Forwarded-For: 10.0.0.1, 127.0.0.1\r\nX-Forwarded-Host: a.example\r\nX-Forwarded-Proto: http\r\n" + hops + "Content-Length: 0\r\n\r\n",
		},
		"another hookctl on the way": {
			sent: "POST / HTTP/1.1\r\nHost: a\r\nX-Hookctl-Hop: other\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			want: "POST / HTTP/1.1\r\nHost: TARGET\r\nX-Hookctl-Hop: other, self\r\nContent-Length: 0\r\n\r\n",
		},
		"a head longer than any write buffer": {
			sent: "POST / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("a", 20_000) + "\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n" + strings.Repeat("b", 9000),
			want: "POST / HTTP/1.1\r\nHost: TARGET\r\nX: " + strings.Repeat("a", 20_000) + "\r\n" + hops + "Content-Length: 9000\r\n\r\n" + strings.Repeat("b", 9000),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			target := newWireTarget(t, closed)
			to := parse(t, target.url.String()+test.base)
			test.forward.Targets = []listener.Target{relayed(to)}
			s := start(t, listener.Config{Forward: test.forward})
			if answer := raw(t, s.addr, test.sent); !strings.Contains(statusLine(answer), " 200 ") {
				t.Fatalf("answer %q", answer)
			}
			want := strings.ReplaceAll(test.want, "TARGET", to.Host)
			if diff := cmp.Diff([]string{want}, target.requests()); diff != "" {
				t.Errorf("on the wire (-want +got):\n%s", diff)
			}
		})
	}
}

// hang answers never. The body is read since only then does net/http notice that
// the other side has gone.
func hang(_ http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// echo is a dev server behind a handler.
func echo(t testing.TB, handler http.HandlerFunc) *url.URL {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return parse(t, server.URL)
}

func TestRelaysTheTargetsAnswer(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte("hello"))
	z.Close()
	tests := map[string]struct {
		handler http.HandlerFunc
		status  int
		header  map[string]string
		body    string
	}{
		"status, headers and body": {
			handler: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Dev", "1")
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(201)
				io.WriteString(w, `{"ok":true}`)
			},
			status: 201, header: map[string]string{"X-Dev": "1", "Content-Type": "application/json"}, body: `{"ok":true}`,
		},
		"a redirect is the answer": {
			handler: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
			status:  302, header: map[string]string{"Location": "/elsewhere"},
		},
		"gzip is left as it is": {
			handler: func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				w.Write(zipped.Bytes())
			},
			status: 200, header: map[string]string{"Content-Encoding": "gzip"}, body: zipped.String(),
		},
		"a long answer comes whole": {
			handler: func(w http.ResponseWriter, r *http.Request) { w.Write(bytes.Repeat([]byte("x"), 1<<20)) },
			status:  200, body: strings.Repeat("x", 1<<20),
		},
		"no content": {
			handler: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) },
			status:  204,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			calls := 0
			to := echo(t, func(w http.ResponseWriter, r *http.Request) { calls++; test.handler(w, r) })
			s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}}})
			req, _ := http.NewRequest("GET", s.url+"/hook", nil)
			res, body := do(t, req)
			if res.StatusCode != test.status || !strings.HasPrefix(body, test.body) || test.body != "" && len(body) != len(test.body) {
				t.Errorf("%d, %d bytes; want %d, %d bytes", res.StatusCode, len(body), test.status, len(test.body))
			}
			for name, want := range test.header {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if calls != 1 {
				t.Errorf("the target was called %d times", calls)
			}
			eventually(t, "the attempt is recorded", func() bool { return len(s.eventKinds()) == 3 })
			a := s.store.attempts[0]
			if a.Status != test.status || a.ResponseSize != int64(len(body)) || len(a.ResponseBody) > 256<<10 || a.Failure != "" {
				t.Errorf("attempt: status %d, size %d, kept %d, failure %q", a.Status, a.ResponseSize, len(a.ResponseBody), a.Failure)
			}
			if a.Truncated() != (len(body) > 256<<10) {
				t.Errorf("truncated: %t", a.Truncated())
			}
			if a.Reply == nil || a.Reply.Status != test.status || a.Reply.From != hook.FromEndpoint {
				t.Errorf("reply %+v", a.Reply)
			}
			want := []listener.EventKind{listener.Received, listener.Attempted, listener.Finished}
			if diff := cmp.Diff(want, s.eventKinds()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTargetThatGivesNoAnswer(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	tests := map[string]struct {
		target  *url.URL
		options send.Options
		status  int
		failure string
		reason  string
	}{
		"down":           {parse(t, "http://"+gone.Addr().String()), send.Options{DialTimeout: patience}, 502, hook.FailureUnreachable, "connection refused"},
		"closes":         {newWireTarget(t, "").url, send.Options{}, 502, hook.FailureBroken, "closed before the answer"},
		"not HTTP":       {newWireTarget(t, "hello, I am no web server\r\n\r\n").url, send.Options{}, 502, hook.FailureBroken, "malformed HTTP"},
		"head too large": {newWireTarget(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("a", 2<<20)+"\r\n\r\n").url, send.Options{}, 502, hook.FailureBroken, "exceeded"},
		"late head":      {echo(t, hang), send.Options{HeaderTimeout: ample}, 504, hook.FailureLate, "in time"},
		"late whole":     {echo(t, hang), send.Options{Timeout: ample}, 504, hook.FailureLate, "in time"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			client := send.New(test.options, time.Now)
			t.Cleanup(client.Close)
			s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(test.target)}, Sender: client}})
			res, body := post(t, s.url, "{}")
			if res.StatusCode != test.status || !strings.Contains(body, test.reason) || !strings.Contains(body, "kept as cap_") {
				t.Errorf("%s %q", res.Status, body)
			}
			s.store.only(t)
			eventually(t, "the attempt is recorded", func() bool { return len(s.eventKinds()) == 3 })
			if a := s.store.attempts[0]; a.Failure != test.failure || a.Reply.Status != test.status || a.Reply.From != hook.FromListener {
				t.Errorf("attempt %+v, reply %+v", a, a.Reply)
			}
		})
	}
}

func TestAnAnswerThatBreaksOffIsNotPassedOffAsWhole(t *testing.T) {
	target := newWireTarget(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(target.url)}}})
	answer := raw(t, s.addr, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
	if strings.Contains(answer, "Content-Length: 4\r\n") || !strings.Contains(answer, "Content-Length: 100\r\n") && answer != "" {
		t.Errorf("answer %q", answer)
	}
	eventually(t, "the attempt is recorded", func() bool { return len(s.eventKinds()) == 3 })
	if a := s.store.attempts[0]; a.Status != 200 || a.Failure != hook.FailureBroken || string(a.ResponseBody) != "half" {
		t.Errorf("attempt %+v", a)
	}
}

func TestFanOutRelaysTheChosenTarget(t *testing.T) {
	one := echo(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(201) })
	two := echo(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(202) })
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{silent(one), relayed(two)}}})
	if res, _ := post(t, s.url, "{}"); res.StatusCode != 202 {
		t.Errorf("%s, want the second target's answer", res.Status)
	}
	eventually(t, "both attempts end", func() bool { return len(s.eventKinds()) == 4 })
	last := s.events[3]
	if last.Kind != listener.Finished || len(last.Attempts) != 2 || last.Capture.Reply.Status != 202 {
		t.Errorf("last event %+v", last)
	}
}

func TestAFixedReplyDoesNotWaitForTheTarget(t *testing.T) {
	release := make(chan struct{})
	to := echo(t, func(w http.ResponseWriter, r *http.Request) { <-release })
	s := start(t, listener.Config{
		Forward: listener.Forward{Targets: []listener.Target{relayed(to)}},
		Replies: listener.Replies{Script: []listener.Step{{Status: 202}}, Fixed: true},
	})
	if res, _ := post(t, s.url, "{}"); res.StatusCode != 202 {
		t.Error(res.Status)
	}
	close(release)
	eventually(t, "the attempt ends", func() bool { return len(s.eventKinds()) == 4 })
}

func TestEventsChooseWhatIsForwarded(t *testing.T) {
	calls := make(chan string, 10)
	to := echo(t, func(w http.ResponseWriter, r *http.Request) { calls <- r.URL.Path; w.WriteHeader(201) })
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}, Events: []string{"orders/*", "/refunds"}}})
	for path, want := range map[string]int{"/orders/created/eu": 201, "/refunds": 201, "/refunds/x": 200, "/": 200} {
		if res, _ := post(t, s.url+path, ""); res.StatusCode != want {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	if len(calls) != 2 {
		t.Errorf("%d requests were forwarded, want 2", len(calls))
	}
	if captures, _ := s.store.kept(); len(captures) != 4 {
		t.Errorf("%d captures kept, want all 4", len(captures))
	}
}

func TestALoopEndsAtOnce(t *testing.T) {
	s := start(t, listener.Config{Instance: "abc"})
	answer := raw(t, s.addr, "POST / HTTP/1.1\r\nHost: a\r\nX-Hookctl-Hop: zzz, abc\r\nContent-Length: 0\r\n\r\n")
	if !strings.Contains(statusLine(answer), "508") {
		t.Errorf("answer %q", answer)
	}
	if captures, _ := s.store.kept(); len(captures) != 0 {
		t.Error("a request of our own was kept again")
	}
}

func TestTargetsOfOneHostAreSpokenOfOnce(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := "http://" + ln.Addr().String()
	ln.Close()
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{
		relayed(parse(t, host+"/a")), relayed(parse(t, host+"/b")), relayed(parse(t, host+"/c")),
	}}})
	for range 3 {
		post(t, s.url, "{}")
	}
	s.SetTargets([]listener.Target{relayed(parse(t, host+"/d"))})
	post(t, s.url, "{}")
	if notices := s.noticed(); len(notices) != 1 || !strings.Contains(notices[0].Text, "target "+host+" does not answer") {
		t.Errorf("notices %+v, want one", notices)
	}
}

// What gets nothing is not asked whether it answers, until it gets something.
func TestADisabledTargetIsLeftAlone(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	to := relayed(parse(t, "http://"+ln.Addr().String()))
	ln.Close()
	var enabled, asked atomic.Bool
	to.Status = func() hook.EndpointStatus {
		asked.Store(true)
		if enabled.Load() {
			return hook.Enabled
		}
		return hook.Disabled
	}
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{to}}})
	eventually(t, "it is looked at", asked.Load)
	time.Sleep(100 * time.Millisecond)
	if notices := s.noticed(); len(notices) != 0 {
		t.Errorf("notices %+v of a target that gets nothing", notices)
	}
	enabled.Store(true)
	eventually(t, "the target is said to be down", func() bool { return len(s.noticed()) == 1 })
}

func TestATargetIsSpokenOfOncePerChange(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(parse(t, "http://"+strings.Replace(addr, "127.0.0.1", "localhost", 1)))}}})
	for range 3 {
		post(t, s.url, "{}")
	}
	eventually(t, "the target is said to be down", func() bool { return len(s.noticed()) == 1 })
	if ln, err = net.Listen("tcp", addr); err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	up := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})}
	go up.Serve(ln)
	defer up.Close()
	eventually(t, "the target is said to be up", func() bool { return len(s.noticed()) == 2 })
	post(t, s.url, "{}")
	notices := s.noticed()
	if len(notices) != 2 || !strings.Contains(notices[0].Text, "does not answer: connection refused") || !strings.Contains(notices[1].Text, "answers again") {
		t.Errorf("notices %+v", notices)
	}
	if notices[0].Over || !notices[1].Over || notices[1].Hint != "" {
		t.Errorf("notices %+v: want the second one to say that it is over, and no more", notices)
	}
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	to := echo(t, func(w http.ResponseWriter, r *http.Request) { close(begun); <-release; w.WriteHeader(201) })
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}}})
	silent := dial(t, s.addr) // never sends a byte: must not hold up the stop
	answered := make(chan int, 1)
	go func() {
		res, err := http.Post(s.url, "", strings.NewReader("{}"))
		if err != nil {
			answered <- -1
			return
		}
		res.Body.Close()
		answered <- res.StatusCode
	}()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	eventually(t, "new connections are refused", func() bool {
		conn, err := net.Dial("tcp", s.addr)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	if n, err := silent.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("the silent connection: %d, %v", n, err)
	}
	close(release)
	if status := <-answered; status != 201 {
		t.Errorf("the request in flight got %d", status)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestStopCancelsWhatDoesNotEnd(t *testing.T) {
	begun := make(chan struct{})
	to := echo(t, func(w http.ResponseWriter, r *http.Request) { close(begun); hang(w, r) })
	s := start(t, listener.Config{
		Forward:  listener.Forward{Targets: []listener.Target{relayed(to)}},
		Replies:  listener.Replies{Script: []listener.Step{{Status: 200}}, Fixed: true},
		Patience: listener.Patience{Drain: 50 * time.Millisecond},
	})
	post(t, s.url, "{}")
	<-begun
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if a := s.store.attempts[0]; a.Failure != hook.FailureCancelled {
		t.Errorf("attempt %+v, want it cancelled and recorded", a)
	}
}

// A sender that goes away does not take the forwarding with it.
func TestForwardsThoughTheSenderIsGone(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	to := echo(t, func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-release
		if r.Context().Err() != nil {
			t.Error("the forwarded request was dropped with the sender")
		}
	})
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}}})
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		req, _ := http.NewRequestWithContext(ctx, "POST", s.url, strings.NewReader("{}"))
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
		}
	}()
	<-begun
	cancel()
	<-gone
	close(release)
	eventually(t, "the attempt ends", func() bool { return len(s.eventKinds()) == 3 })
	if a := s.store.attempts[0]; a.Status != 200 || a.Failure != "" {
		t.Errorf("attempt %+v", a)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestAStreamIsPassedOnAsItComes(t *testing.T) {
	release := make(chan struct{})
	to := echo(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "one")
		w.(http.Flusher).Flush()
		<-release
		io.WriteString(w, "two")
	})
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(to)}}})
	conn := dial(t, s.addr)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	var got []byte
	for buf := make([]byte, 1024); !bytes.Contains(got, []byte("one")); {
		n, err := conn.Read(buf)
		if err != nil {
			t.Fatalf("%v after %q", err, got)
		}
		got = append(got, buf[:n]...)
	}
	close(release)
	rest, err := io.ReadAll(conn)
	if err != nil || !bytes.Contains(rest, []byte("two")) {
		t.Errorf("%q, %v", rest, err)
	}
}

func TestTheSenderLearnsNothingOfTheTargetsPath(t *testing.T) {
	s := start(t, listener.Config{Forward: listener.Forward{Targets: []listener.Target{relayed(parse(t, "http://u:secret@127.0.0.1:1/hidden?token=secret"))}}})
	if _, body := post(t, s.url, "{}"); strings.Contains(body, "secret") || strings.Contains(body, "hidden") {
		t.Errorf("the sender is told %q", body)
	}
}
