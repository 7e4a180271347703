package render

import (
	"bytes"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// maxValue is how much of a value the human form of a difference shows.
const maxValue = 200

// DiffCaptures writes in what a and b differ, one difference to a line, and
// reports whether they do; of captures that are alike it writes nothing. It fails
// as Diff does, or where the writer fails.
func (p *Printer) DiffCaptures(a, b *hook.Capture, o ShowOptions) (differ bool, err error) {
	list, err := Diff(a, b)
	if err != nil {
		return false, err
	}
	var out bytes.Buffer
	where := ""
	for _, d := range list {
		if d.Where != where {
			where = d.Where
			writeLine(&out, p.paint(p.theme.strong, where))
		}
		if !o.Reveal {
			d = d.Masked()
		}
		p.writeDifference(&out, d)
	}
	return len(list) > 0, p.write(out.Bytes())
}

// Masked is d without the values of a sensitive header: it says that they differ, and does
// not show them.
func (d Difference) Masked() Difference {
	if d.Where != InHeader || !hook.Sensitive(d.Path) || d.Kind == Rewritten { // that has names
		return d
	}
	if d.Old != "" {
		d.Old = hook.Masked
	}
	if d.New != "" {
		d.New = hook.Masked
	}
	return d
}

func (p *Printer) writeDifference(b *bytes.Buffer, d Difference) {
	before, after := shownValue(d.Old), shownValue(d.New)
	path := Safe(d.Path)
	switch d.Kind {
	case Added:
		writeLine(b, "  "+p.paint(p.theme.good, "+ "+path), after)
	case Removed:
		writeLine(b, "  "+p.paint(p.theme.alarm, "- "+path), before)
	case Changed:
		writeLine(b, "  "+p.paint(p.theme.warn, strings.TrimRight("~ "+path, " ")), before+" -> "+after)
	case Rewritten:
		if before == after { // the body as a whole
			writeLine(b, "  "+p.paint(p.theme.aside, "="), "the same JSON in other bytes: white space or the order of keys differs")
			return
		}
		writeLine(b, "  "+p.paint(p.theme.aside, "= "+path), before+" -> "+after, p.paint(p.theme.faint, "(the same, written differently)"))
	}
}

func shownValue(value string) string {
	return fold(Safe(strings.TrimSuffix(value, "\n")), maxValue)
}
