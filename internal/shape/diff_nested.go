package shape

import (
	"slices"
	"strconv"
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
		if err := d.newProperty(a, b, key); err != nil {
			return err
		}
	}
	d.required(a, b)
	return d.maps(a, b)
}

// newProperty tells of a property that had no name before. What was said of all that have
// none holds for it, too, as does what was said around the alternatives.
func (d *comparison) newProperty(a, b *form, key string) error {
	if never(b.props[key]) || len(a.props[key]) > 0 && !never(a.props[key]) {
		return nil
	}
	was := a.property(key)
	if a.around != nil && len(a.around.props[key]) > 0 {
		was = a.around.property(key)
		d.partly++
		defer func() { d.partly-- }()
	}
	if !d.before.knows(a, key) {
		d.here(key, func() { d.report(PropertyAdded, false, "", d.typeOf(d.after, b.props[key]), "the property is new") })
	}
	if len(was) == 0 || never(was) {
		return nil
	}
	return d.at(key, was, b.property(key))
}

// property compares a property that was known before.
func (d *comparison) property(a, b *form, key string) error {
	now := b.property(key)
	switch {
	case len(now) > 0 && !never(now):
		return d.at(key, a.property(key), now)
	case b.around != nil && len(b.around.props[key]) > 0 && !never(b.around.props[key]):
		return d.at(key, a.property(key), b.around.property(key))
	case d.after.names(b, key): // in alternatives
		d.partly++
		defer func() { d.partly-- }()
		for _, schemas := range d.after.among(b, key) {
			if err := d.at(key, a.property(key), schemas); err != nil {
				return err
			}
		}
	case !d.after.knows(b, key):
		d.here(key, func() { d.report(PropertyRemoved, true, d.typeOf(d.before, a.props[key]), "", "the property is gone") })
	}
	return nil
}

func never(schemas []any) bool { return slices.Contains(schemas, any(false)) }

// knows reports whether in, or what it is an alternative of, names a property.
func (f *folder) knows(in *form, key string) bool {
	return f.names(in, key) || in.around != nil && f.names(in.around, key)
}

// names reports whether in, or one of its alternatives, names a property.
func (f *folder) names(in *form, key string) bool {
	if len(in.props[key]) > 0 {
		return !never(in.props[key])
	}
	return f.inAlternatives(in, func(one *form) bool { return f.names(one, key) }, false)
}

// among are what the alternatives of in say of a property, one by one.
func (f *folder) among(in *form, key string) [][]any {
	var found [][]any
	f.inAlternatives(in, func(one *form) bool {
		if schemas := one.property(key); len(schemas) > 0 && !never(schemas) {
			found = append(found, schemas)
		} else if !never(schemas) {
			found = append(found, f.among(one, key)...)
		}
		return false
	}, false)
	return found
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
		now := b.property(key)
		described := d.after.knows(b, key) || len(now) > 0 && !never(now)
		if !d.after.demands(b, key) && (described || !d.before.knows(a, key)) {
			d.here(key, func() { d.report(PropertyOptional, true, "required", "optional", "the property may be missing") })
		}
	}
	for _, key := range b.required {
		was := a.property(key)
		described := d.before.knows(a, key) || len(was) > 0 && !never(was)
		if described && !d.before.demands(a, key) {
			d.here(key, func() {
				d.report(PropertyRequired, false, "optional", "required", "the property is always there")
			})
		}
	}
}

// maps compares what is said of properties without names of their own.
func (d *comparison) maps(a, b *form) error {
	d.path = append(d.path, "*")
	defer func() { d.path = d.path[:len(d.path)-1] }()
	switch {
	case a.closed && !b.closed:
		d.report(ObjectOpened, false, "false", d.typeOf(d.after, b.additional), "other properties may come")
	case !a.closed && b.closed:
		d.report(ObjectClosed, false, d.typeOf(d.before, a.additional), "false", "no other properties come")
	case len(a.additional) > 0 && len(b.additional) > 0:
		if err := d.compare(a.additional, b.additional); err != nil {
			return err
		}
	case len(a.additional) > 0:
		d.report(TypeWidened, true, d.typeOf(d.before, a.additional), "anything", "other properties may be anything")
	case len(b.additional) > 0:
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
		if !a.has(i) || !b.has(i) || len(a.item(i)) == 0 && len(b.item(i)) == 0 {
			continue
		}
		if err := d.at(strconv.Itoa(i), a.item(i), b.item(i)); err != nil {
			return err
		}
	}
	if a.ended || b.ended { // how many there are is a rule
		return nil
	}
	return d.at("*", a.items, b.items)
}

// has reports whether a list may have an item at an index.
func (f *form) has(i int) bool { return !f.ended || i < len(f.prefix) }

func (d *comparison) typeOf(f *folder, schemas []any) string {
	one, err := f.formOf(schemas)
	if err != nil {
		return "?"
	}
	return one.types.String()
}
