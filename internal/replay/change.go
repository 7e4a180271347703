package replay

import (
	"bytes"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Change says what became of the target's answer to a capture.
type Change string

// The changes, in the order in which they are told.
const (
	Fixed        Change = "fixed"
	StillFailing Change = "still_failing"
	NewlyBroken  Change = "newly_broken"
	Differs      Change = "changed" // acknowledged then and now, with another answer
	Unchanged    Change = "unchanged"
	New          Change = "new" // there was no answer to compare with
)

// Words is c for people.
func (c Change) Words() string { return strings.ReplaceAll(string(c), "_", " ") }

// Changes are all of them, in their order.
func Changes() []Change {
	return []Change{Fixed, StillFailing, NewlyBroken, Differs, Unchanged, New}
}

// An Answer is what a target answered to a capture before.
type Answer struct {
	// At is when, Status 0 where there was no answer, Failure then why.
	At      time.Time
	Status  int
	Failure string
	Latency time.Duration
	// Acknowledged says whether that was one.
	Acknowledged bool
	// Header and Body are those of the answer; Whole says that Body is all of it, which
	// it is not where only the status is known.
	Header hook.Header
	Body   []byte
	Whole  bool
}

// AnswerOf is the answer that a brought.
func AnswerOf(a *hook.Attempt) *Answer {
	return &Answer{
		At: a.StartedAt, Status: a.Status, Failure: a.Failure, Latency: a.Latency, Acknowledged: a.Succeeded(),
		Header: a.ResponseHeader, Body: a.ResponseBody, Whole: a.Failure == "" && !a.Truncated(),
	}
}

// ReplyOf is the answer that the sender of c got, nil where it is not known.
func ReplyOf(c *hook.Capture) *Answer {
	r := c.Reply
	if r == nil {
		return nil
	}
	return &Answer{
		At: c.ReceivedAt, Status: r.Status, Failure: r.Dropped, Latency: r.Latency,
		Acknowledged: r.Status >= 200 && r.Status <= 299,
	}
}

// Compares reports whether what the sender of c got says how a handler answered: what hookctl
// answers of its own accord does not.
func Compares(c *hook.Capture) bool { return c.Reply != nil && c.Reply.From != hook.FromListener }

// Compare says what became of the answer then, nil being none, with now.
func Compare(then, now *Answer) Change {
	switch {
	case then == nil:
		return New
	case then.Acknowledged && !now.Acknowledged:
		return NewlyBroken
	case !then.Acknowledged && now.Acknowledged:
		return Fixed
	case !now.Acknowledged:
		return StillFailing
	case then.Status != now.Status, !SameBody(then, now):
		return Differs
	}
	return Unchanged
}

// SameBody reports whether the bodies are alike, as far as both are known.
func SameBody(then, now *Answer) bool {
	return !then.Whole || !now.Whole || bytes.Equal(then.Body, now.Body)
}
