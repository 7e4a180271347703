package shape

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A node is what a schema says of the shape of a value: of types, properties, items
// and enumerations. Rules about sizes and texts are left out.
type node struct {
	// types are those that a value may have, with all that the other fields say.
	types types
	// enum are the scalars that are allowed, nil for all.
	enum map[string]bool
	// listed are the scalars that are known of while others are allowed too, nil where
	// none are listed.
	listed map[string]bool
	// describes says that it is known which properties an object has: one that no rule
	// names is news then.
	describes bool
	// closed is additionalProperties: false.
	closed   bool
	required []string

	props    map[string]*node
	patterns []patternNode
	extra    *node // of properties that the others do not name
	prefix   []*node
	items    *node // of those beyond prefix

	all        []*node // all hold too
	groups     [][]*node
	cases      []caseNode
	dependents []dependentNode
	// telling are the properties whose value may tell that this schema is not meant.
	telling []string
}

type patternNode struct {
	pattern *regexp.Regexp // nil fits all
	node    *node
}

// A caseNode is if, then and else; each may be nil.
type caseNode struct{ when, then, otherwise *node }

// nodes are those that there are.
func (c caseNode) nodes() []*node {
	return slices.DeleteFunc([]*node{c.when, c.then, c.otherwise}, func(n *node) bool { return n == nil })
}

// A dependentNode holds where the property is there.
type dependentNode struct {
	key  string
	node *node
}

func anyNode() *node { return &node{types: anyType} }

// A builder makes nodes of schemas, one of each, so that recursive ones end.
type builder struct {
	library *library
	made    map[*jsontext.Object]*node
	order   []*node
	free    *node // true
	nothing *node // false
}

func newBuilder(l *library) *builder {
	return &builder{library: l, made: map[*jsontext.Object]*node{}, free: anyNode(), nothing: &node{}}
}

// build returns the node of a schema. Types and describes are settled afterwards.
func (b *builder) build(schema any) (*node, error) {
	switch s := schema.(type) {
	case bool:
		if s {
			return b.free, nil
		}
		return b.nothing, nil
	case *jsontext.Object:
		if made := b.made[s]; made != nil {
			return made, nil
		}
		if len(b.order) >= maxNodes {
			return nil, fmt.Errorf("the schema has more than %d parts", maxNodes)
		}
		n := &node{}
		b.made[s], b.order = n, append(b.order, n)
		return n, b.fill(n, s)
	}
	return nil, fmt.Errorf("a schema is an object, got %s", nameOf(schema))
}

func (b *builder) fill(n *node, s *jsontext.Object) error {
	if b.library.lone[s] {
		n.types = anyType
		return b.reference(n, s)
	}
	n.types = typesOf(s.Get("type"))
	n.limit(s)
	n.required = words(s.List("required"))
	for _, step := range []func(*node, *jsontext.Object) error{b.reference, b.properties, b.itemSchemas, b.combine, b.depend} {
		if err := step(n, s); err != nil {
			return err
		}
	}
	return nil
}

// limit notes const, enum and the open enum.
func (n *node) limit(s *jsontext.Object) {
	for _, allowed := range [][]any{s.List("enum"), constOf(s)} {
		if allowed == nil {
			continue
		}
		var seen types
		enum := map[string]bool{}
		for _, value := range allowed {
			t := typeOf(value)
			if t&typeNumber != 0 {
				t = typeNumber
			}
			seen |= t
			if key, ok := scalarKey(value); ok && (n.enum == nil || n.enum[key]) {
				enum[key] = true
			}
		}
		n.types, n.enum = n.types&seen, enum
	}
	n.listed = listed(s)
}

func constOf(s *jsontext.Object) []any {
	if !s.Has("const") {
		return nil
	}
	return []any{s.Get("const")}
}

func words(list []any) []string {
	var found []string
	for _, item := range list {
		if word, ok := item.(string); ok {
			found = append(found, word)
		}
	}
	return found
}

func (b *builder) reference(n *node, s *jsontext.Object) error {
	for _, keyword := range referenceWords() {
		ref, ok := s.Get(keyword).(string)
		if !ok {
			continue
		}
		target, err := b.library.resolve(s, ref)
		if err != nil {
			return fmt.Errorf("%s: %w", keyword, err)
		}
		if err := b.add(&n.all, target); err != nil {
			return fmt.Errorf("%s %s: %w", keyword, ref, err)
		}
	}
	return nil
}

// add appends the node of a schema to a list.
func (b *builder) add(list *[]*node, schema any) error {
	made, err := b.build(schema)
	*list = append(*list, made)
	return err
}

// optional is the node of a schema that may be missing; it is nil then.
func (b *builder) optional(s *jsontext.Object, keyword string) (*node, error) {
	if !s.Has(keyword) {
		return nil, nil
	}
	return b.build(s.Get(keyword))
}

func (b *builder) properties(n *node, s *jsontext.Object) (err error) {
	if n.props, err = b.named(s.Object("properties")); err != nil {
		return err
	}
	for _, key := range sortedKeys(s.Object("patternProperties")) {
		made, err := b.build(s.Object("patternProperties").Get(key))
		if err != nil {
			return err
		}
		compiled, err := regexp.Compile(key)
		if err != nil {
			compiled = nil // another dialect: better say nothing than something wrong
		}
		n.patterns = append(n.patterns, patternNode{compiled, made})
	}
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties"} {
		switch s.Get(keyword).(type) {
		case *jsontext.Object:
			if n.extra, err = b.build(s.Get(keyword)); err != nil {
				return err
			}
		case bool:
			n.closed = n.closed || s.Get(keyword) == false
		}
	}
	return nil
}

// named are the nodes of schemas that have names; nil for none.
func (b *builder) named(schemas *jsontext.Object) (map[string]*node, error) {
	if schemas == nil {
		return nil, nil
	}
	nodes := make(map[string]*node, schemas.Len())
	for key, schema := range schemas.All() {
		made, err := b.build(schema)
		if err != nil {
			return nil, err
		}
		nodes[key] = made
	}
	return nodes, nil
}

func (b *builder) itemSchemas(n *node, s *jsontext.Object) (err error) {
	prefix, rest := s.List("prefixItems"), "items"
	if list := s.List("items"); list != nil { // as it was before 2020-12
		prefix, rest = list, "additionalItems"
	}
	for _, schema := range prefix {
		if err := b.add(&n.prefix, schema); err != nil {
			return err
		}
	}
	n.items, err = b.optional(s, rest)
	return err
}

func (b *builder) combine(n *node, s *jsontext.Object) (err error) {
	for _, schema := range s.List("allOf") {
		if err := b.add(&n.all, schema); err != nil {
			return err
		}
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		var group []*node
		for _, schema := range s.List(keyword) {
			if err := b.add(&group, schema); err != nil {
				return err
			}
		}
		if len(group) > 0 {
			n.groups = append(n.groups, group)
		}
	}
	if !s.Has("if") {
		return nil
	}
	var c caseNode
	if c.when, err = b.optional(s, "if"); err != nil {
		return err
	}
	if c.then, err = b.optional(s, "then"); err != nil {
		return err
	}
	c.otherwise, err = b.optional(s, "else")
	n.cases = append(n.cases, c)
	return err
}

// depend notes the schemas that hold where a property is there.
func (b *builder) depend(n *node, s *jsontext.Object) error {
	for _, keyword := range []string{"dependentSchemas", "dependencies"} {
		schemas := s.Object(keyword)
		for _, key := range sortedKeys(schemas) {
			if _, names := schemas.Get(key).([]any); names {
				continue
			}
			made, err := b.build(schemas.Get(key))
			if err != nil {
				return err
			}
			n.dependents = append(n.dependents, dependentNode{key, made})
		}
	}
	return nil
}
