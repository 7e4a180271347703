package importer

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// isEventTypes reports whether JSON values are event types as Svix has them: one or
// several pages, lists, or event types alone.
func isEventTypes(values []any) bool {
	types, ok := eventTypes(values[0])
	if !ok {
		return false
	}
	if len(types) > 0 {
		return isEventType(types[0].value)
	}
	root, page := values[0].(*jsontext.Object) // a page may be empty
	return page && root.Has("iterator") && root.Has("done")
}

func isEventType(v any) bool {
	o, _ := v.(*jsontext.Object)
	if o.Text("name") == "" {
		return false
	}
	for _, key := range []string{"schemas", "archived", "groupName", "featureFlag", "featureFlags"} {
		if o.Has(key) {
			return true
		}
	}
	return false
}

// A listed event type is one with its place below the value that it is in.
type listedType struct {
	value   any
	pointer string
}

// eventTypes are the items of a page, of a list, or the one event type that a value is.
func eventTypes(v any) ([]listedType, bool) {
	pointer := ""
	items, ok := v.([]any)
	if o, page := v.(*jsontext.Object); page {
		if !o.Has("data") {
			return []listedType{{v, ""}}, true
		}
		items, ok = o.Get("data").([]any)
		pointer = "/data"
	}
	types := make([]listedType, len(items))
	for i, item := range items {
		types[i] = listedType{item, fmt.Sprintf("%s/%d", pointer, i)}
	}
	return types, ok
}

// svix takes the event types of an export from Svix: what its API answers to
// GET /api/v1/event-type?with_content=true.
func (r *reader) svix(doc *document) error {
	r.format = "svix"
	without := 0
	for n, value := range doc.values {
		types, ok := eventTypes(value)
		if o, _ := value.(*jsontext.Object); o.Text("name") == "" {
			if err := failedAnswer(o); err != nil {
				return fmt.Errorf("%s: %w", doc.name, err)
			}
		}
		if !ok {
			return fmt.Errorf("%s: want pages or lists of event types, got something else", doc.name)
		}
		// Each value has references of its own.
		page := &document{name: doc.name, path: doc.path, files: doc.files, values: doc.values[n : n+1]}
		for _, one := range types {
			o, _ := one.value.(*jsontext.Object)
			if o == nil {
				return fmt.Errorf("%s: want event types, got something else at %s", doc.name, one.pointer)
			}
			event := r.eventType(page, o, one.pointer)
			if event.schema == nil && event.fault == nil {
				without++
			}
			r.events = append(r.events, event)
		}
		root, _ := value.(*jsontext.Object)
		switch done, says := root.Get("done").(bool); {
		case says && done:
			r.finished = true
		case says:
			r.unfinished = doc.name
		}
	}
	if without > 0 {
		r.warnings.add("%s: events without a schema: %d; an export has the schemas where it was asked for with with_content=true", doc.name, without)
	}
	return nil
}

// eventType reads one event type.
func (r *reader) eventType(page *document, o *jsontext.Object, pointer string) rawEvent {
	event := rawEvent{
		name: o.Text("name"), about: sentence(o.Text("description")), group: o.Text("groupName"), origin: page.name,
		deprecated: o.Truth("deprecated") || o.Truth("archived"), words: []string{o.Text("description")},
	}
	if o.Truth("archived") {
		event.note = "archived"
	}
	key, err := schemaKey(o.Get("schemas"))
	if err != nil {
		event.fault = err
	}
	if key == nil {
		return event
	}
	// A schema is a document of its own: its references count from itself.
	schema := o.Get("schemas")
	if *key != "" {
		schema = o.Object("schemas").Get(*key)
	}
	event.schema = &place{doc: &document{name: page.name, path: page.path, files: page.files, values: []any{schema}}}
	return event
}

// schemaKey is the key of the schema that counts among those of an event type, which is the
// one of the highest version that has one; "" where there are no versions, but a schema; nil for none.
func schemaKey(schemas any) (*string, error) {
	all, ok := schemas.(*jsontext.Object)
	if schemas == nil || ok && all.Len() == 0 {
		return nil, nil
	}
	if !ok {
		return nil, errors.New("its schemas are not schemas by version")
	}
	best, highest := "", new(big.Int)
	for key, one := range all.All() {
		if !isDigits(key) || len(key) > 30 {
			return new(string), nil // all of it is one schema
		}
		n, _ := new(big.Int).SetString(key, 10)
		if one != nil && (best == "" || n.Cmp(highest) > 0) {
			best, highest = key, n
		}
	}
	if best == "" {
		return nil, nil
	}
	return &best, nil
}
