package cli

import (
	"fmt"
	"time"
)

// looksEvery is how many payloads are told before the clock is looked at.
const looksEvery = 16

// progress is a line that says how far a validation is.
type progress struct {
	*progressLine
	in    *validateInputs
	start time.Time
	told  int
}

func (a *app) newProgress(in *validateInputs) *progress {
	return &progress{progressLine: a.newProgressLine(true), in: in, start: a.world.Now()}
}

// step counts a payload that was told. Where it is time, flush shows what was told so
// far, and the line is written anew.
func (p *progress) step(flush func() error) error {
	p.told++
	if p.in.live {
		return flush()
	}
	if p.told%looksEvery != 0 || !p.due() {
		return nil
	}
	if err := flush(); err != nil {
		return err
	}
	p.show(p.text(p.last.Sub(p.start)))
	return nil
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
