package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A place is a value in a document, by its JSON pointer.
type place struct {
	doc     *document
	pointer string // "" for the first value; of NDJSON no other can be referred to
}

// maxHops is how many references may lead to one another.
const maxHops = 64

// below is the place of a member, or, by its index, of an item.
func (p place) below(key string) place {
	return place{p.doc, p.pointer + jsontext.Pointer(key)}
}

func (p place) item(i int) place { return p.below(strconv.Itoa(i)) }

// last is the last part of the place's pointer.
func (p place) last() string {
	return jsontext.Unescape(p.pointer[strings.LastIndexByte(p.pointer, '/')+1:])
}

// walk returns what is at p, and where it really stands: references on the way are
// followed, as many in all as hops says.
func (lib *library) walk(p place, hops *int) (any, place, bool) {
	v, at := p.doc.root(), place{p.doc, ""}
	for _, key := range jsontext.Tokens(p.pointer) {
		inner, ok := child(v, key)
		for ref := refOf(v); !ok && ref != "" && *hops > 0; ref = refOf(v) {
			*hops--
			to, err := lib.resolveIn(at, ref, hops)
			if err != nil {
				return nil, at, false
			}
			var there bool
			if v, at, there = lib.walk(to, hops); !there {
				return nil, at, false
			}
			inner, ok = child(v, key)
		}
		if !ok {
			return nil, at, false
		}
		v, at = inner, at.below(key)
	}
	return v, at, true
}

// refOf is the reference that a value is, "" where it is none.
func refOf(v any) string {
	o, _ := v.(*jsontext.Object)
	return o.Text("$ref")
}

// child is what a value has under a key, or index. An index is written in one way, so that
// what is there has one place.
func child(v any, key string) (any, bool) {
	switch v := v.(type) {
	case *jsontext.Object:
		return v.Get(key), v.Has(key)
	case []any:
		i, err := strconv.ParseUint(key, 10, 31)
		if err == nil && int(i) < len(v) && strconv.FormatUint(i, 10) == key {
			return v[i], true
		}
	}
	return nil, false
}

// follow returns what is at p, or what the references there lead to.
func (lib *library) follow(p place) (o *jsontext.Object, at place, err error) {
	for hops := maxHops; hops > 0; hops-- {
		v, at, ok := lib.walk(p, &hops)
		if !ok {
			return nil, p, fmt.Errorf("there is no %s in %s", p.pointer, p.doc.name)
		}
		o, ok := v.(*jsontext.Object)
		if !ok {
			return nil, at, fmt.Errorf("want an object at #%s in %s", at.pointer, at.doc.name)
		}
		ref := refOf(o)
		if ref == "" {
			return o, at, nil
		}
		if p, err = lib.resolveIn(at, ref, &hops); err != nil {
			return nil, at, err
		}
	}
	return nil, p, fmt.Errorf("more than %d references lead to one another", maxHops)
}

// resolve returns where a reference leads that stands at p.
func (lib *library) resolve(p place, ref string) (place, error) {
	hops := maxHops
	return lib.resolveIn(p, ref, &hops)
}

func (lib *library) resolveIn(p place, ref string, hops *int) (place, error) {
	address, fragment, _ := strings.Cut(ref, "#")
	fragment, err := url.PathUnescape(fragment)
	if err != nil || strings.ContainsRune(ref, 0) {
		return place{}, fmt.Errorf("the reference %q cannot be read", ref)
	}
	if address == "" {
		return lib.within(p, fragment, ref, hops)
	}
	base, err := lib.document(p, address)
	if err != nil {
		return place{}, err
	}
	if fragment == "" {
		return base, nil
	}
	return lib.within(base, fragment, ref, hops)
}

// within returns the place of a fragment in the document of p. By the standards it counts
// from the nearest schema around that has an $id, or from the whole document; many count it
// from the document all the same, and some from a schema around the reference, which is
// tried where there is nothing else.
func (lib *library) within(p place, fragment, ref string, hops *int) (place, error) {
	nothing := fmt.Errorf("the reference %q leads to nothing in %s", ref, p.doc.name)
	resource, _ := p.doc.resource(p.pointer)
	if fragment == "" {
		return place{p.doc, resource}, nil
	}
	if fragment[0] != '/' {
		if at, ok := p.doc.named()["#"+fragment]; ok {
			return at, nil
		}
		return place{}, nothing
	}
	fragment = jsontext.Pointer(jsontext.Tokens(fragment)...)
	for _, from := range slices.Compact([]string{resource, ""}) {
		if _, at, ok := lib.walk(place{p.doc, from + fragment}, hops); ok {
			return at, nil
		}
	}
	none := 0 // around a schema nothing is followed
	for around := p.pointer; around != ""; around = around[:strings.LastIndexByte(around, '/')] {
		if _, at, ok := lib.walk(place{p.doc, around + fragment}, &none); ok {
			return at, nil
		}
	}
	return place{}, nothing
}

// document returns the schema that an address means that stands at p: one whose $id it is,
// else a file of the same folder, relative to the file, else to the folder.
func (lib *library) document(p place, address string) (place, error) {
	if at, ok := lib.byID(p, address); ok {
		return at, nil
	}
	from := p.doc
	if scheme, _, ok := strings.Cut(address, ":"); ok && !strings.Contains(scheme, "/") || strings.HasPrefix(address, "//") {
		return place{}, fmt.Errorf("it refers to %s, and nothing outside of what is given is read: put that into a folder with the file, and import the folder", address)
	}
	name, err := url.PathUnescape(address)
	if err != nil {
		return place{}, fmt.Errorf("the reference %q cannot be read", address)
	}
	if from.files == nil {
		return place{}, fmt.Errorf("it refers to the file %s: import the folder that has both", name)
	}
	for _, candidate := range []string{path.Join(path.Dir(from.path), name), path.Clean(name)} {
		candidate = strings.TrimPrefix(candidate, "/")
		if !fs.ValidPath(candidate) {
			continue
		}
		doc, err := from.files.open(candidate)
		if err == nil {
			err = doc.single()
		}
		if err == nil {
			return place{doc: doc}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return place{}, err
		}
	}
	return place{}, fmt.Errorf("it refers to the file %s, which is not in %s", name, from.files.name)
}
