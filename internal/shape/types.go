package shape

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Types is a set of JSON types. Numbers with a fraction are apart from whole ones.
type types uint8

const (
	typeNull types = 1 << iota
	typeBool
	typeInteger
	typeFraction
	typeString
	typeArray
	typeObject

	typeNumber = typeInteger | typeFraction
	anyType    = 1<<7 - 1
)

// typeWords are the names that schemas have for sets, in the order of telling.
func typeWords() []struct {
	name string
	set  types
} {
	return []struct {
		name string
		set  types
	}{
		{"boolean", typeBool}, {"number", typeNumber}, {"integer", typeInteger},
		{"string", typeString}, {"array", typeArray}, {"object", typeObject}, {"null", typeNull},
	}
}

// String names the set for people: "null or string".
func (t types) String() string {
	var names []string
	for _, word := range typeWords() {
		if t&word.set == word.set {
			names, t = append(names, word.name), t&^word.set
		}
	}
	if t&typeFraction != 0 {
		names = append(names, "fraction")
	}
	switch {
	case len(names) == 0:
		return "nothing"
	case len(names) == len(typeWords())-1:
		return "anything"
	}
	return strings.Join(names, " or ")
}

// typesOf reads the value of the keyword type; it is anyType where that says nothing.
func typesOf(value any) types {
	var set types
	names, _ := value.([]any)
	if name, ok := value.(string); ok {
		names = []any{name}
	}
	for _, name := range names {
		for _, word := range typeWords() {
			if name == word.name {
				set |= word.set
			}
		}
	}
	if set == 0 {
		return anyType
	}
	return set
}

// typeOf is the type of a value, as this package and encoding/json parse it.
func typeOf(value any) types {
	switch v := value.(type) {
	case nil:
		return typeNull
	case bool:
		return typeBool
	case string:
		return typeString
	case []any:
		return typeArray
	case json.Number:
		return numberType(string(v))
	case float64:
		return numberType(strconv.FormatFloat(v, 'g', -1, 64))
	}
	return typeObject
}

// nameOf names the type of a value.
func nameOf(value any) string { return typeOf(value).String() }

func numberType(text string) types {
	if isWhole(text) {
		return typeInteger
	}
	return typeFraction
}

// scalarKey is a text that two scalars share only when they are equal; false for
// arrays and objects.
func scalarKey(value any) (string, bool) {
	switch v := value.(type) {
	case nil:
		return "null", true
	case bool:
		return strconv.FormatBool(v), true
	case string:
		return `"` + v, true
	case json.Number:
		return canonical(string(v)), true
	case float64:
		return canonical(strconv.FormatFloat(v, 'g', -1, 64)), true
	}
	return "", false
}
