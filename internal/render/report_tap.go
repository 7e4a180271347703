package render

import (
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// A tapReport writes TAP 13: a test for each payload, below it what was found as YAML.
type tapReport struct {
	out     pieces
	options ReportOptions
	tests   int
}

func newTAPReport(w io.Writer, o ReportOptions) *tapReport {
	t := &tapReport{out: pieces{to: w}, options: o}
	t.out.WriteString("TAP version 13\n")
	return t
}

func (t *tapReport) Report(r *validate.Report) error {
	t.tests++
	found := t.options.findings(r)
	verdict, directive := "ok ", ""
	switch {
	case r.Failed || r.Trouble != nil:
		verdict = "not ok "
	case r.Validation.Outcome == hook.NoSchema:
		directive, found = " # SKIP "+tapText(fold(inert(noSchema(r)), maxMessage)), found[1:]
	}
	name := payloadName(r)
	if event := eventName(r); event != "" {
		name += " (" + event + ")"
	}
	t.out.WriteString(verdict + strconv.Itoa(t.tests) + " - " + tapText(name) + directive + "\n")
	if len(found) > 0 {
		t.diagnose(r, found)
	}
	return t.out.send()
}

func (t *tapReport) diagnose(r *validate.Report, found []finding) {
	b := &t.out
	b.WriteString("  ---\n")
	if schema := r.Validation.Schema; schema != "" {
		b.WriteString("  schema: " + yamlText(fold(inert(schema), maxPointer)) + "\n")
	}
	b.WriteString("  findings:\n")
	for i := range found {
		f := &found[i]
		b.WriteString("    - message: " + yamlText(f.entry+f.message) + "\n")
		for _, line := range []struct{ name, value string }{
			{"severity", sarifLevel(f.level)}, {"kind", f.kind}, {"at", place(r, f)}, {"pointer", f.pointer}, {"rule", f.rule},
		} {
			if line.value != "" {
				b.WriteString("      " + line.name + ": " + yamlText(line.value) + "\n")
			}
		}
	}
	b.WriteString("  ...\n")
}

// Close writes the plan, which is only known at the end. A run that was cut short is
// no success, however few tests are left out.
func (t *tapReport) Close(total validate.Total) error {
	switch {
	case total.Interrupted:
		t.out.WriteString("Bail out! interrupted\n")
	case t.tests == 0:
		t.out.WriteString("1..0 # SKIP no payloads\n")
	default:
		t.out.WriteString("1.." + strconv.Itoa(t.tests) + "\n")
	}
	return t.out.send()
}
