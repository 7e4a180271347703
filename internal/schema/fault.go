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
	index *index
	value any // the whole instance
}

func (f *flattener) faults(at *jsonschema.ValidationError) []hook.Fault {
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
	var faults []hook.Fault
	for _, cause := range at.Causes {
		faults = append(faults, f.faults(cause)...)
	}
	return faults
}

// leaf is one error of jsonschema/v5: one fault for each property that it names.
func (f *flattener) leaf(at *jsonschema.ValidationError) []hook.Fault {
	s, keyword := f.index.find(at.AbsoluteKeywordLocation)
	fault := hook.Fault{
		Kind:    keyword,
		Class:   hook.ClassWrong,
		Pointer: pointerOf(at.InstanceLocation),
		Rule:    rule(at.AbsoluteKeywordLocation),
	}
	value, found := f.at(fault.Pointer)
	if s == nil || !found { // v5 leaves out keys that are empty
		fault.Pointer = f.nearestPlace(fault.Pointer)
		fault.Message = at.Message
		return []hook.Fault{fault}
	}
	word, rest, _ := strings.Cut(keyword, "/")
	fault.Kind = word
	switch word {
	case "required":
		return missing(fault, s.Required, value)
	case "dependencies", "dependentRequired":
		return []hook.Fault{missingBeside(fault, s, rest)}
	case "additionalProperties":
		return notAllowed(fault, s, value)
	}
	if !isName(at.KeywordLocation) {
		return []hook.Fault{broken(fault, s, value, at.Message)}
	}
	fault = broken(fault, s, lastToken(fault.Pointer), at.Message)
	if fault.Kind != "propertyNames" {
		fault.Kind, fault.Message = "propertyNames", asName+fault.Message
	}
	return []hook.Fault{fault}
}

// broken is a fault with words for the keyword that is broken. said is what
// jsonschema/v5 says of it.
func broken(fault hook.Fault, s *jsonschema.Schema, value any, said string) hook.Fault {
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
func refused(fault hook.Fault, s *jsonschema.Schema, value any, message string) hook.Fault {
	if s.Always == nil || *s.Always {
		fault.Message = message
		return fault
	}
	fault.Kind = KindFalse
	name := lastToken(fault.Pointer)
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
func missing(fault hook.Fault, required []string, value any) []hook.Fault {
	object, _ := value.(map[string]any)
	fault.Class = hook.ClassMissing
	var faults []hook.Fault
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
func missingBeside(fault hook.Fault, s *jsonschema.Schema, place string) hook.Fault {
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

// notAllowed is a fault for each property that the schema does not know. One of the
// extension has the property as its place already.
func notAllowed(fault hook.Fault, s *jsonschema.Schema, value any) []hook.Fault {
	if s.AdditionalProperties == nil {
		fault.Message = "property " + shown(lastToken(fault.Pointer)) + " is not allowed here"
		return []hook.Fault{fault}
	}
	object, _ := value.(map[string]any)
	var faults []hook.Fault
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if knows(s, name) {
			continue
		}
		one := fault
		one.Pointer += jsontext.Pointer(name)
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

// slowFaults are the values whose patterns could not be matched in time.
func slowFaults(slow []*jsonschema.ValidationError) []hook.Fault {
	var faults []hook.Fault
	for _, at := range slow {
		faults = append(faults, hook.Fault{
			Kind: KindDeadline, Class: hook.ClassWrong, Pointer: pointerOf(at.InstanceLocation), Rule: rule(at.AbsoluteKeywordLocation),
			Message: "matching the pattern takes too long, so it was not checked to the end",
		})
	}
	return faults
}

// at is the value at a pointer into the instance.
func (f *flattener) at(pointer string) (value any, found bool) {
	value = f.value
	for _, token := range jsontext.Tokens(pointer) {
		found = false
		switch inner := value.(type) {
		case map[string]any:
			value, found = inner[token]
		case []any:
			if i, ok := number(token); ok && i < len(inner) {
				value, found = inner[i], true
			}
		}
		if !found {
			return nil, false
		}
	}
	return value, true
}

// nearestPlace is the longest part of a pointer that leads to a value.
func (f *flattener) nearestPlace(pointer string) string {
	for pointer != "" {
		if _, found := f.at(pointer); found {
			break
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
	return pointer
}

func lastToken(pointer string) string {
	return jsontext.Unescape(pointer[strings.LastIndexByte(pointer, '/')+1:])
}
