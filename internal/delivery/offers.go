package delivery

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// assumed is a rule that no source states.
func (r *Rules) assumed(rule provider.Rule) Assumption {
	a := Assumption{Rule: rule.Path, Value: rule.Value, Status: rule.Status, Note: rule.Note}
	switch {
	case rule.Status == provider.Announced: // what it says, but not what it does yet
	case strings.HasPrefix(rule.Path, "policy.exhausted."):
		a.Rule, a.Value = "policy.exhausted", r.exhaustedInWords()
		other := "[{do: discard}]"
		if len(r.policy.Exhausted) == 1 && r.policy.Exhausted[0].Do == provider.Discard {
			other = "[{do: discard}, {do: disable}]"
		}
		a.Choices = []Choice{{Set: "policy.exhausted=" + other}}
	case rule.Path == "policy.retry.window" && r.spread():
		a.Value += ", evenly"
		a.Choices = []Choice{{Set: growing(&r.policy.Retry), Note: "ever less often, in the same time"}}
	case strings.HasSuffix(rule.Path, ".delays") || strings.HasSuffix(rule.Path, ".statuses"):
		a.Choices = []Choice{{Set: rule.Path + "=[" + rule.Value + "]", Note: AsNow}}
	case strings.ContainsAny(rule.Value, "{}[]:#,&*!|>'\"%@`"):
		a.Choices = []Choice{{Set: rule.Path + "=" + strconv.Quote(rule.Value), Note: AsNow}}
	default:
		a.Choices = []Choice{{Set: rule.Path + "=" + rule.Value, Note: AsNow}}
	}
	return a
}

// AsNow is the note of a choice that is what counts already: it shows where another goes.
const AsNow = "as now"

// growing sets waits that grow from a minute, or from less where there is less time, and
// that leave room for each attempt in the window.
func growing(retry *provider.RetryRule) string {
	waits := retry.Attempts - 1
	room := 0.95 * float64(bounded(retry.Window))
	base := min(float64(time.Minute), room/float64(waits))
	sum := func(factor float64) (total float64) {
		wait := base
		for range waits {
			total, wait = total+wait, wait*factor
		}
		return total
	}
	hundredths := 100
	for hundredths < 400 && sum(float64(hundredths+1)/100) <= room {
		hundredths++
	}
	return fmt.Sprintf("policy.retry.exponential={base: %s, factor: %.2f}", provider.Duration(time.Duration(base).Truncate(time.Millisecond)), float64(hundredths)/100)
}

// exhaustedInWords is what follows the last attempt.
func (r *Rules) exhaustedInWords() string {
	var words []string
	for _, e := range r.policy.Exhausted {
		words = append(words, string(e.Do))
	}
	return strings.Join(words, ", ")
}

// withVariants adds the other schedules that the profile has, where one more attempt could
// have made a difference.
func (r *Rules) withVariants(e *Ending, rules []provider.Rule, found []Assumption) []Assumption {
	lost := slices.ContainsFunc(e.Fates, func(f Fate) bool { return f.State == hook.Lost })
	if !lost || len(r.policy.Variants) == 0 || r.profile.Configures("policy.retry") {
		return found
	}
	var choices []Choice
	for _, v := range r.policy.Variants {
		if v.Name == r.profile.Chosen("policy.retry") {
			continue
		}
		c := Choice{Set: "policy.retry=" + v.Name, Status: r.profile.Status("policy.variants." + v.Name)}
		for _, rule := range rules {
			if c.Note == "" && strings.HasPrefix(rule.Path, "policy.variants."+v.Name+".") {
				c.Note = rule.Note
			}
		}
		choices = append(choices, c)
	}
	if len(choices) == 0 {
		return found
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
		if len(other) > 0 && !r.profile.Configures("policy.ack.statuses") {
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
