package cli

import (
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// The kinds of lines in the streams of send, replay and listen.
const (
	kindAttempt = "attempt"
	kindState   = "state"
	kindUnsent  = "unsent"
	kindSummary = "summary"
)

// An attemptLine is an attempt in a stream, with what the command knows besides.
type attemptLine struct {
	Kind string `json:"kind"`
	hook.AttemptFields
	EventID string `json:"event_id,omitempty"`
	// Verdict says why the answer is no acknowledgement.
	Verdict string `json:"verdict,omitempty"`
	// State is that of the delivery, DueAt when the next attempt at it may begin, and
	// DeliveryReason why it is over.
	State          hook.DeliveryState `json:"state,omitempty"`
	DueAt          time.Time          `json:"due_at,omitzero"`
	DeliveryReason string             `json:"delivery_reason,omitempty"`
	Effects        []effectJSON       `json:"effects,omitempty"`
	*replayedJSON
}

// A replayedJSON is what replay says of a capture, beside the attempt with it.
type replayedJSON struct {
	CaptureSeq int64         `json:"capture_seq"`
	ReceivedAt time.Time     `json:"received_at"`
	Target     string        `json:"target"`
	Change     replay.Change `json:"change,omitempty"`
	Then       *thenJSON     `json:"then,omitempty"`
}

// A thenJSON is the answer before, which that of the attempt is compared with.
type thenJSON struct {
	At           time.Time `json:"at"`
	Status       int       `json:"status"`
	Failure      string    `json:"failure,omitempty"`
	LatencyMS    float64   `json:"latency_ms"`
	Acknowledged bool      `json:"acknowledged"`
	SameBody     bool      `json:"same_body"`
}

// lineOfDelivery is the line of an attempt at d, and of what follows it.
func lineOfDelivery(d *hook.Delivery, a *hook.Attempt, step *delivery.Step) attemptLine {
	l := attemptLine{
		Kind: kindAttempt, AttemptFields: a.Masked().Fields(), EventID: d.Event.ID, Verdict: step.Verdict.Reason,
		State: stateOf(d), DeliveryReason: d.Reason,
	}
	if !d.Over() {
		l.DueAt = d.Due.UTC().Truncate(time.Microsecond)
	}
	for _, e := range step.Effects {
		l.Effects = append(l.Effects, newEffectJSON(e))
	}
	return l
}

// stateOf is the state of a delivery in words.
func stateOf(d *hook.Delivery) hook.DeliveryState {
	if d.State == "" {
		return hook.Pending
	}
	return d.State
}

// An effectJSON is something that a provider does on failures.
type effectJSON struct {
	Do    string `json:"do"`
	Whom  string `json:"whom,omitempty"`
	Event string `json:"event,omitempty"`
	Until string `json:"until,omitempty"`
	Rule  string `json:"rule"`
	Text  string `json:"text"`
}

func newEffectJSON(e delivery.Effect) effectJSON {
	return effectJSON{Do: string(e.Do), Whom: e.Whom, Event: e.Event, Until: e.Until, Rule: e.Rule, Text: e.Words()}
}
