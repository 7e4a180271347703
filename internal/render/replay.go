package render

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// maxChanges is how many differences of an answer are shown.
const maxChanges = 8

// Replayed writes what came of sending a capture again. An answer that reports an error,
// or any when verbose, is followed by its first lines.
func (p *Printer) Replayed(r *replay.Result) error {
	e, below := p.replayed(r)
	if r.Attempt.Status >= 400 || p.options.Verbose {
		below = append(below, p.preview(r.Attempt)...)
	}
	p.writeExchange(e, below)
	return p.Err()
}

// preview is the first lines of an answer.
func (p *Printer) preview(a *hook.Attempt) []span {
	var lines []span
	for _, line := range previewLines(a) {
		lines = append(lines, span{line, p.theme.faint})
	}
	return lines
}

// replayed is the line of r, and why its answer is none that was wanted.
func (p *Printer) replayed(r *replay.Result) (exchange, []span) {
	a := r.Attempt
	e := exchange{
		at: a.StartedAt.Add(a.Latency), arrow: "<--", capture: r.Capture.ID,
		code: p.outcome(a), target: Safe(a.URL),
		notes: []span{{whyFailed(a), p.theme.alarm}, {humanLatency(a.Latency), p.theme.plain}},
	}
	if a.Failure == "" && a.Status >= 200 && a.Status <= 399 {
		e.notes[0] = span{Safe(r.Why), p.theme.alarm} // the status alone does not say it
	}
	return e, e.moveBelow(p.options.Width, 0)
}

// NotReplayed writes why a capture was not sent.
func (p *Printer) NotReplayed(r *replay.Result) error {
	return p.line("          ---  "+Safe(r.Capture.ID.Short()), p.paint(p.theme.alarm, "not sent"), Safe(r.Err.Error()))
}

// Compared writes in what an answer differs from the one before.
func (p *Printer) Compared(r *replay.Result, change replay.Change) error {
	e, below := p.replayed(r)
	then, now := r.Then, replay.AnswerOf(r.Attempt)
	style := p.theme.warn
	switch change {
	case replay.Fixed:
		style = p.theme.good
	case replay.NewlyBroken:
		style = p.theme.alarm
	}
	switch {
	case then == nil:
		below = append(below, span{"there is no answer before to compare it with", p.theme.faint})
		p.writeExchange(e, append(below, p.preview(r.Attempt)...))
		return p.Err()
	case change == replay.Unchanged:
		style = p.theme.faint
		below = append(below, p.preview(r.Attempt)...)
	}
	e.notes = append(e.notes, span{change.Words(), style})
	below = append(below, span{
		fmt.Sprintf("then %s, %s, now %s, %s", answerCode(then), humanLatency(then.Latency), answerCode(now), humanLatency(now.Latency)),
		p.theme.faint,
	})
	for i, d := range answerDifferences(then, now) {
		if i == maxChanges {
			below = append(below, span{ellipsis, p.theme.faint})
			break
		}
		var line bytes.Buffer
		p.writeDifference(&line, d)
		below = append(below, span{strings.TrimRight(line.String(), "\n"), p.theme.plain})
	}
	p.writeExchange(e, below)
	return p.Err()
}

// answerCode is an answer's status, or why there was none.
func answerCode(a *replay.Answer) string {
	switch {
	case a.Status != 0 && a.Failure != "":
		return strconv.Itoa(a.Status) + ", " + Safe(a.Failure)
	case a.Status != 0:
		return strconv.Itoa(a.Status)
	case a.Failure != "":
		return Safe(a.Failure)
	}
	return "nothing"
}

// answerDifferences is in what the bodies of answers differ, where both are known.
func answerDifferences(then, now *replay.Answer) []Difference {
	if replay.SameBody(then, now) {
		return nil
	}
	var list differences
	before, _ := inflated(then.Header, then.Body)
	after, _ := inflated(now.Header, now.Body)
	if !list.json(before, after) && !list.lines(before, after) {
		list = append(list, Difference{InBody, "", Changed, humanSize(int64(len(before))), humanSize(int64(len(after)))})
	}
	return list
}

// ReplayTotal writes what came of all captures, after so long: before were sent earlier than
// that. An attempt that found no connection has sent nothing.
func (p *Printer) ReplayTotal(t *replay.Total, before int, took time.Duration) {
	var b bytes.Buffer
	unreached := t.Failed[hook.FailureUnreachable]
	sent := t.Sent - unreached
	now := sent - before
	line := fmt.Sprintf("%d sent", sent)
	if before > 0 {
		line += fmt.Sprintf(", %d before and %d now", before, now)
	}
	line += " in " + humanLatency(took)
	if took > 0 && now > 1 {
		line += fmt.Sprintf(" (%.0f/s)", float64(now)/took.Seconds())
	}
	writeLine(&b, line+outcomesInWords(t))
	if causes := refusalsInWords(t); causes != "" {
		writeLine(&b, "not acknowledged: "+causes)
	}
	if l := &t.Latencies; l.Len() > 0 {
		writeLine(&b, fmt.Sprintf("latency: p50 %s, p95 %s, p99 %s", humanLatency(l.At(0.5)), humanLatency(l.At(0.95)), humanLatency(l.At(0.99))))
	}
	if changes := changesInWords(t.Changes); changes != "" {
		writeLine(&b, changes)
	}
	p.write(b.Bytes())
}

// ReplayTally is what came of all captures in one line, without the times that it took.
func ReplayTally(t *replay.Total) string {
	line := fmt.Sprintf("%d sent%s", t.Sent-t.Failed[hook.FailureUnreachable], outcomesInWords(t))
	if causes := refusalsInWords(t); causes != "" {
		line += "; not acknowledged: " + causes
	}
	return line
}

// outcomesInWords goes on from how many were sent: ": 1 acknowledged, 2 not; 1 cut short".
func outcomesInWords(t *replay.Total) string {
	line := ""
	unreached := t.Failed[hook.FailureUnreachable]
	if sent := t.Sent - unreached; sent > 0 {
		line = fmt.Sprintf(": %d acknowledged, %d not", t.Acknowledged, sent-t.Acknowledged)
	}
	for _, other := range []struct {
		n    int
		what string
	}{{unreached, "attempts found no connection"}, {t.Unsent, "could not be sent"}, {t.Stopped, "cut short"}} {
		if other.n > 0 {
			line += fmt.Sprintf("; %d %s", other.n, other.what)
		}
	}
	return line
}

// refusalsInWords are the causes of what was answered and not acknowledged.
func refusalsInWords(t *replay.Total) string {
	answered := maps.Clone(t.Failed)
	delete(answered, hook.FailureUnreachable)
	return causesInWords(answered)
}

// causesInWords is "12 x 500, 3 x late", the most frequent first.
func causesInWords(failed map[string]int) string {
	causes := slices.SortedFunc(maps.Keys(failed), func(a, b string) int {
		if failed[a] != failed[b] {
			return failed[b] - failed[a]
		}
		return strings.Compare(a, b)
	})
	for i, cause := range causes {
		causes[i] = fmt.Sprintf("%d x %s", failed[cause], cause)
	}
	return strings.Join(causes, ", ")
}

// changesInWords is "41 fixed, 2 still failing, 1 newly broken, 12 unchanged".
func changesInWords(changes map[replay.Change]int) string {
	var words []string
	for _, c := range replay.Changes() {
		if n := changes[c]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, c.Words()))
		}
	}
	return strings.Join(words, ", ")
}

// StaleSignatures says how many signatures were too old by the rule of their provider.
func StaleSignatures(t *replay.Total) string {
	if t.Sent == 1 {
		return fmt.Sprintf("the signature is older than the %s that the provider tolerates: who checks it refuses it", briefly(t.Tolerated))
	}
	return fmt.Sprintf("%d of %d signatures are older than the %s that the provider tolerates: who checks them refuses them", t.Stale, t.Sent, briefly(t.Tolerated))
}

// briefly is a duration without what is zero: 5m, 1h30m.
func briefly(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// ReplayHead is the line before a request of several.
func ReplayHead(c *hook.Capture, method, url string, size int) string {
	return fmt.Sprintf("=== %s  %s %s  %d bytes ===", Safe(string(c.ID)), Safe(method), Safe(url), size)
}
