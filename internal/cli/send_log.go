package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/send"
)

// A sendLog tells what becomes of deliveries as it happens, and counts it.
type sendLog struct {
	app *app
	out *render.Printer

	mu      sync.Mutex
	total   sendTotal
	answers map[hook.ID]string // the latest of each delivery
	assumed assumedLog
}

// A sendTotal is what sending came to.
type sendTotal struct {
	Deliveries   int `json:"deliveries"`
	Attempts     int `json:"attempts"`
	Acknowledged int `json:"acknowledged"`
	Failed       int `json:"failed"`
	Cancelled    int `json:"cancelled"`
	Pending      int `json:"pending"`
	// Unreachable counts attempts that found no connection.
	Unreachable int `json:"unreachable"`
	// Assumptions are the rules that decided and that no source states for certain.
	Assumptions []render.AssumptionJSON `json:"assumptions"`
	// withheld counts deliveries that were cancelled before anything was sent.
	withheld int
	// lastReason is why the last of these found none, and where.
	lastReason, lastPlace string
}

func newSendLog(a *app) *sendLog {
	return &sendLog{app: a, out: render.New(a.telling(), a.printing(a.world.StdoutTerminal)), answers: map[hook.ID]string{}}
}

// sending shows a request that goes out, where the user wants to see more.
func (l *sendLog) sending(d *hook.Delivery, r send.Request) error {
	if !l.app.global.verbose || l.app.global.json {
		return nil
	}
	body, err := hook.ReadBody(r.Body)
	if err != nil {
		return err
	}
	return l.out.Sending(d, r.Method, r.Target, r.Header, body)
}

// attempted tells of an attempt, its verdict and what follows.
func (l *sendLog) attempted(d *hook.Delivery, a *hook.Attempt, rules *delivery.Rules, step *delivery.Step) error {
	again := l.count(d, a, rules, step)
	if l.app.global.json {
		return l.lineOf(lineOfDelivery(d, a, step))
	}
	words := ""
	if !step.Verdict.Acknowledged {
		words = verdictInWords(rules, step.Verdict, a)
	}
	return l.out.Sent(render.Sent{Delivery: d, Attempt: a, Verdict: words, Again: again, Then: l.then(d, rules, step)})
}

// count counts an attempt, and reports whether the answer is that of the attempt before.
func (l *sendLog) count(d *hook.Delivery, a *hook.Attempt, rules *delivery.Rules, step *delivery.Step) (again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.assumed.add(rules, d, a, step)
	l.total.Attempts++
	if a.Failure == hook.FailureUnreachable {
		l.total.Unreachable++
		l.total.lastReason, l.total.lastPlace = a.Reason, a.URL
	}
	answer := string(a.ResponseBody)
	before, known := l.answers[d.ID]
	if delete(l.answers, d.ID); !d.Over() {
		l.answers[d.ID] = answer
	}
	return known && before == answer
}

// then says what follows an attempt of a policy: what the provider does, and when it tries
// again.
func (l *sendLog) then(d *hook.Delivery, rules *delivery.Rules, step *delivery.Step) []string {
	var lines []string
	for _, e := range step.Effects {
		lines = append(lines, rules.Profile().Name+" "+e.Words())
	}
	switch {
	case d.State == hook.Lost && step.Reason != "":
		lines = append(lines, "failed for good: "+step.Reason)
	case !d.Over() && !d.Due.IsZero():
		wait := d.Due.Sub(d.Last).Round(time.Millisecond)
		when := "at once"
		if wait > 0 {
			when = "in " + provider.Duration(wait).String()
		}
		lines = append(lines, fmt.Sprintf("attempt %d follows %s", d.Tries+1, when))
	}
	return lines
}

// verdictInWords says why an answer is no acknowledgement, and what would be one.
func verdictInWords(rules *delivery.Rules, v delivery.Verdict, a *hook.Attempt) string {
	switch {
	case a.Failure == hook.FailureUnreachable || a.Failure == hook.FailureBroken || a.Failure == hook.FailureCancelled:
		if a.Reason != "" {
			return a.Failure + ": " + a.Reason
		}
		return v.Reason
	case a.Failure != "":
		return v.Reason
	}
	policy := &rules.Profile().Policy
	var wanted []string
	for _, s := range policy.Ack.Statuses {
		if s.Has(a.Status) {
			return v.Reason // something else than the status is missing
		}
		wanted = append(wanted, s.String())
	}
	return v.Reason + ": " + rules.Profile().Name + " wants " + strings.Join(wanted, ", ")
}

// An unsentLine is a delivery in the stream that ended without an attempt.
type unsentLine struct {
	Kind     string             `json:"kind"`
	Delivery hook.ID            `json:"delivery"`
	Endpoint string             `json:"endpoint,omitempty"`
	URL      string             `json:"url"`
	Provider string             `json:"provider"`
	Event    string             `json:"event,omitempty"`
	EventID  string             `json:"event_id,omitempty"`
	State    hook.DeliveryState `json:"state"`
	Reason   string             `json:"delivery_reason"`
}

// unsent tells of a delivery that ended without an attempt.
func (l *sendLog) unsent(d *hook.Delivery, why string) error {
	if l.app.global.json {
		return l.lineOf(unsentLine{
			Kind: kindState, Delivery: d.ID, Endpoint: d.Endpoint, URL: d.URL, Provider: d.Provider,
			Event: d.Event.Type, EventID: d.Event.ID, State: stateOf(d), Reason: why,
		})
	}
	return l.out.Unsent(d, why)
}

// over counts a delivery as it stands in the end.
func (l *sendLog) over(d *hook.Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total.Deliveries++
	switch d.State {
	case hook.Succeeded:
		l.total.Acknowledged++
	case hook.Lost:
		l.total.Failed++
	case hook.Cancelled:
		if l.total.Cancelled++; d.Tries == 0 {
			l.total.withheld++
		}
	default:
		l.total.Pending++
	}
}

// end tells what all came to, and returns the error that says so to the shell.
func (l *sendLog) end(to, hint string) error {
	if err := l.tellTotal(to); err != nil {
		return err
	}
	t := &l.total
	switch {
	case t.Attempts > 0 && t.Unreachable == t.Attempts:
		return cannot(hint, fmt.Errorf("%s cannot be reached: %s", t.lastPlace, t.lastReason))
	case t.Acknowledged == t.Deliveries:
		return nil
	}
	if !l.app.global.json {
		m := l.app.messages()
		if l.app.global.quiet { // of what failed nothing else was told
			m.Warn(t.inWords(to))
		}
		if hint != "" {
			m.Hint(hint)
		}
	}
	return found()
}

// tellTotal tells what all came to so far.
func (l *sendLog) tellTotal(to string) error {
	t, assumed := &l.total, l.assumed.all()
	if l.app.global.json {
		t.Assumptions = render.AssumptionsJSON(assumed)
		return l.lineOf(struct {
			Kind string `json:"kind"`
			*sendTotal
		}{kindSummary, t})
	}
	if t.Deliveries > 1 || t.Attempts > 1 {
		l.app.messages().Status(t.inWords(to))
	}
	return l.app.messages().Assumptions(assumed)
}

// inWords is the total on one line.
func (t *sendTotal) inWords(to string) string {
	text := fmt.Sprintf("%d sent to %s: %d acknowledged", t.Deliveries-t.withheld, to, t.Acknowledged)
	for _, part := range []struct {
		n    int
		what string
	}{{t.Failed, "failed"}, {t.Cancelled, "cancelled"}, {t.Pending, "pending"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	if t.Attempts > t.Deliveries {
		text += fmt.Sprintf("; %d attempts", t.Attempts)
	}
	return text
}

// lineOf writes a line of JSON.
func (l *sendLog) lineOf(v any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return render.WriteJSON(io.Writer(l.app.world.Stdout), v)
}
