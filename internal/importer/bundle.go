package importer

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"

	"github.com/hookctl/hookctl/internal/jsontext"
)

const (
	// maxBundle is how many values a bundle may have.
	maxBundle = 200_000
	// maxBundles is how many all bundles may have together.
	maxBundles = 4_000_000
)

// A bundler makes schemas that need no other: what a schema refers to, and what that
// refers to, is copied under $defs.
type bundler struct {
	lib *library
	// draft is that of the schemas; "" for what each says itself.
	draft string
	// strictRef says that nothing beside $ref counts, as in OpenAPI 3.0.
	strictRef bool
	warnings  *notices
	total     int // values in all bundles
}

// A bundle is one that is being made.
type bundle struct {
	*bundler
	root place
	// draft is the one that it is written in: the newest of all its parts. own is that of
	// its root, from is that of the part that is copied.
	draft, own, from string

	values int
	names  map[place]string // under $defs, of what is referred to
	taken  map[string]bool
	queue  []place
}

// bundle returns the schema at p as a document of its own, whose $id is id.
func (b *bundler) bundle(p place, id string) (*jsontext.Object, error) {
	root, v, err := b.start(p)
	if err != nil {
		return nil, err
	}
	own := cmp.Or(b.dialect(root), b.draft, draft2020)
	for draft := own; ; {
		made := &bundle{bundler: b, root: root, draft: draft, own: own, names: map[place]string{}, taken: map[string]bool{}}
		out, err := made.document(v, id)
		var newer newerError
		if !errors.As(err, &newer) {
			return out, err
		}
		b.total -= made.values
		draft = string(newer)
	}
}

// A newerError says that a part of a bundle is written in a newer draft.
type newerError string

func (e newerError) Error() string { return "it is written in " + string(e) }

// document is the whole bundle of the schema v.
func (made *bundle) document(v any, id string) (*jsontext.Object, error) {
	if err := made.speak(made.own); err != nil {
		return nil, err
	}
	body, err := made.schema(made.root, v)
	if err != nil {
		return nil, err
	}
	out := &jsontext.Object{}
	out.Set("$schema", made.draft)
	if made.draft == draft4 {
		out.Set("id", id)
	} else {
		out.Set("$id", id)
	}
	switch body := body.(type) {
	case *jsontext.Object:
		for key, value := range body.All() {
			out.Set(key, value)
		}
		out.Drop("examples") // they are files of the catalog
	case bool:
		if !body {
			out.Set("not", &jsontext.Object{})
		}
	default:
		return nil, errors.New("its schema is neither an object nor a truth value")
	}
	defs, err := made.definitions()
	if err == nil && defs.Len() > 0 {
		out.Set("$defs", defs)
	}
	return out, err
}

// start follows references that are a whole schema.
func (b *bundler) start(p place) (place, any, error) {
	for hops := maxHops; hops > 0; hops-- {
		v, at, ok := b.lib.walk(p, &hops)
		if !ok {
			return p, nil, fmt.Errorf("there is no %s in %s", p.pointer, p.doc.name)
		}
		o, _ := v.(*jsontext.Object)
		if refOf(v) == "" || !onlyAnnotations(o) {
			return at, v, nil
		}
		to, err := b.lib.resolve(at, o.Text("$ref"))
		if err != nil {
			return at, nil, err
		}
		p = to
	}
	return p, nil, fmt.Errorf("more than %d references lead to one another", maxHops)
}

// onlyAnnotations reports whether a schema says nothing besides its reference.
func onlyAnnotations(o *jsontext.Object) bool {
	for _, key := range o.Keys() {
		if key != "$ref" && !isAnnotation(key) {
			return false
		}
	}
	return true
}

// speak notes the draft of what is copied from here on. A newer one than that of the bundle
// cannot be said in it.
func (b *bundle) speak(draft string) error {
	if age(draft) > age(b.draft) {
		return newerError(draft)
	}
	b.from = draft
	return nil
}

// definitions copies what was referred to, which may refer to more.
func (b *bundle) definitions() (*jsontext.Object, error) {
	defs := &jsontext.Object{}
	for len(b.queue) > 0 {
		at := b.queue[0]
		b.queue = b.queue[1:]
		hops := maxHops
		v, _, ok := b.lib.walk(at, &hops)
		if !ok {
			return nil, fmt.Errorf("there is no %s in %s", at.pointer, at.doc.name)
		}
		if err := b.speak(cmp.Or(b.dialect(at), b.own)); err != nil {
			return nil, err
		}
		copied, err := b.schema(at, v)
		if err != nil {
			return nil, err
		}
		defs.Set(b.names[at], copied)
	}
	return defs, nil
}

// reference returns the reference in the bundle for one that stands at p.
func (b *bundle) reference(p place, ref string) (string, error) {
	to, err := b.lib.resolve(p, ref)
	if err != nil {
		return "", err
	}
	if to == b.root {
		return "#", nil
	}
	name, ok := b.names[to]
	if !ok {
		name = b.definitionName(to)
		b.names[to] = name
		b.queue = append(b.queue, to)
	}
	return "#/$defs/" + name, nil
}

// definitionName is a name under $defs that needs no escapes and is free.
func (b *bundle) definitionName(to place) string {
	name := to.last()
	switch tokens := jsontext.Tokens(to.pointer); {
	case len(tokens) == 0:
		name = stem(to.doc.label())
	case len(tokens) > 1 && !isContainer(tokens[len(tokens)-2]): // inside of another
		for i := len(tokens) - 2; i >= 0; i-- {
			name = tokens[i] + "." + name
			if i > 0 && isContainer(tokens[i-1]) {
				break
			}
		}
	}
	name = safeText(name, "schema")
	free := name
	for n := 2; b.taken[free]; n++ {
		free = name + "-" + strconv.Itoa(n)
	}
	b.taken[free] = true
	return free
}

// isContainer reports whether schemas for others to refer to stand under a key.
func isContainer(key string) bool {
	return key == "schemas" || key == "definitions" || key == "$defs"
}

// count notes that values were copied.
func (b *bundle) count(n int) error {
	b.values += n
	b.total += n
	switch {
	case b.values > maxBundle:
		return fmt.Errorf("with all that it refers to its schema has more than %d values", maxBundle)
	case b.total > maxBundles:
		return fmt.Errorf("with all that they refer to the schemas have more than %d values", maxBundles)
	}
	return nil
}
