package cli

import (
	"fmt"
	"io"
	"time"
)

const (
	// progressAfter is how long a run takes before it shows how far it is.
	progressAfter = time.Second
	// progressEvery is how often the line is written anew.
	progressEvery = 200 * time.Millisecond
)

// A progressLine is a line on a terminal that says how far a run is, and is gone at the end.
type progressLine struct {
	w       io.Writer // nil where nobody looks on
	now     func() time.Time
	width   func() int // of the terminal; nil where that is not known
	last    time.Time
	written bool
}

// newProgressLine begins a line that is shown where somebody looks on and it is wanted.
func (a *app) newProgressLine(wanted bool) *progressLine {
	l := &progressLine{now: a.world.Now, width: a.world.Width}
	if wanted && a.world.StderrTerminal && !a.global.quiet {
		l.w = a.world.Stderr
	}
	l.last = l.now().Add(progressAfter - progressEvery)
	return l
}

// due reports whether it is time to write the line anew.
func (l *progressLine) due() bool {
	now := l.now()
	if now.Sub(l.last) < progressEvery {
		return false
	}
	l.last = now
	return true
}

// step writes the line anew where it is time to.
func (l *progressLine) step(text func() string) {
	if l.w != nil && l.due() {
		l.show(text())
	}
}

// show writes the line, where somebody looks on.
func (l *progressLine) show(text string) {
	if l.w == nil {
		return
	}
	l.written = true
	_, _ = fmt.Fprintf(l.w, "\r\x1b[K%s", l.fitting(text))
}

// fitting is as much of text as fits a line of the terminal: what goes on in the next
// could not be taken away.
func (l *progressLine) fitting(text string) string {
	if l.width == nil {
		return text
	}
	if width := l.width(); width > 0 {
		return text[:min(len(text), width-1)]
	}
	return text
}

// erase takes the line away.
func (l *progressLine) erase() {
	if l.written {
		l.written = false
		_, _ = io.WriteString(l.w, "\r\x1b[K")
	}
}

// above returns a writer to w that takes the line away before anything is written.
func (l *progressLine) above(w io.Writer) io.Writer { return &aboveProgress{w, l} }

type aboveProgress struct {
	io.Writer
	line *progressLine
}

func (a *aboveProgress) Write(text []byte) (int, error) {
	a.line.erase()
	return a.Writer.Write(text)
}
