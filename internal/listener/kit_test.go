package listener_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/send"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	// patience is how long a test waits for what must happen.
	patience = 20 * time.Second
	// ample is a limit within which all happens that does, on a busy machine too, and which
	// a test waits out.
	ample = time.Second
)

// A memory is a store without a disk.
type memory struct {
	mu       sync.Mutex
	captures []*hook.Capture
	bodies   [][]byte
	attempts []*hook.Attempt
	planned  []*hook.Delivery
	assessed map[int64]*hook.Validation
	fail     error         // what Keep answers, when set
	hold     chan struct{} // when set, commits wait until it is closed
}

func (m *memory) Keep(c *hook.Capture) <-chan error {
	done := make(chan error, 1)
	m.mu.Lock()
	hold, fail := m.hold, m.fail
	m.mu.Unlock()
	commit := func() {
		if hold != nil {
			<-hold
		}
		if fail == nil {
			body, err := hook.ReadBody(c.Body)
			m.mu.Lock()
			m.captures = append(m.captures, c)
			m.bodies = append(m.bodies, body)
			c.Seq = int64(len(m.captures))
			m.mu.Unlock()
			fail = err
		}
		done <- fail
	}
	if hold != nil {
		go commit()
	} else {
		commit()
	}
	return done
}

func (m *memory) KeepFor(c *hook.Capture, ds []*hook.Delivery) <-chan error {
	m.mu.Lock()
	m.planned = append(m.planned, ds...)
	m.mu.Unlock()
	return m.Keep(c)
}

// relayed is a target whose answer is the sender's, silent one whose answer is not.
func relayed(to *url.URL) listener.Target {
	return listener.Target{Endpoint: hook.Endpoint{URL: to}, Relay: true}
}

func silent(to *url.URL) listener.Target {
	return listener.Target{Endpoint: hook.Endpoint{URL: to}}
}

func (m *memory) Record(a *hook.Attempt) <-chan error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.attempts = append(m.attempts, a)
	done := make(chan error, 1)
	done <- nil
	return done
}

func (m *memory) Assess(seq int64, v *hook.Validation) <-chan error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.assessed == nil {
		m.assessed = map[int64]*hook.Validation{}
	}
	m.assessed[seq] = v
	done := make(chan error, 1)
	done <- nil
	return done
}

func (m *memory) setFail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) kept() ([]*hook.Capture, [][]byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.captures), slices.Clone(m.bodies)
}

// only returns the one capture that was kept, and its body.
func (m *memory) only(t *testing.T) (*hook.Capture, []byte) {
	t.Helper()
	captures, bodies := m.kept()
	if len(captures) != 1 {
		t.Fatalf("%d captures were kept, want 1", len(captures))
	}
	return captures[0], bodies[0]
}

// A fileSpool is a spool in a test's folder.
type fileSpool struct{ *os.File }

func (s fileSpool) Size() int64 {
	info, err := s.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

func (s fileSpool) Open() (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(s.File, 0, s.Size())), nil
}

// A running is a server under test.
type running struct {
	*listener.Server
	store *memory
	addr  string
	url   string

	mu      sync.Mutex
	events  []listener.Event
	notices []listener.Notice
	stop    func() error
}

// start serves with config, whose missing parts are filled in, until the test ends.
func start(t testing.TB, config listener.Config) *running {
	t.Helper()
	r := &running{store: &memory{}}
	if config.Store == nil {
		config.Store = r.store
	}
	if config.NewSpool == nil {
		dir := t.TempDir()
		config.NewSpool = func() (listener.Spool, error) {
			f, err := os.CreateTemp(dir, "spool")
			return fileSpool{f}, err
		}
	}
	config.IDs, config.Now = hook.NewIDs(rand.Reader), time.Now
	if config.MaxBody == 0 {
		config.MaxBody = 25 << 20
	}
	if config.Instance == "" {
		config.Instance = "self"
	}
	if config.Replies.Script == nil {
		config.Replies.Script = []listener.Step{{Status: 200}}
	}
	if config.Forward.Sender == nil {
		client := send.New(send.Options{DialTimeout: patience, HeaderTimeout: patience, Timeout: patience}, time.Now)
		t.Cleanup(client.Close)
		config.Forward.Sender = client
	}
	config.Observe = func(e listener.Event) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.events = append(r.events, e)
	}
	config.Notice = func(n listener.Notice) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.notices = append(r.notices, n)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.Server = listener.New(config)
	r.addr = ln.Addr().String()
	r.url = "http://" + r.addr
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- r.Serve(ctx, ln) }()
	r.stop = sync.OnceValue(func() error { cancel(); return <-served })
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return r
}

func (r *running) eventKinds() []listener.EventKind {
	r.mu.Lock()
	defer r.mu.Unlock()
	var kinds []listener.EventKind
	for _, e := range r.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (r *running) noticed() []listener.Notice {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.notices)
}

// eventually waits until ok holds.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: did not happen in %s", what, patience)
		}
		time.Sleep(time.Millisecond)
	}
}

// raw sends bytes over one connection and returns all that comes back until the
// server closes it.
func raw(t *testing.T, addr string, requests ...string) string {
	t.Helper()
	conn := dial(t, addr)
	for _, request := range requests {
		if _, err := io.WriteString(conn, request); err != nil {
			break // the server may have answered and closed already
		}
	}
	answer, err := io.ReadAll(conn)
	if err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
		t.Fatalf("reading the answer: %v after %q", err, answer)
	}
	return string(answer)
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func statusLine(answer string) string {
	line, _, _ := strings.Cut(answer, "\r\n")
	return line
}

// A target is a dev server that records each request as the bytes on the wire.
type wireTarget struct {
	url *url.URL
	mu  sync.Mutex
	got []string
}

// newWireTarget answers every request with reply, and closes the connection.
func newWireTarget(t *testing.T, reply string) *wireTarget {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := &wireTarget{url: parse(t, "http://"+ln.Addr().String())}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				defer conn.Close()
				target.serve(conn, reply)
			}()
		}
	}()
	t.Cleanup(func() { ln.Close(); wg.Wait() })
	return target
}

func (w *wireTarget) serve(conn net.Conn, reply string) {
	var seen bytes.Buffer
	r := bufio.NewReader(io.TeeReader(conn, &seen))
	req, err := http.ReadRequest(r)
	if err != nil {
		return // a probe that only connects
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return
	}
	w.mu.Lock()
	w.got = append(w.got, seen.String())
	w.mu.Unlock()
	io.WriteString(conn, reply)
}

func (w *wireTarget) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.got)
}

func parse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func post(t *testing.T, url, body string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

// do makes a request over a connection of its own, following nothing.
func do(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	req.Close = true
	transport := &http.Transport{DisableCompression: true, DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("reading the answer: %v", err)
	}
	return res, string(body)
}

// fields makes a header of names and values in turn.
func fields(pairs ...string) hook.Header {
	var h hook.Header
	for i := 0; i < len(pairs); i += 2 {
		h = append(h, hook.Field{Name: pairs[i], Value: pairs[i+1]})
	}
	return h
}
