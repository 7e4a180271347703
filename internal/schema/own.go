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
	// anchors are the schemas with a $dynamicAnchor that were compiled.
	anchors []*jsonschema.Schema
}

// ownKeywords are the marked keywords of one schema.
type ownKeywords struct {
	pattern    string
	matcher    *matcher // of pattern; nil where there is none
	byPattern  []patternSchema
	additional any // as in jsonschema.Schema
}

// Compile implements jsonschema.ExtCompiler.
func (c *ownCompiler) Compile(ctx jsonschema.CompilerContext, object map[string]any) (jsonschema.ExtSchema, error) {
	if url, ok := object[ownPlace].(string); ok {
		anchor, err := ctx.CompileRef(url, ownPlace, false)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(c.anchors, anchor) {
			c.anchors = append(c.anchors, anchor)
		}
	}
	own := &ownKeywords{}
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

// Validate implements jsonschema.ExtSchema. The work is done by what takes these keywords
// over.
func (own *ownKeywords) Validate(jsonschema.ValidationContext, any) error { return nil }

// pathOf is a key as a step of the locations of jsonschema/v5.
func pathOf(key string) string { return url.PathEscape(jsontext.Escape(key)) }
