package delivery

import (
	"fmt"
	"slices"
	"strconv"
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
			if rule.Status == provider.Assumed && (rule.Path == path || strings.HasPrefix(rule.Path, path+".")) {
				add(r.assumed(rule))
			}
		}
	}
	r.assumeStamps(e, rules, signed, add)
	if e.Paused {
		add(Assumption{Value: "a paused endpoint gets what was pending once the pause ends", Note: "nothing says whether it does, or whether it is lost"})
	}
	found = r.withVariants(e, rules, together(found))
	return r.withReadings(e, rules, found)
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

// assumed is a rule that no source states.
func (r *Rules) assumed(rule provider.Rule) Assumption {
	a := Assumption{Rule: rule.Path, Value: rule.Value, Status: rule.Status, Note: rule.Note}
	switch {
	case strings.HasPrefix(rule.Path, "policy.exhausted."):
		a.Rule, a.Value = "policy.exhausted", r.exhaustedInWords()
		a.Choices = []Choice{{Set: "policy.exhausted=[{do: discard}, {do: disable}]"}}
	case rule.Path == "policy.retry.window" && r.spread():
		a.Value += ", evenly"
		a.Choices = []Choice{{Set: fmt.Sprintf("policy.retry={attempts: %d, window: %s, exponential: {base: 1m, factor: 2, max: 6h}}", r.policy.Retry.Attempts, rule.Value)}}
	case strings.HasSuffix(rule.Path, ".delays") || strings.HasSuffix(rule.Path, ".statuses"):
		a.Choices = []Choice{{Set: rule.Path + "=[" + rule.Value + "]"}}
	case strings.ContainsAny(rule.Value, "{}[]:#,&*!|>'\"%@`"):
		a.Choices = []Choice{{Set: rule.Path + "=" + strconv.Quote(rule.Value)}}
	default:
		a.Choices = []Choice{{Set: rule.Path + "=" + rule.Value}}
	}
	return a
}

// exhaustedInWords is what follows the last attempt.
func (r *Rules) exhaustedInWords() string {
	var words []string
	for _, e := range r.policy.Exhausted {
		words = append(words, string(e.Do))
	}
	return strings.Join(words, ", ")
}

// assumeDeadline adds the deadline that hookctl takes where there is none.
func (r *Rules) assumeDeadline(add func(Assumption)) {
	if limit, stated := r.Deadline(); !stated {
		add(Assumption{
			Rule: "policy.ack.deadline", Value: provider.Duration(limit).String(), Note: "no deadline is published",
			Choices: []Choice{{Set: "policy.ack.deadline=" + provider.Duration(limit).String()}},
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

// withVariants adds the other schedules that the profile has, where one more attempt could
// have made a difference.
func (r *Rules) withVariants(e *Ending, rules []provider.Rule, found []Assumption) []Assumption {
	lost := slices.ContainsFunc(e.Fates, func(f Fate) bool { return f.State == hook.Lost })
	if !lost || len(r.policy.Variants) == 0 || r.profile.Status("policy.retry") == provider.Configured {
		return found
	}
	var choices []Choice
	for _, v := range r.policy.Variants {
		c := Choice{Set: "policy.retry=" + v.Name, Status: r.profile.Status("policy.variants." + v.Name)}
		for _, rule := range rules {
			if strings.HasPrefix(rule.Path, "policy.variants."+v.Name+".") {
				c.Note = rule.Note
			}
		}
		choices = append(choices, c)
	}
	return withChoices(found, rules, "policy.retry.attempts", choices)
}

// withReadings adds other readings of what acknowledges, where an answer would have been
// taken otherwise.
func (r *Rules) withReadings(e *Ending, rules []provider.Rule, found []Assumption) []Assumption {
	var choices []Choice
	for _, reading := range r.policy.Ack.Readings {
		var other []string
		for _, status := range e.Statuses {
			acknowledges := slices.ContainsFunc(reading.Statuses, func(s provider.StatusRange) bool { return s.Has(status) })
			if acknowledges != r.acknowledges(status) {
				other = append(other, fmt.Sprint(status))
			}
		}
		if len(other) > 0 && r.profile.Status("policy.ack.statuses") != provider.Configured {
			choices = append(choices, Choice{
				Set: "policy.ack.statuses=" + reading.Name, Status: r.profile.Status("policy.ack.readings." + reading.Name),
				Note: "takes " + strings.Join(other, ", ") + " otherwise",
			})
		}
	}
	if len(choices) == 0 {
		return found
	}
	return withChoices(found, rules, "policy.ack.statuses", choices)
}

// withChoices adds choices to the rule at path, which is added where it is not among found.
func withChoices(found []Assumption, rules []provider.Rule, path string, choices []Choice) []Assumption {
	i := slices.IndexFunc(found, func(a Assumption) bool { return a.Rule == path })
	if i >= 0 {
		found[i].Choices = choices
		return found
	}
	a := Assumption{Rule: path, Choices: choices}
	for _, rule := range rules {
		if rule.Path == path {
			a.Value, a.Status, a.Note = rule.Value, rule.Status, rule.Note
		}
	}
	return append(found, a)
}
