package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// maxFates is how many groups of events with one fate are told.
const maxFates = 8

// End shows how a timeline came out: what was lost, who was told, whether the endpoint
// lives, and what was assumed.
func (t *Timeline) End(e *delivery.Ending, assumptions []delivery.Assumption) error {
	if err := t.Flush(); err != nil {
		return err
	}
	p := t.printer
	var b bytes.Buffer
	b.WriteByte('\n')
	lost, pending := e.Lost(), e.Pending()
	facts := []endFact{{"acknowledged", span{fmt.Sprintf("%d of %d", len(e.Fates)-len(lost)-len(pending), len(e.Fates)), p.theme.good}}}
	if len(lost)+len(pending) == len(e.Fates) {
		facts[0].style = p.theme.alarm
	}
	facts = append(facts, p.fates("lost", lost, e)...)
	facts = append(facts, p.fates("pending", pending, e)...)
	if e.Missed > 0 {
		facts = append(facts, endFact{"not counted", span{events(e.Missed) + " would have come up later", p.theme.plain}})
	}
	facts = append(facts, endFact{"told", span{tellings(e.Told), p.theme.plain}})
	facts = append(facts, endFact{"endpoint", p.living(e)})
	for _, f := range facts {
		p.endFact(&b, f)
	}
	p.assumptions(&b, assumptions)
	return p.write(b.Bytes())
}

// events is so many of them.
func events(n int) string {
	if n == 1 {
		return "1 event"
	}
	return fmt.Sprintf("%d events", n)
}

// An endFact is one line of the end.
type endFact struct {
	label string
	span
}

func (p *Printer) endFact(b *bytes.Buffer, f endFact) {
	const label = len("acknowledged")
	for i, part := range p.wrapped(Safe(f.text), label+2) {
		name := f.label
		if i > 0 {
			name = ""
		}
		writeLine(b, p.paint(p.theme.faint, name)+padding(name, label), p.paint(f.style, part))
	}
}

// fates are events that came to the same end, those of each reason together.
func (p *Printer) fates(label string, fates []delivery.Fate, e *delivery.Ending) []endFact {
	if len(fates) == 0 {
		return nil
	}
	var reasons []string
	numbers := map[string][]int{}
	for _, f := range fates {
		reason := fateWords(f, e)
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
		numbers[reason] = append(numbers[reason], f.Number)
	}
	style := p.theme.alarm
	if label == "pending" {
		style = p.theme.warn
	}
	var facts []endFact
	for i, reason := range reasons {
		if i == maxFates {
			facts = append(facts, endFact{"", span{fmt.Sprintf("and others, for %d more reasons", len(reasons)-i), style}})
			break
		}
		all := numbers[reason]
		text := "event " + ranges(all) + ": " + reason
		if len(all) > 1 {
			text = fmt.Sprintf("%d events (%s): %s", len(all), ranges(all), reason)
		}
		if i > 0 {
			label = ""
		}
		facts = append(facts, endFact{label, span{text, style}})
	}
	return facts
}

// fateWords says why an event was not acknowledged.
func fateWords(f delivery.Fate, e *delivery.Ending) string {
	switch {
	case f.Held:
		return "waiting for the endpoint"
	case f.State == hook.Pending:
		return "not acknowledged yet"
	case f.State == hook.Cancelled && f.Sent:
		return f.Reason + " before it was acknowledged"
	}
	return f.Reason
}

// tellings says who was told how often.
func tellings(all []delivery.Telling) string {
	var told, untold []string
	for _, t := range all {
		who := t.Whom
		switch {
		case t.Errors:
			who = "the URL for messages about failed deliveries"
		case t.Event != "":
			who = "by the event " + t.Event
		}
		if t.Times > 0 {
			told = append(told, who+", "+times(t.Times))
		}
		if t.Failed > 0 {
			untold = append(untold, who+" could not be told, "+times(t.Failed))
		}
		if t.Kept > 0 {
			untold = append(untold, "its message about failed deliveries was not sent, "+times(t.Kept)+": --errors-to names its URL")
		}
	}
	if len(told) == 0 {
		told = []string{"nobody"}
	}
	return strings.Join(append(told, untold...), "; ")
}

// times is so often in words.
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// living says whether the endpoint is in use at the end, and what makes it be.
func (p *Printer) living(e *delivery.Ending) span {
	s := e.Standing
	if s.Status == "" || s.Status == hook.Enabled {
		return span{"enabled", p.theme.good}
	}
	text := string(s.Status) + " after " + Elapsed(e.Since)
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	style := p.theme.alarm
	switch {
	case !s.Back.IsZero():
		text, style = text+"; the pause ends by itself", p.theme.warn
	case s.Until == "updated":
		text += "; it must be updated at the provider"
	case s.Until == "enabled":
		text += "; it must be enabled by hand"
	case s.Until == "recreated":
		text += "; it must be registered anew"
	}
	return span{text, style}
}

// assumptions writes what nobody states, and how to change it.
func (p *Printer) assumptions(b *bytes.Buffer, all []delivery.Assumption) {
	var form *delivery.Choice // shows what is set, where nothing else is proposed
	for i, a := range all {
		if i == 0 {
			b.WriteByte('\n')
			writeLine(b, p.paint(p.theme.faint, "what decided, and is not certain:"))
		}
		status, style := p.ruleStyle(a.Status)
		text := Safe(joinedBy(" = ", a.Rule, a.Value))
		if a.Note != "" {
			text += " (" + Safe(a.Note) + ")"
		}
		for k, part := range p.wrapped(text, len("  hookctl's own  ")) {
			word := status
			if k > 0 {
				word = ""
			}
			writeLine(b, "  "+p.paint(style, word)+padding(word, len("hookctl's own")), part)
		}
		for _, c := range a.Choices {
			if c.Note != delivery.AsNow {
				p.choice(b, c)
			} else if form == nil {
				form = &c
			}
		}
	}
	if form != nil {
		writeLine(b, "  "+p.paint(p.theme.strong, "--set "+shellWord(Safe(form.Set)))+p.paint(p.theme.faint, " and the like set other values"))
	}
}

// choice writes what can be set, below the rule that it is about.
func (p *Printer) choice(b *bytes.Buffer, c delivery.Choice) {
	note := joinedBy(": ", string(c.Status), c.Note)
	flag := "--set " + shellWord(Safe(c.Set))
	const indent = "                 "
	if p.options.Width == 0 || columns(indent+flag)+2+columns(note) <= p.options.Width {
		writeLine(b, indent+p.paint(p.theme.strong, flag), p.paint(p.theme.faint, note))
		return
	}
	writeLine(b, indent+p.paint(p.theme.strong, flag))
	for _, part := range p.wrapped(note, len(indent)+2) {
		if part != "" {
			writeLine(b, indent+"  "+p.paint(p.theme.faint, part))
		}
	}
}

// shellWord quotes text for a shell where that is needed.
func shellWord(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-=/:,%@") == "" {
		return text
	}
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		path, value = "", text
	} else {
		path += "="
	}
	return path + "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// ruleStyle is the style of how a rule is known, with the word.
func (p *Printer) ruleStyle(s provider.Status) (string, lipgloss.Style) {
	if s == "" {
		return "hookctl's own", p.theme.warn
	}
	return string(s), p.ruleStatus(s)
}
