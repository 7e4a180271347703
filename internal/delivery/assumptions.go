package delivery

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// An Assumption is a rule that decided something on a timeline although no source states
// it, or although what is stated can be read in another way.
type Assumption struct {
	// Rule is its path in the profile, "" for what no profile has a rule for.
	Rule, Value string
	// Status says how it is known, "" where hookctl itself assumes it.
	Status provider.Status
	Note   string
	// Choices are what can be set in its place.
	Choices []Choice
}

// A Choice is one value that a rule can have instead: Set is RULE=VALUE, as --set takes it.
type Choice struct {
	Set    string
	Status provider.Status
	Note   string
}

// Assumptions are those that decided how e came out: in the order in which they did.
// signed says that the messages really were signed and sent.
func (r *Rules) Assumptions(e *Ending, signed bool) []Assumption {
	rules := r.profile.Rules()
	var found []Assumption
	add := func(a Assumption) {
		if !slices.ContainsFunc(found, func(had Assumption) bool { return had.Rule == a.Rule && had.Value == a.Value }) {
			found = append(found, a)
		}
	}
	for _, path := range e.Rules {
		if path == "policy.ack.deadline" {
			r.assumeDeadline(add)
		}
		for _, rule := range rules {
			if uncertain(rule) && (rule.Path == path || strings.HasPrefix(rule.Path, path+".")) && !byTheWay(rule, rules) && !heldAnyway(rule, e) {
				add(r.assumed(rule))
			}
		}
	}
	r.assumeThresholds(e, rules, add)
	r.assumeStamps(e, rules, signed, add)
	if e.Paused {
		add(Assumption{Value: "a paused endpoint gets what was pending once the pause ends", Note: "nothing says whether it does, or whether it is lost"})
	}
	found = r.withVariants(e, rules, together(found))
	return r.withReadings(e, rules, found)
}

// uncertain reports whether rule may not be so: nobody states it, or it is only announced.
func uncertain(rule provider.Rule) bool {
	return rule.Status == provider.Assumed || rule.Status == provider.Announced
}

// byTheWay reports whether rule is what a failing rule, or that for what has recovered, does
// where it is no more certain when it does so: that says it.
func byTheWay(rule provider.Rule, rules []provider.Rule) bool {
	when, _, does := strings.Cut(rule.Path, ".do.")
	return does && (strings.HasPrefix(when, "policy.failing.") || when == "policy.recovered") && slices.ContainsFunc(rules, func(other provider.Rule) bool {
		return strings.HasPrefix(other.Path, when+".") && !strings.HasPrefix(other.Path, when+".do.") && other.Status == rule.Status && other.Note == rule.Note
	})
}

// heldAnyway reports whether rule is a number of lost deliveries beside one of failures in a
// row, which decided alone: then there were so many of the former long since.
func heldAnyway(rule provider.Rule, e *Ending) bool {
	when, is := strings.CutSuffix(rule.Path, ".deliveries")
	return is && slices.Contains(e.Rules, when+".consecutive") && !slices.Contains(e.Rules, when+".deliveries")
}

// assumeThresholds adds what keeps an endpoint in use that failed: the numbers that were
// not reached, as far as nobody states them.
func (r *Rules) assumeThresholds(e *Ending, rules []provider.Rule, add func(Assumption)) {
	if e.Failed == 0 || !e.Lives() || e.Standing.Status == hook.Paused {
		return
	}
	for i := range r.policy.Failing {
		f := &r.policy.Failing[i]
		if !slices.ContainsFunc(f.Do, ends) {
			continue
		}
		for _, rule := range rules {
			name, below := strings.CutPrefix(rule.Path, "policy.failing."+f.Name+".")
			if below && uncertain(rule) && !strings.HasPrefix(name, "do.") && name != "until" && !reached(f, name, e) {
				a := r.assumed(rule)
				a.Note = joinNotes(a.Note, "not reached here, and the endpoint lives")
				add(a)
			}
		}
	}
}

// reached reports whether the endpoint failed as often as the condition of f called name says.
func reached(f *provider.FailureRule, name string, e *Ending) bool {
	return name == "consecutive" && e.Standing.InRow >= f.Consecutive || name == "deliveries" && e.Standing.Lost >= f.Deliveries
}

// ends reports whether e puts an endpoint out of use.
func ends(e provider.Effect) bool {
	return e.Do == provider.Pause || e.Do == provider.Disable || e.Do == provider.Delete
}

func joinNotes(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(note string) bool { return note == "" }), "; ")
}

// together joins assumptions beside each other of which the same is said.
func together(all []Assumption) []Assumption {
	var joined []Assumption
	parent, name := "", ""
	for _, a := range all {
		above, last := "", a.Rule
		if dot := strings.LastIndexByte(a.Rule, '.'); dot >= 0 {
			above, last = a.Rule[:dot], a.Rule[dot+1:]
		}
		if n := len(joined) - 1; n >= 0 && a.Note != "" && a.Note == joined[n].Note && above == parent && strings.Count(above, ".") > 1 {
			had := &joined[n]
			if had.Rule != parent {
				had.Rule, had.Value = parent, name+" "+had.Value
			}
			had.Value += ", " + last + " " + a.Value
			had.Choices = append(had.Choices, a.Choices...)
			continue
		}
		joined = append(joined, a)
		parent, name = above, last
	}
	return joined
}

// assumeDeadline adds the deadline that hookctl takes where there is none.
func (r *Rules) assumeDeadline(add func(Assumption)) {
	if limit, stated := r.Deadline(); !stated {
		add(Assumption{
			Rule: "policy.ack.deadline", Value: provider.Duration(limit).String(), Note: "no deadline is published",
			Choices: []Choice{{Set: "policy.ack.deadline=" + provider.Duration(limit).String(), Note: AsNow}},
		})
	}
}

// assumeStamps adds that retries are signed anew, where there were some and the receiver
// could have refused an old signature.
func (r *Rules) assumeStamps(e *Ending, rules []provider.Rule, signed bool, add func(Assumption)) {
	stamped := slices.ContainsFunc(r.profile.Signatures.Schemes, func(s provider.Scheme) bool { return s.Timestamp != nil })
	retried := slices.ContainsFunc(e.Fates, func(f Fate) bool { return f.Tries > 1 })
	if !signed || !stamped || !retried {
		return
	}
	const path = "policy.restamp"
	i := slices.IndexFunc(rules, func(rule provider.Rule) bool { return rule.Path == path })
	switch {
	case i >= 0 && rules[i].Status == provider.Assumed:
		add(Assumption{Rule: path, Value: rules[i].Value, Status: provider.Assumed, Note: rules[i].Note, Choices: []Choice{{Set: path + "=no"}}})
	case i < 0 || r.policy.Restamp == provider.Unknown:
		add(Assumption{Rule: path, Value: "yes", Note: "nothing says whether a retry is signed anew", Choices: []Choice{{Set: path + "=no"}}})
	}
}
