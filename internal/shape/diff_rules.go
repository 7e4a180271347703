package shape

import (
	"maps"
	"math/big"
	"slices"
	"strings"
)

// rules compares keywords about texts, sizes and numbers, and those that are only ever
// the same or not.
func (d *comparison) rules(a, b *form) {
	common := a.types & b.types
	if common&typeString != 0 {
		d.lists("format", a.formats, b.formats)
		d.lists("pattern", a.patterns, b.patterns)
	}
	for _, keyword := range slices.Sorted(maps.Keys(limitWords())) {
		d.limit(keyword, limitWords()[keyword], a.limits[keyword], b.limits[keyword])
	}
	if was, now := numberOf(a.limits["multipleOf"]), numberOf(b.limits["multipleOf"]); was != now {
		d.rule("multipleOf", was, now)
	}
	if a.unique != b.unique && common&typeArray != 0 {
		d.rule("uniqueItems", map[bool]string{true: "true"}[a.unique], map[bool]string{true: "true"}[b.unique])
	}
	was, now := d.others(a), d.others(b)
	for _, keyword := range slices.Sorted(maps.Keys(was)) {
		if was[keyword] != now[keyword] {
			d.rule(keyword, was[keyword], now[keyword])
		}
	}
	for _, keyword := range slices.Sorted(maps.Keys(now)) {
		if was[keyword] == "" {
			d.rule(keyword, "", now[keyword])
		}
	}
}

func (d *comparison) lists(keyword string, was, now []string) {
	was, now = slices.Sorted(slices.Values(was)), slices.Sorted(slices.Values(now))
	if !slices.Equal(was, now) {
		d.rule(keyword, strings.Join(was, " and "), strings.Join(now, " and "))
	}
}

// rule reports a keyword whose value is another, of which nobody can say which of the
// two allows more.
func (d *comparison) rule(keyword, was, now string) {
	switch {
	case was == "":
		d.report(RuleAdded, false, "", now, "%s is %s", keyword, brief(now))
	case now == "":
		d.report(RuleDropped, true, was, "", "%s is no longer said: it was %s", keyword, brief(was))
	default:
		d.report(RuleChanged, true, was, now, "%s was %s and is %s", keyword, brief(was), brief(now))
	}
}

// brief cuts the value of a keyword where it is long.
func brief(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "..."
	}
	return text
}

// limit compares a keyword with a number. atLeast says that a larger one allows less.
func (d *comparison) limit(keyword string, atLeast bool, was, now *big.Rat) {
	switch {
	case was == nil && now == nil || was != nil && now != nil && was.Cmp(now) == 0:
	case was == nil || now == nil:
		d.rule(keyword, numberOf(was), numberOf(now))
	case atLeast == (now.Cmp(was) > 0):
		d.report(RuleTightened, false, numberOf(was), numberOf(now), "%s was %s and is %s", keyword, numberOf(was), numberOf(now))
	default:
		d.report(RuleLoosened, true, numberOf(was), numberOf(now), "%s was %s and is %s", keyword, numberOf(was), numberOf(now))
	}
}

func numberOf(r *big.Rat) string {
	if r == nil {
		return ""
	}
	text, _ := decimal(r)
	return text
}

// others are the keywords that nothing here understands, with their values as text.
func (d *comparison) others(f *form) map[string]string {
	found := map[string]string{}
	for _, line := range f.rest {
		keyword, value, _ := strings.Cut(line, " ")
		if found[keyword] != "" {
			value = found[keyword] + " and " + value
		}
		found[keyword] = value
	}
	return found
}
