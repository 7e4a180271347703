package store

import (
	"context"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// An AttemptQuery says which attempts are wanted. The zero AttemptQuery is all of
// them, newest first. An attempt must fit each of its fields that is not zero.
type AttemptQuery struct {
	// Capture is the whole id of the capture that they sent.
	Capture hook.ID
	// Delivery and Run are whole ids of what they were part of.
	Delivery, Run hook.ID
	// Places are names of endpoints and URLs, one of which they went to.
	Places []string
	// Event is a glob of the type of what they sent, Provider the name of who sends it.
	// Of attempts that do not say it, it is what is known of their captures.
	Event, Provider string
	// States are those of their deliveries: attempts that are part of none have none.
	States []hook.DeliveryState
	// Statuses are ranges of which one has the status of the response.
	Statuses []StatusRange
	// Acknowledged is what the policy made of the answer. Those that nobody judged fit
	// neither.
	Acknowledged *bool
	// They began at Since or later, and before Until.
	Since, Until time.Time
	// Failed leaves those out that have not failed, as hook.Attempt.Failed has it.
	Failed bool
	// Limit is how many there are at most.
	Limit int
	// Ascending is oldest first.
	Ascending bool
	// Bare leaves the bodies of responses unread: ResponseBody is nil, and what is read
	// is checked but for them.
	Bare bool
}

// A StatusRange is a range of HTTP statuses, both ends in it. 0 is that of an attempt
// that brought no response.
type StatusRange struct{ Low, High int }

// statement returns q in SQL, up to the condition on seq, and a seq up to which nothing
// fits. byIdentity has to be asked besides.
func (q *AttemptQuery) statement(ctx context.Context, db querier) (_ statement, floor int64, err error) {
	columns := attemptColumns + `, ` + attemptBody
	if q.Bare {
		columns = packedColumns()
	}
	s := &statement{text: `SELECT ` + columns + ` FROM attempts WHERE`}
	if q.Capture != "" {
		seq, err := captureKind().resolve(ctx, db, string(q.Capture))
		if err != nil {
			return *s, 0, err
		}
		s.and(`capture_seq = ?`, seq)
	}
	if q.Delivery != "" {
		s.and(`delivery = ?`, string(q.Delivery))
	}
	if q.Run != "" {
		if floor, err = runFloor(ctx, db, q.Run); err != nil {
			return *s, 0, err
		}
		s.and(`run = ?`, string(q.Run))
		if !q.Ascending {
			s.and(`seq > ?`, floor)
		}
	}
	q.addWhat(s)
	q.addOutcome(s)
	return *s, floor, nil
}

// addWhat adds the conditions on what was sent when and where.
func (q *AttemptQuery) addWhat(s *statement) {
	if len(q.Places) > 0 {
		s.and(`(endpoint IN (`+marks(len(q.Places))+`) OR url IN (`+marks(len(q.Places))+`))`,
			append(texts(q.Places), texts(q.Places)...)...)
	}
	if q.Provider != "" {
		s.and(`(provider = ? OR provider IS NULL AND capture_seq > 0)`, q.Provider)
	}
	if q.Event != "" {
		if strings.ContainsAny(q.Event, "*?") {
			s.and(`(event IS NOT NULL OR capture_seq > 0)`)
		} else {
			s.and(`(event = ? OR event IS NULL AND capture_seq > 0)`, q.Event)
		}
	}
	if !q.Since.IsZero() {
		s.and(`started_at >= ?`, q.Since.UnixMicro())
	}
	if !q.Until.IsZero() {
		s.and(`started_at < ?`, q.Until.UnixMicro())
	}
}

// addOutcome adds the conditions on what came of it.
func (q *AttemptQuery) addOutcome(s *statement) {
	if q.Failed {
		s.and(`failure <> ? AND CASE WHEN acknowledged IS NULL THEN failure <> '' OR status NOT BETWEEN 200 AND 299 ELSE NOT acknowledged END`, hook.FailureCancelled)
	}
	if len(q.Statuses) > 0 {
		text, args := `(FALSE`, []any{}
		for _, r := range q.Statuses {
			text += ` OR status BETWEEN ? AND ?`
			args = append(args, r.Low, r.High)
		}
		s.and(text+`)`, args...)
	}
	if q.Acknowledged != nil {
		s.and(`acknowledged = ?`, asInt(*q.Acknowledged))
	}
	if len(q.States) > 0 {
		s.and(`EXISTS (SELECT 1 FROM deliveries AS d WHERE d.id = attempts.delivery AND d.state IN (`+marks(len(q.States))+`))`, texts(q.States)...)
	}
}

// and adds a condition, with another to follow.
func (s *statement) and(condition string, args ...any) {
	s.text += ` ` + condition + ` AND`
	s.args = append(s.args, args...)
}

// marks are n places for arguments.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

func texts[T ~string](list []T) []any {
	args := make([]any, len(list))
	for i, text := range list {
		args[i] = string(text)
	}
	return args
}

// byIdentity reports whether attempts have to be asked for their events or providers
// that perhaps only their captures know.
func (q *AttemptQuery) byIdentity() bool { return q.Event != "" || q.Provider != "" }

// keepFitting removes those from page whose events or providers do not fit.
func (q *AttemptQuery) keepFitting(ctx context.Context, db querier, page []loadedAttempt) ([]loadedAttempt, error) {
	var seqs []int64
	for _, l := range page {
		if a := l.attempt; a != nil && a.CaptureSeq > 0 && (a.Event == "" || a.Provider == "") {
			seqs = append(seqs, a.CaptureSeq)
		}
	}
	known, err := identitiesOf(ctx, db, seqs)
	if err != nil {
		return nil, err
	}
	fitting := page[:0]
	for _, l := range page {
		if l.err != nil || q.fits(l.attempt, known[l.attempt.CaptureSeq]) {
			fitting = append(fitting, l)
		}
	}
	return fitting, nil
}

// fits reports whether the event and the provider of a fit. id is what is known of
// its capture, or nil.
func (q *AttemptQuery) fits(a *hook.Attempt, id *hook.Identity) bool {
	event, provider := a.Event, a.Provider
	if id != nil && event == "" {
		event = id.Event.Type
	}
	if id != nil && provider == "" {
		provider = id.Provider
	}
	if q.Event != "" && (event == "" || !hook.Glob(q.Event, event)) {
		return false
	}
	return q.Provider == "" || provider == q.Provider
}
