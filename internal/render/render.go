// Package render shows hookctl's nouns to people and to programs.
//
// What a sender or a dev server wrote reaches a terminal through Safe and by no
// other way: a Printer passes every foreign string through it. Colour is decided
// by the caller, never by the environment, so that the same nouns give the same
// bytes. Without colour nothing that hookctl itself adds leaves ASCII.
package render

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/charmbracelet/lipgloss"
)

// Options say how a Printer writes.
type Options struct {
	// Color writes ANSI colours.
	Color bool
	// Width is the number of columns that lines are folded to; 0 folds nothing.
	Width int
	// Verbose shows the beginning of every answer of a target, not only of errors.
	Verbose bool
	// Quiet leaves out status and hints: what is neither data nor trouble.
	Quiet bool
	// Location is the time zone of the times shown; nil is UTC.
	Location *time.Location
	// Now is the clock that says which times are today's; nil shows every time in full.
	Now func() time.Time
}

// A Printer writes the human form of things to one writer. Every method issues
// one Write, so a Printer is safe for concurrent use and its messages are never
// torn. Methods without a result keep the first error of the writer for Err and
// write nothing after it.
type Printer struct {
	options Options
	theme   theme

	mu  sync.Mutex
	w   io.Writer
	err error
}

// New returns a Printer that writes to w.
func New(w io.Writer, o Options) *Printer {
	if o.Location == nil {
		o.Location = time.UTC
	}
	return &Printer{options: o, theme: newTheme(w, o.Color), w: w}
}

// Err is the first error that writing gave, or nil.
func (p *Printer) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// write hands a whole message to the writer, unless it has failed before.
func (p *Printer) write(message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil && len(message) > 0 {
		_, p.err = p.w.Write(message)
	}
	return p.err
}

// line writes parts, which are safe, as one line with two spaces between them.
// Empty parts are left out.
func (p *Printer) line(parts ...string) error {
	var b bytes.Buffer
	writeLine(&b, parts...)
	return p.write(b.Bytes())
}

func writeLine(b *bytes.Buffer, parts ...string) {
	start := b.Len()
	for _, part := range parts {
		if part == "" {
			continue
		}
		if b.Len() > start {
			b.WriteString("  ")
		}
		b.WriteString(part)
	}
	b.Truncate(start + len(bytes.TrimRight(b.Bytes()[start:], " ")))
	b.WriteByte('\n')
}

// paint gives text a style, where there is colour.
func (p *Printer) paint(style lipgloss.Style, text string) string {
	if !p.options.Color || text == "" {
		return text
	}
	return style.Render(text)
}
