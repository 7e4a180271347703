package shape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// An object is a JSON object whose members keep the order of the text. Of a repeated
// key the last value counts, at the place of the first.
type object struct {
	keys   []string
	values map[string]any
	// base is the absolute URL that references in it are relative to; indexed objects
	// have one.
	base string
}

// get is the value of a member, nil where there is none. On nil it is nil.
func (o *object) get(key string) any {
	if o == nil {
		return nil
	}
	return o.values[key]
}

func (o *object) has(key string) bool {
	if o == nil {
		return false
	}
	_, found := o.values[key]
	return found
}

// set adds a member, or gives one another value.
func (o *object) set(key string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, found := o.values[key]; !found {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// object, list and str are the member as what it should be, nil or "" where it is not.
func (o *object) object(key string) *object { v, _ := o.get(key).(*object); return v }
func (o *object) list(key string) []any     { v, _ := o.get(key).([]any); return v }
func (o *object) str(key string) string     { v, _ := o.get(key).(string); return v }

// parse reads a JSON text into *object, []any, json.Number, string, bool and nil.
func parse(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	value, err := parseValue(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

func parseValue(dec *json.Decoder, depth int) (any, error) {
	token, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	if depth >= maxDepth {
		return nil, fmt.Errorf("nested deeper than %d", maxDepth)
	}
	if delim == '[' {
		return parseArray(dec, depth)
	}
	return parseObject(dec, depth)
}

func parseArray(dec *json.Decoder, depth int) (any, error) {
	list := []any{}
	for dec.More() {
		value, err := parseValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, closing(dec)
}

func parseObject(dec *json.Decoder, depth int) (any, error) {
	o := &object{values: map[string]any{}}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		value, err := parseValue(dec, depth+1)
		if err != nil {
			return nil, err
		}
		o.set(key, value)
	}
	return o, closing(dec)
}

// closing reads the bracket at the end.
func closing(dec *json.Decoder) error {
	_, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (o *object) sortedKeys() []string {
	if o == nil {
		return nil
	}
	return slices.Sorted(slices.Values(o.keys))
}
