package shape

import "slices"

// settle works out, for every node made, which types are left when all rules are taken
// together, and whether its properties are known. Both only ever shrink or grow, so
// recursive schemas come to rest.
func (b *builder) settle() {
	for range maxSettle {
		changed := false
		for _, n := range b.order {
			changed = n.settle() || changed
		}
		if !changed {
			break
		}
	}
	for _, n := range b.order {
		for key, prop := range n.props {
			if prop.tells(0) {
				n.telling = append(n.telling, key)
			}
		}
		slices.Sort(n.telling)
	}
}

// maxSettle bounds the rounds: each brings news one reference further.
const maxSettle = 200

// settle takes what the parts say into account, and reports whether that was news.
func (n *node) settle() bool {
	left := n.types
	describes := n.describes || n.closed || len(n.props) > 0 || len(n.patterns) > 0 || n.extra != nil
	for _, part := range n.all {
		left &= part.types
		describes = describes || part.describes
	}
	for _, group := range n.groups {
		var union types
		known := true
		for _, alternative := range group {
			union |= alternative.types
			known = known && (alternative.describes || alternative.types&typeObject == 0)
		}
		left &= union
		describes = describes || known && union&typeObject != 0
	}
	changed := left != n.types || describes != n.describes
	n.types, n.describes = left, describes
	return changed
}

// tells reports whether a value can be told not to fit by one look at it.
func (n *node) tells(depth int) bool {
	if n.enum != nil || n.types != anyType {
		return true
	}
	if depth > maxReferences {
		return false
	}
	return slices.ContainsFunc(n.all, func(part *node) bool { return part.tells(depth + 1) })
}

// maxReferences bounds how many references are followed to one another.
const maxReferences = 50

// allOf is a node in which all of the parts hold. It is settled if they are.
func allOf(parts []*node) *node {
	parts = distinct(parts)
	switch len(parts) {
	case 0:
		return anyNode()
	case 1:
		return parts[0]
	}
	n := &node{types: anyType, all: parts}
	n.settle()
	return n
}

// anyOf is a node in which one of the alternatives holds.
func anyOf(alternatives []*node) *node {
	alternatives = distinct(alternatives)
	if len(alternatives) == 1 {
		return alternatives[0]
	}
	n := &node{types: anyType, groups: [][]*node{alternatives}}
	n.settle()
	return n
}

// distinct leaves out what is there twice. Most lists have one or two nodes.
func distinct(nodes []*node) []*node {
	if len(nodes) < 2 {
		return nodes
	}
	seen := make(map[*node]bool, len(nodes))
	found := make([]*node, 0, len(nodes))
	for _, n := range nodes {
		if !seen[n] {
			seen[n], found = true, append(found, n)
		}
	}
	return found
}

// cutLoops takes out what leads from a schema back to itself without a step into the
// value: it says nothing.
func (b *builder) cutLoops() {
	state := map[*node]int{} // 1 on the way, 2 done
	var visit func(*node)
	cut := func(list []*node) []*node {
		return slices.DeleteFunc(list, func(n *node) bool {
			if state[n] == 0 {
				visit(n)
			}
			return state[n] == 1
		})
	}
	visit = func(n *node) {
		state[n] = 1
		n.all = cut(n.all)
		for i := range n.groups {
			n.groups[i] = cut(n.groups[i])
		}
		n.groups = slices.DeleteFunc(n.groups, func(group []*node) bool { return len(group) == 0 })
		n.cases = slices.DeleteFunc(n.cases, func(c caseNode) bool {
			return len(cut(c.nodes())) < len(c.nodes())
		})
		n.dependents = slices.DeleteFunc(n.dependents, func(d dependentNode) bool {
			return len(cut([]*node{d.node})) == 0
		})
		state[n] = 2
	}
	for _, n := range b.order {
		if state[n] == 0 {
			visit(n)
		}
	}
}
