package shape

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A form is what several schemas that all hold say together, keyword by keyword.
// References and allOf are followed; alternatives stay what they are.
type form struct {
	types types
	// first is the type that the schema names first, other than null; 0 where none.
	first types
	// enum are the values of enum or const, nil where any is allowed.
	enum     []any
	listed   []any // of the open enum, nil where there is none
	samples  []any // of example, examples, the open enum and default, in the order to try them
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
	cases  []*jsontext.Object
	// rest are the values of the keywords that nothing here understands.
	rest  map[string][]any
	nots  []*jsontext.Object
	names []any // schemas of the names of properties
	// targets are the schemas that were referred to.
	targets []*jsontext.Object
	// ended says that a list has no items beyond prefix, and around is the form that this
	// one is an alternative of; both are for comparing.
	ended  bool
	around *form
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
	// null says that null is another alternative, and is not among them.
	null bool
}

// A folder folds schemas into forms.
type folder struct {
	library *library
	left    int // how many schemas may still be folded
	// forms are those that were made of one schema, depth is how many are being made of
	// alternatives of one another, and digester finds what says the same: for comparing.
	forms    map[*jsontext.Object]*form
	depth    int
	digester *digester
}

// fold is the form of schemas that all hold. It fails for references that lead nowhere,
// and for schemas that allow nothing.
func (f *folder) fold(schemas ...any) (*form, error) {
	into := &form{types: anyType, props: map[string][]any{}, limits: map[string]*big.Rat{}, rest: map[string][]any{}}
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
	case *jsontext.Object:
		if err := f.follow(into, s, depth); err != nil {
			return err
		}
		if !f.library.lone[s] {
			into.say(s)
		}
		return nil
	}
	return fmt.Errorf("a schema is an object, got %s", nameOf(schema))
}

// follow adds what references and allOf bring.
func (f *folder) follow(into *form, s *jsontext.Object, depth int) error {
	for _, keyword := range referenceWords() {
		ref, ok := s.Get(keyword).(string)
		if !ok {
			continue
		}
		target, err := f.library.resolve(s, ref)
		if err != nil {
			return fmt.Errorf("%s: %w", keyword, err)
		}
		if o, ok := target.(*jsontext.Object); ok {
			into.targets = append(into.targets, o)
		}
		if err := f.add(into, target, depth+1); err != nil {
			return err
		}
	}
	if f.library.lone[s] {
		return nil
	}
	for _, part := range s.List("allOf") {
		if err := f.add(into, part, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// say adds what the keywords of s say, beside what it refers to.
func (into *form) say(s *jsontext.Object) {
	into.sayTypes(s)
	into.sayValues(s)
	into.sayProperties(s)
	into.sayItems(s)
	into.sayLimits(s)
	for _, keyword := range []string{"anyOf", "oneOf"} {
		if list := s.List(keyword); len(list) > 0 {
			into.groups = append(into.groups, group{keyword: keyword, schemas: list})
		}
	}
	if s.Has("if") {
		into.cases = append(into.cases, s)
	}
	if not := s.Object("not"); not != nil {
		into.nots = append(into.nots, not)
	}
	if s.Has("propertyNames") {
		into.names = append(into.names, s.Get("propertyNames"))
	}
	for _, keyword := range []string{"if", "then", "else", "not", "contains", "maxContains", "propertyNames", "dependentRequired", "dependentSchemas", "dependencies"} {
		if s.Has(keyword) {
			into.rest[keyword] = append(into.rest[keyword], s.Get(keyword))
		}
	}
}

func (into *form) sayTypes(s *jsontext.Object) {
	into.types &= typesOf(s.Get("type"))
	names, _ := s.Get("type").([]any)
	if name, ok := s.Get("type").(string); ok {
		names = []any{name}
	}
	for _, name := range names {
		if t := typesOf(name); into.first == 0 && name != "null" && t != anyType {
			into.first = t
		}
	}
}

func (into *form) sayValues(s *jsontext.Object) {
	for _, allowed := range [][]any{s.List("enum"), constOf(s)} {
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
	into.sayListed(s)
	if s.Has("example") {
		into.samples = append(into.samples, s.Get("example"))
	}
	into.samples = append(into.samples, s.List("examples")...)
	into.samples = append(into.samples, s.List(openEnum)...)
	if s.Has("default") {
		into.samples = append(into.samples, s.Get("default"))
	}
}

// same reports whether two values are equal as JSON.
func same(a, b any) bool {
	return string(jsontext.Compact(sorted(a))) == string(jsontext.Compact(sorted(b)))
}

func (into *form) sayProperties(s *jsontext.Object) {
	for _, name := range words(s.List("required")) {
		if !slices.Contains(into.required, name) {
			into.required = append(into.required, name)
		}
	}
	for key, schema := range s.Object("properties").All() {
		if len(into.props[key]) == 0 {
			into.keys = append(into.keys, key)
		}
		into.props[key] = append(into.props[key], schema)
	}
	patterns := s.Object("patternProperties")
	for _, key := range sortedKeys(patterns) {
		into.patterned = append(into.patterned, patterned{key, []any{patterns.Get(key)}})
	}
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties"} {
		switch v := s.Get(keyword).(type) {
		case *jsontext.Object:
			into.additional = append(into.additional, v)
		case bool:
			into.closed = into.closed || !v
		}
	}
}

func (into *form) sayItems(s *jsontext.Object) {
	prefix, rest := s.List("prefixItems"), s.Get("items")
	if list := s.List("items"); list != nil {
		prefix, rest = list, s.Get("additionalItems")
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
	if s.Has("contains") {
		into.contains = append(into.contains, s.Get("contains"))
	}
}
