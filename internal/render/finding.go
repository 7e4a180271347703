package render

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// A level is how much a finding weighs.
type level int

const (
	levelNote    level = iota // a doubt
	levelWarning              // wrong, but does not count against the run
	levelError                // why the run fails
)

// Kinds of findings that are not faults of a payload.
const (
	kindUnreadable = "unreadable"
	kindNoSchema   = "no_schema"
	kindNotJSON    = "not_json"
	kindInvalid    = "invalid"  // no fault says why
	kindAccepted   = "accepted" // has to be refused, and was not
	kindMore       = "more"     // stands for faults that were not kept
	kindVersion    = "version"  // it is a payload of another API version
)

const (
	// maxMessage and maxPointer bound, in columns, what reports quote of a payload.
	maxMessage = messageColumns
	maxPointer = 500
)

// A finding is one thing to report, in the form that formats for CI share. Its texts
// are safe and of bounded length.
type finding struct {
	level         level
	kind          string
	entry         string // "entry 3: " in a HAR file, where bodies have no lines of their own
	message       string
	pointer, rule string
	// line and column are those in the file, from 1; 0 where they are not known.
	line, column int
	// about tells what it is about: alike are only those of payloads that are, in the same
	// place of these.
	about digest
}

// text is the finding in a sentence, with the place inside the payload.
func (f *finding) text() string { return f.entry + joined(f.pointer, f.message) }

// findings are what there is to report of r, the worst not first but in the order of
// the text. A payload that passes and is beyond doubt has none.
func (o *ReportOptions) findings(r *validate.Report) []finding {
	v := &r.Validation
	switch {
	case r.Trouble != nil:
		return []finding{alone(r, levelError, kindUnreadable, joined("unreadable", r.Trouble.Error()))}
	case v.Outcome == hook.NoSchema:
		return append([]finding{alone(r, weight(r), kindNoSchema, noSchema(r))}, o.faults(r)...)
	case o.accepted(r):
		return []finding{alone(r, weight(r), kindAccepted, "was accepted, but must be refused")}
	case mustFail(r):
		return nil
	case len(v.Faults) == 0 && v.Outcome == hook.NotJSON:
		return []finding{alone(r, weight(r), kindNotJSON, joined("not JSON", v.Reason))}
	case len(v.Faults) == 0 && !v.Outcome.Passed():
		return []finding{alone(r, weight(r), kindInvalid, joined("invalid", v.Reason))}
	}
	return o.faults(r)
}

// accepted reports whether r had to be refused, and was not.
func (o *ReportOptions) accepted(r *validate.Report) bool {
	return mustFail(r) && !o.FailOn.Refuses(&r.Validation)
}

// mustFail reports whether r was to be refused and could be: one that nobody knows a
// schema for is neither refused nor accepted.
func mustFail(r *validate.Report) bool {
	return r.MustFail && r.Trouble == nil && r.Validation.Outcome != hook.NoSchema
}

// noSchema says that there is none for r, and why.
func noSchema(r *validate.Report) string {
	what := "no schema"
	if r.MustFail {
		what = "must be refused, but has no schema"
	}
	return joined(what, r.Validation.Reason)
}

// weight is the level of a finding that is about the payload as a whole.
func weight(r *validate.Report) level {
	if r.Failed {
		return levelError
	}
	return levelWarning
}

// alone is a finding that is about the payload as a whole.
func alone(r *validate.Report, l level, kind, message string) finding {
	return finding{
		level: l, kind: kind, entry: inEntry(r), message: fold(inert(message), maxMessage), line: r.Line,
		about: digestOf(r, kind, "", "", message),
	}
}

func inEntry(r *validate.Report) string {
	if r.Entry > 0 {
		return "entry " + strconv.Itoa(r.Entry) + ": "
	}
	return ""
}

func (o *ReportOptions) faults(r *validate.Report) []finding {
	list := make([]finding, 0, len(r.Validation.Faults)+1)
	for i := range r.Validation.Faults {
		fault := &r.Validation.Faults[i]
		f := finding{
			level:   o.level(r, fault.Class),
			kind:    fold(inert(fault.Kind), maxPointer),
			entry:   inEntry(r),
			message: fold(inert(fault.Message), maxMessage),
			pointer: fold(inert(fault.Pointer), maxPointer),
			rule:    fold(inert(fault.Rule), maxPointer),
			about:   digestOf(r, fault.Kind, fault.Pointer, fault.Rule, fault.Message),
		}
		f.line, f.column = position(r, fault)
		list = append(list, f)
	}
	if r.Validation.Fits != "" {
		list = append(list, alone(r, levelNote, kindVersion, r.Validation.Reason))
	}
	if more := r.Validation.More; more > 0 {
		list = append(list, alone(r, levelNote, kindMore, counted(more, "more fault")+" of this payload are not listed"))
	}
	return list
}

// position is the place of a fault in the file.
func position(r *validate.Report, fault *hook.Fault) (line, column int) {
	switch {
	case r.Inside:
		return max(r.Line, 1), 0
	case r.Line > 0:
		return r.Line + max(fault.Line, 1) - 1, fault.Column
	}
	return fault.Line, fault.Column
}

// level is how much faults of a class weigh in r. The worst of a payload that failed
// are why it did, whatever else is known.
func (o *ReportOptions) level(r *validate.Report, class hook.Class) level {
	switch {
	case r.Failed && (o.FailOn.Counts(class) || class == worst(r)):
		return levelError
	case class == hook.ClassDoubt:
		return levelNote
	}
	return levelWarning
}

func worst(r *validate.Report) hook.Class {
	class := hook.ClassDoubt
	for i := range r.Validation.Faults {
		switch r.Validation.Faults[i].Class {
		case hook.ClassWrong:
			return hook.ClassWrong
		case hook.ClassMissing:
			class = hook.ClassMissing
		}
	}
	return class
}

// payloadName is what a payload is called: its file, with the line or the entry where
// the file holds several.
func payloadName(r *validate.Report) string {
	switch {
	case r.Entry > 0:
		return pathName(r) + " entry " + strconv.Itoa(r.Entry)
	case r.Line > 0:
		return pathName(r) + ":" + strconv.Itoa(r.Line)
	}
	return pathName(r)
}

// pathName is the path, such that a line which begins with it is no command to a CI
// runner.
func pathName(r *validate.Report) string {
	path := fold(inert(r.Path), maxMessage)
	if strings.HasPrefix(strings.TrimLeftFunc(path, unicode.IsSpace), "::") {
		return "./" + path
	}
	return path
}

// place is where a finding is, as editors and CI logs know it: path:line:column.
func place(r *validate.Report, f *finding) string {
	name := pathName(r)
	if f.line > 0 {
		name += ":" + strconv.Itoa(f.line)
	}
	if f.column > 0 {
		name += ":" + strconv.Itoa(f.column)
	}
	return name
}

// eventName is whose event a payload was taken for: "recharge order/created", or "".
func eventName(r *validate.Report) string {
	return fold(inert(strings.TrimSpace(r.Provider+" "+r.Event)), maxEventName)
}

// maxEventName bounds, in columns, the name of an event, which a sender may choose.
const maxEventName = 200
