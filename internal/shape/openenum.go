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
