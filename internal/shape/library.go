package shape

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// A library holds a schema's document and those that it refers to, by absolute URL.
type library struct {
	load Loader
	// roots are documents and the schemas in them with an $id of their own; anchors are
	// places in them, by URL with fragment.
	roots   map[string]any
	anchors map[string]any
	loaded  int
}

// openLibrary reads the document text, which has the address url.
func openLibrary(url string, text []byte, load Loader) (*library, any, error) {
	l := &library{load: load, roots: map[string]any{}, anchors: map[string]any{}}
	root, err := l.add(url, text)
	return l, root, err
}

func (l *library) add(url string, text []byte) (any, error) {
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	switch root.(type) {
	case *object, bool:
	default:
		return nil, fmt.Errorf("reading the schema: want an object, got %s", nameOf(root))
	}
	l.roots[url] = root
	o, _ := root.(*object)
	l.index(root, url, strings.Contains(o.str("$schema"), "draft-04"))
	return root, nil
}

// index gives every object in a document its base, and notes what references can name.
func (l *library) index(value any, base string, draft4 bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			l.index(item, base, draft4)
		}
	case *object:
		base = l.indexObject(v, base, draft4)
		for _, key := range v.keys {
			switch key {
			case "enum", "const", "default", "example", "examples":
			default:
				l.index(v.values[key], base, draft4)
			}
		}
	}
}

// indexObject returns the base of what is in o.
func (l *library) indexObject(o *object, base string, draft4 bool) string {
	id := o.str("$id")
	if draft4 && id == "" {
		id = o.str("id")
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
		if name := o.str(word); name != "" {
			l.anchors[base+"#"+name] = o
		}
	}
	o.base = base
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

// resolve returns what a reference in an object with base names.
func (l *library) resolve(base, ref string) (any, error) {
	address, fragment, _ := strings.Cut(resolveURL(base, ref), "#")
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
	found, ok := at(root, fragment)
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

// at returns the part of a value that a JSON pointer names.
func at(value any, pointer string) (any, bool) {
	for _, step := range strings.Split(pointer, "/")[1:] {
		step = strings.ReplaceAll(strings.ReplaceAll(step, "~1", "/"), "~0", "~")
		switch v := value.(type) {
		case *object:
			if !v.has(step) {
				return nil, false
			}
			value = v.get(step)
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}
