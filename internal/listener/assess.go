package listener

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxWaiting is how many bytes of bodies may wait to be held against their schemas.
	// Each counts as minWaiting at least.
	maxWaiting = 32 << 20
	minWaiting = 64 << 10
	// lastVerdicts is how long a server that stops still begins to look at bodies.
	lastVerdicts = 2 * time.Second
	// maxToldFaults is how many faults a sender is told of.
	maxToldFaults = 5
)

// An Assessor holds captures against the catalogs of their providers.
type Assessor interface {
	// Knows reports whether there is anything to hold a capture against, and Requires
	// whether a capture without that is to be refused under Strict. Senders wait for both.
	Knows(*hook.Capture) bool
	Requires(*hook.Capture) bool
	Assess(*hook.Capture) assess.Finding
}

// An assessment begins when the capture is on disk. Nobody waits for it but the log.
type assessment struct {
	done    chan struct{} // closed when finding is known
	finding assess.Finding
}

// assessing bounds what is held against schemas at once: requests go first.
type assessing struct {
	turns   chan struct{} // taken by those who work
	hurry   chan struct{} // closed when none is given any more
	waiting atomic.Int64  // bytes of bodies that wait for a turn
	crowded sync.Once     // it was said that there are too many
}

func newAssessing() assessing {
	return assessing{turns: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), hurry: make(chan struct{})}
}

// turn waits until somebody may work, and reports whether that is so.
func (a *assessing) turn() bool {
	select {
	case a.turns <- struct{}{}:
		return true
	case <-a.hurry:
		return false
	}
}

func (a *assessing) end() { <-a.turns }

// admit reports whether one more body of weight bytes may wait. leave undoes it.
func (a *assessing) admit(weight int64) bool {
	if a.waiting.Add(weight) <= maxWaiting || weight > maxWaiting && a.waiting.Load() == weight {
		return true
	}
	a.waiting.Add(-weight)
	return false
}

func (a *assessing) leave(weight int64) { a.waiting.Add(-weight) }

// assessed returns what is found of c before it is kept, under Strict; nil otherwise.
func (s *Server) assessed(c *hook.Capture) *assessment {
	if !s.config.Strict || s.config.Assessor == nil || !s.config.Assessor.Requires(c) {
		return nil
	}
	a := &assessment{done: make(chan struct{})}
	defer close(a.done)
	if !s.assessing.turn() {
		a.finding = assess.Unchecked("hookctl is about to stop")
		return a
	}
	defer s.assessing.end()
	a.finding = s.config.Assessor.Assess(c)
	c.Validation = a.finding.Validation
	return a
}

// assess begins to hold the capture, which is on disk, against its schema. Where too
// many wait for that already it is left out.
func (x *exchange) assess() {
	s := x.server
	if !x.assessable || x.assessment != nil || s.config.Assessor == nil || !s.config.Assessor.Knows(x.capture) {
		return
	}
	weight := max(x.capture.BodySize, minWaiting)
	if !s.assessing.admit(weight) {
		s.assessing.crowded.Do(func() {
			s.config.Notice(Notice{
				Text: "requests come faster than their bodies can be held against the catalog: some are not",
				Hint: "hookctl validate --query valid:unchecked --save does it later",
			})
		})
		return
	}
	x.assessment = &assessment{done: make(chan struct{})}
	x.open.Add(1)
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		defer x.leave()
		defer s.assessing.leave(weight)
		x.conclude()
	}()
}

// conclude finds out about the body and keeps that.
func (x *exchange) conclude() {
	s, a := x.server, x.assessment
	defer close(a.done)
	if !s.assessing.turn() {
		return
	}
	a.finding = s.config.Assessor.Assess(x.capture)
	s.assessing.end()
	if a.finding.Validation != nil {
		s.config.Store.Assess(x.capture.Seq, a.finding.Validation) // the store tells of its own trouble
	}
}

// unfit reports whether what was found is reason to refuse a body.
func unfit(a *assessment) bool {
	if a == nil || a.finding.Validation == nil {
		return false
	}
	outcome := a.finding.Validation.Outcome
	return outcome == hook.Invalid || outcome == hook.NotJSON || a.finding.Unchecked && !a.finding.Excused
}

// unprocessable is the answer to a body that is not what its schema says. It repeats
// nothing of the body that a terminal would act on.
func unprocessable(v *hook.Validation) *answer {
	var text strings.Builder
	text.WriteString("hookctl: the body was refused: ")
	switch v.Outcome {
	case hook.NotJSON:
		text.WriteString("it is not JSON\n")
	case hook.NoSchema:
		text.WriteString(v.Reason + "\n")
	default:
		fmt.Fprintf(&text, "it is not what %s says\n", v.Schema)
	}
	for _, f := range v.Faults[:min(len(v.Faults), maxToldFaults)] {
		if f.Pointer != "" {
			text.WriteString(f.Pointer + ": ")
		}
		text.WriteString(f.Message + "\n")
	}
	if more := len(v.Faults) - maxToldFaults + v.More; more > 0 {
		fmt.Fprintf(&text, "and %d more\n", more)
	}
	return &answer{
		Step: Step{Status: http.StatusUnprocessableEntity},
		header: hook.Header{
			{Name: "Content-Type", Value: "text/plain; charset=utf-8"}, {Name: "X-Content-Type-Options", Value: "nosniff"},
		},
		body: []byte(strings.Map(printable, text.String())),
	}
}

func printable(r rune) rune {
	if r == '\n' || unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}
