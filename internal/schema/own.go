package schema

import (
	"maps"
	"net/url"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// ownName is the name of the extension for marked keywords.
const ownName = "own"

// An ownCompiler compiles the marked keywords of schemas for jsonschema/v5.
type ownCompiler struct {
	matchers map[string]*matcher
	meter    *meter
}

// ownKeywords are the marked keywords of one schema.
type ownKeywords struct {
	meter      *meter
	pattern    string
	matcher    *matcher // of pattern; nil where there is none
	byPattern  []patternSchema
	named      map[string]bool // what properties has
	additional any             // as in jsonschema.Schema
}

type patternSchema struct {
	pattern string
	matcher *matcher
	schema  *jsonschema.Schema
}

// Compile implements jsonschema.ExtCompiler.
func (c *ownCompiler) Compile(ctx jsonschema.CompilerContext, object map[string]any) (jsonschema.ExtSchema, error) {
	own := &ownKeywords{meter: c.meter}
	if pattern, ok := object[ownPattern].(string); ok {
		own.pattern, own.matcher = pattern, c.matchers[pattern]
	}
	byPattern, ok := object[ownPatternProperties].(map[string]any)
	if !ok {
		if own.matcher == nil {
			return nil, nil
		}
		return own, nil
	}
	for _, pattern := range slices.Sorted(maps.Keys(byPattern)) {
		inner, err := ctx.Compile(pathOf(ownPatternProperties)+"/"+pathOf(pattern), false)
		if err != nil {
			return nil, err
		}
		own.byPattern = append(own.byPattern, patternSchema{pattern, c.matchers[pattern], inner})
	}
	named, _ := object["properties"].(map[string]any)
	own.named = map[string]bool{}
	for name := range named {
		own.named[name] = true
	}
	return own, own.compileAdditional(ctx, object)
}

func (own *ownKeywords) compileAdditional(ctx jsonschema.CompilerContext, object map[string]any) error {
	switch value := object[ownAdditionalProperties].(type) {
	case bool:
		own.additional = value
	case map[string]any:
		inner, err := ctx.Compile(pathOf(ownAdditionalProperties), false)
		own.additional = inner
		return err
	}
	return nil
}

func (own *ownKeywords) schemas() []*jsonschema.Schema {
	var inner []*jsonschema.Schema
	for _, p := range own.byPattern {
		inner = append(inner, p.schema)
	}
	if additional, ok := own.additional.(*jsonschema.Schema); ok {
		inner = append(inner, additional)
	}
	return inner
}

// Validate implements jsonschema.ExtSchema.
func (own *ownKeywords) Validate(ctx jsonschema.ValidationContext, value any) error {
	switch value := value.(type) {
	case string:
		if own.matcher != nil && !own.match(ctx, own.matcher, value, "pattern") {
			return ctx.Error("pattern", "%s", own.pattern)
		}
	case map[string]any:
		if own.byPattern != nil {
			return own.validateObject(ctx, value)
		}
	}
	return nil
}

func (own *ownKeywords) validateObject(ctx jsonschema.ValidationContext, object map[string]any) error {
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(object)) {
		known := own.named[name]
		for _, p := range own.byPattern {
			if !own.match(ctx, p.matcher, name, "patternProperties/"+pathOf(p.pattern)) {
				continue
			}
			known = true
			ctx.EvaluatedProp(name)
			if err := ctx.Validate(p.schema, "patternProperties/"+pathOf(p.pattern), object[name], pathOf(name)); err != nil {
				faults = append(faults, err)
			}
		}
		if known || own.additional == nil {
			continue
		}
		ctx.EvaluatedProp(name)
		if err := own.validateAdditional(ctx, name, object[name]); err != nil {
			faults = append(faults, err)
		}
	}
	if len(faults) == 0 {
		return nil
	}
	return jsonschema.ValidationError{}.Group(ctx.Error("", ""), faults...)
}

func (own *ownKeywords) validateAdditional(ctx jsonschema.ValidationContext, name string, value any) error {
	switch additional := own.additional.(type) {
	case bool:
		if !additional {
			fault := ctx.Error("additionalProperties", "not allowed")
			fault.InstanceLocation += "/" + pathOf(name)
			return fault
		}
	case *jsonschema.Schema:
		return ctx.Validate(additional, "additionalProperties", value, pathOf(name))
	}
	return nil
}

// match matches text, and notes where that takes too long: whatever the verdict on the
// schema would be, it does not hold then.
func (own *ownKeywords) match(ctx jsonschema.ValidationContext, m *matcher, text, path string) bool {
	ok, err := m.match(text)
	if err != nil {
		own.meter.slowMatch(ctx.Error(path, ""))
	}
	return ok
}

// pathOf is a key as a step of the locations of jsonschema/v5.
func pathOf(key string) string { return url.PathEscape(jsontext.Escape(key)) }
