package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/jsontext"
)

const (
	// maxDepth is how deep objects and arrays of a source may be nested.
	maxDepth = 500
	// maxValues is how many values a file may have: they take much more memory than text.
	maxValues = 4_000_000
)

// An object is a JSON object that keeps the order of its keys. Other values are as
// encoding/json has them, numbers as they are written.
type object struct {
	keys   []string
	values map[string]any
}

func newObject() *object { return &object{values: map[string]any{}} }

// get returns the value of key, nil where there is none; also of no object at all.
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
	_, ok := o.values[key]
	return ok
}

// set gives key a value; a new key comes last.
func (o *object) set(key string, value any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// drop takes keys away.
func (o *object) drop(gone ...string) {
	kept := o.keys[:0]
	for _, key := range o.keys {
		keep := true
		for _, name := range gone {
			keep = keep && key != name
		}
		if keep {
			kept = append(kept, key)
		} else {
			delete(o.values, key)
		}
	}
	o.keys = kept
}

// object returns the object at key, nil where there is none.
func (o *object) object(key string) *object {
	inner, _ := o.get(key).(*object)
	return inner
}

// list returns the array at key, nil where there is none.
func (o *object) list(key string) []any {
	items, _ := o.get(key).([]any)
	return items
}

// text returns the string at key, "" where there is none.
func (o *object) text(key string) string {
	s, _ := o.get(key).(string)
	return s
}

// truth reports whether key says true.
func (o *object) truth(key string) bool {
	b, _ := o.get(key).(bool)
	return b
}

// A parser reads JSON into values that keep the order of keys.
type parser struct {
	dec    *json.Decoder
	values int
	// duplicate is a key that an object has twice.
	duplicate string
}

// parse reads all JSON values of a text: one, or those of NDJSON.
func parse(text []byte) (values []any, duplicate string, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return nil, "", errors.New("it is not text in UTF-8")
	}
	p := &parser{dec: json.NewDecoder(bytes.NewReader(text))}
	p.dec.UseNumber()
	for {
		value, err := p.value(0)
		if errors.Is(err, io.EOF) && len(values) > 0 {
			return values, p.duplicate, nil
		}
		if err != nil {
			return nil, "", p.explain(err, text)
		}
		values = append(values, value)
	}
}

// explain says where a text is not JSON.
func (p *parser) explain(err error, text []byte) error {
	if errors.Is(err, errTooMuch) || errors.Is(err, errTooDeep) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it is not JSON: it ends too soon")
	}
	at := p.dec.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, syntax.Offset)
	}
	line := 1 + bytes.Count(text[:min(int(at), len(text))], []byte("\n"))
	return fmt.Errorf("it is not JSON: line %d: %w", line, err)
}

var (
	errTooDeep = fmt.Errorf("it is nested more than %d deep", maxDepth)
	errTooMuch = fmt.Errorf("it has more than %d values", maxValues)
)

func (p *parser) value(depth int) (any, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if p.values++; p.values > maxValues {
		return nil, errTooMuch
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == maxDepth {
		return nil, errTooDeep
	}
	if delim == '{' {
		return p.object(depth)
	}
	return p.array(depth)
}

func (p *parser) object(depth int) (any, error) {
	o := newObject()
	for p.dec.More() {
		token, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, noEnd(err)
		}
		if o.has(key) && p.duplicate == "" {
			p.duplicate = key
		}
		o.set(key, value)
	}
	_, err := p.dec.Token()
	return o, noEnd(err)
}

func (p *parser) array(depth int) (any, error) {
	items := []any{}
	for p.dec.More() {
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, noEnd(err)
		}
		items = append(items, value)
	}
	_, err := p.dec.Token()
	return items, noEnd(err)
}

// noEnd is err, but for an end that comes too soon.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// encode writes a value as a file has it: indented, with a line end.
func encode(value any) []byte {
	return append(appendValue(nil, value, "\n"), '\n')
}

// appendValue appends a value; indent is what a line of it begins with.
func appendValue(out []byte, value any, indent string) []byte {
	inner := indent + "  "
	switch v := value.(type) {
	case *object:
		if len(v.keys) == 0 {
			return append(out, "{}"...)
		}
		out = append(out, '{')
		for i, key := range v.keys {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(append(out, inner...), key), ": "...)
			out = appendValue(out, v.values[key], inner)
		}
		return append(append(out, indent...), '}')
	case []any:
		if len(v) == 0 {
			return append(out, "[]"...)
		}
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(append(out, inner...), item, inner)
		}
		return append(append(out, indent...), ']')
	case string:
		return appendText(out, v)
	case json.Number:
		return append(out, v...)
	case bool:
		return fmt.Append(out, v)
	}
	return append(out, "null"...)
}

func appendText(out []byte, text string) []byte {
	quoted, err := jsontext.Marshal(text)
	if err != nil {
		panic(err) // of a string, which always can be written
	}
	return append(out, quoted...)
}

// equal reports whether two values are the same JSON, in whatever order of keys.
func equal(a, b any) bool {
	switch a := a.(type) {
	case *object:
		b, ok := b.(*object)
		if !ok || len(a.keys) != len(b.keys) {
			return false
		}
		for _, key := range a.keys {
			if !b.has(key) || !equal(a.values[key], b.values[key]) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	}
	if _, container := b.(*object); container {
		return false
	}
	if _, container := b.([]any); container {
		return false
	}
	return a == b
}
