package render

import (
	"bytes"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// A wrong type is told once: by the verdict where that has it, else as drift.
func TestAWrongTypeIsToldOnce(t *testing.T) {
	v := &hook.Validation{Outcome: hook.Invalid, Faults: []hook.Fault{
		{Kind: "type", Pointer: "/id", Message: "want integer"}, {Kind: "type", Pointer: "/lines/3/sku", Message: "want string"},
		{Kind: "required", Pointer: "/data", Message: "name is missing"},
	}}
	for _, test := range []struct {
		drift hook.Drift
		told  bool
	}{
		{hook.Drift{Kind: "type", Pointer: "/id"}, false},
		{hook.Drift{Kind: "null", Pointer: "/id"}, false},
		{hook.Drift{Kind: "type", Pointer: "/lines/*/sku"}, false},
		{hook.Drift{Kind: "type", Pointer: "/lines/*/price"}, true},
		{hook.Drift{Kind: "type", Pointer: "/data"}, true},
		{hook.Drift{Kind: "unknown_property", Pointer: "/id"}, true},
	} {
		lines := New(&bytes.Buffer{}, Options{}).bodyLines(v, Remarks{New: []hook.Drift{test.drift}})
		if told := len(lines) == len(v.Faults)+1; told != test.told {
			t.Errorf("%s at %s: told %t", test.drift.Kind, test.drift.Pointer, told)
		}
	}
	if lines := New(&bytes.Buffer{}, Options{}).bodyLines(nil, Remarks{New: []hook.Drift{{Kind: "type", Pointer: "/id"}}}); len(lines) != 1 {
		t.Errorf("without a verdict: %d lines", len(lines))
	}
}
