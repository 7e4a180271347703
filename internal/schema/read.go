package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// maxSchemaDepth is how deep a schema may be nested: it is held against the schema of
// its draft, which has the price of all recursive schemas. 150 levels are 75 objects
// inside each other.
const maxSchemaDepth = 150

// maxOddities is how many oddities of a text are looked at.
const maxOddities = 10 * MaxFaults

func textBounds() jsontext.Bounds {
	return jsontext.Bounds{Depth: MaxDepth, Number: MaxNumber, Exponent: MaxExponent, Oddities: maxOddities}
}

func schemaBounds() jsontext.Bounds {
	b := textBounds()
	b.Depth = maxSchemaDepth
	return b
}

// A syntaxError is why a text is not JSON, and where.
type syntaxError struct {
	reason string
	offset int
}

func (e *syntaxError) Error() string { return e.reason }

// errNested is about a text that encoding/json refuses for its depth.
var errNested = errors.New("exceeded max depth")

// decode reads a JSON text whole, numbers as they are written. The error is a
// *syntaxError or errNested.
func decode(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return nil, whyNotJSON(text, err)
	}
	if rest := bytes.TrimLeft(text[dec.InputOffset():], " \t\r\n"); len(rest) > 0 {
		return nil, &syntaxError{"text follows the end of the JSON value", len(text) - len(rest)}
	}
	return value, nil
}

func whyNotJSON(text []byte, err error) error {
	if strings.Contains(err.Error(), errNested.Error()) {
		return errNested
	}
	start := len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
	switch {
	case len(text) == 0:
		return &syntaxError{"it is empty", 0}
	case start == len(text):
		return &syntaxError{"it has nothing but white space", start}
	case bytes.HasPrefix(text, []byte("\ufeff")):
		return &syntaxError{"it begins with a byte order mark", 0}
	case text[start] == '<':
		return &syntaxError{"it begins as XML and HTML do", start}
	}
	var wrong *json.SyntaxError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || !errors.As(json.Unmarshal(text, new(any)), &wrong) ||
		strings.HasPrefix(wrong.Error(), "unexpected end") {
		return &syntaxError{"it ends in the middle of a value", len(text)}
	}
	at := min(max(int(wrong.Offset)-1, 0), len(text)-1)
	return &syntaxError{"got " + characterAt(text, at) + wantedAt(wrong.Error()), at}
}

// characterAt shows the character at a place of a text.
func characterAt(text []byte, at int) string {
	for _, word := range []string{"NaN", "Infinity", "undefined", "None", "True", "False"} {
		if bytes.HasPrefix(text[at:], []byte(word)) {
			return word
		}
	}
	r, size := utf8.DecodeRune(text[at:])
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("byte 0x%02x", text[at])
	}
	return fmt.Sprintf("%q", r)
}

// wantedAt says what encoding/json looked for at a place.
func wantedAt(said string) string {
	for _, known := range []struct{ said, want string }{
		{"looking for beginning of value", "where a value has to be"},
		{"looking for beginning of object key", "where a key in double quotes has to be"},
		{"after object key:value pair", "where a comma or a closing brace has to be"},
		{"after object key", "where a colon has to be"},
		{"after array element", "where a comma or a closing bracket has to be"},
		{"in string literal", "in a string, where it must be escaped"},
		{"in string escape code", "after a backslash"},
		{"hexadecimal character escape", "where a hexadecimal digit has to be"},
		{"numeric literal", "where a digit has to be"},
		{"in literal true", `where "true" goes on`},
		{"in literal false", `where "false" goes on`},
		{"in literal null", `where "null" goes on`},
	} {
		if strings.Contains(said, known.said) {
			return " " + known.want
		}
	}
	return ", which has no place there"
}

// readSchema reads the text of a schema.
func readSchema(text []byte) (any, error) {
	value, err := decode(text)
	var wrong *syntaxError
	if errors.As(err, &wrong) {
		line, column := jsontext.NewRuler(text).At(wrong.offset)
		return nil, fmt.Errorf("not JSON: line %d, column %d: %w", line, column, wrong)
	}
	found := jsontext.ScanText(text, schemaBounds())
	for _, odd := range found.Oddities {
		if fault := oddFault(odd, maxSchemaDepth); fault.Class == hook.ClassWrong {
			line, column := jsontext.NewRuler(text).At(odd.Offset)
			return nil, fmt.Errorf("line %d, column %d: %s", line, column, fault.Message)
		}
	}
	return value, err
}

// oddFault is an oddity as a fault.
func oddFault(odd jsontext.Oddity, depth int) finding {
	fault := finding{hook.Fault{Class: hook.ClassDoubt, Offset: odd.Offset}, odd.Place}
	switch odd.Kind {
	case jsontext.TooDeep:
		fault.Kind, fault.Class = KindDepth, hook.ClassWrong
		fault.Message = fmt.Sprintf("nested more than %d deep, and so not checked", depth)
	case jsontext.LongNumber:
		fault.Kind, fault.Class = KindNumber, hook.ClassWrong
		fault.Message = fmt.Sprintf("number of %d characters, and so not checked: at most %d are", len(odd.Text), MaxNumber)
	case jsontext.BigExponent:
		fault.Kind, fault.Class = KindNumber, hook.ClassWrong
		fault.Message = fmt.Sprintf("number %s, and so not checked: exponents go to %d", cut(odd.Text), MaxExponent)
	case jsontext.RepeatedKey:
		fault.Kind = KindDuplicateKey
		fault.Message = fmt.Sprintf("key %s is there more than once: some readers take the first, some the last", shown(odd.Text))
	case jsontext.NotUTF8:
		fault.Kind = KindEncoding
		fault.Message = fmt.Sprintf("byte 0x%02x is not UTF-8", odd.Text[0])
	case jsontext.HalfPair:
		fault.Kind = KindEncoding
		fault.Message = fmt.Sprintf("%s is half a surrogate pair", odd.Text)
	}
	return fault
}
