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
	// looksEvery is how many payloads are told before the clock is looked at.
	looksEvery = 16
)

// progress is a line on a terminal that says how far a run is, and is gone at the end.
type progress struct {
	in      *validateInputs
	w       io.Writer // nil where nobody looks on
	now     func() time.Time
	width   func() int // of the terminal; nil where that is not known
	start   time.Time
	last    time.Time
	told    int
	written bool
}

func (a *app) newProgress(in *validateInputs) *progress {
	p := &progress{in: in, now: a.world.Now, width: a.world.Width}
	if a.world.StderrTerminal && !a.global.quiet {
		p.w = a.world.Stderr
	}
	p.start = p.now()
	p.last = p.start.Add(progressAfter - progressEvery)
	return p
}

// step counts a payload that was told. Where it is time, flush shows what was told so
// far, and the line is written anew.
func (p *progress) step(flush func() error) error {
	p.told++
	if p.in.live {
		return flush()
	}
	if p.told%looksEvery != 0 {
		return nil
	}
	now := p.now()
	if now.Sub(p.last) < progressEvery {
		return nil
	}
	p.last = now
	if err := flush(); err != nil || p.w == nil {
		return err
	}
	p.written = true
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", p.fitting(p.text(now.Sub(p.start))))
	return nil
}

// fitting is as much of text as fits a line of the terminal: what goes on in the next
// could not be taken away.
func (p *progress) fitting(text string) string {
	if p.width == nil {
		return text
	}
	if width := p.width(); width > 0 {
		return text[:min(len(text), width-1)]
	}
	return text
}

// erase takes the line away.
func (p *progress) erase() {
	if p.written {
		p.written = false
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}

// above returns a writer to w that takes the line away before anything is written.
func (p *progress) above(w io.Writer) io.Writer { return &aboveProgress{w, p} }

type aboveProgress struct {
	io.Writer
	progress *progress
}

func (a *aboveProgress) Write(text []byte) (int, error) {
	a.progress.erase()
	return a.Writer.Write(text)
}

// text is how far the run is after so long: "validating 12000 of 50000, 6000/s, 6s left".
func (p *progress) text(elapsed time.Duration) string {
	count := fmt.Sprint(p.told)
	if p.in.size == 0 && !p.in.open {
		count += fmt.Sprintf(" of %d", p.in.whole)
	}
	text := fmt.Sprintf("validating %s, %.0f/s", count, float64(p.told)/elapsed.Seconds())
	if done := p.done(); done > 0 && done <= 1 {
		left := time.Duration(float64(elapsed) * (1 - done) / done)
		text += fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return text
}

// done is the part of the run that is behind it, by number of files or by bytes of large
// ones; 0 where that is not known.
func (p *progress) done() float64 {
	switch {
	case p.in.open:
		return 0
	case p.in.size == 0:
		return float64(p.told) / float64(max(p.in.whole, 1))
	case p.in.whole == 0:
		return float64(p.in.read.Load()) / float64(p.in.size)
	}
	return 0
}
