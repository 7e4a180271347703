package shape

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// rules compares keywords about texts, sizes and numbers, and those that are only ever
// the same or not.
func (d *comparison) rules(a, b *form) {
	common := a.types & b.types
	d.formats(common, a.formats, b.formats)
	if common&typeString != 0 {
		d.lists("pattern", a.patterns, b.patterns)
	}
	if common&typeNumber != 0 {
		d.numbers(a, b, common&typeFraction == 0)
	}
	for _, size := range sizes() {
		if common&size.of != 0 {
			d.limit(size.keyword, limitWords()[size.keyword], a.limits[size.keyword], b.limits[size.keyword])
		}
	}
	if a.unique != b.unique && common&typeArray != 0 {
		d.rule("uniqueItems", map[bool]string{true: "true"}[a.unique], map[bool]string{true: "true"}[b.unique])
	}
	for _, keyword := range slices.Sorted(maps.Keys(a.rest)) {
		d.other(keyword, a.rest[keyword], b.rest[keyword])
	}
	for _, keyword := range slices.Sorted(maps.Keys(b.rest)) {
		if len(a.rest[keyword]) == 0 {
			d.other(keyword, nil, b.rest[keyword])
		}
	}
}

// sizes are the keywords about how large something is, with the type it is of.
func sizes() []struct {
	keyword string
	of      types
} {
	return []struct {
		keyword string
		of      types
	}{
		{"maxItems", typeArray}, {"maxLength", typeString}, {"maxProperties", typeObject}, {"minContains", typeArray},
		{"minItems", typeArray}, {"minLength", typeString}, {"minProperties", typeObject},
	}
}

// other compares a keyword that nothing here understands: it says the same, or not.
func (d *comparison) other(keyword string, was, now []any) {
	if d.before.meaning(keyword, was) == d.after.meaning(keyword, now) {
		return
	}
	before, after := textOf(was), textOf(now)
	if before == after {
		d.report(RuleChanged, true, before, after, "what %s refers to has changed: %s", keyword, brief(before))
		return
	}
	d.rule(keyword, before, after)
}

// meaning is the same for values of a keyword that say the same.
func (f *folder) meaning(keyword string, values []any) string {
	var parts []string
	for _, value := range values {
		schema := &jsontext.Object{}
		schema.Set(keyword, value)
		parts = append(parts, f.digester.of(schema))
	}
	return strings.Join(asSet(parts), ",")
}

func textOf(values []any) string {
	var texts []string
	for _, value := range values {
		texts = append(texts, string(jsontext.Compact(value)))
	}
	return strings.Join(asSet(texts), " and ")
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
