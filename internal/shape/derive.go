package shape

import "slices"

// Knowing is how a schema knows a property.
type knowing int

const (
	unknown knowing = iota
	byRule          // as all properties of a pattern, or of no other name
	byName          // it has its name
)

// A walk is one look at one value. It bounds what it costs.
type walk struct {
	left  int // how many nodes may still be looked at
	path  []string
	found differences
}

// spend reports whether there is anything left to spend.
func (w *walk) spend() bool {
	w.left--
	return w.left > 0
}

// child returns what n says of the property key of s, and how it knows it. Where nothing
// is known it is a node that allows anything.
func (w *walk) child(n *node, key string, s *subject) (*node, knowing) {
	var c collector
	w.collect(&c, n, key, s)
	return allOf(c.parts), c.how
}

// A collector gathers what several schemas say of one property.
type collector struct {
	parts []*node
	how   knowing
}

func (c *collector) add(n *node, how knowing) {
	if n != nil {
		c.parts = append(c.parts, n)
	}
	c.how = max(c.how, how)
}

func (w *walk) collect(c *collector, n *node, key string, s *subject) {
	if !w.spend() {
		c.add(nil, byRule)
		return
	}
	w.left -= len(n.patterns)
	n.own(c, key)
	for _, part := range n.all {
		w.collect(c, part, key, s)
	}
	for _, group := range n.groups {
		w.collectOne(c, group, key, s)
	}
	for _, one := range n.cases {
		w.collectCase(c, one, key, s)
	}
	for _, one := range n.dependents {
		if _, there := s.members[one.key]; there {
			w.collect(c, one.node, key, s)
		} else {
			_, how := w.child(one.node, key, s)
			c.add(nil, how)
		}
	}
}

// own adds what n itself says, without the schemas that it combines.
func (n *node) own(c *collector, key string) {
	known := false
	if prop := n.props[key]; prop != nil {
		c.add(prop, byName)
		known = true
	}
	for _, p := range n.patterns {
		if p.pattern == nil || p.pattern.MatchString(key) {
			c.add(p.node, byRule)
			known = true
		}
	}
	if !known && n.extra != nil {
		c.add(n.extra, byRule)
	}
}

// collectOne adds what the alternatives say, one of which holds: those that the value is
// most like. What any of them knows is known.
func (w *walk) collectOne(c *collector, group []*node, key string, s *subject) {
	likely := w.mostLikely(group, s)
	var children, others []*node
	open := false
	for _, alternative := range group {
		if alternative.types&typeObject == 0 {
			continue
		}
		child, how := w.child(alternative, key, s)
		c.add(nil, how)
		switch meant := w.likeness(alternative, s) == likely; {
		case meant && how == unknown:
			open = open || !alternative.closed
		case meant:
			children = append(children, child)
		case how != unknown:
			others = append(others, child)
		}
	}
	if len(children) == 0 {
		children = others
	}
	if len(children) > 0 && !open {
		c.parts = append(c.parts, anyOf(children))
	}
}

// collectCase adds what a condition says: then, or else where the value cannot fit the
// condition. What fits at first sight may not at the second.
func (w *walk) collectCase(c *collector, one caseNode, key string, s *subject) {
	var children []*node
	open := one.then == nil || one.otherwise == nil
	for _, n := range []*node{one.when, one.then, one.otherwise} {
		if n == nil {
			continue
		}
		child, how := w.child(n, key, s)
		c.add(nil, how)
		if n == one.when || n == one.then && w.likeness(one.when, s) == unlike {
			continue
		}
		open = open || how == unknown
		children = append(children, child)
	}
	if !open && len(children) > 0 {
		c.parts = append(c.parts, anyOf(children))
	}
}

// A likeness says how much an object is like a schema at first sight.
type likeness int

const (
	unlike likeness = iota + 1 // it is of another kind: a value that tells the kind is another
	nearly                     // a property is missing or of another type
	alike
)

// A subject is an object that is looked at, and what it is like.
type subject struct {
	members  map[string]any
	likeness map[*node]likeness
}

func (w *walk) mostLikely(group []*node, s *subject) likeness {
	most := likeness(0)
	for _, n := range group {
		most = max(most, w.likeness(n, s))
	}
	return most
}

func (w *walk) likeness(n *node, s *subject) likeness {
	if s.likeness[n] == 0 {
		s.likeness[n] = w.compare(n, s)
	}
	return s.likeness[n]
}

func (w *walk) compare(n *node, s *subject) likeness {
	if w.left -= len(n.required) + len(n.telling); !w.spend() {
		return alike
	}
	if n.types&typeObject == 0 {
		return unlike
	}
	like := alike
	for _, key := range n.required {
		if _, there := s.members[key]; !there {
			like = nearly
		}
	}
	for _, key := range n.telling {
		value, there := s.members[key]
		if !there || w.allows(n.props[key], value) {
			continue
		}
		if n.props[key].types&typeOf(value) != 0 {
			return unlike
		}
		like = nearly
	}
	for _, part := range n.all {
		like = min(like, w.likeness(part, s))
	}
	for _, group := range n.groups {
		like = min(like, w.mostLikely(group, s))
	}
	return like
}

// allows reports whether n allows the type of a value, and the value if it is a scalar.
func (w *walk) allows(n *node, value any) bool {
	if !w.spend() {
		return true
	}
	if n.types&typeOf(value) == 0 {
		return false
	}
	key, scalar := scalarKey(value)
	if !scalar {
		return true
	}
	if n.enum != nil && !n.enum[key] {
		return false
	}
	for _, part := range n.all {
		if !w.allows(part, value) {
			return false
		}
	}
	for _, group := range n.groups {
		if !slices.ContainsFunc(group, func(one *node) bool { return w.allows(one, value) }) {
			return false
		}
	}
	return true
}

// item returns what n says of the item of an array at an index.
func (w *walk) item(n *node, index int) *node {
	var parts []*node
	if !w.spend() {
		return anyNode()
	}
	if index < len(n.prefix) {
		parts = append(parts, n.prefix[index])
	} else if n.items != nil {
		parts = append(parts, n.items)
	}
	for _, part := range n.all {
		parts = append(parts, w.item(part, index))
	}
	for _, group := range n.groups {
		var alternatives []*node
		for _, alternative := range group {
			if alternative.types&typeArray != 0 {
				alternatives = append(alternatives, w.item(alternative, index))
			}
		}
		if len(alternatives) > 0 {
			parts = append(parts, anyOf(alternatives))
		}
	}
	return allOf(parts)
}
