package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
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
