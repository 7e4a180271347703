package schema

import (
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

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

// each calls visit once with each schema that a value may be held against.
func (c *compiled) each(visit func(*jsonschema.Schema)) {
	waiting := append([]*jsonschema.Schema{c.root}, c.anchors...)
	seen := map[*jsonschema.Schema]bool{}
	for len(waiting) > 0 {
		at := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		visit(at)
		next(at, func(inner *jsonschema.Schema) {
			if !seen[inner] {
				waiting = append(waiting, inner)
			}
		})
	}
}

// isForeign reports whether a schema is that of a draft, which all who use jsonschema/v5
// share.
func isForeign(s *jsonschema.Schema) bool {
	base, _, _ := strings.Cut(s.Location, "#")
	return strings.Contains(base, "://json-schema.org/draft")
}

// maxInPlace is how many schemas may hand one value on to each other in turn.
const maxInPlace = 300

// tooManyInTurn is a schema from which a value is handed on too often in turn; nil where
// there is none.
func (c *compiled) tooManyInTurn() (found *jsonschema.Schema) {
	known := map[*jsonschema.Schema]int{}
	c.each(func(s *jsonschema.Schema) {
		if found == nil && inTurn(s, known) > maxInPlace {
			found = s
		}
	})
	return found
}

// inTurn is how many schemas a value goes through at most from s on, itself with it.
func inTurn(s *jsonschema.Schema, known map[*jsonschema.Schema]int) int {
	if s == nil {
		return 0
	}
	if n, ok := known[s]; ok {
		return n
	}
	known[s] = 1 // for those that come back here
	most := 0
	for _, inner := range []*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else} {
		most = max(most, inTurn(inner, known))
	}
	for _, list := range [][]*jsonschema.Schema{s.AllOf, s.AnyOf, s.OneOf} {
		for _, inner := range list {
			most = max(most, inTurn(inner, known))
		}
	}
	for _, inner := range s.DependentSchemas {
		most = max(most, inTurn(inner, known))
	}
	for _, inner := range s.Dependencies {
		if inner, ok := inner.(*jsonschema.Schema); ok {
			most = max(most, inTurn(inner, known))
		}
	}
	known[s] = most + 1
	return most + 1
}
