package schema

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// follow goes to where a reference leads, if it has not been gone through.
func (l *library) follow(from visit, keyword, ref string) {
	full := resolve(from.base, ref)
	target, fragment, _ := strings.Cut(full, "#")
	at, ok := l.find(from.doc, target)
	if !ok {
		if draftOfURL(target) != nil || strings.Contains(target, "json-schema.org/draft/") {
			return
		}
		doc, err := l.load(target)
		if err != nil { // jsonschema/v5 asks again, if it needs it
			if l.asked[target] == "" {
				l.asked[target] = l.place(from.doc, from.pointer+"/"+keyword) + ": "
			}
			return
		}
		at = visit{doc, part{node: doc.root, base: target}}
	}
	if !strings.HasPrefix(fragment, "/") {
		return
	}
	if at, _, ok = at.down(fragment); !ok {
		l.dangling[full] = l.place(from.doc, from.pointer+"/"+keyword)
		return
	}
	l.queue = append(l.queue, at)
}

// find returns the schema whose URL is url; from is preferred.
func (l *library) find(from *document, url string) (visit, bool) {
	if inner, ok := from.parts[url]; ok {
		return visit{from, inner}, true
	}
	if doc := l.docs[url]; doc != nil {
		return visit{doc, part{node: doc.root, base: url}}, true
	}
	for _, doc := range l.docs {
		if inner, ok := doc.parts[url]; ok {
			return visit{doc, inner}, true
		}
	}
	return visit{}, false
}

// A reference is a keyword that refers to another schema, as it was written.
type reference struct {
	from         visit
	keyword, ref string
}

// redirect has references that lead through keywords that have been marked lead there
// still.
func (l *library) redirect() {
	for _, r := range l.refs {
		target, fragment, _ := strings.Cut(resolve(r.from.base, r.ref), "#")
		at, ok := l.find(r.from.doc, target)
		if !ok || !strings.HasPrefix(fragment, "/") {
			continue
		}
		_, passed, ok := at.down(fragment)
		if object, isObject := r.from.node.(map[string]any); ok && isObject && strings.Contains(passed, mark) {
			before, _, _ := strings.Cut(r.ref, "#")
			object[r.keyword], r.from.doc.changed = before+"#"+encoded(passed), true
		}
	}
	l.refs = nil
}

// encoded is a JSON pointer as the fragment of a URL.
func encoded(pointer string) string {
	var b strings.Builder
	for _, token := range jsontext.Tokens(pointer) {
		b.WriteString("/" + pathOf(token))
	}
	return b.String()
}

// down goes to a place inside a schema, along the fragment of a URL. passed is the pointer
// of what it goes through, with marks.
func (v visit) down(fragment string) (at visit, passed string, ok bool) {
	for _, token := range strings.Split(fragment[1:], "/") {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		token = jsontext.Unescape(token)
		step := token
		switch node := v.node.(type) {
		case map[string]any:
			inner, ok := node[token]
			if !ok {
				step = mark + token
				if inner, ok = node[step]; !ok {
					return visit{}, "", false
				}
			}
			v.node = inner
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(node) {
				return visit{}, "", false
			}
			v.node = node[i]
		default:
			return visit{}, "", false
		}
		v.pointer += jsontext.Pointer(token)
		passed += jsontext.Pointer(step)
		if object, ok := v.node.(map[string]any); ok {
			v.base = baseOf(v.doc.draft, v.base, object)
		}
	}
	return v, passed, true
}

// baseOf is what references in a schema begin from.
func baseOf(d *draft, base string, object map[string]any) string {
	id, ok := object[d.id].(string)
	if _, isRef := object["$ref"]; !ok || isRef && d.refAlone {
		return base
	}
	if id, _, _ = strings.Cut(id, "#"); id == "" {
		return base
	}
	base, _, _ = strings.Cut(resolve(base, id), "#")
	return base
}

// resolve is a reference as a full URL, as jsonschema/v5 resolves it.
func resolve(base, ref string) string {
	if ref == "" {
		return base
	}
	to, err := url.Parse(ref)
	if err != nil || to.IsAbs() {
		return ref
	}
	if strings.HasPrefix(base, "urn:") {
		base, _, _ = strings.Cut(base, "#")
		return base + ref
	}
	from, err := url.Parse(base)
	if err != nil {
		return ref
	}
	return from.ResolveReference(to).String()
}
