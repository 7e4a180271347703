package render

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// minEventType is what is left of an event's type; where there is not even room for
// that, its end is cut like any other.
const minEventType = 8

// verdict is the mark of how the verification of a capture ended: + verified,
// ! failed, ? not checked, and nothing where nobody could be asked. Verified is
// good only where the signature covers the body.
func (p *Printer) verdict(id *hook.Identity) span {
	if id == nil || id.Verification == nil {
		return span{"", p.theme.plain}
	}
	switch v := id.Verification; {
	case v.Outcome == hook.Verified && v.Unbound:
		return span{"+", p.theme.warn}
	case v.Outcome == hook.Verified:
		return span{"+", p.theme.good}
	case v.Outcome == hook.Failed:
		return span{"!", p.theme.alarm}
	}
	return span{"?", p.theme.faint}
}

// event is who sent a capture and what it tells, in at most width columns where
// lines are folded: "recharge order/created", "clazar|svix?", or "-" for nobody known.
func (p *Printer) event(id *hook.Identity, width int) span {
	if id == nil {
		id = &hook.Identity{}
	}
	who, what := Safe(id.Provider), Safe(id.Event.Type)
	if who == "" && len(id.Candidates) > 0 {
		who = Safe(strings.Join(id.Candidates, "|")) + "?"
	}
	if p.options.Width == 0 {
		width = 0
	}
	// A type's end says more than its beginning: "customer.subscription.deleted".
	if room := width - columns(who) - 1; room >= minEventType {
		what = foldStart(what, room)
	}
	text := fold(strings.TrimSpace(who+" "+what), width)
	if text == "" {
		return span{"-", p.theme.faint}
	}
	return span{text, p.theme.plain}
}

// sender is the marks and the event in one: "+v recharge order/created".
func (p *Printer) sender(c *hook.Capture) span {
	if c.Identity == nil {
		return span{}
	}
	marks, event := p.marks(c), p.event(c.Identity, maxEvent)
	return span{strings.TrimSpace(marks.text + " " + event.text), marks.style}
}

// whyUnverified is the reason of a signature that does not hold.
func whyUnverified(id *hook.Identity) string {
	if id == nil || id.Verification == nil || id.Verification.Outcome != hook.Failed {
		return ""
	}
	return Safe(joined(id.Verification.Reason, id.Verification.Detail))
}

// identityDetails are the words behind the marks of a line.
func identityDetails(id *hook.Identity) []string {
	var words []string
	told := whyUnverified(id) != "" // on the line itself
	for _, fact := range identityFacts(id) {
		if fact.Value != "" && fact.Label != "provider" && !(told && fact.Label == "signature") {
			words = append(words, fact.Label+": "+fact.Value)
		}
	}
	return words
}

// identityFacts are what a summary says of who sent a capture.
func identityFacts(id *hook.Identity) []Fact {
	if id == nil {
		return nil
	}
	who := id.Provider
	if who == "" {
		who = strings.Join(id.Candidates, " or ")
	}
	return []Fact{{"provider", who}, {"event", eventInWords(id.Event)}, {"signature", verdictInWords(id.Verification)}}
}

func eventInWords(e hook.Event) string {
	var words []string
	for _, part := range [][2]string{{"", e.Type}, {"id ", e.ID}, {"time ", e.Time}} {
		if part[1] != "" {
			words = append(words, part[0]+part[1])
		}
	}
	if e.Items > 0 {
		words = append(words, counted(e.Items, "item"))
	}
	return strings.Join(words, ", ")
}

// verdictInWords is how a verification ended and why, or nothing where there is none.
func verdictInWords(v *hook.Verification) string {
	if v == nil {
		return ""
	}
	words := howVerified(v)
	if v.Unbound {
		words += " (the signature does not cover the whole body)"
	}
	if v.Outcome == hook.Verified && v.Detail != "" {
		words += " (" + v.Detail + ")"
	}
	return words
}

func howVerified(v *hook.Verification) string {
	switch v.Outcome {
	case hook.Verified:
		if v.Scheme == "" {
			return "verified"
		}
		return "verified by " + v.Scheme
	case hook.Failed:
		return joined("failed", v.Reason, v.Detail)
	}
	if v.Detail == "" {
		return joined("not checked", strings.ReplaceAll(v.Reason, "_", " "))
	}
	return joined("not checked", v.Detail)
}

// joined is the parts that there are, from the general to the particular.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), ": ")
}
