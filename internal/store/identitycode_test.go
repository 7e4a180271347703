package store

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"pgregory.net/rapid"
)

// anyText makes texts that are kept as they are.
func anyText() *rapid.Generator[string] { return rapid.StringN(-1, -1, maxText) }

func anyIdentity() *rapid.Generator[*hook.Identity] {
	return rapid.Custom(func(t *rapid.T) *hook.Identity {
		text := func(what string) string { return anyText().Draw(t, what) }
		id := &hook.Identity{
			Provider: text("provider"),
			Event:    hook.Event{Type: text("type"), ID: text("id"), Time: text("time"), Items: rapid.IntRange(0, maxItems).Draw(t, "items")},
		}
		for range rapid.IntRange(0, maxFitting).Draw(t, "candidates") {
			id.Candidates = append(id.Candidates, text("candidate"))
		}
		if rapid.Bool().Draw(t, "verification") {
			id.Verification = &hook.Verification{
				Outcome: rapid.SampledFrom([]hook.Outcome{hook.Verified, hook.Failed, hook.NotChecked}).Draw(t, "outcome"),
				Scheme:  text("scheme"), Reason: text("reason"), Detail: text("detail"), Unbound: rapid.Bool().Draw(t, "unbound"),
			}
		}
		return id
	})
}

func TestAnIdentityComesBackFromItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := anyIdentity().Draw(t, "identity")
		data := appendIdentity([]byte("before"), id)[len("before"):]
		got, err := parseIdentity(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(id, got); diff != "" {
			t.Fatal(diff)
		}
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if _, err := parseIdentity(data[:cut]); err == nil {
			t.Fatalf("%d of %d bytes are an identity", cut, len(data))
		}
		if _, err := parseIdentity(append(data, 0)); err == nil {
			t.Fatal("a byte too many")
		}
	})
}

func TestAnIdentityIsWrittenWithoutAllocating(t *testing.T) {
	id := &hook.Identity{
		Provider: "recharge", Event: hook.Event{Type: "order/created", ID: "evt_1"},
		Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: "é"},
	}
	buf := appendIdentity(nil, id)
	if n := testing.AllocsPerRun(100, func() { buf = appendIdentity(buf[:0], id) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestTextsAreBounded(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""}, {"é\x00", "é\x00"},
		{strings.Repeat("a", maxText), strings.Repeat("a", maxText)},
		{strings.Repeat("a", maxText-1) + "é", strings.Repeat("a", maxText-1)},
		{strings.Repeat("a", maxText-3) + "\U0001f600", strings.Repeat("a", maxText-3)},
		{"a\xff\xfeb", "a\ufffdb"},
		{strings.Repeat("\xff", 2000), "\ufffd"},
		{strings.Repeat("\x80", 2000), "\ufffd"},
		{strings.Repeat("a\xff", 1000), strings.Repeat("a\ufffd", maxText/4)},
	} {
		if got := bounded(test.text); got != test.want {
			t.Errorf("%q: %q", test.text, got)
		}
	}
}

func FuzzParseIdentity(f *testing.F) {
	for _, id := range []*hook.Identity{
		{}, {Candidates: []string{"a", "b"}},
		{Provider: "p", Event: hook.Event{Type: "t", ID: "i", Time: "m", Items: 300}, Verification: &hook.Verification{Outcome: hook.Verified, Scheme: "v1", Unbound: true}},
	} {
		f.Add(appendIdentity(nil, id))
	}
	f.Add([]byte("\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, err := parseIdentity(data)
		if err != nil {
			return
		}
		if !utf8.ValidString(id.Provider+id.Event.Type+id.Event.ID+id.Event.Time) || len(id.Candidates) > maxFitting {
			t.Errorf("%+v", id)
		}
		again, err := parseIdentity(appendIdentity(nil, id))
		if diff := cmp.Diff(id, again); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
}

func FuzzZone(f *testing.F) {
	full := &[zoneSize]identityFacet{7: {traits{"recharge", "order/created", outcomeFailed}, 77}}
	z := newZoneIdentities(full, true)
	f.Add(z.distinct.append(nil), []byte(z.places), []byte(z.tags))
	f.Add([]byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, list, places, tags []byte) {
		var z zoneIdentities
		if z.distinct.Scan(list) != nil || z.places.Scan(places) != nil || z.tags.Scan(tags) != nil {
			return
		}
		facets := z.facets() // wherever they point
		again := newZoneIdentities(facets, z.blank())
		if *again.facets() != *facets && len(list) < traitRoom {
			t.Error("the facets changed")
		}
	})
}
