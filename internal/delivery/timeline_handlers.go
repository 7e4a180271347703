package delivery

import (
	"context"
	"net/url"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// A Sender makes one outbound attempt, as send.Client does.
type Sender interface {
	Attempt(ctx context.Context, r send.Request, relay send.Relay) *hook.Attempt
}

// A Live handler is a real one: each attempt is written anew and sent to its URL. The
// messages carry the wall clock.
type Live struct {
	Sender Sender
	Writer *Writer
	To     *url.URL
	// Deadline is the time that an answer really has.
	Deadline time.Duration
	Now      func() time.Time
}

// A MessageError says that a message could not be written: a secret that is none, a place
// in the body that is not there.
type MessageError struct{ Err error }

func (e *MessageError) Error() string { return e.Err.Error() }
func (e *MessageError) Unwrap() error { return e.Err }

// Attempt sends what job says. Its errors are a *MessageError, or that of a context that is
// over.
func (l *Live) Attempt(ctx context.Context, job Job) (Answer, error) {
	now := l.Now()
	moment := Moment{At: now, First: now.Add(-job.Since), Try: job.Try, Failure: job.Failure}
	request, err := l.Writer.Write(job.Event, job.Message, l.To, moment)
	if err != nil {
		return Answer{}, &MessageError{err}
	}
	request.Deadline = l.Deadline
	a := l.Sender.Attempt(ctx, request, nil)
	if a.Failure == hook.FailureCancelled {
		return Answer{}, context.Cause(ctx)
	}
	return Answer{
		Status: a.Status, Failure: a.Failure, Reason: a.Reason, RetryAfter: a.ResponseHeader.Get("Retry-After"),
		Body: !blank(a.ResponseBody), Latency: a.Latency, Wall: a.StartedAt.Add(a.Latency),
	}, nil
}

// A Script is a handler that nobody is asked for: it gives its answers in turn, and the
// last of them for ever. It has at least one.
type Script struct {
	Answers []Answer
	taken   int
}

// Attempt takes the next answer.
func (s *Script) Attempt(context.Context, Job) (Answer, error) {
	answer := s.Answers[min(s.taken, len(s.Answers)-1)]
	s.taken++
	return answer, nil
}
