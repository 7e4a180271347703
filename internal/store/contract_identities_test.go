package store_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// identified gives a capture an identity.
func identified(id hook.Identity) func(*hook.Capture) {
	return func(c *hook.Capture) { c.Identity = &id }
}

// failedOrder is an identity with all that one can have, but for candidates.
func failedOrder() hook.Identity {
	return hook.Identity{
		Provider:     "recharge",
		Event:        hook.Event{Type: "order/created", ID: "evt_1", Time: "1763712000", Items: 3},
		Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: "no secret gives \"\x00\x1b[31m\"", Unbound: true},
	}
}

func identitiesComeBack(t *testing.T, s contractStore, m *maker) {
	kept := []*hook.Capture{
		m.capture("whole", identified(failedOrder())),
		m.capture("large "+strings.Repeat("x", 2<<20), identified(failedOrder())),
		m.capture("provider alone", identified(hook.Identity{Provider: "Techrar"})),
		m.capture("several", identified(hook.Identity{Candidates: []string{"clazar", "a \"b\",\n"}})),
		m.capture("verification alone", identified(hook.Identity{Verification: &hook.Verification{Outcome: hook.NotChecked}})),
		m.capture("none"),
	}
	keep(t, s, kept...)
	for _, c := range kept {
		sameCapture(t, c, find(t, s, string(c.ID)))
	}
	for i, c := range collect(t, s.Captures(context.Background(), store.Query{Ascending: true})) {
		sameCapture(t, kept[i], c)
	}
	keep(t, s, m.capture("zero", identified(hook.Identity{})))
	if got := find(t, s, "last").Identity; got != nil {
		t.Errorf("what says nothing came back as %+v", got)
	}
}

func invalidTexts(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture("", identified(hook.Identity{
		Provider: "p\xff", Event: hook.Event{Type: "a\xff\xfeb", ID: "\x80", Time: "é\xc3"},
		Verification: &hook.Verification{Outcome: hook.Failed, Detail: "\xed\xa0\x80"},
	})))
	want := &hook.Identity{
		Provider: "p\ufffd", Event: hook.Event{Type: "a\ufffdb", ID: "\ufffd", Time: "é\ufffd"},
		Verification: &hook.Verification{Outcome: hook.Failed, Detail: "\ufffd"},
	}
	if diff := cmp.Diff(want, find(t, s, "last").Identity); diff != "" {
		t.Error(diff)
	}
	if got := search(t, s, "event:a\ufffdb id:\ufffd provider:P\ufffd", 0); !slices.Equal(got, []int64{1}) {
		t.Error(got)
	}
}

func longIdentities(t *testing.T, s contractStore, m *maker) {
	long := func(n int) string { return strings.Repeat("é", n) }
	id := hook.Identity{Provider: "p" + long(1024), Event: hook.Event{Type: long(1024), ID: "x" + long(1024), Time: long(512), Items: 1 << 40}}
	for i := range 20 {
		id.Candidates = append(id.Candidates, string(rune('a'+i)))
	}
	keep(t, s, m.capture("", identified(id)))
	want := &hook.Identity{
		Provider: "p" + long(511), Candidates: id.Candidates[:16],
		Event: hook.Event{Type: long(512), ID: "x" + long(511), Time: long(512), Items: math.MaxInt32},
	}
	for range 2 {
		if diff := cmp.Diff(want, find(t, s, "last").Identity); diff != "" {
			t.Error(diff)
		}
		if got := search(t, s, "event:"+long(512)+" id:x"+long(511), 0); !slices.Equal(got, []int64{1}) {
			t.Error(got)
		}
		if err := s.Judge(context.Background(), 1, &id); err != nil {
			t.Fatal(err)
		}
	}
}

func judges(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	c, other := m.capture("", identified(failedOrder())), m.capture("")
	keep(t, s, c, other)
	verified := failedOrder()
	verified.Verification = &hook.Verification{Outcome: hook.Verified, Scheme: "v1"}
	for _, test := range []struct {
		what  string
		id    *hook.Identity
		query string
	}{
		{"another verification", &verified, "verified:yes id:evt_1"},
		{"another provider", &hook.Identity{Provider: "techrar"}, "provider:techrar -event:*"},
		{"nothing", nil, "provider:none verified:unchecked -id:evt_1"},
		{"something again", &verified, "provider:recharge event:order/*"},
	} {
		if err := s.Judge(ctx, c.Seq, test.id); err != nil {
			t.Fatalf("%s: %v", test.what, err)
		}
		if diff := cmp.Diff(test.id, find(t, s, string(c.ID)).Identity); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.what, diff)
		}
		if got := search(t, s, test.query, 0); !slices.Contains(got, c.Seq) {
			t.Errorf("%s: %s finds %v", test.what, test.query, got)
		}
	}
	sameCapture(t, other, find(t, s, string(other.ID)))
	if _, err := s.Delete(ctx, []int64{c.Seq}); err != nil {
		t.Fatal(err)
	}
	var missing *store.NotFoundError
	if err := s.Judge(ctx, c.Seq, &verified); !errors.As(err, &missing) || missing.Ref != "1" {
		t.Errorf("of a deleted capture: %v", err)
	}
	if got := search(t, s, "provider:recharge", 0); len(got) > 0 {
		t.Errorf("deleted, and yet found: %v", got)
	}
}
