package listener

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxAssessing is how many captures are held against their schemas at once; more
	// wait before they are kept.
	maxAssessing = 256
	// maxToldFaults is how many faults a sender is told of.
	maxToldFaults = 5
)

// An Assessor holds captures against the catalogs of their providers.
type Assessor interface {
	// Knows reports whether there is anything to hold a capture against. A sender waits
	// for it.
	Knows(*hook.Capture) bool
	Assess(*hook.Capture) assess.Finding
}

// An assessment goes on side by side with the commit. Nobody waits for it but the log.
type assessment struct {
	done    chan struct{} // closed when finding is known
	finding assess.Finding
}

func (a *assessment) wait() assess.Finding {
	<-a.done
	return a.finding
}

// assessed returns what is found of c before it is kept, under Strict; nil otherwise.
func (s *Server) assessed(c *hook.Capture) *assessment {
	if !s.config.Strict || !s.assesses(c) {
		return nil
	}
	a := &assessment{done: make(chan struct{}), finding: s.config.Assessor.Assess(c)}
	close(a.done)
	c.Validation = a.finding.Validation
	return a
}

func (s *Server) assesses(c *hook.Capture) bool {
	return s.config.Assessor != nil && s.config.Assessor.Knows(c)
}

// assess begins to hold the capture against its schema.
func (x *exchange) assess() {
	s := x.server
	x.assessment = &assessment{done: make(chan struct{})}
	s.assessing <- struct{}{}
	x.open.Add(1)
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		defer x.leave()
		defer func() { <-s.assessing }()
		x.assessment.finding = s.config.Assessor.Assess(x.capture)
		close(x.assessment.done)
	}()
}

// conclude keeps what was found of a capture that is on disk, unless it was kept with it.
func (x *exchange) conclude() {
	if v := x.assessment.finding.Validation; v != nil && x.capture.Validation == nil {
		x.server.config.Store.Assess(x.capture.Seq, v) // the store tells of its own trouble
	}
}

// unfit reports whether what was found is reason to refuse a body.
func unfit(a *assessment) bool {
	if a == nil || a.finding.Validation == nil {
		return false
	}
	outcome := a.finding.Validation.Outcome
	return outcome == hook.Invalid || outcome == hook.NotJSON
}

// unprocessable is the answer to a body that is not what its schema says. It repeats
// nothing of the body that a terminal would act on.
func unprocessable(v *hook.Validation) *answer {
	var text strings.Builder
	text.WriteString("hookctl: the body was refused: ")
	if v.Outcome == hook.NotJSON {
		text.WriteString("it is not JSON\n")
	} else {
		fmt.Fprintf(&text, "it is not what %s says\n", v.Schema)
	}
	for _, f := range v.Faults[:min(len(v.Faults), maxToldFaults)] {
		fmt.Fprintf(&text, "%s: %s\n", f.Pointer, f.Message)
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
