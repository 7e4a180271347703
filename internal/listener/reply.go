package listener

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// ParseStatus reads a final HTTP status, from 200 to 599.
func ParseStatus(word string) (int, error) {
	status, err := strconv.Atoi(word)
	if err != nil || len(word) != 3 || status < 200 || status > 599 {
		return 0, fmt.Errorf("want a status from 200 to 599, got %q", word)
	}
	return status, nil
}

// Replies says how hookctl answers by itself.
type Replies struct {
	// Script holds the steps to take, one for each request; the last repeats. It
	// has at least one step.
	Script []Step
	// Fixed answers at once, whatever targets there are. Where it is false, the
	// target's own answer is relayed.
	Fixed bool
	// Delay is waited before each answer with a status.
	Delay time.Duration
	// Header and Body are sent with each answer with a status.
	Header hook.Header
	Body   []byte
}

// A script takes the steps of Replies in turn.
type script struct {
	steps []Step
	taken atomic.Int64
}

// next returns the step for one more request.
func (s *script) next() Step {
	n := s.taken.Add(1) - 1
	return s.steps[min(n, int64(len(s.steps)-1))]
}

// pathStep returns the step that a path asks for in its last segment: 404 of
// "/orders/~404".
func pathStep(path string) (Step, bool) {
	i := strings.LastIndex(path, "/~")
	if i < 0 {
		return Step{}, false
	}
	status, err := ParseStatus(path[i+2:])
	return Step{Status: status}, err == nil
}

// An answer is a reply that hookctl gives by itself.
type answer struct {
	Step
	delay  time.Duration // before an answer with a status
	header hook.Header
	body   []byte
}

// standard is the answer that step asks for, as Replies has it.
func (s *Server) standard(step Step) *answer {
	r := &s.config.Replies
	a := &answer{Step: step, delay: r.Delay, header: r.Header, body: r.Body}
	if step.Wait > 0 {
		a.delay = step.Wait
	}
	if after := step.RetryAfter(); after != "" {
		a.header = append(slices.Clip(a.header), hook.Field{Name: "Retry-After", Value: after})
	}
	return a
}

// unauthorized is the answer to a message whose signature does not hold. It does
// not tell what would.
func unauthorized(v *hook.Verification) *answer {
	return &answer{
		Step:   Step{Status: http.StatusUnauthorized},
		header: hook.Header{{Name: "Content-Type", Value: "text/plain; charset=utf-8"}},
		body:   []byte("hookctl: the signature was refused: " + v.Reason + "\n"),
	}
}

// wait is how long the sender waits for the answer.
func (a *answer) wait() time.Duration {
	if a.Dropped != "" {
		return a.Hold
	}
	return a.delay
}

// answer gives the sender a reply.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, a *answer) {
	switch a.Dropped {
	case hook.DroppedTimeout:
		s.wait(r, a.Hold)
		panic(http.ErrAbortHandler)
	case hook.DroppedReset:
		reset(w)
		return
	}
	if a.delay > 0 {
		s.wait(r, a.delay)
	}
	header := w.Header()
	header["Content-Type"] = nil // no guessing from the body
	for _, f := range a.header {
		name := http.CanonicalHeaderKey(f.Name)
		header[name] = append(header[name], f.Value)
	}
	w.WriteHeader(a.Status)
	if mayHaveBody(r.Method, a.Status) {
		w.Write(a.body)
	}
}

// wait lets d pass, or less where the sender goes away or hookctl stops.
func (s *Server) wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	case <-s.stopping:
	}
}

// reset closes the connection of w so that the sender sees it reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	// A linger of zero discards what was not sent and answers with RST. TLS must not
	// get to say a proper goodbye first.
	below := underlying(conn)
	if tcp, ok := below.(interface{ SetLinger(int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	below.Close()
}

func mayHaveBody(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}
