package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// webhookKeys are where OpenAPI documents have their webhooks: the second is older than
// the first.
func webhookKeys() []string { return []string{"webhooks", "x-webhooks"} }

// openAPI takes the webhooks of an OpenAPI document.
func (r *reader) openAPI(doc *document) error {
	root, ok := doc.root().(*jsontext.Object)
	version := root.Text("openapi")
	if !ok || !strings.HasPrefix(version, "3.") {
		return fmt.Errorf("%s: want OpenAPI 3.0 or 3.1, got %q", doc.name, version)
	}
	major, minor, _ := strings.Cut(version, ".")
	minor, _, _ = strings.Cut(minor, ".")
	r.format = "openapi " + major + "." + minor
	r.title = root.Object("info").Text("title")
	r.draft, r.openapi3 = draft2020, minor == "0"
	if dialect := root.Text("jsonSchemaDialect"); dialect != "" {
		draft, known := draftOf(dialect)
		if r.draft = draft; !known {
			r.warnings.add("the dialect %q is not known: read as JSON Schema 2020-12", dialect)
		}
	}
	found := false
	seen := map[string]bool{}
	for _, key := range webhookKeys() {
		webhooks := root.Object(key)
		if webhooks == nil {
			continue
		}
		found = true
		for _, name := range webhooks.Keys() {
			if !seen[name] && !strings.HasPrefix(name, "x-") {
				seen[name] = true
				r.webhook(place{doc: doc}.below(key).below(name), name)
			}
		}
	}
	if !found {
		return noWebhooks(doc, root)
	}
	return nil
}

// noWebhooks says what was looked for in vain.
func noWebhooks(doc *document, root *jsontext.Object) error {
	has := "it describes requests only"
	if root.Object("paths") == nil {
		has = "it describes nothing of the kind"
	}
	if hasCallbacks(root) {
		has = "its callbacks belong to requests, and are no event types"
	}
	return fmt.Errorf("%s: it has no webhooks: looked for %s; %s", doc.name, strings.Join(webhookKeys(), " and "), has)
}

func hasCallbacks(root *jsontext.Object) bool {
	paths := root.Object("paths")
	if paths == nil {
		return false
	}
	for _, name := range paths.Keys() {
		item := paths.Object(name)
		for _, method := range methods() {
			if item.Object(method).Object("callbacks") != nil {
				return true
			}
		}
	}
	return false
}

// methods are those by which an event may come, the common one first.
func methods() []string {
	return []string{"post", "put", "patch", "get", "delete", "options", "head", "trace"}
}

// webhook takes the event that a path item describes; with several methods, one for each.
func (r *reader) webhook(at place, key string) {
	name := strings.TrimLeft(key, "/")
	item, at, err := r.lib.follow(at)
	if err != nil {
		r.events = append(r.events, rawEvent{name: name, fault: err, origin: at.doc.name})
		return
	}
	first := true
	for _, method := range methods() {
		if item.Object(method) == nil {
			continue
		}
		operation := at.below(method)
		event := r.operation(item, at, operation)
		if event.name = name; !first {
			event.name = name + "." + method
		}
		first = false
		r.events = append(r.events, event)
	}
	if first {
		r.events = append(r.events, rawEvent{name: name, origin: at.doc.name, fault: errors.New("it has no operation such as post")})
	}
}

// operation reads what one method of a path item says.
func (r *reader) operation(item *jsontext.Object, itemAt, at place) rawEvent {
	o := item.Object(at.last())
	event := rawEvent{
		about: sentence(o.Text("description"), o.Text("summary"), item.Text("description"), item.Text("summary")), deprecated: o.Truth("deprecated"),
		group: o.Text("x-svix-group-name"), origin: at.doc.name, words: words(o),
	}
	if tags := o.List("tags"); event.group == "" && len(tags) > 0 {
		event.group, _ = tags[0].(string)
	}
	event.headers = r.parameters(append(r.places(at.below("parameters"), o.List("parameters")), r.places(itemAt.below("parameters"), item.List("parameters"))...))
	if !o.Has("requestBody") {
		return event
	}
	body, bodyAt, err := r.lib.follow(at.below("requestBody"))
	if err != nil {
		event.fault = err
		return event
	}
	r.content(&event, body.Object("content"), bodyAt.below("content"))
	return event
}

func (r *reader) places(at place, items []any) []place {
	all := make([]place, len(items))
	for i := range items {
		all[i] = at.item(i)
	}
	return all
}

// content takes the schema and the examples of the media type that is JSON.
func (r *reader) content(event *rawEvent, content *jsontext.Object, at place) {
	name := jsonType(content)
	switch {
	case name == "" && content.Len() > 0:
		event.fault = fmt.Errorf("its body comes as %s, which is not JSON", some(content.Keys()))
		return
	case name == "":
		return
	}
	media, mediaAt, err := r.lib.follow(at.below(name))
	if err != nil {
		event.fault = err
		return
	}
	if media.Has("schema") {
		schema := mediaAt.below("schema")
		event.schema = &schema
	}
	if media.Has("example") {
		event.examples = append(event.examples, example{"", media.Get("example")})
	}
	named := media.Object("examples")
	if named == nil {
		return
	}
	for _, key := range named.Keys()[:min(named.Len(), maxExamples)] {
		shown, _, err := r.lib.follow(mediaAt.below("examples").below(key))
		switch {
		case err != nil:
			r.warnings.add("%s: the example %q is left out: %v", event.origin, key, err)
		case shown.Has("value"):
			event.examples = append(event.examples, example{key, shown.Get("value")})
		case shown.Has("externalValue"):
			r.warnings.add("%s: the example %q is left out: it is elsewhere, and nothing outside of what is given is read", event.origin, key)
		}
	}
}

// maxHeaders is how many parameters of an event are looked at.
const maxHeaders = 100

// parameters are the header fields that parameters describe.
func (r *reader) parameters(all []place) []header {
	var found []header
	for _, at := range all[:min(len(all), maxHeaders)] {
		o, at, err := r.lib.follow(at)
		if err != nil || !strings.EqualFold(o.Text("in"), "header") {
			continue
		}
		schema, _, _ := r.lib.follow(at.below("schema"))
		h := header{name: o.Text("name")}
		if h.value, h.fixed = fixedValue(schema); !h.fixed {
			h.value = exampleText(o, schema)
		}
		if !slices.ContainsFunc(found, func(other header) bool { return strings.EqualFold(other.name, h.name) }) && h.isField() {
			found = append(found, h)
		}
	}
	return found
}

// fixedValue is the only value that a schema allows, where it is a plain one.
func fixedValue(schema *jsontext.Object) (string, bool) {
	if text, ok := plainText(schema.Get("const")); ok {
		return text, true
	}
	if values := schema.List("enum"); len(values) == 1 {
		return plainText(values[0])
	}
	return "", false
}

// exampleText is the first example of a parameter or its schema.
func exampleText(o, schema *jsontext.Object) string {
	values := []any{o.Get("example")}
	if named := o.Object("examples"); named.Len() > 0 {
		values = append(values, named.Object(named.Keys()[0]).Get("value"))
	}
	values = append(values, schema.Get("example"))
	if list := schema.List("examples"); len(list) > 0 {
		values = append(values, list[0])
	}
	for _, value := range append(values, schema.Get("default")) {
		if text, ok := plainText(value); ok {
			return text
		}
	}
	return ""
}

// plainText is a scalar as a header or a name has it.
func plainText(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, v != ""
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// words are the texts beside an event in which its name may stand as messages have it.
func words(o *jsontext.Object) []string {
	all := []string{o.Text("operationId"), o.Object("externalDocs").Text("url"), o.Text("summary"), o.Text("description")}
	for _, key := range o.Keys() {
		if extension := o.Object(key); len(all) < maxWords && extension != nil && strings.HasPrefix(key, "x-") {
			for _, inner := range extension.Keys() {
				all = append(all, extension.Text(inner))
			}
		}
	}
	for i, text := range all {
		all[i] = text[:min(len(text), maxText)]
	}
	return all
}
