package store_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"iter"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// noon is when the first capture of a test arrives.
func noon() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 123456000, time.UTC) }

// A maker makes captures and attempts with ids of their own, a second apart.
type maker struct {
	t   testing.TB
	ids *hook.IDs
	now time.Time
}

func newMaker(t testing.TB) *maker {
	return &maker{t: t, ids: hook.NewIDs(rand.Reader), now: noon()}
}

func (m *maker) id(prefix string) hook.ID {
	m.t.Helper()
	m.now = m.now.Add(time.Second)
	id, err := m.ids.New(prefix, m.now)
	if err != nil {
		m.t.Fatal(err)
	}
	return id
}

// capture makes one with that body, changed by edit.
func (m *maker) capture(body string, edit ...func(*hook.Capture)) *hook.Capture {
	m.t.Helper()
	c := &hook.Capture{
		ID: m.id(hook.CapturePrefix), Method: "POST", Target: "/orders?x=1", Proto: "HTTP/1.1", Remote: "127.0.0.1:4242",
		Header:       hook.Header{{Name: "Host", Value: "localhost"}, {Name: "x-Dup", Value: "1"}, {Name: "X-dUp", Value: "2"}},
		HeadersExact: true,
		Reply:        &hook.Reply{Status: 200, From: hook.FromListener, Latency: 1500 * time.Microsecond},
	}
	c.ReceivedAt = m.now
	setBody(c, hook.Bytes(body))
	for _, e := range edit {
		e(c)
	}
	return c
}

func setBody(c *hook.Capture, body hook.Bytes) {
	c.Body, c.BodySize, c.BodySHA256 = body, body.Size(), sha256.Sum256(body)
}

// attempt makes one to send c, which is kept.
func (m *maker) attempt(c *hook.Capture, edit ...func(*hook.Attempt)) *hook.Attempt {
	m.t.Helper()
	a := &hook.Attempt{
		ID: m.id(hook.AttemptPrefix), CaptureID: c.ID, CaptureSeq: c.Seq, Trigger: hook.TriggerForward,
		Method: c.Method, URL: "http://localhost:3000/orders", Status: 200, Latency: 3200 * time.Microsecond,
		ResponseProto: "HTTP/1.1", ResponseHeader: hook.Header{{Name: "Content-Type", Value: "text/plain"}},
		ResponseBody: []byte("ok"), ResponseSize: 2,
	}
	a.StartedAt = m.now
	for _, e := range edit {
		e(a)
	}
	return a
}

func openStore(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// keep keeps cs and waits.
func keep(t testing.TB, s keeper, cs ...*hook.Capture) {
	t.Helper()
	waits := make([]<-chan error, len(cs))
	for i, c := range cs {
		waits[i] = s.Keep(c)
	}
	for i, wait := range waits {
		if err := <-wait; err != nil {
			t.Fatalf("capture %d: %v", i, err)
		}
	}
}

// keeper is what keeps captures.
type keeper interface {
	Keep(*hook.Capture) <-chan error
}

func record(t testing.TB, s contractStore, as ...*hook.Attempt) {
	t.Helper()
	for _, a := range as {
		if err := <-s.Record(a); err != nil {
			t.Fatal(err)
		}
	}
}

// collect returns all of a list, and fails on an error.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// search returns the seqs that fit a query.
func search(t testing.TB, s contractStore, text string, limit int) []int64 {
	t.Helper()
	q, err := store.ParseQuery(text, noon().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	q.Limit = limit
	return seqsOf(collect(t, s.Captures(context.Background(), q)))
}

func seqsOf(cs []*hook.Capture) []int64 {
	seqs := make([]int64, len(cs))
	for i, c := range cs {
		seqs[i] = c.Seq
	}
	return seqs
}

// loadBody returns c with its body in memory, to be compared.
func loadBody(t testing.TB, c *hook.Capture) *hook.Capture {
	t.Helper()
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		t.Fatal(err)
	}
	loaded := *c
	loaded.Body = hook.Bytes(body)
	return &loaded
}

// sameCapture demands that got is want, with its body.
func sameCapture(t testing.TB, want, got *hook.Capture) {
	t.Helper()
	if want == nil {
		t.Errorf("%s was never kept", got.ID)
		return
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(hook.Capture{}, "Body")); diff != "" {
		t.Errorf("%s -want +got:\n%s", want.ID, diff)
	}
	wantBody, err1 := hook.ReadBody(want.Body)
	gotBody, err2 := hook.ReadBody(got.Body)
	if err1 != nil || err2 != nil || !bytes.Equal(wantBody, gotBody) {
		t.Errorf("%s: the body of %d bytes came back with %d, or others: %v %v", want.ID, len(wantBody), len(gotBody), err1, err2)
	}
}

// delivery makes one to endpoint that hookctl made the event of, changed by edit.
func (m *maker) delivery(endpoint string, edit ...func(*hook.Delivery)) *hook.Delivery {
	m.t.Helper()
	d := &hook.Delivery{
		ID: m.id(hook.DeliveryPrefix), Endpoint: endpoint, URL: "http://localhost:3000/orders", Provider: "recharge",
		Event: hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000"},
		Message: &hook.Message{
			Method: "POST", ContentType: "application/json", Header: hook.Header{{Name: "x-Team", Value: "a: b"}}, Body: []byte(`{"order":1}`),
		},
		Course: hook.Course{State: hook.Pending},
	}
	d.CreatedAt = m.now
	d.Due = m.now.Add(time.Minute)
	for _, e := range edit {
		e(d)
	}
	return d
}
