package importer

import (
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// The drafts of JSON Schema that bundles are written in.
const (
	draft4    = "http://json-schema.org/draft-04/schema#"
	draft6    = "http://json-schema.org/draft-06/schema#"
	draft7    = "http://json-schema.org/draft-07/schema#"
	draft2019 = "https://json-schema.org/draft/2019-09/schema"
	draft2020 = "https://json-schema.org/draft/2020-12/schema"
)

// draftOf is the draft that a $schema names; false where it is another dialect, which is
// then read as one of them.
func draftOf(schema string) (string, bool) {
	_, name, _ := strings.Cut(strings.TrimRight(schema, "#/"), "://")
	switch strings.TrimPrefix(name, "www.") {
	case "json-schema.org/draft-03/schema", "json-schema.org/draft-04/schema", "json-schema.org/draft-05/schema":
		return draft4, true
	case "json-schema.org/draft-06/schema":
		return draft6, true
	case "json-schema.org/draft-07/schema":
		return draft7, true
	case "json-schema.org/draft/2019-09/schema":
		return draft2019, true
	case "json-schema.org/draft/2020-12/schema", "json-schema.org/schema":
		return draft2020, true
	}
	// The dialects of OpenAPI 3.1 are 2020-12 with keywords of its own.
	known := strings.HasPrefix(name, "spec.openapis.org/oas/3.1/") || strings.HasPrefix(name, "spec.openapis.org/oas/3.2/")
	return draft2020, known
}

// guessDraft is the draft of a schema that does not say, by its keywords: the older drafts
// have some that later ones read otherwise.
func guessDraft(schema any) string {
	found := draft2020
	var look func(v any, depth int)
	look = func(v any, depth int) {
		switch v := v.(type) {
		case *jsontext.Object:
			_, tuple := v.Get("items").([]any)
			_, flag := v.Get("exclusiveMinimum").(bool)
			_, other := v.Get("exclusiveMaximum").(bool)
			switch {
			case flag || other:
				found = draft4
			case found == draft2020 && (tuple || v.Has("additionalItems") || v.Object("definitions") != nil || v.Object("dependencies") != nil):
				found = draft7
			}
			for _, inner := range v.All() {
				look(inner, depth+1)
			}
		case []any:
			for _, item := range v {
				look(item, depth+1)
			}
		}
	}
	look(schema, 0)
	return found
}
