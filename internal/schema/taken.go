package schema

import (
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// takenName is the name of the extension that does the work of keywords.
const takenName = "taken"

// said is what the extension says of a failure. Words for people are found later.
const said = "failed"

// taken are the keywords of one schema that are taken from jsonschema/v5.
type taken struct {
	meter *meter
	marks bool

	enum, constant *choice // nil where there is none

	required      []string
	properties    []property // by name
	known         map[string]*jsonschema.Schema
	patterns      []patternSchema // by pattern
	additional    any             // as in jsonschema.Schema
	propertyNames *jsonschema.Schema
	beside        []beside
	// otherProperties is unevaluatedProperties, and otherItems is unevaluatedItems.
	otherProperties, otherItems *jsonschema.Schema

	unique          bool
	listed          []*jsonschema.Schema // for the first items
	rest            *jsonschema.Schema   // for those after them
	noMore, anyMore bool                 // there must be none, and may be any, after them
	contains        *jsonschema.Schema
	minContains     int // -1 where there is none
	maxContains     int // -1 where there is none
	containsMarks   bool

	pattern string
	matcher *matcher // of pattern; nil where v5 matches it
}

type property struct {
	name, id string
	schema   *jsonschema.Schema
}

type patternSchema struct {
	pattern string
	matcher *matcher
	schema  *jsonschema.Schema
}

// beside are the properties that must be there where another is.
type beside struct {
	keyword, name string
	wanted        []string
}

// Validate implements jsonschema.ExtSchema.
func (t *taken) Validate(ctx jsonschema.ValidationContext, value any) error {
	l := loop{t: t, ctx: ctx}
	if t.enum != nil && !t.enum.has(value) {
		l.fail("enum")
	}
	if t.constant != nil && !t.constant.has(value) {
		l.fail("const")
	}
	switch value := value.(type) {
	case map[string]any:
		t.meter.step(len(value))
		t.object(&l, value)
	case []any:
		t.meter.step(len(value))
		t.array(&l, value)
	case string:
		t.meter.step(0)
		if t.matcher != nil && !l.match(t.matcher, value, "pattern") {
			t.meter.failed(1)
			l.faults = append(l.faults, ctx.Error("pattern", "%s", t.pattern))
		}
	default:
		t.meter.step(0)
	}
	switch len(l.faults) {
	case 0:
		return nil
	case 1:
		return l.faults[0]
	}
	return jsonschema.ValidationError{}.Group(ctx.Error("", ""), l.faults...)
}

func (t *taken) object(l *loop, object map[string]any) {
	missing := 0
	for _, name := range t.required {
		if _, there := object[name]; !there {
			missing++
		}
	}
	if missing > 0 {
		t.meter.failed(missing)
		l.faults = append(l.faults, l.ctx.Error("required", said))
	}
	t.besides(l, object)
	for _, p := range t.properties {
		if value, there := object[p.name]; there {
			l.markProperty(p.name)
			if l.hold(p.schema, value, p.id); l.ended {
				return
			}
		}
	}
	for _, name := range t.others(object) {
		if t.other(l, name, object[name]); l.ended {
			return
		}
	}
	if t.otherProperties == nil {
		return
	}
	names := left(l.ctx, "unevalProps").names()
	for _, name := range names {
		if l.hold(t.otherProperties, object[name], t.step(name)); l.ended {
			return
		}
		l.markProperty(name)
	}
}

func (t *taken) besides(l *loop, object map[string]any) {
	for _, b := range t.beside {
		if _, there := object[b.name]; !there {
			continue
		}
		for i, name := range b.wanted {
			if _, there := object[name]; !there {
				l.fail(b.keyword + "/" + pathOf(b.name) + "/" + strconv.Itoa(i))
			}
		}
	}
}

// others are the names of an object that need more than their entry in properties, in a
// fixed order.
func (t *taken) others(object map[string]any) []string {
	if len(t.patterns) > 0 || t.propertyNames != nil {
		return slices.Sorted(maps.Keys(object))
	}
	if t.additional == nil || t.additional == true && !t.marks {
		return nil
	}
	var names []string
	for name := range object {
		if t.known[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// other holds a property against propertyNames, patternProperties and
// additionalProperties.
func (t *taken) other(l *loop, name string, value any) {
	if t.propertyNames != nil {
		if l.hold(t.propertyNames, name, stepName+t.step(name)); l.ended {
			return
		}
	}
	known := t.known[name] != nil
	for _, p := range t.patterns {
		if !l.match(p.matcher, name, "patternProperties/"+pathOf(p.pattern)) {
			continue
		}
		known = true
		l.markProperty(name)
		if l.hold(p.schema, value, t.step(name)); l.ended {
			return
		}
	}
	if known || t.additional == nil {
		return
	}
	l.markProperty(name)
	switch additional := t.additional.(type) {
	case bool:
		if !additional {
			fault := l.ctx.Error("additionalProperties", said)
			fault.InstanceLocation += "/" + t.step(name)
			l.add(fault)
		}
	case *jsonschema.Schema:
		l.hold(additional, value, t.step(name))
	}
}
