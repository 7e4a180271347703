package shape

import (
	"bytes"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// Options say which of the values that fit a schema is made.
type Options struct {
	// All makes all properties, not only those that are required.
	All bool
	// NoSamples leaves out the examples and defaults that the schema has itself, which
	// are often wrong.
	NoSamples bool
	// Branch is which alternative is tried first, from 0.
	Branch int
}

// How a candidate was made.
const (
	ByRequired = "required" // with the properties that are required
	ByAll      = "all"      // with all properties
)

// A Candidate is a value made from a schema, which may yet be invalid.
type Candidate struct {
	How  string
	Text []byte // JSON, indented by two spaces
}

// Bounds on what is made.
const (
	maxMade      = 20000 // values in one text
	maxMadeDepth = 90
	maxFolded    = 200000
	maxRepeated  = 2    // times that a schema is within itself
	maxText      = 4096 // characters of a string that must be long
	maxListed    = 1000 // items of an array that must be long
)

// Candidates makes values from the schema text, always the same, the best first: those of
// what is required, then those of all, each with the schema's own examples and without, and
// by one alternative after the other. The first that is valid is to be taken. url is the
// address of the schema, to which references are relative; load gives the others. It fails
// where no value can be made that has a chance to be valid.
func Candidates(url string, text []byte, load Loader) ([]Candidate, error) {
	library, schema, err := openLibrary(url, text, load)
	if err != nil {
		return nil, err
	}
	var made []Candidate
	var failed error
	for _, all := range []bool{false, true} {
		for branch := range 3 {
			for _, noSamples := range []bool{false, true} {
				value, err := newGenerator(library, Options{all, noSamples, branch}).make(schema)
				if err != nil {
					failed = err
					continue
				}
				c := Candidate{ByRequired, jsontext.Indented(value)}
				if all {
					c.How = ByAll
				}
				if !slices.ContainsFunc(made, func(other Candidate) bool { return other.How == c.How && bytes.Equal(other.Text, c.Text) }) {
					made = append(made, c)
				}
			}
		}
	}
	if len(made) == 0 {
		return nil, failed
	}
	return made, nil
}

// A generator makes one value.
type generator struct {
	options Options
	folder  *folder
	made    int
	depth   int
	within  map[*jsontext.Object]int // how many times a schema is being made, by the schema
	variant int                      // makes items of a list of unique items differ
	inside  bool                     // a property or an item is being made
}

func newGenerator(l *library, o Options) *generator {
	return &generator{options: o, folder: &folder{library: l, left: maxFolded}, within: map[*jsontext.Object]int{}}
}

// make makes a value in which all of the schemas hold.
func (g *generator) make(schemas ...any) (any, error) {
	f, err := g.folder.fold(schemas...)
	if err != nil {
		return nil, err
	}
	leave, err := g.enter(f.targets)
	if err != nil {
		return nil, err
	}
	defer leave()
	return g.choose(f)
}

// enter notes that a value of the targets is being made, until leave is called. It
// refuses schemas that are within themselves too often.
func (g *generator) enter(targets []*jsontext.Object) (leave func(), err error) {
	if g.made++; g.made > maxMade || g.depth > maxMadeDepth {
		return nil, UnworkableError("the value grows too large")
	}
	for _, target := range targets {
		if g.within[target] >= maxRepeated {
			return nil, UnworkableError("the schema is within itself without end")
		}
	}
	add := func(n int) {
		g.depth += n
		for _, target := range targets {
			g.within[target] += n
		}
	}
	add(1)
	return func() { add(-1) }, nil
}

// given is a value that the schema itself gives: a constant, an example, a default.
func (g *generator) given(f *form) (any, bool) {
	if len(f.enum) == 1 {
		return f.enum[0], f.types&typeOf(f.enum[0]) != 0
	}
	if g.options.NoSamples {
		return nil, false
	}
	for _, value := range f.samples {
		if f.types&typeOf(value) != 0 && !f.excludes(value) && (f.enum == nil || slices.ContainsFunc(f.enum, func(other any) bool { return same(value, other) })) {
			return value, true
		}
	}
	return nil, false
}

// maxVariants is how many values are tried where some are not allowed.
const maxVariants = 20

// plain makes a value of what f says, alternatives aside.
func (g *generator) plain(f *form) (any, error) {
	if value, ok := g.given(f); ok {
		return value, nil
	}
	before := g.variant
	defer func() { g.variant = before }()
	value, err := g.one(f)
	first := value
	for range maxVariants {
		if err != nil || !f.excludes(value) {
			break
		}
		g.variant++
		value, err = g.one(f)
	}
	if err != nil && first != nil { // better one that not forbids than none
		return first, nil
	}
	return value, err
}

// one makes the value of f that the variant asks for.
func (g *generator) one(f *form) (any, error) {
	if f.enum != nil {
		return g.listed(f)
	}
	switch t := f.likely(!g.inside); t {
	case 0:
		return nil, UnworkableError("the schema allows nothing")
	case typeNull:
		return nil, nil
	case typeBool:
		return g.variant%2 == 0, nil
	case typeInteger, typeFraction:
		return g.number(f)
	case typeString:
		return g.text(f)
	case typeArray:
		return g.array(f)
	}
	return g.object(f)
}

// excludes reports whether not names a value.
func (f *form) excludes(value any) bool {
	return slices.ContainsFunc(f.nots, func(not *jsontext.Object) bool {
		for _, values := range [][]any{constOf(not), not.List("enum")} {
			if not.Len() == 1 && slices.ContainsFunc(values, func(other any) bool { return same(value, other) }) {
				return true
			}
		}
		return false
	})
}

// listed is the first value of the enumeration that has an allowed type, other than
// null where there is one.
func (g *generator) listed(f *form) (any, error) {
	var allowed []any
	for _, value := range f.enum {
		if value != nil && f.types&typeOf(value) != 0 {
			allowed = append(allowed, value)
		}
	}
	switch {
	case len(allowed) > 0:
		return allowed[g.variant%len(allowed)], nil
	case slices.Contains(f.enum, nil) && f.types&typeNull != 0:
		return nil, nil
	}
	return nil, UnworkableError("none of the values that are listed is allowed")
}

// likely is the one type that is made of f: what the schema names first, else what its
// keywords are about. A body of which nothing is said is an object.
func (f *form) likely(body bool) types {
	left := f.types
	for _, not := range f.nots {
		if t := typesOf(not.Get("type")); not.Len() == 1 && t&typeNumber != typeInteger && left&^t != 0 {
			left &^= t
		}
	}
	order := []types{typeString, typeInteger, typeFraction, typeObject, typeArray, typeBool, typeNull}
	switch {
	case left&f.first != 0:
		order = append([]types{typeInteger & f.first, typeFraction & f.first, f.first}, order...)
	case len(f.keys)+len(f.required)+len(f.additional)+len(f.patterned)+len(f.names) > 0 || f.closed || f.limits["minProperties"] != nil:
		order = append([]types{typeObject}, order...)
	case len(f.items)+len(f.prefix)+len(f.contains) > 0 || f.limits["minItems"] != nil:
		order = append([]types{typeArray}, order...)
	case f.limits["minimum"] != nil || f.limits["maximum"] != nil || f.limits["multipleOf"] != nil:
		order = append([]types{typeInteger, typeFraction}, order...)
	case body && len(f.patterns)+len(f.formats) == 0 && f.limits["minLength"] == nil && f.limits["maxLength"] == nil:
		order = append([]types{typeObject}, order...)
	}
	for _, t := range order {
		if left&t != 0 {
			return t
		}
	}
	return 0
}
