package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Limits bound what is parsed: values take much more memory than their text.
type Limits struct {
	// Depth is how many objects and arrays may be in one another.
	Depth int
	// Values is how many values there may be in all, 0 for any number.
	Values int
}

// A TooDeepError is about a text that is nested deeper than the limit that it holds.
type TooDeepError int

func (e TooDeepError) Error() string { return fmt.Sprintf("nested deeper than %d", int(e)) }

// A TooManyError is about a text with more values than the limit that it holds.
type TooManyError int

func (e TooManyError) Error() string { return fmt.Sprintf("more than %d values", int(e)) }

// A SyntaxError says why a text is not JSON, and after how many bytes that shows.
type SyntaxError struct {
	Offset int
	Err    error
}

func (e *SyntaxError) Error() string { return e.Err.Error() }
func (e *SyntaxError) Unwrap() error { return e.Err }

// Parse reads a text of one value into *Object, []any, json.Number, string, bool and nil.
// Of a repeated key the last value counts, at the place of the first. A text that ends
// too soon is io.ErrUnexpectedEOF; other errors are a TooDeepError, a TooManyError, a
// *SyntaxError, or about what follows the value.
func Parse(text []byte, limits Limits) (any, error) {
	p := newParser(text, limits)
	value, err := p.value(0)
	if err != nil {
		return nil, noEnd(err)
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one JSON value")
	}
	return value, nil
}

// ParseAll reads a text of one value or more, as NDJSON has them. repeated is the first
// key that an object has twice, "" where there is none.
func ParseAll(text []byte, limits Limits) (values []any, repeated string, err error) {
	p := newParser(text, limits)
	for {
		value, err := p.value(0)
		if errors.Is(err, io.EOF) && len(values) > 0 {
			return values, p.repeated, nil
		}
		if err != nil {
			return nil, "", noEnd(err)
		}
		values = append(values, value)
	}
}

type parser struct {
	dec      *json.Decoder
	limits   Limits
	values   int
	repeated string
}

func newParser(text []byte, limits Limits) *parser {
	p := &parser{dec: json.NewDecoder(bytes.NewReader(text)), limits: limits}
	p.dec.UseNumber()
	return p
}

// value reads one value. The error is io.EOF where there is none.
func (p *parser) value(depth int) (any, error) {
	token, err := p.token()
	if err != nil {
		return nil, err
	}
	if p.values++; p.limits.Values > 0 && p.values > p.limits.Values {
		return nil, TooManyError(p.limits.Values)
	}
	delim, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	if depth >= p.limits.Depth {
		return nil, TooDeepError(p.limits.Depth)
	}
	if delim == '{' {
		return p.object(depth)
	}
	return p.array(depth)
}

func (p *parser) object(depth int) (any, error) {
	o := &Object{values: map[string]any{}}
	for p.dec.More() {
		token, err := p.token()
		if err != nil {
			return nil, noEnd(err)
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return nil, noEnd(err)
		}
		key, _ := token.(string)
		before := len(o.keys)
		if o.Set(key, value); len(o.keys) == before && p.repeated == "" {
			p.repeated = key
		}
	}
	_, err := p.token()
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
	_, err := p.token()
	return items, noEnd(err)
}

func (p *parser) token() (json.Token, error) {
	token, err := p.dec.Token()
	if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return token, err
	}
	at := int(p.dec.InputOffset())
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, int(syntax.Offset))
	}
	return nil, &SyntaxError{at, err}
}

// noEnd is err, but for an end that comes too soon.
func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
