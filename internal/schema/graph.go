package schema

import "github.com/santhosh-tekuri/jsonschema/v5"

// next calls visit with the schemas that s hands a value, or a part of one, on to.
func next(s *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	one := func(s *jsonschema.Schema) {
		if s != nil {
			visit(s)
		}
	}
	oneOrMany := func(v any) {
		switch v := v.(type) {
		case *jsonschema.Schema:
			one(v)
		case []*jsonschema.Schema:
			for _, s := range v {
				one(s)
			}
		}
	}
	for _, inner := range []*jsonschema.Schema{
		s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else, s.PropertyNames, s.UnevaluatedProperties,
		s.Items2020, s.Contains, s.UnevaluatedItems, s.ContentSchema,
	} {
		one(inner)
	}
	for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf, s.PrefixItems} {
		oneOrMany(list)
	}
	oneOrMany(s.AdditionalProperties)
	oneOrMany(s.Items)
	oneOrMany(s.AdditionalItems)
	for _, inner := range s.Properties {
		one(inner)
	}
	for _, inner := range s.PatternProperties {
		one(inner)
	}
	for _, inner := range s.DependentSchemas {
		one(inner)
	}
	for _, inner := range s.Dependencies {
		oneOrMany(inner)
	}
	if own, ok := s.Extensions[ownName].(*ownKeywords); ok {
		for _, inner := range own.schemas() {
			one(inner)
		}
	}
}

// manyPaths is where counting paths ends.
const manyPaths = 1 << 40

// paths is in how many ways one gets from s to all that it hands values on to: no value
// can be held against more schemas. A schema that leads back to itself has manyPaths.
func paths(s *jsonschema.Schema) int {
	return countPaths(s, map[*jsonschema.Schema]int{})
}

func countPaths(s *jsonschema.Schema, known map[*jsonschema.Schema]int) int {
	if n, ok := known[s]; ok {
		return n
	}
	known[s] = manyPaths // for those that come back here
	total := 1
	if s.DynamicRef != nil || s.RecursiveRef != nil { // these may lead anywhere
		total = manyPaths
	}
	next(s, func(inner *jsonschema.Schema) {
		total = min(total+countPaths(inner, known), manyPaths)
	})
	known[s] = total
	return total
}

// each calls visit once with s and each schema that it leads to.
func each(s *jsonschema.Schema, visit func(*jsonschema.Schema)) {
	seen := map[*jsonschema.Schema]bool{s: true}
	for waiting := []*jsonschema.Schema{s}; len(waiting) > 0; {
		at := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		visit(at)
		next(at, func(inner *jsonschema.Schema) {
			if !seen[inner] {
				seen[inner] = true
				waiting = append(waiting, inner)
			}
		})
	}
}
