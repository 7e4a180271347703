package shape

import (
	"slices"
	"strings"
)

// In one comparison, maxSpread is how many alternatives are compared as if they were all
// that comes, and maxTrials how many pairs of them are tried.
const (
	maxSpread = 20000
	maxTrials = 1 << 17
)

// inside compares what two forms say of values of the types that they have in common.
func (d *comparison) inside(a, b *form) error {
	if a.types&b.types&^typeNull == 0 {
		return nil
	}
	was, now := d.unmatched(a, b)
	if len(now) > len(was) && d.spends(b.groups[now[0]]) {
		return d.spread(a, b, now[0])
	}
	if len(was) > len(now) {
		if done, err := d.narrowed(a, b, was); done || err != nil {
			return err
		}
	}
	d.enums(a, b)
	d.rules(a, b)
	if a.types&b.types&typeObject != 0 {
		if err := d.properties(a, b); err != nil {
			return err
		}
	}
	if a.types&b.types&typeArray != 0 {
		if err := d.items(a, b); err != nil {
			return err
		}
	}
	return d.groups(a, b, was, now)
}

// spends reports whether so many alternatives may yet be compared.
func (d *comparison) spends(g group) bool {
	d.spreads += len(g.schemas)
	return d.spreads <= maxSpread
}

// unmatched are the groups of each form of which the other has none that says the same.
func (d *comparison) unmatched(a, b *form) (was, now []int) {
	said := make([]string, len(b.groups))
	for i := range b.groups {
		now, said[i] = append(now, i), d.after.contentOf(b.groups[i])
	}
	for i := range a.groups {
		text := d.before.contentOf(a.groups[i])
		if j := slices.IndexFunc(now, func(j int) bool { return said[j] == text }); j >= 0 {
			now = slices.Delete(now, j, j+1)
		} else {
			was = append(was, i)
		}
	}
	return was, now
}

// contentOf is the same for groups of alternatives that say the same.
func (f *folder) contentOf(g group) string {
	var parts []string
	for _, schema := range g.schemas {
		parts = append(parts, f.digester.of(schema))
	}
	return strings.Join(asSet(parts), ",")
}

// spread compares what was plain with each of the alternatives that came. What one of
// them allows may come; what is stricter holds where it does in all.
func (d *comparison) spread(a, b *form, i int) error {
	d.report(RuleAdded, false, "", b.groups[i].keyword, "it is one of the alternatives of %s", b.groups[i].keyword)
	outer := d.into
	defer func() { d.into = outer }()
	seen, branches := map[Change]int{}, 0
	for _, schema := range b.groups[i].schemas {
		one, err := d.after.branch(b, i, schema)
		if err != nil {
			return err
		}
		if one.types&^typeNull == 0 {
			continue
		}
		branches++
		d.into = newChanges()
		d.partly++
		err = d.inside(a, one)
		d.partly--
		if err != nil {
			return err
		}
		for change := range d.into.found {
			seen[change]++
		}
		outer.more += d.into.more
	}
	for _, change := range sortedChanges(seen) {
		if change.Breaking || change.Kind == PropertyAdded || seen[change] == branches {
			outer.add(change)
		}
	}
	return nil
}

// narrowed compares what there is now with the alternative that it is one of; false
// where it is none.
func (d *comparison) narrowed(a, b *form, groups []int) (bool, error) {
	var best *form
	var at, which int
	least := harmful
	for _, i := range groups {
		if !d.spends(a.groups[i]) {
			break
		}
		for j, schema := range a.groups[i].schemas {
			one, err := d.before.branch(a, i, schema)
			if err != nil {
				return false, err
			}
			shown, err := d.trial(func() error { d.types(one.types, b.types); return d.inside(one, b) })
			if err != nil {
				return false, err
			}
			if shown < least {
				best, at, which, least = one, i, j, shown
			}
		}
	}
	if best == nil {
		return false, nil
	}
	for j, schema := range a.groups[at].schemas {
		if j != which {
			d.gone(schema)
		}
	}
	return true, d.inside(best, b)
}

func (d *comparison) gone(schema any) {
	name := d.nameOf(d.before, schema)
	d.report(AlternativeRemoved, false, name, "", "it is an alternative no longer: %s", name)
}
