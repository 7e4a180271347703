package importer

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A finding is what a schema says of the values at a place.
type finding struct {
	// values are all that are allowed, where they are few and plain.
	values []string
	// there says that anything is said of the place.
	there bool
}

// and is what two schemas say that both hold.
func (f finding) and(other finding) finding {
	f.there = f.there || other.there
	switch {
	case len(f.values) == 0:
		f.values = other.values
	case len(other.values) > 0:
		f.values = slices.DeleteFunc(slices.Clone(f.values), func(v string) bool { return !slices.Contains(other.values, v) })
	}
	return f
}

// maxSteps is how many schemas are looked at for the values at one place: those that refer
// to themselves in several branches have no end.
const maxSteps = 5000

// A finder looks for values in a bundle.
type finder struct {
	document *jsontext.Object
	steps    int
}

// valuesAt returns what a bundle says of the values at a path.
func valuesAt(document *jsontext.Object, path jsontext.Path) finding {
	return (&finder{document, maxSteps}).at(document, path, maxHops)
}

func (in *finder) at(schema any, path jsontext.Path, hops int) (f finding) {
	o, _ := schema.(*jsontext.Object)
	if in.steps--; o == nil || hops == 0 || in.steps < 0 {
		return f
	}
	if len(path) == 0 {
		f = finding{ownValues(o), true}
	} else if inner := below(o, path[0]); inner != nil {
		f = in.at(inner, path[1:], hops-1)
	}
	if name, ok := strings.CutPrefix(o.Text("$ref"), "#/$defs/"); ok {
		f = f.and(in.at(in.document.Object("$defs").Get(name), path, hops-1))
	}
	for _, part := range o.List("allOf") {
		f = f.and(in.at(part, path, hops-1))
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if o.Has(key) {
			f = f.and(in.branches(o.List(key), path, hops-1))
		}
	}
	return f
}

// branches is what schemas say of which one holds: nothing, where one of them does not
// say.
func (in *finder) branches(branches []any, path jsontext.Path, hops int) (f finding) {
	complete := true
	for _, branch := range branches {
		one := in.at(branch, path, hops)
		f.there = f.there || one.there
		complete = complete && len(one.values) > 0
		for _, value := range one.values {
			if !slices.Contains(f.values, value) {
				f.values = append(f.values, value)
			}
		}
	}
	if !complete {
		f.values = nil
	}
	return f
}

// below returns the schema of what a step leads to, nil where nothing is said of it.
func below(o *jsontext.Object, step jsontext.Step) any {
	if step.Key != "" {
		return o.Object("properties").Get(step.Key)
	}
	if list := o.List("prefixItems"); step.Index < len(list) {
		return list[step.Index]
	}
	return o.Get("items")
}

// ownValues are the values that a schema itself allows.
func ownValues(o *jsontext.Object) []string {
	if text, ok := plainText(o.Get("const")); ok {
		return []string{text}
	}
	var values []string
	for _, one := range o.List("enum") {
		text, ok := plainText(one)
		if !ok {
			return nil
		}
		values = append(values, text)
	}
	return values
}
