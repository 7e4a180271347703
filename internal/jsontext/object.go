package jsontext

import (
	"iter"
	"slices"
)

// An Object is a JSON object that keeps the order of its keys. Its values are *Object,
// []any, json.Number, string, bool and nil. All that reads may be called on nil, which has
// no keys.
type Object struct {
	keys   []string
	values map[string]any
}

// Keys are the keys in their order. They are not to be changed.
func (o *Object) Keys() []string {
	if o == nil {
		return nil
	}
	return o.keys
}

// Len is how many keys there are.
func (o *Object) Len() int { return len(o.Keys()) }

// All goes over the keys and values in their order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for _, key := range o.Keys() {
			if !yield(key, o.values[key]) {
				return
			}
		}
	}
}

// Get returns the value of key, nil where there is none.
func (o *Object) Get(key string) any {
	if o == nil {
		return nil
	}
	return o.values[key]
}

// Has reports whether key is there.
func (o *Object) Has(key string) bool {
	if o == nil {
		return false
	}
	_, ok := o.values[key]
	return ok
}

// Object returns the object at key, nil where there is none.
func (o *Object) Object(key string) *Object {
	inner, _ := o.Get(key).(*Object)
	return inner
}

// List returns the array at key, nil where there is none.
func (o *Object) List(key string) []any {
	items, _ := o.Get(key).([]any)
	return items
}

// Text returns the string at key, "" where there is none.
func (o *Object) Text(key string) string {
	s, _ := o.Get(key).(string)
	return s
}

// Truth reports whether key says true.
func (o *Object) Truth(key string) bool {
	b, _ := o.Get(key).(bool)
	return b
}

// Set gives key a value; a new key comes last.
func (o *Object) Set(key string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// Drop takes keys away.
func (o *Object) Drop(gone ...string) {
	for _, key := range gone {
		delete(o.values, key)
	}
	o.keys = slices.DeleteFunc(o.keys, func(key string) bool { return slices.Contains(gone, key) })
}
