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
	bases map[*jsontext.Object]string
	// lone are the objects of which nothing counts but the reference.
	lone   map[*jsontext.Object]bool
	loaded int
}

// parse reads a JSON text.
func parse(text []byte) (any, error) {
	return jsontext.Parse(text, jsontext.Limits{Depth: maxDepth})
}

// openLibrary reads the document text, which has the address url.
func openLibrary(url string, text []byte, load Loader) (*library, any, error) {
	l := &library{load: load, roots: map[string]any{}, anchors: map[string]any{}, bases: map[*jsontext.Object]string{}, lone: map[*jsontext.Object]bool{}}
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
	l.index(root, place{base: url})
	return root, nil
}

// A place is where a value stands in a document.
type place struct {
	base string
	// draft4 and lone say that the drafts hold in which id was the name of $id, and in
	// which nothing counts that stands beside $ref.
	draft4, lone bool
	// names says that the keys of an object are names, and data that it is no schema.
	names, data bool
}

// index notes the base of every reference in a document, and what references can name.
func (l *library) index(value any, at place) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			l.index(item, at)
		}
	case *jsontext.Object:
		if !at.names {
			at = l.indexObject(v, at)
		}
		for key, inner := range v.All() {
			below := at
			below.names = !at.names && !at.data && namesSchemas(key)
			below.data = at.data || !at.names && holdsData(key)
			l.index(inner, below)
		}
	}
}

// namesSchemas reports whether the value of a keyword is an object of schemas by names.
func namesSchemas(keyword string) bool {
	switch keyword {
	case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies":
		return true
	}
	return false
}

// holdsData reports whether the value of a keyword is no schema, whatever it looks like.
func holdsData(keyword string) bool {
	switch keyword {
	case "enum", "const", "default", "example", "examples":
		return true
	}
	return false
}

// indexObject notes what a schema says of itself, and returns where what is in it stands.
// References in data are noted too: what holds data in a schema may be a name elsewhere.
func (l *library) indexObject(o *jsontext.Object, at place) place {
	if !at.data {
		at = l.indexNames(o, at)
	}
	for _, word := range referenceWords() {
		if o.Has(word) {
			l.bases[o] = at.base
		}
	}
	l.lone[o] = at.lone && o.Text("$ref") != ""
	return at
}

// indexNames notes the names that a schema has.
func (l *library) indexNames(o *jsontext.Object, at place) place {
	if dialect := o.Text("$schema"); dialect != "" {
		at.draft4 = strings.Contains(dialect, "draft-04")
		at.lone = at.draft4 || strings.Contains(dialect, "draft-03") || strings.Contains(dialect, "draft-06") || strings.Contains(dialect, "draft-07")
	}
	id := o.Text("$id")
	if at.draft4 && id == "" {
		id = o.Text("id")
	}
	if anchor, ok := strings.CutPrefix(id, "#"); ok && anchor != "" {
		l.anchors[at.base+id] = o
	} else if id != "" && !(at.lone && o.Text("$ref") != "") {
		at.base, _, _ = strings.Cut(resolveURL(at.base, id), "#")
		if _, taken := l.roots[at.base]; !taken {
			l.roots[at.base] = o
		}
	}
	for _, word := range []string{"$anchor", "$dynamicAnchor"} {
		if name := o.Text(word); name != "" {
			l.anchors[at.base+"#"+name] = o
		}
	}
	return at
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
