package store_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func comesBack(t *testing.T, s contractStore, m *maker) {
	kept := []*hook.Capture{
		m.capture(`{"a":1}`),
		m.capture("", func(c *hook.Capture) {
			c.Method, c.Target, c.Header, c.HeadersExact, c.Reply = "GET", "http://h/p?q", nil, false, nil
		}),
		m.capture("chunked", func(c *hook.Capture) {
			c.Trailer = hook.Header{{Name: "X-Sum", Value: "1"}}
			c.Reply = &hook.Reply{From: hook.FromListener, Dropped: hook.DroppedReset}
		}),
		m.capture("x", func(c *hook.Capture) { c.Target, c.Remote = "/\xff\xfe?\x80", "[::1]:80" }),
	}
	keep(t, s, kept...)
	for i, c := range kept {
		if want := int64(i + 1); c.Seq != want {
			t.Errorf("seq %d, want %d", c.Seq, want)
		}
		if diff := cmp.Diff(c, loadBody(t, find(t, s, string(c.ID)))); diff != "" {
			t.Errorf("found -want +got:\n%s", diff)
		}
	}
	listed := collect(t, s.Captures(context.Background(), store.Query{Ascending: true}))
	for i := range listed {
		listed[i] = loadBody(t, listed[i])
	}
	if diff := cmp.Diff(kept, listed); diff != "" {
		t.Errorf("listed -want +got:\n%s", diff)
	}
}

func anyHeader(t *testing.T, s contractStore, m *maker) {
	c := m.capture("", func(c *hook.Capture) {
		c.Header = hook.Header{
			{Name: "A", Value: ""}, {Name: "", Value: "b"}, {Name: "c:\\\n d", Value: ": \\n\n\\"}, {Name: "é\xff", Value: "\xff\x00 "},
			{Name: ":authority", Value: "h"}, {Name: "x", Value: strings.Repeat("long ", 20000)},
		}
	})
	keep(t, s, c)
	if diff := cmp.Diff(c.Header, find(t, s, "last").Header); diff != "" {
		t.Error(diff)
	}
}

func exactBodies(t *testing.T, s contractStore, m *maker) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, body := range [][]byte{{}, {0}, {'\r', '\n'}, all, []byte("\xff\xfe\x00"), []byte("é"), bytes.Repeat(all, 4096), bytes.Repeat(all, 4097)} {
		c := m.capture(string(body))
		keep(t, s, c)
		if got := loadBody(t, find(t, s, "last")); !bytes.Equal(got.Body.(hook.Bytes), body) {
			t.Errorf("a body of %d bytes came back with %d, or others", len(body), got.Body.Size())
		}
	}
}

func rereadBodies(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture(strings.Repeat("0123456789", 200_000)))
	body := find(t, s, "last").Body
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if got, err := hook.ReadBody(body); err != nil || len(got) != 2_000_000 {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
	wg.Wait()
}

func wrongSize(t *testing.T, s contractStore, m *maker) {
	short := func(n int64) func(*hook.Capture) { return func(c *hook.Capture) { c.BodySize = n } }
	jobs := []*hook.Capture{m.capture("a"), m.capture("b", short(7)), m.capture("c", short(3<<20)), m.capture("d")}
	var waits []<-chan error
	for _, c := range jobs {
		waits = append(waits, s.Keep(c))
	}
	for i, wait := range waits {
		if err := <-wait; (err != nil) != (i == 1 || i == 2) {
			t.Errorf("capture %d: %v", i, err)
		}
	}
	if got := collect(t, s.Captures(context.Background(), store.Query{})); len(got) != 2 {
		t.Errorf("%d captures, want 2", len(got))
	}
}

func bySeq(t *testing.T, s contractStore, m *maker) {
	for i := range 5 {
		keep(t, s, m.capture("", func(c *hook.Capture) { c.ReceivedAt = noon().Add(-time.Duration(i) * time.Hour) }))
	}
	if got := search(t, s, "", 0); !slices.Equal(got, []int64{5, 4, 3, 2, 1}) {
		t.Error(got)
	}
	if got := search(t, s, "since:2026-11-21T10:00", 0); !slices.Equal(got, []int64{3, 2, 1}) {
		t.Error(got)
	}
	if got := search(t, s, "until:2026-11-21T10:00", 0); !slices.Equal(got, []int64{5, 4}) {
		t.Error(got)
	}
}

func limits(t *testing.T, s contractStore, m *maker) {
	for range 700 {
		s.Keep(m.capture(""))
	}
	keep(t, s, m.capture(""))
	list := func(q store.Query) []int64 { return seqsOf(collect(t, s.Captures(context.Background(), q))) }
	if got := list(store.Query{Limit: 2}); !slices.Equal(got, []int64{701, 700}) {
		t.Error(got)
	}
	if got := list(store.Query{Limit: 2, Ascending: true}); !slices.Equal(got, []int64{1, 2}) {
		t.Error(got)
	}
	up, down := list(store.Query{Ascending: true}), list(store.Query{})
	slices.Reverse(down)
	if len(up) != 701 || !slices.IsSorted(up) || !slices.Equal(up, down) {
		t.Errorf("%d up, %d down", len(up), len(down))
	}
}

func concurrent(t *testing.T, s contractStore, m *maker) {
	var wg sync.WaitGroup
	cs := make([]*hook.Capture, 400)
	for i := range cs {
		cs[i] = m.capture("body")
	}
	for i := range 8 {
		wg.Go(func() {
			for _, c := range cs[i*50 : (i+1)*50] {
				if err := <-s.Keep(c); err != nil {
					t.Error(err)
				}
				if err := <-s.Record(&hook.Attempt{ID: hook.ID("att_" + string(c.ID[4:])), CaptureID: c.ID, CaptureSeq: c.Seq}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	seqs := map[int64]bool{}
	for _, c := range cs {
		seqs[c.Seq] = true
	}
	if len(seqs) != len(cs) {
		t.Errorf("%d seqs for %d captures", len(seqs), len(cs))
	}
}
