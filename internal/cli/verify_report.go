package cli

import (
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/signature"
)

// A verifyReport is what verify tells.
type verifyReport struct {
	Provider     string
	Capture      hook.ID
	Verification hook.Verification
	// Expected are the signatures that would hold, only on request.
	Expected    []signature.Expectation
	explanation *signature.Explanation // only on request
}

func (r *verifyReport) print(a *app) error {
	if a.global.json {
		return render.WriteJSON(a.world.Stdout, r.json())
	}
	return a.out().Verification(r.Provider, r.Verification, r.lines()...)
}

// lines are the facts below the verdict.
func (r *verifyReport) lines() []render.Fact {
	var facts []render.Fact
	if r.Capture != "" {
		facts = append(facts, render.Fact{Label: "capture", Value: string(r.Capture)})
	}
	for _, e := range r.Expected {
		facts = append(facts, render.Fact{Label: "expected", Value: e.Value + "  (" + e.Scheme + ", " + e.Key + ")"})
	}
	if r.explanation == nil {
		return facts
	}
	if cause := r.explanation.Cause; cause != nil {
		facts = append(facts, render.Fact{Label: "cause", Value: cause.What}, render.Fact{Label: "why", Value: cause.Why}, render.Fact{Label: "fix", Value: cause.Fix})
	} else {
		facts = append(facts, render.Fact{Label: "cause", Value: "none of what was tried explains it"})
	}
	return append(facts, labelled("ruled out", r.explanation.RuledOut), labelled("seen", r.explanation.Hints))
}

// labelled is a fact of several parts.
func labelled(label string, parts []string) render.Fact {
	return render.Fact{Label: label, Value: strings.Join(parts, "; ")}
}

type verifyJSON struct {
	Provider    string           `json:"provider"`
	Capture     hook.ID          `json:"capture_id,omitempty"`
	Outcome     hook.Outcome     `json:"outcome"`
	Scheme      string           `json:"scheme"`
	Reason      string           `json:"reason"`
	Detail      string           `json:"detail,omitempty"`
	Unbound     bool             `json:"unbound,omitempty"`
	Expected    []expectedJSON   `json:"expected,omitempty"`
	Explanation *explanationJSON `json:"explanation,omitempty"`
}

type explanationJSON struct {
	Cause    *causeJSON `json:"cause"` // null where nothing that was tried explains it
	RuledOut []string   `json:"ruled_out,omitempty"`
	Hints    []string   `json:"hints,omitempty"`
}

type causeJSON struct {
	ID     string `json:"id"`
	What   string `json:"what"`
	Why    string `json:"why,omitempty"`
	Fix    string `json:"fix,omitempty"`
	Scheme string `json:"scheme,omitempty"`
}

type expectedJSON struct {
	Scheme string `json:"scheme"`
	Secret string `json:"secret"`
	Value  string `json:"value"`
}

func (r *verifyReport) json() verifyJSON {
	v := r.Verification
	out := verifyJSON{
		Provider: r.Provider, Capture: r.Capture, Outcome: v.Outcome, Scheme: v.Scheme, Reason: v.Reason, Detail: v.Detail, Unbound: v.Unbound,
	}
	for _, e := range r.Expected {
		out.Expected = append(out.Expected, expectedJSON{e.Scheme, e.Key, e.Value})
	}
	if x := r.explanation; x != nil {
		out.Explanation = &explanationJSON{RuledOut: x.RuledOut, Hints: x.Hints}
		if x.Cause != nil {
			cause := causeJSON(*x.Cause)
			out.Explanation.Cause = &cause
		}
	}
	return out
}
