package render

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// timeColumns fits "30d 23h59m59s", tryColumns "12345", answerColumns "no connection".
	timeColumns   = 13
	tryColumns    = 5
	answerColumns = 13
	// maxEventColumns bounds the number and type of an event.
	maxEventColumns = 26
)

// A Timeline shows what happens on a delivery.Timeline, line by line.
type Timeline struct {
	printer *Printer
	begun   bool
	// events is the width of the column of events, 0 for none.
	events int
	types  bool // they are of several types
	// together are happenings of one kind that stand on one line.
	together []*delivery.Happening
}

// Timeline begins to show a timeline. Where it has several events, types are their types.
func (p *Printer) Timeline(count int, types ...string) *Timeline {
	t := &Timeline{printer: p, types: len(types) > 1}
	if count > 1 {
		t.events = max(len("EVENT"), len(strconv.Itoa(count)))
	}
	if t.types {
		for _, name := range types {
			t.events = max(t.events, min(maxEventColumns, columns(Safe(name))+len(strconv.Itoa(count))+1))
		}
	}
	return t
}

// Happening shows what happens. Like things that happen to several events are told
// together once something else does, or by Flush.
func (t *Timeline) Happening(h *delivery.Happening) error {
	if h.Kind == delivery.Attempted || h.Kind == delivery.Changed {
		if err := t.Flush(); err != nil {
			return err
		}
		return t.row(h, t.answer(h), t.follows(h))
	}
	if len(t.together) > 0 && (t.together[0].Kind != h.Kind || t.together[0].Next != h.Next) {
		if err := t.Flush(); err != nil {
			return err
		}
	}
	kept := *h
	t.together = append(t.together, &kept)
	return nil
}

// Flush tells what was kept to be told together.
func (t *Timeline) Flush() error {
	if len(t.together) == 0 {
		return nil
	}
	first := t.together[0]
	var numbers []int
	for _, h := range t.together {
		numbers = append(numbers, h.Number)
	}
	t.together = nil
	slices.Sort(numbers)
	events, verb := "event "+ranges(numbers), "s"
	if len(numbers) > 1 {
		events, verb = "events "+ranges(numbers), ""
	}
	what := span{style: t.printer.theme.warn}
	switch first.Kind {
	case delivery.Held:
		what.text = events + " wait" + verb + ": " + standingWords(first)
	case delivery.Dropped:
		what = span{events + " will not be tried again: the endpoint is " + string(first.Standing.Status), t.printer.theme.alarm}
	default:
		what = span{events + map[bool]string{true: " are ", false: " is "}[len(numbers) > 1] + droppedWords(first), t.printer.theme.alarm}
	}
	return t.row(&delivery.Happening{Kind: first.Kind, At: first.At}, span{}, what)
}

// Note writes a line about what goes before it.
func (t *Timeline) Note(text string) error {
	return t.row(nil, span{}, span{Safe(text), t.printer.theme.faint})
}

// row writes one line, before the first the heads. A nil h is for a line that belongs to
// the one before.
func (t *Timeline) row(h *delivery.Happening, answer, then span) error {
	p := t.printer
	var b bytes.Buffer
	if !t.begun && !t.stacked() {
		t.begun = true
		faint := p.theme.faint
		t.cells(&b, span{"T+", faint}, span{"EVENT", faint}, span{"TRY", faint}, span{"ANSWER", faint}, span{"WHAT FOLLOWS", faint})
	}
	var at, event, try span
	if h != nil {
		at = span{Elapsed(h.At), p.theme.strong}
	}
	if h != nil && h.Kind == delivery.Attempted {
		try = span{strconv.Itoa(h.Try), p.theme.plain}
		event = span{strconv.Itoa(h.Number), p.theme.plain}
		if t.types {
			event.text = fold(event.text+" "+Safe(h.Event.Type), maxEventColumns)
		}
	}
	if t.stacked() {
		t.stack(&b, at, event, try, answer, then)
	} else {
		t.cells(&b, at, event, try, answer, then)
	}
	return p.write(b.Bytes())
}

func (t *Timeline) cells(b *bytes.Buffer, at, event, try, answer, then span) {
	widths, cells := []int{timeColumns}, []span{at}
	if t.events > 0 {
		widths, cells = append(widths, t.events), append(cells, event)
	}
	widths, cells = append(widths, tryColumns, answerColumns), append(cells, try, answer)
	used := 0
	for _, w := range widths {
		used += w + 2
	}
	last := 0
	if width := t.printer.options.Width; width > 0 {
		last = width - used
	}
	t.printer.writeCells(b, append(widths, last), append(cells, then))
}

// stacked reports whether the columns leave no room for what follows.
func (t *Timeline) stacked() bool {
	used := timeColumns + tryColumns + answerColumns + 3*2
	if t.events > 0 {
		used += t.events + 2
	}
	return t.printer.options.Width > 0 && t.printer.options.Width-used < minLast
}

// stack writes what follows below the rest, for a narrow terminal.
func (t *Timeline) stack(b *bytes.Buffer, at, event, try, answer, then span) {
	const indent = "    "
	label := func(name string, cell span) string {
		if cell.text == "" {
			return ""
		}
		return t.printer.paint(t.printer.theme.faint, name) + t.printer.paint(cell.style, cell.text)
	}
	if t.events == 0 {
		event.text = ""
	}
	writeLine(b, label("", at), label("event ", event), label("try ", try), label("", answer))
	if at.text == "" {
		b.Reset()
	}
	for _, part := range wrap(then.text, max(1, t.printer.options.Width-len(indent))) {
		writeLine(b, indent+t.printer.paint(then.style, part))
	}
}

// answer is what came of an attempt, in a word or two.
func (t *Timeline) answer(h *delivery.Happening) span {
	theme := t.printer.theme
	if h.Kind != delivery.Attempted {
		return span{}
	}
	status := strconv.Itoa(h.Answer.Status)
	switch {
	case h.Answer.Outage:
		return span{"down", theme.alarm}
	case h.Answer.Failure == "":
		return span{status, theme.status(h.Answer.Status)}
	case h.Answer.Failure == hook.FailureLate && h.Answer.Status != 0:
		return span{"late " + status, theme.alarm}
	case h.Answer.Failure == hook.FailureUnreachable:
		return span{"no connection", theme.alarm}
	case h.Answer.Failure == hook.FailureBroken:
		return span{"broke off", theme.alarm}
	}
	return span{Safe(h.Answer.Failure), theme.alarm}
}

// follows says what the provider makes of it.
func (t *Timeline) follows(h *delivery.Happening) span {
	theme := t.printer.theme
	if h.Kind == delivery.Changed {
		return span{"the endpoint is in use again", theme.good}
	}
	var parts []string
	if t.printer.options.Verbose && h.Answer.Latency > 0 {
		parts = append(parts, "in "+humanLatency(h.Answer.Latency))
	}
	if h.Step.Verdict.Acknowledged {
		parts = []string{strings.Join(append([]string{"acknowledged"}, parts...), " ")}
		for _, e := range h.Step.Effects {
			parts = append(parts, e.Words())
		}
		return span{Safe(strings.Join(parts, "; ")), theme.good}
	}
	parts = append(parts, reasonWords(h))
	style := theme.plain
	switch {
	case h.Step.Course.State == hook.Lost:
		parts, style = append(parts, "gives up: "+h.Step.Reason), theme.alarm
	case endsEndpoint(h.Step.Effects):
		style = theme.alarm
	default:
		parts = append(parts, "waits "+Elapsed(h.Next-h.End))
	}
	for _, e := range h.Step.Effects {
		parts = append(parts, e.Words())
	}
	return span{Safe(joinedBy("; ", parts...)), style}
}
