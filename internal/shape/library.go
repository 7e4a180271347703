package shape

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A library holds a schema's document and those that it refers to, by absolute URL.
type library struct {
	load Loader
	// roots are documents and the schemas in them with an $id of their own; anchors are
	// places in them, by URL with fragment.
	roots   map[string]any
	anchors map[string]any
	// bases are the absolute URLs that references are relative to, by the object that has
	// one.
	bases  map[*jsontext.Object]string
	loaded int
}

// parse reads a JSON text.
func parse(text []byte) (any, error) {
	return jsontext.Parse(text, jsontext.Limits{Depth: maxDepth})
}

// openLibrary reads the document text, which has the address url.
func openLibrary(url string, text []byte, load Loader) (*library, any, error) {
	l := &library{load: load, roots: map[string]any{}, anchors: map[string]any{}, bases: map[*jsontext.Object]string{}}
	root, err := l.add(url, text)
	return l, root, err
}

func (l *library) add(url string, text []byte) (any, error) {
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	switch root.(type) {
	case *jsontext.Object, bool:
	default:
		return nil, fmt.Errorf("reading the schema: want an object, got %s", nameOf(root))
	}
	l.roots[url] = root
	o, _ := root.(*jsontext.Object)
	l.index(root, url, strings.Contains(o.Text("$schema"), "draft-04"))
	return root, nil
}

// index notes the base of every reference in a document, and what references can name.
func (l *library) index(value any, base string, draft4 bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			l.index(item, base, draft4)
		}
	case *jsontext.Object:
		base = l.indexObject(v, base, draft4)
		for key, inner := range v.All() {
			switch key {
			case "enum", "const", "default", "example", "examples":
			default:
				l.index(inner, base, draft4)
			}
		}
	}
}

// indexObject returns the base of what is in o.
func (l *library) indexObject(o *jsontext.Object, base string, draft4 bool) string {
	id := o.Text("$id")
	if draft4 && id == "" {
		id = o.Text("id")
	}
	if anchor, ok := strings.CutPrefix(id, "#"); ok && anchor != "" {
		l.anchors[base+id] = o
	} else if id != "" {
		base, _, _ = strings.Cut(resolveURL(base, id), "#")
		if _, taken := l.roots[base]; !taken {
			l.roots[base] = o
		}
	}
	for _, word := range []string{"$anchor", "$dynamicAnchor"} {
		if name := o.Text(word); name != "" {
			l.anchors[base+"#"+name] = o
		}
	}
	for _, word := range referenceWords() {
		if o.Has(word) {
			l.bases[o] = base
		}
	}
	return base
}

func resolveURL(base, ref string) string {
	from, err := url.Parse(base)
	to, err2 := url.Parse(ref)
	if err != nil || err2 != nil {
		return ref
	}
	return from.ResolveReference(to).String()
}

// referenceWords are the keywords that refer to a schema.
func referenceWords() []string { return []string{"$ref", "$dynamicRef", "$recursiveRef"} }

// resolve returns what a reference in an object names.
func (l *library) resolve(from *jsontext.Object, ref string) (any, error) {
	address, fragment, _ := strings.Cut(resolveURL(l.bases[from], ref), "#")
	root, err := l.document(address)
	if err != nil {
		return nil, err
	}
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	if fragment == "" {
		return root, nil
	}
	if !strings.HasPrefix(fragment, "/") {
		if found, ok := l.anchors[address+"#"+fragment]; ok {
			return found, nil
		}
		return nil, fmt.Errorf("%s: there is no such anchor", ref)
	}
	found, ok := jsontext.At(root, fragment)
	if !ok {
		return nil, fmt.Errorf("%s: there is nothing at that place", ref)
	}
	return found, nil
}

func (l *library) document(address string) (any, error) {
	if root, ok := l.roots[address]; ok {
		return root, nil
	}
	if l.load == nil || l.loaded >= maxDocuments {
		return nil, fmt.Errorf("%s cannot be had", address)
	}
	l.loaded++
	text, err := l.load(address)
	if err != nil {
		return nil, err
	}
	return l.add(address, text)
}
