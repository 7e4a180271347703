package render_test

import (
	"slices"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// lineReport is one of a line of an NDJSON file.
func lineReport(line int, text string) *validate.Report {
	fault := hook.Fault{Kind: "type", Class: hook.ClassWrong, Pointer: "/id", Message: "want integer"}
	return orderReport("a.ndjson", hook.Invalid, faulty(text, true, fault), func(r *validate.Report) { r.Line = line })
}

// Services take issues with one fingerprint for one issue.
func TestLinesThatAreAlikeAreToldApart(t *testing.T) {
	unknown := func(line int) *validate.Report {
		return orderReport("a.ndjson", hook.NoSchema, func(r *validate.Report) { r.Line = line })
	}
	marks := fingerprints(t, lineReport(1, `{"id":""}`), lineReport(2, `{"id":""}`), unknown(3), unknown(4), lineReport(5, `{"id":" "}`))
	all := slices.Clone(marks)
	slices.Sort(all)
	if len(slices.Compact(all)) != len(marks) {
		t.Errorf("got %q, want each once", marks)
	}
	moved := fingerprints(t, lineReport(2, `{"id":""}`), lineReport(7, `{"id":""}`), unknown(8), unknown(9), lineReport(50, `{"id":" "}`))
	if !slices.Equal(marks, moved) {
		t.Errorf("got %q, and after lines were moved %q", marks, moved)
	}
}
