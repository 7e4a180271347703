package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// openFresh makes a store in a folder of its own.
func openFresh(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.TempDir()+"/store", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// keptCaptures keeps n captures with bodies of size bytes.
func keptCaptures(t *testing.T, s *store.Store, ids *hook.IDs, n, size int) []*hook.Capture {
	t.Helper()
	var all []*hook.Capture
	for i := range n {
		id, err := ids.New(hook.CapturePrefix, time.Unix(int64(i), 0))
		if err != nil {
			t.Fatal(err)
		}
		body := hook.Bytes(strings.Repeat("x", size) + fmt.Sprint(i))
		c := &hook.Capture{
			ID: id, ReceivedAt: time.Unix(int64(i), 0).UTC(), Method: "POST", Target: fmt.Sprint("/", i), Proto: "HTTP/1.1",
			Body: body, BodySize: body.Size(),
		}
		if err := <-s.Keep(c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestOutcomesAreTheNewestThatFit(t *testing.T) {
	s, ids := openFresh(t), hook.NewIDs(strings.NewReader(strings.Repeat("random", 1000)))
	captures := keptCaptures(t, s, ids, 4, 10)
	record := func(c *hook.Capture, url string, status int) int64 {
		id, err := ids.New(hook.AttemptPrefix, time.Unix(100, 0))
		if err != nil {
			t.Fatal(err)
		}
		body := []byte(fmt.Sprint("answer ", status))
		a := &hook.Attempt{
			ID: id, CaptureID: c.ID, CaptureSeq: c.Seq, StartedAt: time.Unix(100, 0).UTC(), Trigger: hook.TriggerManual,
			Method: "POST", URL: url, Status: status, ResponseBody: body, ResponseSize: int64(len(body)),
		}
		if err := <-s.RecordSoon(a, 1); err != nil {
			t.Fatal(err)
		}
		return a.Seq
	}
	record(captures[0], "here", 500)
	second := record(captures[0], "here", 200)
	record(captures[0], "there", 404)
	record(captures[1], "there", 404)
	later := record(captures[2], "here", 201)
	here := func(a *hook.Attempt) bool { return a.URL == "here" }

	found, err := s.Outcomes(context.Background(), captures, store.OutcomeQuery{Fits: here, Bodies: true})
	if err != nil || len(found) != 2 {
		t.Fatalf("%d outcomes, %v", len(found), err)
	}
	first := found[captures[0].Seq]
	if first.Seq != second || first.Status != 200 || string(first.ResponseBody) != "answer 200" {
		t.Errorf("the first capture's: %+v", first)
	}
	found, err = s.Outcomes(context.Background(), captures, store.OutcomeQuery{Fits: here, Before: later})
	if err != nil || len(found) != 1 || found[captures[0].Seq].ResponseBody != nil {
		t.Errorf("before the last attempt, without bodies: %v, %v", found, err)
	}
}

// Bodies are the same however they are read.
func TestBodiesAreReadInEveryWay(t *testing.T) {
	for _, size := range []int{0, 1500, 70 << 10, 2 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			s, ids := openFresh(t), hook.NewIDs(strings.NewReader(strings.Repeat("random", 1000)))
			kept := keptCaptures(t, s, ids, 3, size)
			ctx := context.Background()
			ways := map[string]store.Query{"along": {Ascending: true, Bodies: true}, "afterwards": {Ascending: true}}
			for way, q := range ways {
				n := 0
				for c, err := range s.WithBodies(ctx, s.Captures(ctx, q)) {
					if err != nil {
						t.Fatal(err)
					}
					want, _ := hook.ReadBody(kept[n].Body)
					got, err := hook.ReadBody(c.Body)
					if err != nil || string(got) != string(want) || c.Seq != kept[n].Seq {
						t.Errorf("%s: capture %d has %d bytes, want %d: %v", way, n, len(got), len(want), err)
					}
					if _, loaded := c.Body.(hook.Bytes); loaded != (size < 1<<20) {
						t.Errorf("%s: %d bytes in memory: %t", way, size, loaded)
					}
					n++
				}
				if n != 3 {
					t.Errorf("%s: %d captures", way, n)
				}
			}
		})
	}
}

func TestAStoreThatMustExistIsNotMade(t *testing.T) {
	dir := t.TempDir() + "/store"
	if s, err := store.Open(dir, store.Options{Existing: true}); err == nil {
		s.Close()
		t.Error("a store was made")
	}
}
