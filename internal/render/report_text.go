package render

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

const (
	// shownFaults is how many faults of one payload people are shown.
	shownFaults = 10
	// excerptColumns is what excerpts take where lines are not folded, and minExcerpt
	// what they take at least.
	excerptColumns = 100
	minExcerpt     = 30
)

// A textReport is for people: a line for each payload that has something to it, below
// it the faults with the text they are in, and the sum at the end.
type textReport struct {
	printer *Printer
	options ReportOptions
	// written says that there is something above, block that it has faults below it.
	written, block bool
}

func newTextReport(w io.Writer, o ReportOptions) *textReport {
	return &textReport{printer: New(w, o.Options), options: o}
}

func (t *textReport) Report(r *validate.Report) error {
	found := t.options.findings(r)
	if len(found) == 0 && !t.options.Verbose {
		return nil
	}
	var b bytes.Buffer
	shown := t.faultsBelow(r)
	if t.block || t.written && len(shown) > 0 {
		b.WriteByte('\n')
	}
	t.head(&b, r, found)
	for i := range shown {
		t.fault(&b, r, &shown[i], i)
	}
	if more := len(r.Validation.Faults) - len(shown) + r.Validation.More; len(shown) > 0 && more > 0 {
		b.WriteString("    and " + strconv.Itoa(more) + " more" + t.where(r) + "\n")
	}
	t.written, t.block = true, len(shown) > 0
	return t.printer.write(b.Bytes())
}

// where says how the faults that are not shown are to be seen, where they are known.
func (t *textReport) where(r *validate.Report) string {
	switch {
	case len(r.Validation.Faults) <= shownFaults:
		return ""
	case r.Validation.More > 0:
		return " (--format json has the first " + strconv.Itoa(len(r.Validation.Faults)) + ")"
	}
	return " (--format json has them all)"
}

// faultsBelow are the faults of r, as many as are shown.
func (t *textReport) faultsBelow(r *validate.Report) []finding {
	if mustFail(r) || r.Trouble != nil {
		return nil
	}
	return t.options.faults(r)[:min(shownFaults, len(r.Validation.Faults))]
}

func (t *textReport) Close(total validate.Total) error {
	var b bytes.Buffer
	if t.written {
		b.WriteByte('\n')
	}
	b.WriteString(t.printer.paint(t.sumStyle(total), TotalLine(total)) + "\n")
	return t.printer.write(b.Bytes())
}

func (t *textReport) sumStyle(total validate.Total) lipgloss.Style {
	switch theme := t.printer.theme; {
	case total.Failed > 0 || total.Trouble > 0:
		return theme.alarm
	case total.Invalid+total.NotJSON+total.NoSchema+total.Accepted > total.Refused:
		return theme.warn
	default:
		return theme.good
	}
}

// head writes the line of a payload.
func (t *textReport) head(b *bytes.Buffer, r *validate.Report, found []finding) {
	mark, style := t.mark(r, found)
	p := t.printer
	writeLine(b, p.paint(style, mark), p.paint(p.theme.strong, payloadName(r)), eventName(r), p.paint(style, t.outcome(r)))
}

// mark is how a payload did: v it is what its schema says, ~ the envelope is and no more
// is known, x it fails the run, * it passes with something to be said, ? nobody knows.
func (t *textReport) mark(r *validate.Report, found []finding) (string, lipgloss.Style) {
	switch theme := t.printer.theme; {
	case r.Failed || r.Trouble != nil:
		return "x", theme.alarm
	case r.Validation.Outcome == hook.NoSchema:
		return "?", theme.faint
	case len(found) > 0:
		return "*", theme.warn
	case r.Validation.Outcome == hook.ValidEnvelope:
		return "~", theme.aside
	default:
		return "v", theme.good
	}
}

// outcome is how r ended, in a few words.
func (t *textReport) outcome(r *validate.Report) string {
	v := &r.Validation
	switch {
	case r.Trouble != nil:
		return fold(inert(joined(kindUnreadable, r.Trouble.Error())), maxMessage)
	case t.options.accepted(r):
		return "accepted, but must be refused"
	case mustFail(r):
		return "refused, as it must be"
	case v.Outcome == hook.NoSchema:
		return fold(inert(noSchema(r)), maxMessage)
	case len(v.Faults) > 0:
		counts := outcomeInWords(v.Outcome) + ", " + counted(len(v.Faults)+v.More, faultWord(r))
		if v.Fits != "" {
			counts += "; " + fold(inert(v.Reason), maxMessage)
		}
		return counts
	}
	return fold(inert(joined(outcomeInWords(v.Outcome), v.Reason)), maxMessage)
}

// faultWord is what the faults of r are called together.
func faultWord(r *validate.Report) string {
	if worst(r) == hook.ClassDoubt {
		return "doubt"
	}
	return "fault"
}

func outcomeInWords(v hook.Validity) string {
	switch v {
	case hook.ValidEnvelope:
		return "envelope only"
	case hook.NoSchema:
		return "no schema"
	case hook.NotJSON:
		return "not JSON"
	}
	return inert(string(v))
}

// fault writes the nth fault of r: where it is and what, which rule says so, and the
// line of the text, unless the fault before is at the same place.
func (t *textReport) fault(b *bytes.Buffer, r *validate.Report, f *finding, nth int) {
	p, fault := t.printer, &r.Validation.Faults[nth]
	word := map[level]string{levelWarning: p.paint(p.theme.warn, "warning: "), levelNote: p.paint(p.theme.aside, "note: ")}[f.level]
	b.WriteString(p.paint(p.theme.strong, place(r, f)+":") + " " + word + f.entry + f.message + "\n")
	at := "at " + f.pointer
	if fault.Pointer == "" {
		at = "at the top"
	}
	b.WriteString("    " + p.paint(p.theme.faint, joinedBy("  ", f.kind+" "+at, f.rule)) + "\n")
	if next := nth + 1; next < len(r.Validation.Faults) && next < shownFaults && samePlace(fault, &r.Validation.Faults[next]) {
		return // it is shown below the last of them
	}
	if fault.Line > 0 && r.Text != nil {
		t.excerpt(b, r, f, fault)
	}
}

func samePlace(a, b *hook.Fault) bool { return a.Line == b.Line && a.Offset == b.Offset }

func (t *textReport) excerpt(b *bytes.Buffer, r *validate.Report, f *finding, fault *hook.Fault) {
	p, number := t.printer, strconv.Itoa(f.line)
	if r.Inside {
		number = strconv.Itoa(fault.Line)
	}
	room := excerptColumns
	if p.options.Width > 0 {
		room = max(minExcerpt, p.options.Width-len("    ")-len(number)-len(" | "))
	}
	e := excerptAt(r.Text, fault.Offset, room)
	style := p.theme.alarm
	if f.level != levelError {
		style = p.theme.warn
	}
	gutter := "    " + strings.Repeat(" ", len(number)) + " | "
	b.WriteString(strings.TrimRight(p.paint(p.theme.faint, "    "+number+" |")+" "+e.line, " ") + "\n")
	b.WriteString(p.paint(p.theme.faint, strings.TrimRight(gutter, " ")) + " " + strings.Repeat(" ", e.before) + p.paint(style, strings.Repeat("^", e.under)) + "\n")
}
