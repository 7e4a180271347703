package render

import (
	"bytes"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"

	"github.com/hookctl/hookctl/internal/hook"
)

// A span is safe text in one style.
type span struct {
	text  string
	style lipgloss.Style
}

// An exchange is one line of the log.
type exchange struct {
	at      time.Time
	arrow   string
	capture hook.ID
	code    span
	target  string
	notes   []span // the first gives way first where the line is narrow, and as a whole
}

// columns is how wide e is when nothing of it is folded.
func (e *exchange) columns() int {
	sum := beforeTarget + columns(e.target)
	for _, note := range e.notes {
		if note.text != "" {
			sum += columns(note.text) + 2
		}
	}
	return sum
}

// moveBelow takes note i, a reason or what follows, out of a line that is wider than width
// and returns it to stand below: that is worth more than a path that is also in the line
// above, and is long. The http:// of a URL is the first to go.
func (e *exchange) moveBelow(width, i int) []span {
	if width > 0 && e.columns() > width {
		e.target = strings.TrimPrefix(e.target, "http://")
	}
	why := e.notes[i]
	if width <= 0 || e.columns() <= width || why.text == "" {
		return nil
	}
	e.notes[i] = span{}
	return []span{why}
}

// writeExchange writes e and, indented, the lines below it, all folded to the width.
func (p *Printer) writeExchange(e exchange, below []span) {
	e.fit(p.options.Width)
	parts := []string{
		p.paint(p.theme.faint, p.clock(e.at)), e.arrow, e.capture.Short(),
		p.paint(e.code.style, e.code.text) + padding(e.code.text, codeColumns), e.target,
	}
	for _, note := range e.notes {
		parts = append(parts, p.paint(note.style, note.text))
	}
	var b bytes.Buffer
	writeLine(&b, parts...)
	const indent = "          " // below the arrow
	for _, line := range below {
		text := line.text
		if p.options.Width > 0 {
			text = fold(text, max(minTarget, p.options.Width-len(indent)))
		}
		writeLine(&b, indent+p.paint(line.style, text))
	}
	p.write(b.Bytes())
}

// fit shortens what is long until e takes no more than width columns.
func (e *exchange) fit(width int) {
	if width <= 0 {
		return
	}
	e.code.text = fold(e.code.text, codeColumns)
	if e.columns() <= width {
		return
	}
	e.target = strings.TrimPrefix(e.target, "http://")
	least := min(minTarget, columns(e.target))
	for i := range e.notes {
		note := &e.notes[i]
		missing := e.columns() - columns(e.target) + least - width
		switch spare := columns(note.text) - minNote; {
		case missing <= 0 || spare <= 0:
		case i == 0 && missing > spare: // of no use to those after it
			note.text = ""
		default:
			note.text = fold(note.text, minNote+max(0, spare-missing))
		}
	}
	e.target = fold(e.target, max(least, width-e.columns()+columns(e.target)))
}
