package shape

import (
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// openEnum is a keyword beside the standard, common in OpenAPI documents, for an enum
// that may grow: it lists values, and forbids none.
const openEnum = "x-extensible-enum"

// listed are the scalars that s lists as known; nil where it lists none.
func listed(s *jsontext.Object) map[string]bool {
	var known map[string]bool
	for _, value := range s.List(openEnum) {
		if key, ok := scalarKey(value); ok {
			if known == nil {
				known = map[string]bool{}
			}
			known[key] = true
		}
	}
	return known
}

// unlisted reports whether n lists values that it knows of, and not this scalar.
func (w *walk) unlisted(n *node, value any) bool {
	if !w.spend() {
		return false
	}
	if key, scalar := scalarKey(value); scalar && n.listed != nil && !n.listed[key] {
		return true
	}
	if slices.ContainsFunc(n.all, func(part *node) bool { return w.unlisted(part, value) }) {
		return true
	}
	return slices.ContainsFunc(n.groups, func(group []*node) bool {
		return !slices.ContainsFunc(group, func(one *node) bool { return w.allows(one, value) && !w.unlisted(one, value) })
	})
}

// sayListed adds the open enum of s. A value counts as known where all that list some
// know it.
func (into *form) sayListed(s *jsontext.Object) {
	list := s.List(openEnum)
	switch {
	case len(list) == 0:
	case into.listed == nil:
		into.listed = slices.Clone(list)
	default:
		into.listed = slices.DeleteFunc(into.listed, func(value any) bool { return !has(list, value) })
	}
}

// known are the values that a handler can know of; nil where none are listed.
func (f *form) known() []any {
	if f.enum != nil {
		return f.enum
	}
	return f.listed
}

// openEnums compares the values that are known where at least one side may have others,
// too: a new one may have come before, and yet no handler was written for it.
func (d *comparison) openEnums(a, b *form) {
	was, now := a.known(), b.known()
	if was == nil || now == nil {
		return
	}
	for _, value := range missing(now, was) {
		d.report(OpenValueAdded, true, "", value, "it may be %s: the open enum lists it now", value)
	}
	for _, value := range missing(was, now) {
		d.report(OpenValueRemoved, false, value, "", "the open enum lists %s no longer", value)
	}
}
