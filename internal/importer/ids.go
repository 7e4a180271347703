package importer

import (
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// byID returns the schema whose $id an address means that stands at p, in the same
// document, or, where that is a whole URL, in any.
func (lib *library) byID(p place, address string) (place, bool) {
	from := p.doc
	_, base := from.resource(p.pointer)
	full := joinURL(base, address)
	whole := strings.Contains(full, ":")
	if at, ok := from.named()[full]; ok && whole {
		return at, true
	}
	if at, ok := from.named()[address]; ok {
		return at, true
	}
	if !whole || from.files == nil {
		return place{}, false
	}
	at, ok := from.files.named()[full]
	return at, ok
}

// named are the schemas of all files that were read, by their $id.
func (f *folder) named() map[string]place {
	if f.ids == nil {
		f.ids = map[string]place{}
		for _, name := range f.names {
			if doc := f.docs[name]; doc != nil {
				for id, at := range doc.named() {
					if _, taken := f.ids[id]; !taken {
						f.ids[id] = at
					}
				}
			}
		}
	}
	return f.ids
}

// resource is the pointer of the schema nearest around one that has an $id, with the whole
// of that; "" for the document.
func (d *document) resource(pointer string) (around, id string) {
	d.named()
	for ; len(d.resources) > 0; pointer = pointer[:strings.LastIndexByte(pointer, '/')] {
		if id := d.resources[pointer]; id != "" || pointer == "" {
			return pointer, id
		}
	}
	return "", ""
}

// dialects are the $schema of all schemas in d that have one, by their pointers.
func (d *document) dialects() map[string]string {
	d.named()
	return d.schemas
}

// named are the schemas in d by their $id, and the places of anchors by "#" and their name.
func (d *document) named() map[string]place {
	if d.ids == nil {
		d.ids, d.resources, d.schemas = map[string]place{}, map[string]string{}, map[string]string{}
		d.note(place{d, ""}, d.root(), "")
	}
	return d.ids
}

// note looks for names in v, which stands at p. base is the $id around.
func (d *document) note(p place, v any, base string) {
	switch v := v.(type) {
	case *jsontext.Object:
		for _, key := range []string{"$id", "id"} {
			id := v.Text(key)
			if id == "" || key == "id" && v.Get("properties") == nil && v.Get("$ref") == nil && v.Get("type") == nil {
				continue
			}
			if strings.HasPrefix(id, "#") {
				d.keep(id, p)
				continue
			}
			base = joinURL(base, id)
			if key == "$id" {
				d.resources[p.pointer] = base
			}
			d.keep(strings.TrimSuffix(id, "#"), p)
			d.keep(strings.TrimSuffix(base, "#"), p)
		}
		if name := v.Text("$schema"); name != "" {
			d.schemas[p.pointer] = name
		}
		for _, key := range []string{"$anchor", "$dynamicAnchor"} {
			if name := v.Text(key); name != "" {
				d.keep("#"+name, p)
			}
		}
		for key, inner := range v.All() {
			d.note(p.below(key), inner, base)
		}
	case []any:
		for i, item := range v {
			d.note(p.item(i), item, base)
		}
	}
}

func (d *document) keep(id string, p place) {
	if _, taken := d.ids[id]; !taken && id != "" {
		d.ids[id] = p
	}
}

// joinURL resolves an address against another; it is taken as it is where that cannot be.
func joinURL(base, ref string) string {
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	to, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return to.String()
}
