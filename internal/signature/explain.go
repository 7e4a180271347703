package signature

import (
	"slices"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A Case is what an explanation goes by.
type Case struct {
	Message *provider.Message
	Keys    []Key
	Now     time.Time
	// Tolerance overrides that of the profile where it is not nil.
	Tolerance *time.Duration
	// Others are secrets that the user has besides: of other providers, or of this one.
	Others []Candidate
	// Profiles are further providers by whose rules the message may be signed.
	Profiles []*provider.Profile
}

// A Candidate is a secret, and the provider that it is for.
type Candidate struct {
	Profile *provider.Profile
	Key     Key
}

// An Explanation says why a signature does not hold.
type Explanation struct {
	Verdict hook.Verification
	// Cause is nil where the message is verified, and where nothing that was tried
	// explains the verdict.
	Cause *Cause
	// RuledOut says what was tried in vain, in order.
	RuledOut []string
	// Hints are what can be seen but not proven.
	Hints []string
}

// A Cause is a mistake. For a signature that does not match it is proven: with the
// mistake made, or undone, as What says, the signature is exactly the one that is
// there. For one that is missing or malformed, too old and so on, it may also be
// what can be seen.
type Cause struct {
	// ID is a stable word, such as body-reencoded-compact; two with a "+" between them
	// where two mistakes were made.
	ID string
	// What is wrong, why that comes to be, and what to do.
	What, Why, Fix string
	// Scheme is the signature scheme of the profile; "" where it is another's.
	Scheme string
}

// A mistake is what may have been done to a message, or to a secret.
type mistake struct {
	id string
	// condition goes on after "matches if".
	condition string
	why, fix  string
}

// causeOf is the cause that mistakes are together.
func causeOf(scheme string, mistakes []mistake) *Cause {
	var ids, conditions, whys, fixes []string
	for _, m := range mistakes {
		if slices.Contains(ids, m.id) {
			continue
		}
		ids, conditions = append(ids, m.id), append(conditions, m.condition)
		whys, fixes = appendNew(whys, m.why), appendNew(fixes, m.fix)
	}
	return &Cause{
		ID: strings.Join(ids, "+"), Scheme: scheme, What: "matches if " + strings.Join(conditions, " and "),
		Why: strings.Join(whys, "; "), Fix: strings.Join(fixes, "; "),
	}
}

func appendNew(texts []string, text string) []string {
	if text == "" || slices.Contains(texts, text) {
		return texts
	}
	return append(texts, text)
}

// An explainer looks for the cause of one verdict.
type explainer struct {
	profile  *provider.Profile
	given    Case
	verifier *Verifier
	message  *provider.Message
	verdict  hook.Verification
	meter    *meter
	ruledOut []string

	bodies   []bodyForm // of the message, once asked for
	prepared bool
}

// Explain verifies a message of p and says why that fails, where it does: it looks
// for a mistake, or two, with which the signature would hold. It claims none that
// it has not seen hold.
func Explain(p *provider.Profile, c Case) Explanation {
	e := &explainer{
		profile: p, given: c, message: plainCopy(c.Message), meter: &meter{left: maxWork},
		verifier: NewVerifier(p, c.Keys, Options{Tolerance: c.Tolerance}),
	}
	e.verdict = e.verifier.Verify(e.message, c.Now)
	x := Explanation{Verdict: e.verdict}
	if e.verdict.Outcome == hook.Verified {
		return x
	}
	var proven bool
	if x.Cause, proven = e.cause(); !proven {
		x.RuledOut = append(e.ruledOut, e.meter.limits()...)
		x.Hints = e.hints()
	}
	return x
}

// plainCopy is a message that others may change without changing m.
func plainCopy(m *provider.Message) *provider.Message {
	return &provider.Message{Method: m.Method, URL: m.URL, URLGuessed: m.URLGuessed, Header: m.Header, Body: m.Body}
}

// cause finds the cause of the verdict, and says whether it is proven.
func (e *explainer) cause() (found *Cause, proven bool) {
	switch e.verdict.Reason {
	case Stale, Future:
		return e.causeOfAge(), true
	case Uncovered:
		return e.inWords(), true
	case Unsigned:
		return e.inWords(), false // a body that was altered may only seem to be of that kind
	case Duplicate:
		return e.causeOfDuplicate(), true
	case BadDigest:
		found = e.causeOfDigest()
		return found, found != nil
	}
	if found = e.search(); found != nil {
		return found, true
	}
	return e.inWords(), false
}

// search tries, from the most to the least common, what may have gone wrong.
func (e *explainer) search() *Cause {
	if found := e.renamedHeaders(); found != nil {
		return found
	}
	hunts := e.hunts()
	for _, h := range hunts {
		if found := h.singles(); found != nil {
			return found
		}
	}
	var all tally
	for _, h := range hunts {
		all.add(h.count)
	}
	e.rule(all.singles()...)
	if found := e.misplaced(); found != nil {
		return found
	}
	if found, over := e.elsewhere(hunts); over {
		return found
	}
	pairs := 0
	for _, h := range hunts {
		if found := h.pairs(); found != nil {
			return found
		}
		pairs += h.count.pairs
	}
	e.rule(counted(pairs, "combination of two of these", "combinations of two of these"))
	return nil
}

// bodyForms are the forms of the message's body.
func (e *explainer) bodyForms() []bodyForm {
	if !e.prepared {
		e.bodies, e.prepared = bodyForms(e.message, e.meter), true
	}
	return e.bodies
}

// rule takes down what was ruled out.
func (e *explainer) rule(texts ...string) {
	for _, text := range texts {
		e.ruledOut = appendNew(e.ruledOut, text)
	}
}

// hunts are the searches, one for each scheme whose signature is there, that which
// decided first.
func (e *explainer) hunts() []*hunt {
	const most = 4
	present, _ := e.verifier.split(e.message)
	var hunts []*hunt
	for _, s := range present {
		h := newHunt(e, s.Scheme)
		switch {
		case h == nil:
		case s.Name == e.verdict.Scheme:
			hunts = append([]*hunt{h}, hunts...)
		default:
			hunts = append(hunts, h)
		}
	}
	return hunts[:min(len(hunts), most)]
}

// holds reports whether the signature itself is right.
func holds(v hook.Verification) bool {
	return v.Outcome == hook.Verified || v.Reason == Stale || v.Reason == Future
}
