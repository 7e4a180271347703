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
	document *object
	steps    int
}

// valuesAt returns what a bundle says of the values at a path.
func valuesAt(document *object, path jsontext.Path) finding {
	return (&finder{document, maxSteps}).at(document, path, maxHops)
}

func (in *finder) at(schema any, path jsontext.Path, hops int) (f finding) {
	o, _ := schema.(*object)
	if in.steps--; o == nil || hops == 0 || in.steps < 0 {
		return f
	}
	if len(path) == 0 {
		f = finding{ownValues(o), true}
	} else if inner := below(o, path[0]); inner != nil {
		f = in.at(inner, path[1:], hops-1)
	}
	if name, ok := strings.CutPrefix(o.text("$ref"), "#/$defs/"); ok {
		f = f.and(in.at(in.document.object("$defs").get(name), path, hops-1))
	}
	for _, part := range o.list("allOf") {
		f = f.and(in.at(part, path, hops-1))
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if o.has(key) {
			f = f.and(in.branches(o.list(key), path, hops-1))
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
func below(o *object, step jsontext.Step) any {
	if step.Key != "" {
		return o.object("properties").get(step.Key)
	}
	if list := o.list("prefixItems"); step.Index < len(list) {
		return list[step.Index]
	}
	return o.get("items")
}

// ownValues are the values that a schema itself allows.
func ownValues(o *object) []string {
	if text, ok := plainText(o.get("const")); ok {
		return []string{text}
	}
	var values []string
	for _, one := range o.list("enum") {
		text, ok := plainText(one)
		if !ok {
			return nil
		}
		values = append(values, text)
	}
	return values
}
