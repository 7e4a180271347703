package cli

import (
	"slices"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// An assumedLog collects which rules decided what became of deliveries, to tell of those
// that no source states.
type assumedLog struct {
	endings map[*delivery.Rules]*delivery.Ending
	order   []*delivery.Rules
}

// add notes an attempt at d, and what followed.
func (l *assumedLog) add(rules *delivery.Rules, d *hook.Delivery, a *hook.Attempt, step *delivery.Step) {
	e := l.endings[rules]
	if e == nil {
		if e = (&delivery.Ending{}); l.endings == nil {
			l.endings = map[*delivery.Rules]*delivery.Ending{}
		}
		l.endings[rules], l.order = e, append(l.order, rules)
	}
	paths := step.Rules
	if a.Failure == hook.FailureLate {
		paths = append(slices.Clone(paths), "policy.ack.deadline")
	}
	for _, path := range paths {
		if !slices.Contains(e.Rules, path) {
			e.Rules = append(e.Rules, path)
		}
	}
	if i, known := slices.BinarySearch(e.Statuses, a.Status); !known && a.Failure == "" {
		e.Statuses = slices.Insert(e.Statuses, i, a.Status)
	}
	if len(step.Rules) > 0 && step.Verdict.Counts() { // of a policy
		e.Failed++
		e.Standing = step.Standing
	}
	if d.Over() && len(step.Rules) > 0 {
		e.Fates = mergeFate(e.Fates, delivery.Fate{State: d.State, Tries: min(d.Tries, 2)})
	}
}

// mergeFate adds a fate, unless one like it is there: that there is one is all that counts.
func mergeFate(fates []delivery.Fate, f delivery.Fate) []delivery.Fate {
	if slices.Contains(fates, f) {
		return fates
	}
	return append(fates, f)
}

// all are the assumptions that decided.
func (l *assumedLog) all() []delivery.Assumption {
	var all []delivery.Assumption
	for _, rules := range l.order {
		all = append(all, rules.Assumptions(l.endings[rules], true)...)
	}
	return all
}
