package importer

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// schema copies the schema v, which stands at p: references are rewritten, what is not
// JSON Schema is left out, and what OpenAPI says in its own way is said as JSON Schema does.
func (b *bundle) schema(p place, v any) (any, error) {
	if err := b.count(1); err != nil {
		return nil, err
	}
	source, ok := v.(*jsontext.Object)
	if !ok {
		if v == nil {
			return &jsontext.Object{}, nil // an empty value in YAML
		}
		return v, nil
	}
	if name := source.Text("$schema"); name != "" && p != b.root {
		around := b.from
		if err := b.speak(b.named(name)); err != nil {
			return nil, err
		}
		defer func() { b.from = around }()
	}
	source = withoutRequiredFlags(source)
	out := &jsontext.Object{}
	for _, key := range source.Keys() {
		value, keep, err := b.keyword(p, source, key)
		if err != nil {
			return nil, err
		}
		if keep {
			out.Set(key, value)
		}
	}
	return b.convert(source, out), nil
}

// keyword returns what a keyword of the schema at p is in the copy.
func (b *bundle) keyword(p place, schema *jsontext.Object, key string) (value any, keep bool, err error) {
	v, at := schema.Get(key), p.below(key)
	switch kindOf(key) {
	case plain:
		return v, !b.shadowed(schema, key), b.count(size(v))
	case reference:
		ref, ok := v.(string)
		if !ok {
			return nil, false, fmt.Errorf("a reference at #%s is not a text", p.pointer)
		}
		to, err := b.reference(p, ref)
		return to, true, err
	case oneSchema:
		value, err = b.schema(at, v)
	case schemaList:
		value, err = b.list(at, v)
	case someSchemas:
		if _, list := v.([]any); list {
			value, err = b.list(at, v)
		} else {
			value, err = b.schema(at, v)
		}
	case schemaMap, dependency:
		value, err = b.byName(at, v, kindOf(key) == dependency)
	case definitions, naming:
		return nil, false, nil
	case foreign:
		b.foreign(key)
		return nil, false, nil
	}
	return value, err == nil && !b.shadowed(schema, key), err
}

// shadowed reports whether a keyword does not count since it stands beside a reference: in
// OpenAPI 3.0, and in the drafts before 2019-09, which the validator knows of those itself.
func (b *bundle) shadowed(schema *jsontext.Object, key string) bool {
	strict := b.strictRef || age(b.from) < age(draft2019) && age(b.draft) >= age(draft2019)
	return strict && schema.Text("$ref") != "" && !isAnnotation(key)
}

// foreign notes a keyword that is left out, unless it is left out by understanding it.
func (b *bundle) foreign(key string) {
	switch key {
	case "nullable", "x-nullable", "example", "id", "divisibleBy":
		return
	}
	b.warnings.foreign(key)
}

func (b *bundle) list(p place, v any) (any, error) {
	items, ok := v.([]any)
	if !ok {
		return v, nil // compiling it says what is wrong
	}
	out := make([]any, len(items))
	for i, item := range items {
		copied, err := b.schema(p.item(i), item)
		if err != nil {
			return nil, err
		}
		out[i] = copied
	}
	return out, nil
}

// byName copies schemas by name; where mixed is true there may be lists of names too.
func (b *bundle) byName(p place, v any, mixed bool) (any, error) {
	source, ok := v.(*jsontext.Object)
	if !ok {
		return v, nil
	}
	out := &jsontext.Object{}
	for name, value := range source.All() {
		if names, list := value.([]any); list && mixed {
			out.Set(name, names)
			continue
		}
		copied, err := b.schema(p.below(name), value)
		if err != nil {
			return nil, err
		}
		out.Set(name, copied)
	}
	return out, nil
}

// size is how many values v consists of.
func size(v any) int {
	n := 1
	switch v := v.(type) {
	case *jsontext.Object:
		for _, inner := range v.All() {
			n += size(inner)
		}
	case []any:
		for _, item := range v {
			n += size(item)
		}
	}
	return n
}
