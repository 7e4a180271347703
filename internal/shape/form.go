package shape

import (
	"fmt"
	"math/big"
	"slices"
)

// A form is what several schemas that all hold say together, keyword by keyword.
// References and allOf are followed; alternatives stay what they are.
type form struct {
	types types
	// first is the type that the schema names first, other than null; 0 where none.
	first types
	// enum are the values of enum or const, nil where any is allowed.
	enum     []any
	samples  []any // of example, examples and default, in the order to try them
	required []string

	keys       []string // of props, in the order of the text
	props      map[string][]any
	patterned  []patterned // of patternProperties
	additional []any       // schemas of properties with no other rule
	closed     bool        // additionalProperties: false

	prefix   [][]any
	items    []any
	contains []any

	limits   map[string]*big.Rat // of maximum, minLength and so on
	unique   bool
	patterns []string
	formats  []string

	groups []group
	cases  []*object
	// rest are the keywords that nothing here understands, as text, sorted.
	rest []string
	nots []*object
	// targets are the schemas that were referred to.
	targets []*object
}

// patterned are schemas of the properties that fit a pattern.
type patterned struct {
	pattern string
	schemas []any
}

// A group is the alternatives of one anyOf or oneOf.
type group struct {
	keyword string
	schemas []any
}

// A folder folds schemas into forms.
type folder struct {
	library *library
	left    int // how many schemas may still be folded
	// forms are those that were made of one schema, and depth how many are being made of
	// alternatives of one another; both are for comparing.
	forms map[*object]*form
	depth int
}

// fold is the form of schemas that all hold. It fails for references that lead nowhere,
// and for schemas that allow nothing.
func (f *folder) fold(schemas ...any) (*form, error) {
	into := &form{types: anyType, props: map[string][]any{}, limits: map[string]*big.Rat{}}
	for _, schema := range schemas {
		if err := f.add(into, schema, 0); err != nil {
			return nil, err
		}
	}
	return into, nil
}

// An UnworkableError says why no value is made of a schema.
type UnworkableError string

func (e UnworkableError) Error() string { return string(e) }

func (f *folder) add(into *form, schema any, depth int) error {
	if f.left--; f.left < 0 || depth > maxReferences {
		return UnworkableError("the schema is too large or refers to itself")
	}
	switch s := schema.(type) {
	case bool:
		if !s {
			into.types = 0
		}
		return nil
	case *object:
		if err := f.follow(into, s, depth); err != nil {
			return err
		}
		into.say(s)
		return nil
	}
	return fmt.Errorf("a schema is an object, got %s", nameOf(schema))
}

// follow adds what references and allOf bring.
func (f *folder) follow(into *form, s *object, depth int) error {
	for _, keyword := range []string{"$ref", "$dynamicRef", "$recursiveRef"} {
		ref, ok := s.get(keyword).(string)
		if !ok {
			continue
		}
		target, err := f.library.resolve(s.base, ref)
		if err != nil {
			return fmt.Errorf("%s: %w", keyword, err)
		}
		if o, ok := target.(*object); ok {
			into.targets = append(into.targets, o)
		}
		if err := f.add(into, target, depth+1); err != nil {
			return err
		}
	}
	for _, part := range s.list("allOf") {
		if err := f.add(into, part, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// say adds what the keywords of s say, beside what it refers to.
func (into *form) say(s *object) {
	into.sayTypes(s)
	into.sayValues(s)
	into.sayProperties(s)
	into.sayItems(s)
	into.sayLimits(s)
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if list := s.list(keyword); len(list) > 0 {
			into.groups = append(into.groups, group{keyword, list})
		}
	}
	if s.has("if") {
		into.cases = append(into.cases, s)
	}
	if not := s.object("not"); not != nil {
		into.nots = append(into.nots, not)
	}
	for _, keyword := range []string{"if", "then", "else", "not", "contains", "minContains", "maxContains", "propertyNames", "dependentRequired", "dependentSchemas", "dependencies"} {
		if s.has(keyword) {
			into.rest = append(into.rest, keyword+" "+string(encode(s.get(keyword))))
		}
	}
	slices.Sort(into.rest)
}

func (into *form) sayTypes(s *object) {
	into.types &= typesOf(s.get("type"))
	names, _ := s.get("type").([]any)
	if name, ok := s.get("type").(string); ok {
		names = []any{name}
	}
	for _, name := range names {
		if t := typesOf(name); into.first == 0 && name != "null" && t != anyType {
			into.first = t
		}
	}
}

func (into *form) sayValues(s *object) {
	for _, allowed := range [][]any{s.list("enum"), constOf(s)} {
		if allowed == nil {
			continue
		}
		if into.enum == nil {
			into.enum = slices.Clone(allowed)
			continue
		}
		into.enum = slices.DeleteFunc(into.enum, func(value any) bool {
			return !slices.ContainsFunc(allowed, func(other any) bool { return same(value, other) })
		})
	}
	if s.has("example") {
		into.samples = append(into.samples, s.get("example"))
	}
	into.samples = append(into.samples, s.list("examples")...)
	if s.has("default") {
		into.samples = append(into.samples, s.get("default"))
	}
}

// same reports whether two values are equal as JSON.
func same(a, b any) bool { return string(encode(sorted(a))) == string(encode(sorted(b))) }

func (into *form) sayProperties(s *object) {
	for _, name := range words(s.list("required")) {
		if !slices.Contains(into.required, name) {
			into.required = append(into.required, name)
		}
	}
	properties := s.object("properties")
	if properties != nil {
		for _, key := range properties.keys {
			if len(into.props[key]) == 0 {
				into.keys = append(into.keys, key)
			}
			into.props[key] = append(into.props[key], properties.values[key])
		}
	}
	patterns := s.object("patternProperties")
	for _, key := range patterns.sortedKeys() {
		into.patterned = append(into.patterned, patterned{key, []any{patterns.get(key)}})
	}
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties"} {
		switch v := s.get(keyword).(type) {
		case *object:
			into.additional = append(into.additional, v)
		case bool:
			into.closed = into.closed || !v
		}
	}
}

func (into *form) sayItems(s *object) {
	prefix, rest := s.list("prefixItems"), s.get("items")
	if list := s.list("items"); list != nil {
		prefix, rest = list, s.get("additionalItems")
	}
	for i, schema := range prefix {
		if i == len(into.prefix) {
			into.prefix = append(into.prefix, nil)
		}
		into.prefix[i] = append(into.prefix[i], schema)
	}
	if rest != nil {
		into.items = append(into.items, rest)
	}
	if s.has("contains") {
		into.contains = append(into.contains, s.get("contains"))
	}
}
