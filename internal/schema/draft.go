package schema

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A draft is a version of the schema language.
type draft struct {
	name string // as Options have it
	url  string // of its metaschema
	id   string // the keyword for the URL of a schema
	v5   *jsonschema.Draft
	// refAlone says that a $ref has the keywords beside it ignored.
	refAlone bool
}

// drafts are those that are understood, oldest first.
func drafts() []*draft {
	return []*draft{
		{"4", "http://json-schema.org/draft-04/schema#", "id", jsonschema.Draft4, true},
		{"6", "http://json-schema.org/draft-06/schema#", "$id", jsonschema.Draft6, true},
		{"7", "http://json-schema.org/draft-07/schema#", "$id", jsonschema.Draft7, true},
		{"2019-09", "https://json-schema.org/draft/2019-09/schema", "$id", jsonschema.Draft2019, false},
		{"2020-12", "https://json-schema.org/draft/2020-12/schema", "$id", jsonschema.Draft2020, false},
	}
}

// draftNamed is the draft of a name of Options.Draft.
func draftNamed(name string) (*draft, error) {
	var names []string
	for _, d := range drafts() {
		if d.name == name {
			return d, nil
		}
		names = append(names, d.name)
	}
	return nil, fmt.Errorf("want one of the drafts %s, got %q", strings.Join(names, ", "), name)
}

// draftOfURL is the draft of a $schema; nil where it is none that is known.
func draftOfURL(url string) *draft {
	url = strings.TrimRight(strings.TrimSpace(url), "#/")
	_, rest, _ := strings.Cut(url, "://")
	rest = strings.TrimSuffix(rest, "/hyper-schema")
	rest = strings.TrimSuffix(rest, "/schema")
	switch rest {
	case "json-schema.org/draft-04", "json-schema.org/draft-05": // 5 has the keywords of 4
		return mustDraft("4")
	case "json-schema.org/draft-06":
		return mustDraft("6")
	case "json-schema.org/draft-07":
		return mustDraft("7")
	case "json-schema.org/draft/2019-09":
		return mustDraft("2019-09")
	case "json-schema.org/draft/2020-12", "json-schema.org":
		return mustDraft("2020-12")
	}
	if strings.HasPrefix(rest, "spec.openapis.org/oas/3.1/") || strings.HasPrefix(rest, "spec.openapis.org/oas/3.2/") {
		return mustDraft("2020-12")
	}
	return nil
}

func mustDraft(name string) *draft {
	d, err := draftNamed(name)
	if err != nil {
		panic(err)
	}
	return d
}

// A tally counts keywords that only some drafts have.
type tally map[string]bool

// draftByKeywords is the draft whose keywords a schema has; nil where all drafts have
// them.
func draftByKeywords(doc any) *draft {
	seen := tally{}
	seen.count(doc)
	switch {
	case seen["$recursiveRef"] || seen["$recursiveAnchor"]:
		return mustDraft("2019-09")
	case seen["prefixItems"] || seen["$dynamicRef"] || seen["$dynamicAnchor"]:
		return mustDraft("2020-12")
	case seen["boolean bounds"]:
		return mustDraft("4")
	case seen["late"] && seen["items list"]:
		return mustDraft("2019-09")
	case seen["late"]:
		return mustDraft("2020-12")
	case seen["id"] && !seen["middle"]:
		return mustDraft("4")
	case seen["early"] || seen["items list"]:
		return mustDraft("7")
	}
	return nil
}

// count notes the keywords of a schema and of those inside it.
func (seen tally) count(node any) {
	object, ok := node.(map[string]any)
	if !ok {
		return
	}
	for keyword, value := range object {
		switch keyword {
		case "$recursiveRef", "$recursiveAnchor", "prefixItems", "$dynamicRef", "$dynamicAnchor":
			seen[keyword] = true
		case "$defs", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas", "dependentRequired", "$anchor", "minContains":
			seen["late"] = true
		case "$id", "const", "contains", "propertyNames", "if", "examples":
			seen["middle"] = true
		case "additionalItems", "dependencies", "definitions":
			seen["early"] = true
		}
		switch value.(type) {
		case bool:
			if keyword == "exclusiveMinimum" || keyword == "exclusiveMaximum" {
				seen["boolean bounds"] = true
			}
		case string:
			if keyword == "id" {
				seen["id"] = true
			}
		case []any:
			if keyword == "items" {
				seen["items list"] = true
			}
		}
	}
	for _, inner := range subschemas(object) {
		seen.count(inner.node)
	}
}
