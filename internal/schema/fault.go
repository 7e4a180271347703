package schema

import (
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// asName begins messages about names of properties.
const asName = "as the name of a property: "

// A flattener makes faults of the tree of errors of jsonschema/v5.
type flattener struct {
	index       *index
	value       any      // the whole instance
	names, keys []string // what steps of locations stand for
	spots       map[string]spot
}

func (f *flattener) faults(at *jsonschema.ValidationError) []finding {
	if len(at.Causes) == 0 {
		return f.leaf(at)
	}
	s, keyword := f.index.find(at.AbsoluteKeywordLocation)
	if s != nil {
		switch keyword {
		case "anyOf":
			return f.nearest(at, keyword, s.AnyOf)
		case "oneOf":
			return f.nearest(at, keyword, s.OneOf)
		case "minContains":
			return f.leaf(at)
		}
	}
	var faults []finding
	for _, cause := range at.Causes {
		faults = append(faults, f.faults(cause)...)
	}
	return faults
}

// leaf is one error of jsonschema/v5: one fault for each property that it names.
func (f *flattener) leaf(at *jsonschema.ValidationError) []finding {
	s, keyword := f.index.find(at.AbsoluteKeywordLocation)
	found := f.spot(at.InstanceLocation)
	fault := finding{hook.Fault{Kind: keyword, Class: hook.ClassWrong, Rule: rule(at.AbsoluteKeywordLocation)}, found.place}
	if s == nil || !found.found { // v5 leaves out keys that are empty
		fault.at = f.nearestSpot(at.InstanceLocation).place
		fault.Message = brief(at.Message)
		return []finding{fault}
	}
	word, rest, _ := strings.Cut(keyword, "/")
	fault.Kind = word
	switch word {
	case "required":
		return missing(fault, s.Required, found.value)
	case "dependencies", "dependentRequired":
		return []finding{missingBeside(fault, s, rest)}
	case "additionalProperties":
		if at.Message != said {
			return notAllowed(fault, s, found.value)
		}
		fault.Message = "property " + shown(fault.at.Last()) + " is not allowed here"
		return []finding{fault}
	}
	if !found.name && !isName(at.KeywordLocation) {
		return []finding{broken(fault, s, found.value, at.Message)}
	}
	fault = broken(fault, s, fault.at.Last(), at.Message)
	if fault.Kind != "propertyNames" {
		fault.Kind, fault.Message = "propertyNames", asName+fault.Message
	}
	return []finding{fault}
}

// broken is a fault with words for the keyword that is broken. said is what
// jsonschema/v5 says of it.
func broken(fault finding, s *jsonschema.Schema, value any, said string) finding {
	switch fault.Kind {
	case "":
		if said != "not failed" {
			return refused(fault, s, value, said)
		}
		fault.Kind = "not" // the place of the keyword is that of its schema
	case "minContains":
		if fault.Kind = "contains"; s.MinContains == 1 {
			fault.Rule = strings.TrimSuffix(fault.Rule, "minContains") + "contains"
		}
		fault.Message = words("minContains", s, value, said)
		return fault
	case "oneOf":
		fault.Message = severalFit(said, len(s.OneOf))
		return fault
	}
	fault.Message = words(fault.Kind, s, value, said)
	return fault
}

// refused is a value where the schema is false. The keyword whose schema that is says
// more than the word.
func refused(fault finding, s *jsonschema.Schema, value any, message string) finding {
	if s.Always == nil || *s.Always {
		fault.Message = brief(message)
		return fault
	}
	fault.Kind = KindFalse
	name := fault.at.Last()
	tokens := jsontext.Tokens(fault.Rule[strings.IndexByte(fault.Rule, '#')+1:])
	if n := len(tokens); n > 0 && places(tokens[n-1])&isSchema != 0 && (n == 1 || places(tokens[n-2])&inObject == 0) {
		fault.Kind = tokens[n-1]
	}
	switch fault.Kind {
	case "additionalProperties", "unevaluatedProperties":
		fault.Message = "property " + shown(name) + " is not allowed here"
	case "items", "additionalItems", "unevaluatedItems":
		fault.Message = "item " + name + " is one too many"
	case "propertyNames":
		fault.Message = "property " + shown(name) + " is not allowed: there must be none"
	default:
		fault.Kind = KindFalse
		fault.Message = "nothing is allowed here, got " + told(value)
	}
	return fault
}

// missing is a fault for each required property that value has not.
func missing(fault finding, required []string, value any) []finding {
	object, _ := value.(map[string]any)
	fault.Class = hook.ClassMissing
	var faults []finding
	for _, name := range required {
		if _, there := object[name]; !there {
			one := fault
			one.Message = "property " + shown(name) + " is missing"
			faults = append(faults, one)
		}
	}
	return faults
}

// missingBeside is a property that has to be there because another is. place is that of
// its name in the keyword: "other/0".
func missingBeside(fault finding, s *jsonschema.Schema, place string) finding {
	token, at, _ := strings.Cut(place, "/")
	other := jsontext.Unescape(pointerOf(token))
	names := s.DependentRequired[other]
	if list, ok := s.Dependencies[other].([]string); ok {
		names = list
	}
	name := "?"
	if i, ok := number(at); ok && i < len(names) {
		name = names[i]
	}
	fault.Class = hook.ClassMissing
	fault.Message = "property " + shown(name) + " is missing, which must be there as " + shown(other) + " is"
	return fault
}

// notAllowed is a fault for each property that a schema of a draft does not know. The
// extension tells of each by itself.
func notAllowed(fault finding, s *jsonschema.Schema, value any) []finding {
	object, _ := value.(map[string]any)
	var faults []finding
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if knows(s, name) {
			continue
		}
		one := fault
		one.at = &jsontext.Place{Up: fault.at, Token: name}
		one.Message = "property " + shown(name) + " is not allowed here"
		faults = append(faults, one)
	}
	return faults
}

func knows(s *jsonschema.Schema, name string) bool {
	if s.Properties[name] != nil {
		return true
	}
	for pattern := range s.PatternProperties {
		if pattern.MatchString(name) {
			return true
		}
	}
	return false
}

// slow are the values whose patterns could not be matched in time.
func (f *flattener) slow(all []*jsonschema.ValidationError) []finding {
	var faults []finding
	for _, at := range all {
		faults = append(faults, finding{hook.Fault{
			Kind: KindDeadline, Class: hook.ClassWrong, Rule: rule(at.AbsoluteKeywordLocation),
			Message: "matching the pattern takes too long, so it was not checked to the end",
		}, f.nearestSpot(at.InstanceLocation).place})
	}
	return faults
}

func lastToken(pointer string) string {
	return jsontext.Unescape(pointer[strings.LastIndexByte(pointer, '/')+1:])
}
