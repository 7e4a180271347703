package shape

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

func (d *comparison) properties(a, b *form) error {
	for _, key := range a.keys {
		if never(a.props[key]) {
			continue
		}
		if err := d.property(a, b, key); err != nil {
			return err
		}
	}
	for _, key := range b.keys {
		if !never(b.props[key]) && !d.before.knows(a, key) {
			d.path = append(d.path, key)
			d.report(PropertyAdded, false, "", d.typeOf(d.after, b.props[key]), "the property is new")
			d.path = d.path[:len(d.path)-1]
		}
	}
	d.required(a, b)
	return d.maps(a, b)
}

// property compares a property that was known before.
func (d *comparison) property(a, b *form, key string) error {
	now := b.property(key)
	if len(b.props[key]) == 0 && never(now) {
		now = nil
	}
	if len(now) > 0 && !never(now) {
		return d.at(key, a.property(key), now)
	}
	if d.after.knows(b, key) { // in alternatives
		return nil
	}
	d.path = append(d.path, key)
	d.report(PropertyRemoved, true, d.typeOf(d.before, a.props[key]), "", "the property is gone")
	d.path = d.path[:len(d.path)-1]
	return nil
}

func never(schemas []any) bool { return slices.Contains(schemas, any(false)) }

// knows reports whether f, or one of its alternatives, names a property.
func (f *folder) knows(in *form, key string) bool {
	if len(in.props[key]) > 0 {
		return !never(in.props[key])
	}
	return f.inAlternatives(in, func(one *form) bool { return f.knows(one, key) }, false)
}

// demands reports whether f, or each alternative of a group, requires a property.
func (f *folder) demands(in *form, key string) bool {
	return slices.Contains(in.required, key) || f.inAlternatives(in, func(one *form) bool { return f.demands(one, key) }, true)
}

// inAlternatives reports whether a thing holds in one alternative, or in each of a group.
func (f *folder) inAlternatives(in *form, holds func(*form) bool, each bool) bool {
	for _, group := range in.groups {
		count := 0
		for _, schema := range group.schemas {
			if one, err := f.formOf([]any{schema}); err == nil && holds(one) {
				count++
			}
		}
		if count > 0 && (!each || count == len(group.schemas)) {
			return true
		}
	}
	return false
}

func (d *comparison) required(a, b *form) {
	for _, key := range a.required {
		if !d.after.demands(b, key) && (d.after.knows(b, key) || !d.before.knows(a, key)) {
			d.path = append(d.path, key)
			d.report(PropertyOptional, true, "required", "optional", "the property may be missing")
			d.path = d.path[:len(d.path)-1]
		}
	}
	for _, key := range b.required {
		if d.before.knows(a, key) && !d.before.demands(a, key) {
			d.path = append(d.path, key)
			d.report(PropertyRequired, false, "optional", "required", "the property is always there")
			d.path = d.path[:len(d.path)-1]
		}
	}
}

// maps compares what is said of properties without names of their own.
func (d *comparison) maps(a, b *form) error {
	d.path = append(d.path, "*")
	defer func() { d.path = d.path[:len(d.path)-1] }()
	switch {
	case len(a.additional) > 0 && len(b.additional) > 0:
		if err := d.compare(a.additional, b.additional); err != nil {
			return err
		}
	case len(a.additional) > 0 && !b.closed:
		d.report(TypeWidened, true, d.typeOf(d.before, a.additional), "anything", "other properties may be anything")
	case len(b.additional) > 0 && !a.closed:
		d.report(TypeNarrowed, false, "anything", d.typeOf(d.after, b.additional), "it is said what other properties are")
	}
	for _, p := range a.patterned {
		i := slices.IndexFunc(b.patterned, func(other patterned) bool { return other.pattern == p.pattern })
		if i < 0 {
			d.report(RuleDropped, true, p.pattern, "", "nothing is said of properties like %s", p.pattern)
		} else if err := d.compare(p.schemas, b.patterned[i].schemas); err != nil {
			return err
		}
	}
	return nil
}

func (d *comparison) items(a, b *form) error {
	for i := range max(len(a.prefix), len(b.prefix)) {
		if len(a.item(i)) == 0 && len(b.item(i)) == 0 {
			continue
		}
		if err := d.at(strconv.Itoa(i), a.item(i), b.item(i)); err != nil {
			return err
		}
	}
	return d.at("*", a.items, b.items)
}

// groups compares alternatives, one group with the other at its place.
func (d *comparison) groups(a, b *form) error {
	for i := range max(len(a.groups), len(b.groups)) {
		switch {
		case i >= len(b.groups):
			d.report(RuleDropped, true, a.groups[i].keyword, "", "it need not be one of the alternatives of %s", a.groups[i].keyword)
		case i >= len(a.groups):
			d.report(RuleAdded, false, "", b.groups[i].keyword, "it is one of the alternatives of %s", b.groups[i].keyword)
		default:
			if err := d.alternatives(a.groups[i].schemas, b.groups[i].schemas); err != nil {
				return err
			}
		}
	}
	return nil
}

// alternatives compares those that have the same name, then those that are left in
// their order where there are as many.
func (d *comparison) alternatives(was, now []any) error {
	was, now = slices.Clone(was), slices.Clone(now)
	for i := 0; i < len(was); {
		name := d.nameOf(d.before, was[i])
		j := slices.IndexFunc(now, func(other any) bool { return d.nameOf(d.after, other) == name })
		if j < 0 {
			i++
			continue
		}
		if err := d.compare(was[i:i+1], now[j:j+1]); err != nil {
			return err
		}
		was, now = slices.Delete(was, i, i+1), slices.Delete(now, j, j+1)
	}
	if len(was) == len(now) {
		for i := range was {
			if err := d.compare(was[i:i+1], now[i:i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	for _, schema := range now {
		name := d.nameOf(d.after, schema)
		d.report(AlternativeAdded, true, "", name, "it may be another alternative: %s", name)
	}
	for _, schema := range was {
		name := d.nameOf(d.before, schema)
		d.report(AlternativeRemoved, false, name, "", "it is an alternative no longer: %s", name)
	}
	return nil
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

func (d *comparison) typeOf(f *folder, schemas []any) string {
	one, err := f.formOf(schemas)
	if err != nil {
		return "?"
	}
	return one.types.String()
}
