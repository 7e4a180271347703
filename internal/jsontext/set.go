package jsontext

import (
	"errors"
	"fmt"
	"slices"
)

// SetText returns a copy of a JSON text in which the string s stands at path.
// Everything else stays as it is written. Members that are not there are added,
// first in their object; array items are not.
func SetText(text []byte, path Path, s string) ([]byte, error) {
	value, err := Marshal(s)
	if err != nil {
		return nil, err
	}
	return Set(text, path, value)
}

// Set is SetText with a value that is JSON.
func Set(text []byte, path Path, value []byte) ([]byte, error) {
	for depth := len(path); depth >= 0; depth-- {
		found, ok := Lookup(text, path[:depth])
		if !ok {
			continue
		}
		at := offset(text, found)
		if depth == len(path) {
			return slices.Concat(text[:at], value, text[at+len(found):]), nil
		}
		return addMember(text, at, found, path[depth:], value)
	}
	return nil, errors.New("the body is not JSON")
}

// addMember adds the members that path names to the object found, which is at at.
func addMember(text []byte, at int, found []byte, path Path, value []byte) ([]byte, error) {
	if found[0] != '{' {
		return nil, fmt.Errorf("the body has no object to put %s into", path[0].Key)
	}
	for _, step := range slices.Backward(path) {
		if step.Key == "" {
			return nil, fmt.Errorf("the body has no item %d", step.Index)
		}
		key, err := Marshal(step.Key)
		if err != nil {
			return nil, err
		}
		value = slices.Concat([]byte{'{'}, key, []byte{':'}, value, []byte{'}'})
	}
	member := value[1 : len(value)-1]
	rest := text[at+1:]
	if inner := trimSpace(rest); len(inner) > 0 && inner[0] != '}' {
		member = append(slices.Clip(member), ',')
	}
	return slices.Concat(text[:at+1], member, rest), nil
}

// offset is where part, a slice of text, begins in it.
func offset(text, part []byte) int { return cap(text) - cap(part) }
