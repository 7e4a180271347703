package schema_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// twoWays leads back to itself by two ways, so that each level of a text doubles the work.
const twoWays = `{"anyOf":[{"type":"array","items":{"$ref":"#"}},{"type":"array","items":{"$ref":"#"}},{"type":"string"}]}`

func nest(depth int, leaf string) []byte {
	return []byte(strings.Repeat("[", depth) + leaf + strings.Repeat("]", depth))
}

func TestBranchingRecursionEnds(t *testing.T) {
	s := mustCompile(t, twoWays, schema.Options{})
	for _, test := range []struct {
		depth int
		leaf  string
		want  string
	}{
		{4, `"x"`, "valid"}, {4, "1", "invalid anyOf"}, {16, "1", "invalid deadline"}, {16, `"x"`, "invalid deadline"}, {99, "1", "invalid deadline"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v := s.Check(nest(test.depth, test.leaf))
		runtime.ReadMemStats(&after)
		if got := verdict(v); got != test.want {
			t.Errorf("%d deep: %s, want %s", test.depth, got, test.want)
		}
		// Without a bound, 16 levels allocate 3.2 GB.
		if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; test.depth == 16 && mb > 1000 {
			t.Errorf("%d deep: %d MB", test.depth, mb)
		}
	}
}

func TestABoundedSchemaChecksManyTextsAtOnce(t *testing.T) {
	s := mustCompile(t, twoWays, schema.Options{})
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			leaf, want := `"x"`, hook.Valid
			if i%2 == 0 {
				leaf, want = "1", hook.Invalid
			}
			if v := s.Check(nest(1+i%8, leaf)); v.Outcome != want {
				t.Errorf("%d: %s", i, lines(v))
			}
		})
	}
	wg.Wait()
}

func TestRecursionWithoutBranchesIsNoTrouble(t *testing.T) {
	s := mustCompile(t, `{"type":"object","properties":{"left":{"$ref":"#"},"right":{"$ref":"#"},"n":{"type":"integer"}}}`, schema.Options{})
	tree := `{"n":1}`
	for range 12 {
		tree = `{"left":` + tree + `,"right":` + tree + `}`
	}
	if v := s.Check([]byte(tree)); v.Outcome != hook.Valid {
		t.Errorf("a tree of %d bytes: %s", len(tree), lines(v))
	}
}

func TestLargeTextsAreChecked(t *testing.T) {
	s := mustCompile(t, orderSchema, schema.Options{})
	item := `{"sku":"A","quantity":1,"price":"1.00"}`
	text := `{"id":1,"email":"a@b.c","created_at":"2021-01-01T00:00:00Z","currency":"EUR","customer":{"id":1},"line_items":[` +
		strings.Repeat(item+",", 50_000) + item + `]}`
	if v := s.Check([]byte(text)); v.Outcome != hook.Valid {
		t.Errorf("%d bytes: %.300s", len(text), lines(v))
	}
}

func TestChecksAreTheSameEachTime(t *testing.T) {
	s := mustCompile(t, `{
		"required": ["m1", "m2", "m3", "m4"], "additionalProperties": false, "minProperties": 90,
		"properties": {"a": {"type": "string"}, "b": {"enum": [1, 2]}, "c": {"minLength": 5, "pattern": "^x", "format": "date"},
			"d": {"oneOf": [{"required": ["x", "y"]}, {"required": ["z", "y"]}]}},
		"allOf": [{"properties": {"a": {"maximum": 3}}}, {"properties": {"a": {"minimum": 9}}}]
	}`, schema.Options{})
	text := []byte(`{"a":5,"b":5,"c":"q","d":{},"z":1,"y":1,"x":1,"w":1,"z":2}`)
	outputs := map[string]int{}
	for range 300 {
		outputs[fmt.Sprintf("%+v", s.Check(text))]++
	}
	if len(outputs) != 1 {
		t.Errorf("%d outputs: %v", len(outputs), outputs)
	}
}

func TestFaultsAreCapped(t *testing.T) {
	s := mustCompile(t, `{"items":{"type":"string"}}`, schema.Options{})
	v := s.Check([]byte("[" + strings.Repeat("1,", 999) + "1]"))
	if len(v.Faults) != schema.MaxFaults || v.More != 1000-schema.MaxFaults || v.Faults[schema.MaxFaults-1].Pointer != "/99" {
		t.Errorf("%d faults, %d more, the last is %+v", len(v.Faults), v.More, v.Faults[len(v.Faults)-1])
	}
}
