package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/shape"
)

const (
	// marksColumns is the width of both marks: of the signature, and of the body.
	marksColumns = 2
	// maxLoggedFaults is how many faults of a body the log shows.
	maxLoggedFaults = 3
	// maxShownFaults is how many the view of a capture has.
	maxShownFaults = 20
)

// marks are two characters: how the verification of c ended, and whether its body is
// what the catalog says: v it is, ~ the envelope is and no more is known, x it is not,
// and nothing where nothing is known. The colour is that of the worse.
func (p *Printer) marks(c *hook.Capture) span {
	signed, body := p.verdict(c.Identity), p.validity(c.Validation)
	both := span{signed.text + body.text, signed.style}
	switch {
	case signed.text == "" && body.text != "":
		both = span{" " + body.text, body.style}
	case c.Validation != nil && !c.Validation.Outcome.Passed() && body.text != "":
		both.style = body.style
	}
	return both
}

func (p *Printer) validity(v *hook.Validation) span {
	if v == nil {
		return span{"", p.theme.plain}
	}
	switch v.Outcome {
	case hook.Valid:
		return span{"v", p.theme.good}
	case hook.ValidEnvelope:
		return span{"~", p.theme.faint}
	case hook.Invalid, hook.NotJSON:
		return span{"x", p.theme.alarm}
	}
	return span{"", p.theme.faint}
}

// bodyLines are what the log says of a body: what is wrong with it, what readers may
// disagree on, and what the catalog does not know.
func (p *Printer) bodyLines(v *hook.Validation, r Remarks) []span {
	var lines []span
	switch {
	case v == nil:
	case v.Outcome == hook.NotJSON:
		lines = append(lines, span{Safe(v.Reason), p.theme.alarm})
	case r.Unchecked:
		lines = append(lines, span{Safe("not checked: " + v.Reason), p.theme.warn})
	default:
		lines = p.faultLines(v)
	}
	for _, drift := range r.New {
		if v != nil && wrongType(v, drift) {
			continue // the verdict says so
		}
		lines = append(lines, span{Safe("drift: " + DriftInWords(drift)), p.theme.warn})
	}
	return lines
}

// wrongType reports whether drift is of a type and v has a fault at its place.
func wrongType(v *hook.Validation, drift hook.Drift) bool {
	if drift.Kind != shape.ChangedType && drift.Kind != shape.UnexpectedNull {
		return false
	}
	return slices.ContainsFunc(v.Faults, func(f hook.Fault) bool { return f.Kind == "type" && within(f.Pointer, drift.Pointer) })
}

// within reports whether a JSON pointer is a place that pattern stands for, in which * is
// any item or key.
func within(pointer, pattern string) bool {
	at, of := strings.Split(pointer, "/"), strings.Split(pattern, "/")
	return slices.EqualFunc(at, of, func(part, any string) bool { return any == "*" || part == any })
}

func (p *Printer) faultLines(v *hook.Validation) []span {
	var lines []span
	for _, f := range v.Faults[:min(len(v.Faults), maxLoggedFaults)] {
		what, style := "invalid: ", p.theme.alarm
		if f.Class == hook.ClassDoubt {
			what, style = "doubt: ", p.theme.warn
		}
		lines = append(lines, span{Safe(what + faultInWords(f)), style})
	}
	if more := len(v.Faults) - len(lines) + v.More; more > 0 {
		lines = append(lines, span{"and " + counted(more, "fault") + " more", p.theme.faint})
	}
	if v.Fits != "" {
		lines = append(lines, span{Safe(v.Reason), p.theme.warn})
	}
	return lines
}

// faultInWords is a fault without its place in the text.
func faultInWords(f hook.Fault) string {
	if f.Pointer == "" {
		return f.Message
	}
	return f.Pointer + ": " + f.Message
}

// validationFacts are what a summary says of a body.
func validationFacts(v *hook.Validation) []Fact {
	if v == nil {
		return nil
	}
	facts := []Fact{{"catalog", validationInWords(v)}}
	for i, f := range v.Faults[:min(len(v.Faults), maxShownFaults)] {
		at := ""
		if f.Line > 0 {
			at = " (line " + strconv.Itoa(f.Line) + ", column " + strconv.Itoa(f.Column) + ")"
		}
		facts = append(facts, Fact{"fault " + strconv.Itoa(i+1), faultInWords(f) + at})
	}
	if more := len(v.Faults) - maxShownFaults + v.More; len(v.Faults) > 0 && more > 0 {
		facts = append(facts, Fact{"faults", counted(more, "fault") + " more"})
	}
	return facts
}

// validationDetails are the words behind the mark of a body.
func validationDetails(v *hook.Validation) []string {
	if v == nil {
		return nil
	}
	return []string{"catalog: " + validationInWords(v)}
}

func validationInWords(v *hook.Validation) string {
	switch v.Outcome {
	case hook.Valid:
		return "valid: " + v.Schema
	case hook.ValidEnvelope:
		return "the envelope is valid, no more is known: " + v.Schema
	case hook.NotJSON:
		return v.Reason
	case hook.NoSchema:
		return joined("not checked", v.Reason)
	}
	if v.Fits != "" {
		return "invalid: " + v.Schema + "; " + v.Reason
	}
	return "invalid: " + v.Schema
}

// DriftInWords says what a catalog does not know of.
func DriftInWords(d hook.Drift) string {
	place := d.Pointer
	if place == "" {
		place = "the body"
	}
	switch d.Kind {
	case shape.UnknownProperty:
		return "new property " + place + " (" + d.Detail + ")"
	case shape.NewEnumValue:
		return "new value at " + place + ": " + d.Detail
	case shape.ChangedType, shape.UnexpectedNull:
		return place + " is " + d.Detail
	}
	if d.Kind == assess.TooMuch {
		return "more is new than is told apart; the catalog may be an old one"
	}
	return "the catalog has no such event"
}
