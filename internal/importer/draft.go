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

// age orders the drafts: the newest has the most.
func age(draft string) int {
	switch draft {
	case draft4:
		return 4
	case draft6:
		return 6
	case draft7:
		return 7
	case draft2019:
		return 8
	}
	return 9
}

// dialect is the draft that the schema at p is written in: by its own $schema, by that of
// a schema around it, by the whole document, or by its keywords; "" where nothing tells.
func (b *bundler) dialect(p place) string {
	says := p.doc.dialects()
	describes := p.doc.format == OpenAPI || p.doc.format == AsyncAPI // its own $schema is about itself
	for around := p.pointer; len(says) > 0; around = around[:strings.LastIndexByte(around, '/')] {
		if name := says[around]; name != "" && (around != "" || !describes) {
			return b.named(name)
		}
		if around == "" {
			break
		}
	}
	if describes {
		return b.draft
	}
	return p.doc.guessed()
}

// named is the draft that a $schema names. One that is not known is told.
func (b *bundler) named(schema string) string {
	draft, known := draftOf(schema)
	if !known {
		b.warnings.add("the dialect %q is not known: read as JSON Schema 2020-12", schema)
	}
	return draft
}

// guessed is the draft of a document that does not say, by its keywords; "" for none.
func (d *document) guessed() string {
	if d.guess == nil {
		guess := guessDraft(d.root())
		d.guess = &guess
	}
	return *d.guess
}

// guessDraft is the draft that the keywords of a schema tell, "" where they do not: some of
// the older drafts mean something else in later ones.
func guessDraft(schema any) string {
	o, _ := schema.(*jsontext.Object)
	found := ""
	older := func(draft string) {
		if draft != "" && (found == "" || age(draft) < age(found)) {
			found = draft
		}
	}
	for key, value := range o.All() {
		older(draftBy(key, value))
		switch kindOf(key) {
		case oneSchema, schemaList, someSchemas:
			if items, list := value.([]any); list {
				for _, item := range items {
					older(guessDraft(item))
				}
			} else {
				older(guessDraft(value))
			}
		case schemaMap, dependency, definitions:
			named, _ := value.(*jsontext.Object)
			for _, inner := range named.All() {
				older(guessDraft(inner))
			}
		}
	}
	return found
}

// draftBy is the newest draft that has a keyword with such a value, or the oldest that
// does, where others have it in another form; "" where most have it.
func draftBy(key string, value any) string {
	_, object := value.(*jsontext.Object)
	_, list := value.([]any)
	_, flag := value.(bool)
	switch key {
	case "exclusiveMinimum", "exclusiveMaximum":
		if flag {
			return draft4
		}
	case "items":
		if list {
			return draft7
		}
	case "additionalItems":
		return draft7
	case "definitions", "dependencies":
		if object {
			return draft7
		}
	case "prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef":
		return draft2020
	}
	return ""
}
