package shape

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// groups compares the alternatives of groups, one group with the other at its place.
func (d *comparison) groups(a, b *form, was, now []int) error {
	for i := range max(len(was), len(now)) {
		switch {
		case i >= len(now):
			word := a.groups[was[i]].keyword
			d.report(RuleDropped, true, word, "", "it need not be one of the alternatives of %s", word)
		case i >= len(was):
			word := b.groups[now[i]].keyword
			d.report(RuleChanged, true, "", word, "there are too many alternatives of %s to compare them", word)
		default:
			if err := d.alternatives(a, b, a.groups[was[i]].schemas, b.groups[now[i]].schemas); err != nil {
				return err
			}
		}
	}
	return nil
}

// alternatives compares those that are left when the ones that say the same are left
// out: those of the same name, those that one allows which was there, and the others in
// their order where there are as many.
func (d *comparison) alternatives(a, b *form, was, now []any) (err error) {
	all := was
	compare := func(one, other any) {
		if err == nil {
			err = d.compareIn(a, b, []any{one}, []any{other})
		}
	}
	was, now = d.match(was, now, func(one, other any) bool { return d.before.digester.of(one) == d.after.digester.of(other) }, nil)
	was, now = d.match(was, now, func(one, other any) bool { return d.nameOf(d.before, one) == d.nameOf(d.after, other) }, compare)
	now = slices.DeleteFunc(now, func(other any) bool {
		i := slices.IndexFunc(all, func(one any) bool { return d.allows(a, b, one, other) })
		if i < 0 {
			return false
		}
		compare(all[i], other)
		was = slices.DeleteFunc(was, func(one any) bool { return one == all[i] })
		return true
	})
	if len(was) == len(now) {
		for i := range was {
			compare(was[i], now[i])
		}
		return err
	}
	for _, schema := range now {
		name := d.nameOf(d.after, schema)
		d.report(AlternativeAdded, true, "", name, "it may be another alternative: %s", name)
	}
	for _, schema := range was {
		d.gone(schema)
	}
	return err
}

// allows reports whether all that an alternative describes was allowed by one before.
func (d *comparison) allows(a, b *form, one, other any) bool {
	if d.tried++; d.tried > maxTrials {
		return false
	}
	shown, err := d.trial(func() error { return d.compareIn(a, b, []any{one}, []any{other}) })
	return err == nil && shown < harmful
}

// match takes out the schemas that are pairs, after pair was called for them, and returns
// the others.
func (d *comparison) match(was, now []any, pairs func(one, other any) bool, pair func(one, other any)) (alone, others []any) {
	others = slices.Clone(now)
	for _, one := range was {
		j := slices.IndexFunc(others, func(other any) bool { return pairs(one, other) })
		if j < 0 {
			alone = append(alone, one)
			continue
		}
		if pair != nil {
			pair(one, others[j])
		}
		others = slices.Delete(others, j, j+1)
	}
	return alone, others
}

// nameOf is what an alternative goes by: its reference, its title, the constants that
// tell it, else its types.
func (d *comparison) nameOf(f *folder, schema any) string {
	s, _ := schema.(*jsontext.Object)
	if ref := s.Text("$ref"); ref != "" {
		return ref[strings.LastIndexAny(ref, "/#")+1:]
	}
	one, err := f.formOf([]any{schema})
	if err != nil {
		return "?"
	}
	var constants []string
	for _, key := range one.keys {
		if prop, err := f.formOf(one.props[key]); err == nil && len(prop.enum) == 1 {
			constants = append(constants, key+": "+string(jsontext.Compact(prop.enum[0])))
		}
	}
	switch {
	case len(constants) > 0:
		return strings.Join(constants, ", ")
	case s.Text("title") != "":
		return s.Text("title")
	case len(one.enum) > 0:
		return listOf(one.enum)
	case len(one.keys) > 0:
		return one.types.String() + " with " + strings.Join(one.keys[:min(3, len(one.keys))], ", ")
	}
	return one.types.String()
}
