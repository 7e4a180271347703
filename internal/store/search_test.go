package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
	"pgregory.net/rapid"
)

// TestSearchFindsWhatMatches compares searches, in stores whose indexes are at
// different stages, with asking every capture.
func TestSearchFindsWhatMatches(t *testing.T) {
	for _, test := range []struct {
		name            string
		indexed, recent int // captures, of which the first are indexed with their bodies
		then            func(dir string) error
	}{
		{"nothing indexed", 0, 500, nothing},
		{"partly indexed", 1600, 300, nothing},
		{"bodies partly indexed", 800, 800, store.IndexFacets},
		{"all indexed", 1600, 300, store.IndexAll},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			grow(t, dir, test.indexed, test.recent)
			if err := test.then(dir); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(dir, store.Options{ReadOnly: true}) // so that nothing is indexed meanwhile
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			all := collect(t, s.Captures(context.Background(), store.Query{}))
			for i := range all {
				all[i] = loadBody(t, all[i])
			}
			rapid.Check(t, func(t *rapid.T) { compareSearch(t, s, all) })
		})
	}
}

func nothing(string) error { return nil }

// compareSearch makes up a query and checks what s finds, knowing all there is.
func compareSearch(t *rapid.T, s *store.Store, all []*hook.Capture) {
	text := queryOf(all).Draw(t, "query")
	q, err := store.ParseQuery(text, noon().Add(time.Hour))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	q.Ascending = rapid.Bool().Draw(t, "ascending")
	q.Limit = rapid.SampledFrom([]int{0, 1, 7, 50, 1000}).Draw(t, "limit")
	var want []int64
	for _, c := range all {
		if ok, err := q.Match(c); err != nil {
			t.Fatal(err)
		} else if ok {
			want = append(want, c.Seq)
		}
	}
	if q.Ascending {
		slices.Reverse(want)
	}
	if q.Limit > 0 {
		want = want[:min(len(want), q.Limit)]
	}
	var got []int64
	for c, err := range s.Captures(context.Background(), q) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c.Seq)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s, limit %d, ascending %v:\n got %d %v\nwant %d %v", text, q.Limit, q.Ascending, len(got), got[:min(len(got), 20)], len(want), want[:min(len(want), 20)])
	}
}

// queryOf makes queries about what is in all.
func queryOf(all []*hook.Capture) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var terms []string
		for range rapid.IntRange(1, 3).Draw(t, "terms") {
			c := rapid.SampledFrom(all).Draw(t, "about")
			term := rapid.OneOf(
				rapid.Just("method:"+c.Method),
				rapid.SampledFrom([]string{"method:brew", "method:put", "status:none", "status:>=500", "status:<300", "status:404", "status:0..499", "status:999"}),
				rapid.Just(`path:"`+c.Path()+`"`),
				rapid.SampledFrom([]string{"path:/item/*", "path:*7", "path:/i*m/1?", "path:/none/*", "path:*", `path:"*é?"`}),
				rapid.Custom(func(t *rapid.T) string {
					return rapid.SampledFrom([]string{"since:", "until:"}).Draw(t, "side") + c.ReceivedAt.Format(time.RFC3339Nano)
				}),
				rapid.Custom(func(t *rapid.T) string {
					n := rapid.IntRange(1, 26).Draw(t, "length")
					if rapid.Bool().Draw(t, "end") {
						return "id:" + string(c.ID[len(c.ID)-n:])
					}
					return "id:" + string(c.ID[4:4+n])
				}),
				rapid.SampledFrom([]string{
					"provider:recharge", "provider:NONE", "provider:techrar", "provider:nobody", "event:order/*", "event:*", "event:order/paid", "event:*é", "event:none",
					"verified:yes", "verified:no", "verified:unchecked",
					"valid:yes", "valid:no", "valid:unchecked", "valid:envelope", "valid:no_schema", "valid:not_json",
				}),
				rapid.Just("id:"+eventID(c)),
				rapid.SampledFrom([]string{"body:number", "body:NUMBER-77", "body:r-3", "body:é", "body:ab", `body:"\\"x"`, "body:nowhere", "body:7"}),
			).Draw(t, "term")
			if rapid.IntRange(0, 4).Draw(t, "turn") == 0 {
				term = "-" + term
			}
			terms = append(terms, strings.ReplaceAll(term, `\\"`, `\"`))
		}
		return strings.Join(terms, " ")
	})
}

// eventID is the id of c's event, or one that no event has.
func eventID(c *hook.Capture) string {
	if c.Identity == nil || c.Identity.Event.ID == "" {
		return "evt_none"
	}
	return c.Identity.Event.ID
}

// grow makes a store with captures of all kinds, indexed and after that more, with
// replies to some of the indexed.
func grow(t *testing.T, dir string, indexed, recent int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	m := newMaker(t)
	batch := func(n int) []*hook.Capture {
		cs := make([]*hook.Capture, n)
		for i := range cs {
			cs[i] = m.capture("", func(c *hook.Capture) { anyCapture(c, random, i) })
		}
		s := openStore(t, dir)
		keep(t, s, cs...)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		return cs
	}
	old := batch(indexed)
	s := openStore(t, dir)
	var gone []int64
	for i, c := range old {
		switch {
		case i%97 == 5:
			gone = append(gone, c.Seq)
		case c.Reply == nil && i%3 == 0:
			record(t, s, m.attempt(c, func(a *hook.Attempt) { a.Reply = &hook.Reply{Status: 404, From: hook.FromEndpoint} }))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.IndexAll(dir); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	if _, err := s.Delete(context.Background(), gone); err != nil {
		t.Fatal(err)
	}
	for i, c := range old {
		if i%97 != 5 && i%61 == 0 { // judged after it was indexed
			if err := s.Judge(context.Background(), c.Seq, anyIdentity(random, i+1)); err != nil {
				t.Fatal(err)
			}
		}
		if i%97 != 5 && i%53 == 0 { // held against its schema after it was indexed
			if err := <-s.Assess(c.Seq, &hook.Validation{Outcome: hook.Invalid}); err != nil {
				t.Fatal(err)
			}
		}
		if c.Reply == nil && i%97 != 5 && i%5 == 0 { // decided after it was indexed
			record(t, s, m.attempt(c, func(a *hook.Attempt) { a.Reply = &hook.Reply{Status: 502, From: hook.FromListener} }))
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	batch(recent)
}

// anyCapture makes c the ith of many that differ in all that can be asked for.
func anyCapture(c *hook.Capture, random *rand.Rand, i int) {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	c.Method = pick("POST", "POST", "POST", "post", "GET", "PUT")
	if i == 17 {
		c.Method = "BREW"
	}
	c.Target = pick("/a", "/b", "/B", "/a?x", "http://h/abs?q", "*", "/item/"+fmt.Sprint(random.IntN(900)), "/\xff\x00é%")
	c.ReceivedAt = noon().Add(time.Duration(i)*time.Second + time.Duration(random.IntN(600)-300)*time.Second)
	switch status := random.IntN(40); {
	case status < 8:
		c.Reply = nil
	case status == 9:
		c.Reply = &hook.Reply{From: hook.FromListener, Dropped: hook.DroppedReset}
	case status == 10 && i < 300:
		c.Reply = &hook.Reply{Status: 999, From: hook.FromEndpoint}
	case status < 14:
		c.Reply = &hook.Reply{Status: 500 + random.IntN(4), From: hook.FromEndpoint}
	}
	c.Identity, c.Validation = anyIdentity(random, i), anyValidation(random, i)
	body := pick("", "number-%d", "Number-%d é", "%d\x00ab", "\xff%d number", `{"a":"x %d"}`, strings.Repeat(" ", 300)+"NUMBER-%d")
	if strings.Contains(body, "%d") {
		body = fmt.Sprintf(body, i)
	}
	setBody(c, hook.Bytes(body))
}

// anyIdentity makes the identity of the ith of many captures, of which half have none.
func anyIdentity(random *rand.Rand, i int) *hook.Identity {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	if random.IntN(2) == 0 {
		return nil
	}
	id := &hook.Identity{Provider: pick("recharge", "recharge", "Recharge", "clazar", ""), Event: hook.Event{Type: pick("order/created", "order/paid", "é", "")}}
	if i%400 == 3 {
		id.Provider = "techrar"
	}
	if random.IntN(2) == 0 { // in part those of captures too
		id.Event.ID = pick("evt_"+fmt.Sprint(i), "evt_"+fmt.Sprint(i%7), "7", "ABC")
	}
	switch random.IntN(4) {
	case 0:
		id.Verification = &hook.Verification{Outcome: hook.Failed, Reason: "mismatch"}
	case 1:
		id.Verification = &hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret"}
	case 2:
		id.Verification = &hook.Verification{Outcome: hook.Verified, Scheme: "v1"}
	}
	return id
}

// anyValidation makes the validation of the ith of many captures, of which half have none.
func anyValidation(random *rand.Rand, i int) *hook.Validation {
	if random.IntN(2) == 0 {
		return nil
	}
	v := &hook.Validation{Outcome: hook.Valid, Schema: "recharge/order"}
	switch {
	case i%300 == 7:
		v.Outcome = hook.NotJSON
	case i%100 == 7:
		v.Outcome = hook.Invalid
	case i%3 == 0:
		v.Outcome = hook.ValidEnvelope
	case i%50 == 1:
		v.Outcome = hook.NoSchema
	}
	return v
}

func TestRepliesThatComeAfterIndexingAreFound(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	c := m.capture("", func(c *hook.Capture) { c.Reply = nil })
	keep(t, s, c, m.capture(""))
	if err := store.IndexAll(dir); err != nil {
		t.Fatal(err)
	}
	if got := search(t, s, "status:none", 0); !slices.Equal(got, []int64{1}) {
		t.Error(got)
	}
	record(t, s, m.attempt(c, func(a *hook.Attempt) { a.Reply = &hook.Reply{Status: 418, From: hook.FromEndpoint} }))
	for range 2 { // before and after that is indexed too
		if got := search(t, s, "status:418", 0); !slices.Equal(got, []int64{1}) {
			t.Error(got)
		}
		if got := search(t, s, "status:none", 0); len(got) != 0 {
			t.Error(got)
		}
		if err := store.IndexAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheWriterIndexesByItself(t *testing.T) {
	s, m := openStore(t, t.TempDir()), newMaker(t)
	keep(t, s, m.capture("needle in a haystack"), m.capture(""))
	deadline := time.Now().Add(10 * time.Second)
	for s.Indexed() < 2 {
		if time.Now().After(deadline) {
			t.Fatal("nothing is indexed after 10 s")
		}
	}
	if diff := cmp.Diff([]int64{1}, search(t, s, "body:NEEDLE", 0)); diff != "" {
		t.Error(diff)
	}
}

// TestManyTraitsAreFound has more events in a zone than it says.
func TestManyTraitsAreFound(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	event := func(i int) string { return fmt.Sprintf("%d/%s", i, strings.Repeat("x", 200)) }
	cs := make([]*hook.Capture, 300)
	for i := range cs {
		cs[i] = m.capture("", identified(hook.Identity{Provider: "recharge", Event: hook.Event{Type: event(i)}}))
	}
	cs[280].Identity = nil
	keep(t, s, cs...)
	if err := store.IndexFacets(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Judge(context.Background(), 290, nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Judge(context.Background(), 2, &hook.Identity{Provider: "techrar", Event: hook.Event{Type: event(299)}}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]int64{
		"event:" + event(5):              {6},
		"event:" + event(250):            {251},
		"event:299/*":                    {300, 2},
		"provider:none":                  {290, 281},
		"-event:*":                       {290, 281},
		"provider:techrar":               {2},
		"event:299/* -provider:recharge": {2},
	} {
		if got := search(t, s, query, 0); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query[:min(len(query), 20)], got, want)
		}
	}
	if report, err := store.Check(t.Context(), dir); err != nil || !report.Sound() {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestZonesGoWithTheirLastCapture(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	cs := make([]*hook.Capture, 3000)
	seqs := make([]int64, 0, 1024)
	for i := range cs {
		cs[i] = m.capture("")
		if i+1 >= 1024 && i+1 < 2048 {
			seqs = append(seqs, int64(i+1))
		}
	}
	keep(t, s, cs...)
	if err := store.IndexFacets(dir); err != nil {
		t.Fatal(err)
	}
	for _, gone := range [][]int64{seqs[:1023], seqs[1023:]} {
		want := 3
		if _, err := s.Delete(context.Background(), gone); err != nil {
			t.Fatal(err)
		}
		if len(gone) == 1 {
			want = 2
		}
		if n, err := s.Zones(); n != want || err != nil {
			t.Errorf("%d zones, want %d: %v", n, want, err)
		}
	}
}
