package shape

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// Kinds of differences between a schema and a value.
const (
	UnknownProperty = "unknown_property" // one that the schema does not name
	NewEnumValue    = "enum_value"       // one that is not among those that the schema lists
	ChangedType     = "type"
	UnexpectedNull  = "null"
)

// A Difference is one thing in which a value is not what a schema knows. A value may be
// valid and yet different.
type Difference struct {
	Kind string
	// Pointer is the JSON pointer (RFC 6901) of the value, with * for the index of every
	// item of an array and for keys that are ids rather than names.
	Pointer string
	// Detail is the new value as JSON for NewEnumValue, cut where it is long, "string, not
	// integer" for ChangedType, "null, not string" for UnexpectedNull, else the type. It
	// may hold text of the sender.
	Detail string
}

// What Differences costs at most.
const (
	// MaxDifferences is how many differences are told of one value.
	MaxDifferences = 100
	maxLooks       = 1 << 20 // parts of the schema that are held against parts of a value
	maxValueDepth  = 200
	maxDetail      = 80 // characters
)

// A Differ tells what is different in values. It is safe for concurrent use.
type Differ struct{ root *node }

// NewDrift prepares the schema text. url is its address, to which references are
// relative; load gives the others.
func NewDrift(url string, text []byte, load Loader) (*Differ, error) {
	library, schema, err := openLibrary(url, text, load)
	if err != nil {
		return nil, err
	}
	b := newBuilder(library)
	root, err := b.build(schema)
	if err != nil {
		return nil, err
	}
	b.cutLoops()
	b.settle()
	return &Differ{root}, nil
}

// Differences tells in what a value is not what the schema knows, sorted by pointer,
// each difference once. The value is as encoding/json decodes it, best with numbers
// kept as they are written. Of a huge value a part is looked at.
func (d *Differ) Differences(value any) []Difference {
	w := &walk{left: maxLooks, found: differences{}}
	w.value(d.root, value)
	return slices.SortedFunc(maps.Keys(w.found), func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail))
	})
}

type differences map[Difference]struct{}

func (w *walk) report(kind, detail string) {
	if len(w.found) < MaxDifferences {
		w.found[Difference{kind, jsontext.Pointer(w.path...), detail}] = struct{}{}
	}
}

func (w *walk) value(n *node, value any) {
	if !w.spend() || len(w.path) > maxValueDepth || len(w.found) >= MaxDifferences {
		return
	}
	t := typeOf(value)
	switch {
	case n.types&t == 0 && t == typeNull:
		w.report(UnexpectedNull, "null, not "+n.types.String())
	case n.types&t == 0:
		w.report(ChangedType, t.String()+", not "+n.types.String())
	case t == typeArray:
		w.array(n, value.([]any))
	case t == typeObject:
		if o, ok := value.(map[string]any); ok {
			w.object(n, o)
		}
	case !w.allows(n, value) || t != typeNull && w.unlisted(n, value):
		w.report(NewEnumValue, detailOf(value))
	}
}

func (w *walk) array(n *node, items []any) {
	w.path = append(w.path, "*")
	for i, item := range items {
		w.value(w.item(n, i), item)
	}
	w.path = w.path[:len(w.path)-1]
}

func (w *walk) object(n *node, o map[string]any) {
	s := &subject{o, map[*node]likeness{}}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		child, how := w.child(n, key, s)
		if how == unknown && !n.describes {
			continue
		}
		w.path = append(w.path, step(key, how))
		if how == unknown || child.types == 0 {
			w.report(UnknownProperty, nameOf(o[key]))
		} else {
			w.value(child, o[key])
		}
		w.path = w.path[:len(w.path)-1]
	}
}

// step is the token of a pointer for a property.
func step(key string, how knowing) string {
	if how == byRule || how == unknown && isID(key) {
		return "*"
	}
	return key
}

// detailOf is a scalar as JSON, cut where it is long.
func detailOf(value any) string {
	if s, ok := value.(string); ok && utf8.RuneCountInString(s) > maxDetail {
		value = string([]rune(s)[:maxDetail]) + "…"
	}
	text, err := jsontext.Marshal(value)
	if err != nil || len(text) > 12*maxDetail {
		return nameOf(value)
	}
	return string(text)
}
