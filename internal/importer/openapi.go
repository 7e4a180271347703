package importer

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// webhookKeys are where OpenAPI documents have their webhooks: the second is older than
// the first.
func webhookKeys() []string { return []string{"webhooks", "x-webhooks"} }

// openAPI takes the webhooks of an OpenAPI document.
func (r *reader) openAPI(doc *document) error {
	root, ok := doc.root().(*object)
	version := root.text("openapi")
	if !ok || !strings.HasPrefix(version, "3.") {
		return fmt.Errorf("%s: want OpenAPI 3.0 or 3.1, got %q", doc.name, version)
	}
	major, minor, _ := strings.Cut(version, ".")
	minor, _, _ = strings.Cut(minor, ".")
	r.format = "openapi " + major + "." + minor
	r.title = root.object("info").text("title")
	r.draft, r.openapi3 = draft2020, minor == "0"
	if dialect := root.text("jsonSchemaDialect"); dialect != "" {
		draft, known := draftOf(dialect)
		if r.draft = draft; !known {
			r.warnings.add("the dialect %q is not known: read as JSON Schema 2020-12", dialect)
		}
	}
	found := false
	seen := map[string]bool{}
	for _, key := range webhookKeys() {
		webhooks := root.object(key)
		if webhooks == nil {
			continue
		}
		found = true
		for _, name := range webhooks.keys {
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
func noWebhooks(doc *document, root *object) error {
	has := "it describes requests only"
	if root.object("paths") == nil {
		has = "it describes nothing of the kind"
	}
	if hasCallbacks(root) {
		has = "its callbacks belong to requests, and are no event types"
	}
	return fmt.Errorf("%s: it has no webhooks: looked for %s; %s", doc.name, strings.Join(webhookKeys(), " and "), has)
}

func hasCallbacks(root *object) bool {
	paths := root.object("paths")
	if paths == nil {
		return false
	}
	for _, name := range paths.keys {
		item := paths.object(name)
		for _, method := range methods() {
			if item.object(method).object("callbacks") != nil {
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
		if item.object(method) == nil {
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
func (r *reader) operation(item *object, itemAt, at place) rawEvent {
	o := item.object(at.last())
	event := rawEvent{
		about: sentence(o.text("description"), o.text("summary"), item.text("description"), item.text("summary")), deprecated: o.truth("deprecated"),
		group: o.text("x-svix-group-name"), origin: at.doc.name, words: words(o),
	}
	if tags := o.list("tags"); event.group == "" && len(tags) > 0 {
		event.group, _ = tags[0].(string)
	}
	event.headers = r.parameters(append(r.places(at.below("parameters"), o.list("parameters")), r.places(itemAt.below("parameters"), item.list("parameters"))...))
	if !o.has("requestBody") {
		return event
	}
	body, bodyAt, err := r.lib.follow(at.below("requestBody"))
	if err != nil {
		event.fault = err
		return event
	}
	r.content(&event, body.object("content"), bodyAt.below("content"))
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
func (r *reader) content(event *rawEvent, content *object, at place) {
	name := jsonType(content)
	if name == "" {
		return
	}
	media, mediaAt, err := r.lib.follow(at.below(name))
	if err != nil {
		event.fault = err
		return
	}
	if media.has("schema") {
		schema := mediaAt.below("schema")
		event.schema = &schema
	}
	if media.has("example") {
		event.examples = append(event.examples, example{"", media.get("example")})
	}
	named := media.object("examples")
	if named == nil {
		return
	}
	for _, key := range named.keys[:min(len(named.keys), maxExamples)] {
		shown, _, err := r.lib.follow(mediaAt.below("examples").below(key))
		switch {
		case err != nil:
			r.warnings.add("%s: the example %q is left out: %v", event.origin, key, err)
		case shown.has("value"):
			event.examples = append(event.examples, example{key, shown.get("value")})
		case shown.has("externalValue"):
			r.warnings.add("%s: the example %q is left out: it is elsewhere, and nothing outside of what is given is read", event.origin, key)
		}
	}
}

// jsonType is the media type whose payloads are JSON; the first where none says so.
func jsonType(content *object) string {
	if content == nil || len(content.keys) == 0 {
		return ""
	}
	for _, fits := range []func(string) bool{
		func(name string) bool { return name == "application/json" },
		func(name string) bool { return strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json") },
		func(name string) bool { return strings.HasSuffix(name, "*") },
	} {
		for _, key := range content.keys {
			if name, _, _ := strings.Cut(strings.ToLower(key), ";"); fits(strings.TrimSpace(name)) {
				return key
			}
		}
	}
	return content.keys[0]
}

// maxHeaders is how many parameters of an event are looked at.
const maxHeaders = 100

// parameters are the header fields that parameters describe.
func (r *reader) parameters(all []place) []header {
	var found []header
	for _, at := range all[:min(len(all), maxHeaders)] {
		o, at, err := r.lib.follow(at)
		if err != nil || !strings.EqualFold(o.text("in"), "header") {
			continue
		}
		schema, _, _ := r.lib.follow(at.below("schema"))
		h := header{name: o.text("name")}
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
func fixedValue(schema *object) (string, bool) {
	if text, ok := plainText(schema.get("const")); ok {
		return text, true
	}
	if values := schema.list("enum"); len(values) == 1 {
		return plainText(values[0])
	}
	return "", false
}

// exampleText is the first example of a parameter or its schema.
func exampleText(o, schema *object) string {
	values := []any{o.get("example")}
	if named := o.object("examples"); named != nil && len(named.keys) > 0 {
		values = append(values, named.object(named.keys[0]).get("value"))
	}
	values = append(values, schema.get("example"))
	if list := schema.list("examples"); len(list) > 0 {
		values = append(values, list[0])
	}
	for _, value := range append(values, schema.get("default")) {
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
func words(o *object) []string {
	all := []string{o.text("operationId"), o.object("externalDocs").text("url"), o.text("summary"), o.text("description")}
	for _, key := range o.keys {
		if extension := o.object(key); len(all) < maxWords && extension != nil && strings.HasPrefix(key, "x-") {
			for _, inner := range extension.keys {
				all = append(all, extension.text(inner))
			}
		}
	}
	for i, text := range all {
		all[i] = text[:min(len(text), maxText)]
	}
	return all
}
