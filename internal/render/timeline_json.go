package render

import (
	"io"
	"math"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A timelineLine is what happens at one moment of a timeline. At is in seconds since the
// beginning, Time the same in words.
type timelineLine struct {
	Kind   string  `json:"kind"`
	At     float64 `json:"at"`
	Time   string  `json:"time"`
	Number int     `json:"number,omitempty"`
	Event  string  `json:"event,omitempty"`
}

// An attemptLine is an attempt. Verdict says why the answer is no acknowledgement, Reason
// how the exchange failed.
type attemptLine struct {
	timelineLine
	EventID      string   `json:"event_id,omitempty"`
	Try          int      `json:"try"`
	Acknowledged bool     `json:"acknowledged"`
	Status       int      `json:"status"`
	Failure      string   `json:"failure,omitempty"`
	Reason       string   `json:"reason,omitempty"`
	Verdict      string   `json:"verdict,omitempty"`
	Outage       bool     `json:"outage"`
	EndedAt      float64  `json:"ended_at"`
	LatencyMS    *float64 `json:"latency_ms,omitempty"`
	Rules        []string `json:"rules"`
}

type waitLine struct {
	timelineLine
	// Until is null where nobody knows.
	Until   *float64 `json:"until"`
	Seconds *float64 `json:"seconds"`
	Reason  string   `json:"reason"`
}

// until says that l begins at the time from and ends at the time to.
func (l *waitLine) until(to, from time.Duration) {
	until, length := inSeconds(to), inSeconds(to-from)
	l.Until, l.Seconds = &until, &length
}

type noticeLine struct {
	timelineLine
	Whom   string `json:"whom,omitempty"`
	Sent   string `json:"sent_event,omitempty"`
	Reason string `json:"reason"`
	Rule   string `json:"rule"`
	*ErrorNotice
}

// An ErrorNotice is a provider's message about failed deliveries. URL is "" where nobody
// has it: it was not sent.
type ErrorNotice struct {
	URL     string `json:"url"`
	Body    string `json:"body"`
	Status  int    `json:"status"`
	Failure string `json:"failure"`
}

type stateLine struct {
	timelineLine
	Of     string `json:"of"` // delivery or endpoint
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"`
}

// inSeconds is a length of time in seconds, to the microsecond.
func inSeconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e6 }

func lineAt(kind string, at time.Duration, h *delivery.Happening) timelineLine {
	l := timelineLine{Kind: kind, At: inSeconds(at), Time: Elapsed(at)}
	if h.Number > 0 {
		l.Number, l.Event = h.Number, h.Event.Type
	}
	return l
}

// WriteHappening writes what happens on a timeline as lines of JSON. notice is that of an
// attempt that sets one off, else nil.
func WriteHappening(w io.Writer, h *delivery.Happening, notice *ErrorNotice) error {
	var lines []any
	switch h.Kind {
	case delivery.Attempted:
		lines = attemptLines(h, notice)
	case delivery.Held:
		l := waitLine{timelineLine: lineAt("wait", h.At, h), Reason: standingWords(h)}
		if h.Next > 0 {
			l.until(h.Next, h.At)
		}
		lines = []any{l}
	case delivery.Changed:
		lines = []any{stateLine{timelineLine: lineAt("state", h.At, h), Of: "endpoint", State: string(hook.Enabled)}}
	default:
		lines = []any{stateLine{timelineLine: lineAt("state", h.At, h), Of: "delivery", State: string(hook.Cancelled), Reason: droppedWords(h)}}
	}
	for _, l := range lines {
		if err := WriteJSON(w, l); err != nil {
			return err
		}
	}
	return nil
}

// attemptLines are an attempt and what follows it.
func attemptLines(h *delivery.Happening, notice *ErrorNotice) []any {
	a := attemptLine{
		timelineLine: lineAt("attempt", h.At, h), EventID: h.Event.ID, Try: h.Try, Acknowledged: h.Step.Verdict.Acknowledged,
		Status: h.Answer.Status, Failure: h.Answer.Failure, Verdict: h.Step.Verdict.Reason, Outage: h.Answer.Outage,
		EndedAt: inSeconds(h.End), Rules: h.Step.Rules,
	}
	if !h.Answer.Outage {
		a.Reason = h.Answer.Reason
	}
	if h.Answer.Latency > 0 {
		ms := math.Round(float64(h.Answer.Latency)/1e3) / 1e3
		a.LatencyMS = &ms
	}
	lines := []any{a}
	if h.Step.Course.State != hook.Pending {
		lines = append(lines, stateLine{timelineLine: lineAt("state", h.End, h), Of: "delivery", State: string(h.Step.Course.State), Reason: h.Step.Reason})
	}
	for _, e := range h.Step.Effects {
		if l := effectLine(h, e, notice); l != nil {
			lines = append(lines, l)
		}
	}
	if h.Step.Course.State == hook.Pending && !endsEndpoint(h.Step.Effects) {
		l := waitLine{timelineLine: lineAt("wait", h.End, h), Reason: "the next attempt"}
		l.until(h.Next, h.End)
		lines = append(lines, l)
	}
	return lines
}

// effectLine is what the provider does besides, nil for what the delivery's state says.
func effectLine(h *delivery.Happening, e delivery.Effect, notice *ErrorNotice) any {
	switch e.Do {
	case provider.Notify:
		l := noticeLine{timelineLine: lineAt("notice", h.End, h), Whom: e.Whom, Sent: e.Event, Reason: e.Reason, Rule: e.Rule}
		if e.Errors {
			l.ErrorNotice = notice
		}
		return l
	case provider.Discard:
		return nil
	}
	state := map[provider.Consequence]hook.EndpointStatus{provider.Pause: hook.Paused, provider.Disable: hook.Disabled, provider.Delete: hook.Deleted}[e.Do]
	return stateLine{timelineLine: lineAt("state", h.End, h), Of: "endpoint", State: string(state), Reason: e.Reason, Until: e.Until}
}

type summaryLine struct {
	Kind         string           `json:"kind"`
	At           float64          `json:"at"`
	Time         string           `json:"time"`
	Provider     string           `json:"provider"`
	Events       int              `json:"events"`
	Missed       int              `json:"missed"` // events that would have come up later
	Attempts     int              `json:"attempts"`
	Acknowledged int              `json:"acknowledged"`
	Lost         []fateJSON       `json:"lost"`
	Pending      []fateJSON       `json:"pending"`
	Told         []tellingJSON    `json:"told"`
	Endpoint     livingJSON       `json:"endpoint"`
	Assumptions  []AssumptionJSON `json:"assumptions"`
	Seed         uint64           `json:"seed"`
}

type fateJSON struct {
	Number  int    `json:"number"`
	Event   string `json:"event"`
	EventID string `json:"event_id,omitempty"`
	State   string `json:"state"`
	Tries   int    `json:"tries"`
	Reason  string `json:"reason"`
}

type tellingJSON struct {
	Whom   string `json:"whom,omitempty"`
	Sent   string `json:"sent_event,omitempty"`
	Errors bool   `json:"errors,omitempty"`
	Times  int    `json:"times"`
	Failed int    `json:"failed,omitempty"`
	Kept   int    `json:"not_sent,omitempty"`
}

// A livingJSON says how the endpoint stands at the end.
type livingJSON struct {
	Lives  bool   `json:"lives"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Until  string `json:"until,omitempty"`
}

// WriteEnding writes how a timeline came out as one line of JSON.
func WriteEnding(w io.Writer, name string, seed uint64, e *delivery.Ending, assumptions []delivery.Assumption) error {
	lost, pending := fatesJSON(e.Lost(), e), fatesJSON(e.Pending(), e)
	s := summaryLine{
		Kind: "summary", At: inSeconds(e.At), Time: Elapsed(e.At), Provider: name, Events: len(e.Fates), Missed: e.Missed, Attempts: e.Attempts,
		Acknowledged: len(e.Fates) - len(lost) - len(pending), Lost: lost, Pending: pending, Told: []tellingJSON{},
		Assumptions: AssumptionsJSON(assumptions), Seed: seed,
		Endpoint: livingJSON{Lives: e.Lives(), State: string(e.Standing.Status), Reason: e.Standing.Reason, Until: e.Standing.Until},
	}
	if s.Endpoint.State == "" {
		s.Endpoint.State = string(hook.Enabled)
	}
	for _, t := range e.Told {
		s.Told = append(s.Told, tellingJSON{Whom: t.Whom, Sent: t.Event, Errors: t.Errors, Times: t.Times, Failed: t.Failed, Kept: t.Kept})
	}
	return WriteJSON(w, s)
}

func fatesJSON(fates []delivery.Fate, e *delivery.Ending) []fateJSON {
	made := make([]fateJSON, 0, len(fates))
	for _, f := range fates {
		made = append(made, fateJSON{Number: f.Number, Event: f.Event.Type, EventID: f.Event.ID, State: string(f.State), Tries: f.Tries, Reason: fateWords(f, e)})
	}
	return made
}
