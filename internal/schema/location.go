package schema

import (
	"net/url"
	"path"
	"strings"
	"sync"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// An index finds the schemas of a compiled one by their location.
type index struct {
	of   *compiled
	once sync.Once
	at   map[string]*jsonschema.Schema
}

// find parts the location of a keyword into its schema and the keyword with what
// follows: "type", "dependencies/a/0". The schema is nil where it is not known.
func (x *index) find(location string) (*jsonschema.Schema, string) {
	x.once.Do(func() {
		x.at = map[string]*jsonschema.Schema{}
		x.of.each(func(s *jsonschema.Schema) { x.at[s.Location] = s })
	})
	end := len(location)
	for range 4 {
		rest := strings.TrimPrefix(location[end:], "/")
		if s := x.at[location[:end]]; s != nil && isKeyword(rest) {
			return s, rest
		}
		if end = strings.LastIndexByte(location[:end], '/'); end < 0 {
			break
		}
	}
	return nil, location[strings.LastIndexByte(location, '/')+1:]
}

// isKeyword reports whether the rest of a location is a keyword of the schema before it.
// More than one step is that of another schema, but for keywords that are told of with a
// name or number.
func isKeyword(rest string) bool {
	word, _, more := strings.Cut(rest, "/")
	if !more {
		return true
	}
	switch word {
	case "allOf", "dependencies", "dependentRequired", "patternProperties":
		return true
	}
	return false
}

// pointerOf is a location of jsonschema/v5 inside an instance as a JSON pointer: v5
// encodes it for URLs as well.
func pointerOf(location string) string {
	if !strings.Contains(location, "%") {
		return location
	}
	plain, err := url.PathUnescape(location)
	if err != nil {
		return location
	}
	return plain
}

// rule names a place in a schema for people: the file, then the JSON pointer.
func rule(location string) string {
	base, fragment, _ := strings.Cut(location, "#")
	return shortURL(base) + "#" + strings.ReplaceAll(pointerOf(fragment), mark, "")
}

// shortURL is what of a schema's URL tells it from others of hookctl: what follows the
// folder "schemas", or else its last part.
func shortURL(full string) string {
	full = strings.TrimRight(full, "/")
	if i := strings.LastIndex(full, "/schemas/"); i >= 0 {
		return full[i+len("/schemas/"):]
	}
	if short := path.Base(full); short != "." && short != "/" {
		return short
	}
	return full
}

// isName reports whether the value at a keyword is the name of a property: whether it
// is in a schema for these. The location is the way that was taken through the schema.
func isName(keywordLocation string) bool {
	tokens := jsontext.Tokens(keywordLocation)
	for i := 0; i < len(tokens); i++ {
		if tokens[i] == "propertyNames" {
			return true
		}
		if places(tokens[i])&inObject != 0 || tokens[i] == "dependentRequired" {
			i++ // a name follows
		}
	}
	return false
}
