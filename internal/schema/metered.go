package schema

import (
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// metered is a schema of jsonschema/v5 without the keywords that can cost more than the
// text is worth: an extension does their work, and counts. Those are the loops over items
// and properties, and the keywords whose failures v5 describes at length.
type metered struct {
	schema *jsonschema.Schema
	meter  *meter
	names  []string // what the locations of named properties stand for
}

// A rebuilder makes a metered schema of a compiled one.
type rebuilder struct {
	*metered
	inPlace bool
	// marks says that what has been evaluated must be marked, as a schema asks for the rest.
	marks bool
	made  map[*jsonschema.Schema]*jsonschema.Schema
	ids   map[string]string
}

// withMeter makes a metered schema. inPlace changes the compiled one itself.
func withMeter(of *compiled, inPlace bool) *metered {
	r := &rebuilder{
		metered: &metered{meter: &meter{}}, inPlace: inPlace,
		made: map[*jsonschema.Schema]*jsonschema.Schema{}, ids: map[string]string{},
	}
	of.each(func(s *jsonschema.Schema) {
		r.marks = r.marks || s.UnevaluatedItems != nil || s.UnevaluatedProperties != nil
	})
	r.schema = r.of(of.root)
	for _, anchor := range of.anchors {
		r.of(anchor)
	}
	return r.metered
}

// of is the metered schema of a compiled one.
func (r *rebuilder) of(s *jsonschema.Schema) *jsonschema.Schema {
	if s == nil || isForeign(s) {
		return s
	}
	if made := r.made[s]; made != nil {
		return made
	}
	made := s
	if !r.inPlace {
		c := *s
		made = &c
	}
	r.made[s] = made
	if s.Always == nil {
		t := r.take(made)
		made.Extensions = map[string]jsonschema.ExtSchema{takenName: t}
	}
	for _, inner := range []**jsonschema.Schema{
		&made.Ref, &made.RecursiveRef, &made.DynamicRef, &made.Not, &made.If, &made.Then, &made.Else,
	} {
		*inner = r.of(*inner)
	}
	made.AllOf, made.AnyOf, made.OneOf = r.all(made.AllOf), r.all(made.AnyOf), r.all(made.OneOf)
	made.DependentSchemas = maps.Clone(made.DependentSchemas)
	for name, inner := range made.DependentSchemas {
		made.DependentSchemas[name] = r.of(inner)
	}
	return made
}

func (r *rebuilder) all(list []*jsonschema.Schema) []*jsonschema.Schema {
	if list == nil {
		return nil
	}
	made := make([]*jsonschema.Schema, len(list))
	for i, s := range list {
		made[i] = r.of(s)
	}
	return made
}

// schemaOr is the metered schema of a keyword that may have a bool or nothing instead.
func (r *rebuilder) schemaOr(value any) any {
	if s, ok := value.(*jsonschema.Schema); ok {
		return r.of(s)
	}
	return value
}

// take moves keywords of s to the extension.
func (r *rebuilder) take(s *jsonschema.Schema) *taken {
	t := &taken{
		meter: r.meter, marks: r.marks,
		required: s.Required, unique: s.UniqueItems, known: s.Properties, contains: s.Contains, minContains: s.MinContains, maxContains: s.MaxContains,
		containsMarks: s.ContainsEval,
	}
	if len(s.Enum) > 0 {
		t.enum = newChoice(s.Enum)
	}
	if len(s.Constant) > 0 {
		t.constant = newChoice(s.Constant[:1])
	}
	own, _ := s.Extensions[ownName].(*ownKeywords)
	r.takeProperties(t, s, own)
	r.takeItems(t, s)
	t.contains = r.of(t.contains)
	t.propertyNames, t.otherProperties, t.otherItems = r.of(s.PropertyNames), r.of(s.UnevaluatedProperties), r.of(s.UnevaluatedItems)
	r.takeDependencies(t, s)
	s.Required, s.UniqueItems, s.Enum, s.Constant, s.Properties, s.PatternProperties, s.AdditionalProperties = nil, false, nil, nil, nil, nil, nil
	s.PropertyNames, s.UnevaluatedProperties, s.UnevaluatedItems, s.Contains = nil, nil, nil, nil
	s.Items, s.AdditionalItems, s.PrefixItems, s.Items2020 = nil, nil, nil, nil
	s.DependentRequired = nil
	s.ContentSchema = nil // the text inside a text has not been looked at for what the engine cannot bear
	return t
}

func (r *rebuilder) takeProperties(t *taken, s *jsonschema.Schema, own *ownKeywords) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		t.properties = append(t.properties, property{name, r.id(name), r.of(s.Properties[name])})
	}
	for pattern, inner := range s.PatternProperties {
		t.patterns = append(t.patterns, patternSchema{pattern.String(), &matcher{fast: pattern}, r.of(inner)})
	}
	t.additional = r.schemaOr(s.AdditionalProperties)
	if own != nil {
		t.pattern, t.matcher = own.pattern, own.matcher
		for _, p := range own.byPattern {
			t.patterns = append(t.patterns, patternSchema{p.pattern, p.matcher, r.of(p.schema)})
		}
		if own.byPattern != nil {
			t.additional = r.schemaOr(own.additional)
		}
	}
	slices.SortFunc(t.patterns, func(a, b patternSchema) int {
		if a.pattern < b.pattern {
			return -1
		}
		return 1
	})
}

func (r *rebuilder) takeItems(t *taken, s *jsonschema.Schema) {
	t.listed, t.rest = r.all(s.PrefixItems), r.of(s.Items2020)
	switch items := s.Items.(type) {
	case *jsonschema.Schema:
		t.rest = r.of(items)
	case []*jsonschema.Schema:
		t.listed = r.all(items)
		switch more := s.AdditionalItems.(type) {
		case *jsonschema.Schema:
			t.rest = r.of(more)
		case bool:
			t.noMore, t.anyMore = !more, more
		}
	}
}

func (r *rebuilder) takeDependencies(t *taken, s *jsonschema.Schema) {
	for _, name := range slices.Sorted(maps.Keys(s.DependentRequired)) {
		t.beside = append(t.beside, beside{"dependentRequired", name, s.DependentRequired[name]})
	}
	schemas := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(s.Dependencies)) {
		switch dependency := s.Dependencies[name].(type) {
		case []string:
			t.beside = append(t.beside, beside{"dependencies", name, dependency})
		case *jsonschema.Schema:
			schemas[name] = r.of(dependency)
		}
	}
	s.Dependencies = schemas
}

// id is the step of a location that stands for a property with a name.
func (r *rebuilder) id(name string) string {
	id := r.ids[name]
	if id == "" {
		id = stepNamed + strconv.Itoa(len(r.names))
		r.names = append(r.names, name)
		r.ids[name] = id
	}
	return id
}
