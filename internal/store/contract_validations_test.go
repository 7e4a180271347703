package store_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func wrongType(message string) hook.Fault {
	return hook.Fault{
		Kind: "type", Class: hook.ClassWrong, Pointer: "/order/id", Rule: "order.schema.json#/properties/id/type",
		Message: message, Line: 3, Column: 9, Offset: 41,
	}
}

func assess(t testing.TB, s contractStore, seq int64, v *hook.Validation) {
	t.Helper()
	if err := <-s.Assess(seq, v); err != nil {
		t.Fatal(err)
	}
}

func validationsComeBack(t *testing.T, s contractStore, m *maker) {
	strict := m.capture("held against its schema before it was kept", func(c *hook.Capture) {
		c.Validation = &hook.Validation{Outcome: hook.Invalid, Schema: "recharge/order", Faults: []hook.Fault{wrongType("é \x1b[31m")}, More: 3}
	})
	later := m.capture("and after")
	keep(t, s, strict, later, m.capture("never"))
	sameCapture(t, strict, find(t, s, string(strict.ID)))
	for _, v := range []*hook.Validation{{Outcome: hook.NotJSON, Reason: "not JSON"}, {Outcome: hook.Valid, Schema: "x/y"}} {
		assess(t, s, later.Seq, v)
		later.Validation = v
		sameCapture(t, later, find(t, s, string(later.ID)))
	}
	for query, want := range map[string][]int64{"valid:no": {1}, "valid:yes": {2}, "valid:unchecked": {3}, "-valid:yes": {3, 1}, "valid:not_json": nil} {
		if got := search(t, s, query, 0); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", query, got, want)
		}
	}
}

func manyFaults(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture(""))
	v := &hook.Validation{Outcome: hook.Invalid, More: 5}
	for range 30 {
		v.Faults = append(v.Faults, wrongType(strings.Repeat("é", 1000)))
	}
	assess(t, s, 1, v)
	got := find(t, s, "last").Validation
	if len(got.Faults) != 20 || got.More != 15 {
		t.Errorf("%d faults and %d more", len(got.Faults), got.More)
	}
	if diff := cmp.Diff(wrongType(strings.Repeat("é", 512)), got.Faults[19]); diff != "" {
		t.Error(diff)
	}
	if len(v.Faults) != 30 || v.More != 5 {
		t.Error("the caller's validation was changed")
	}
}

func validationsGo(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture("a"), m.capture("b"))
	assess(t, s, 1, &hook.Validation{Outcome: hook.Valid})
	if _, err := s.Delete(context.Background(), []int64{1}); err != nil {
		t.Fatal(err)
	}
	assess(t, s, 1, &hook.Validation{Outcome: hook.Valid}) // it comes too late
	if got := search(t, s, "valid:yes", 0); len(got) > 0 {
		t.Error(got)
	}
}

func driftsAreCounted(t *testing.T, s contractStore, _ *maker) {
	ctx := context.Background()
	at := func(minute int) time.Time { return noon().Add(time.Duration(minute) * time.Minute) }
	tax := hook.Drift{
		Provider: "recharge", Event: "order/created", Schema: "recharge/2021-11/order", Kind: "unknown_property",
		Pointer: "/order/tax", Detail: "a number", First: at(1), Last: at(2), Count: 2, Example: "cap_1",
	}
	other := tax
	other.Provider, other.Pointer = "techrar", ""
	again := tax
	again.First, again.Last, again.Count, again.Example = at(3), at(9), 5, "cap_2"
	for _, drifts := range [][]hook.Drift{{tax, other}, {again}, nil} {
		if err := s.CountDrifts(ctx, drifts); err != nil {
			t.Fatal(err)
		}
	}
	want := tax
	want.Last, want.Count = at(9), 7
	for provider, want := range map[string][]hook.Drift{"": {want, other}, "techrar": {other}, "nobody": nil} {
		got, err := s.Drifts(ctx, provider)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v %s", provider, err, diff)
		}
	}
	if n, err := s.ForgetDrifts(ctx, "techrar"); n != 1 || err != nil {
		t.Error(n, err)
	}
	if n, err := s.ForgetDrifts(ctx, ""); n != 1 || err != nil {
		t.Error(n, err)
	}
	if got, err := s.Drifts(ctx, ""); got != nil || err != nil {
		t.Error(got, err)
	}
}

// Stores that were opened to be read refuse what would change them.
func TestAReadOnlyStoreCountsNothing(t *testing.T) {
	dir := t.TempDir()
	if err := openStore(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := <-s.Assess(1, &hook.Validation{}); err != store.ErrReadOnly {
		t.Error(err)
	}
	if err := s.CountDrifts(context.Background(), nil); err != store.ErrReadOnly {
		t.Error(err)
	}
	if _, err := s.ForgetDrifts(context.Background(), ""); err != store.ErrReadOnly {
		t.Error(err)
	}
}

// A repair brings along what was made of captures.
func TestRepairKeepsValidationsAndDrifts(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	for i := range 600 {
		keep(t, s, m.capture("", func(c *hook.Capture) {
			if i%2 == 0 {
				c.Validation = &hook.Validation{Outcome: hook.Invalid, Faults: []hook.Fault{wrongType("wrong")}}
			}
		}))
	}
	drift := hook.Drift{Provider: "recharge", Event: "order/created", First: noon(), Last: noon(), Count: 3}
	if err := s.CountDrifts(context.Background(), []hook.Drift{drift}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Repair(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	defer s.Close()
	if got := search(t, s, "valid:no", 0); len(got) != 300 {
		t.Errorf("%d validations were brought along, of 300", len(got))
	}
	if got, err := s.Drifts(context.Background(), ""); len(got) != 1 || got[0].Count != 3 {
		t.Error(got, err)
	}
}
