package importer

import (
	"bytes"
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

// parse reads all JSON values of a text: one, or those of NDJSON.
func parse(text []byte) (values []any, duplicate string, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return nil, "", errors.New("it is not text in UTF-8")
	}
	values, duplicate, err = jsontext.ParseAll(text, jsontext.Limits{Depth: maxDepth, Values: maxValues})
	return values, duplicate, explain(err, text)
}

// explain says where a text is not JSON.
func explain(err error, text []byte) error {
	var syntax *jsontext.SyntaxError
	switch {
	case errors.As(err, new(jsontext.TooDeepError)):
		return fmt.Errorf("it is nested more than %d deep", maxDepth)
	case errors.As(err, new(jsontext.TooManyError)):
		return fmt.Errorf("it has more than %d values", maxValues)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is not JSON: it ends too soon")
	case errors.As(err, &syntax):
		line, _ := jsontext.NewRuler(text).At(syntax.Offset)
		return fmt.Errorf("it is not JSON: line %d: %w", line, err)
	}
	return err
}
