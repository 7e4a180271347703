package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// An alternative is one schema of an anyOf or oneOf, with what it finds wrong.
type alternative struct {
	schema *jsonschema.Schema
	faults []finding
	number int // from 1
}

// nearestMark ends messages about one alternative of several.
const nearestMark = ", the nearest)"

// nearest is what is wrong by the alternative that a value comes nearest to.
func (f *flattener) nearest(at *jsonschema.ValidationError, keyword string, schemas []*jsonschema.Schema) []finding {
	var all []alternative
	for i, cause := range at.Causes {
		if i < len(schemas) {
			all = append(all, alternative{schemas[i], f.faults(cause), i + 1})
		}
	}
	if len(all) == 0 {
		return nil
	}
	spot := f.spot(at.InstanceLocation)
	whole := finding{hook.Fault{Kind: keyword, Class: hook.ClassWrong, Rule: rule(at.AbsoluteKeywordLocation)}, spot.place}
	if spot.name || isName(at.KeywordLocation) {
		spot.value = spot.place.Last()
		whole.Kind, whole.Message = "propertyNames", asName
	}
	if wanted := wantedByAll(all, spot); wanted != "" {
		whole.Message += wanted
		return []finding{whole}
	}
	near := slices.MinFunc(all, func(a, b alternative) int { return a.compare(b, spot) })
	if len(all) == 1 {
		return near.faults
	}
	for i := range near.faults {
		if !strings.HasSuffix(near.faults[i].Message, nearestMark) { // it says so of an inner choice
			near.faults[i].Message += fmt.Sprintf(" (by alternative %d of %d%s", near.number, len(all), nearestMark)
		}
	}
	return near.faults
}

// wantedByAll says what alternatives want that all refuse a value for its type, or all for
// being none of theirs; "" where they differ.
func wantedByAll(all []alternative, of spot) string {
	var types []string
	var values []any
	for _, a := range all {
		if len(a.faults) != 1 || a.faults[0].at != of.place {
			return ""
		}
		s := target(a.schema)
		switch lastToken(a.faults[0].Rule) {
		case "type":
			types = append(types, s.Types...)
		case "const":
			values = append(values, s.Constant...)
		case "enum":
			values = append(values, s.Enum...)
		default:
			return ""
		}
	}
	switch {
	case len(values) == 0 && len(types) > 0:
		slices.Sort(types)
		return "want " + either(slices.Compact(types)) + ", got " + told(of.value)
	case len(types) == 0 && len(values) > 0:
		return "want " + oneOf(values) + "; got " + plain(of.value)
	}
	return ""
}

// target is the schema that s does nothing but refer to.
func target(s *jsonschema.Schema) *jsonschema.Schema {
	for range 16 {
		if s.Ref == nil || len(s.Types) > 0 || len(s.Constant) > 0 || len(s.Enum) > 0 {
			break
		}
		s = s.Ref
	}
	return s
}

// compare is negative where a is nearer to the value than b.
func (a alternative) compare(b alternative, of spot) int {
	if d := a.kinship(of) - b.kinship(of); d != 0 {
		return d
	}
	if d := len(a.faults) - len(b.faults); d != 0 {
		return d
	}
	if d := b.depth() - a.depth(); d != 0 {
		return d
	}
	return a.number - b.number
}

// How an alternative is related to a value; lower is nearer.
const (
	sameMark  = iota // the value has a constant that only such values have
	unmarked         // neither says what they are
	otherMark        // the value says that it is something else
	otherType        // the value as a whole is not what it wants
)

func (a alternative) kinship(of spot) int {
	kin := unmarked
	for _, fault := range a.faults {
		if !isMark(fault.Kind) && fault.Kind != "type" && fault.Kind != KindFalse {
			continue
		}
		switch {
		case fault.at == of.place:
			return otherType
		case isMark(fault.Kind) && fault.at != nil && fault.at.Up == of.place:
			kin = otherMark
		}
	}
	if object, ok := of.value.(map[string]any); ok && kin == unmarked && hasMark(a.schema, object, 8) {
		return sameMark
	}
	return kin
}

func isMark(kind string) bool { return kind == "const" || kind == "enum" }

// hasMark reports whether a schema has a property with a constant, or values to choose
// from, that the object has as well.
func hasMark(s *jsonschema.Schema, object map[string]any, depth int) bool {
	if s == nil || depth == 0 {
		return false
	}
	for name, inner := range s.Properties {
		if inner = target(inner); len(inner.Constant) == 0 && len(inner.Enum) == 0 {
			continue
		}
		if _, there := object[name]; there {
			return true
		}
	}
	for _, inner := range s.AllOf {
		if hasMark(inner, object, depth-1) {
			return true
		}
	}
	return hasMark(s.Ref, object, depth-1)
}

// depth is how deep the deepest fault is.
func (a alternative) depth() int {
	deepest := 0
	for _, fault := range a.faults {
		deepest = max(deepest, fault.at.Depth())
	}
	return deepest
}
