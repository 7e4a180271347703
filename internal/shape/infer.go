package shape

import (
	"errors"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// What a Builder keeps at most, however much it is given.
const (
	// maxProperties is how many properties of one object have names. What comes beyond
	// them is taken together, as keys that are ids are.
	maxProperties = 500
	maxDistinct   = 8 // values of an enumeration
	maxSeen       = 100000
	maxInferred   = 100 // objects and arrays in one another
)

// When a schema says a thing.
const (
	// MinRequired is how many objects must have a property, all that there are, for it to
	// be required: one sample shows nothing of what may be missing.
	MinRequired = 2
	// MinEnum is how many texts must have been seen for a few different ones to be an
	// enumeration.
	MinEnum = 20
)

// A Builder finds the schema that samples have in common. It accepts all of them.
// Nothing that a sample says is in it but names of properties, and enumerations of
// words that repeat. Keys that look like data, and those of objects that hardly ever have
// a key in common, are no names.
type Builder struct {
	// NoEnums leaves out enumerations, so that no value of a sample is in the schema.
	NoEnums bool
	samples int
	root    *seen
	made    int // of seen
}

// Samples is how many were added.
func (b *Builder) Samples() int { return b.samples }

// Add takes a JSON text into account. The order of properties is that in which they
// come first.
func (b *Builder) Add(text []byte) error {
	value, err := parse(text)
	if err != nil {
		return err
	}
	if b.root == nil {
		b.root = b.newSeen()
	}
	b.samples++
	b.add(b.root, value, 0)
	return nil
}

// Seen is what was seen in one place of the samples.
type seen struct {
	types   types
	objects int
	keys    []string
	props   map[string]*seen
	count   map[string]int // of objects with the property
	others  *seen          // of properties whose keys are ids
	items   *seen
	texts   texts
	// opaque says that too much was seen for anything to be said.
	opaque bool
}

func (b *Builder) newSeen() *seen {
	b.made++
	return &seen{}
}

func (b *Builder) add(s *seen, value any, depth int) {
	s.types |= typeOf(value)
	if depth > maxInferred || s.opaque {
		s.opaque = true
		return
	}
	switch v := value.(type) {
	case string:
		s.texts.add(v)
	case []any:
		if len(v) > 0 && s.items == nil {
			s.items = b.newSeen()
		}
		for _, item := range v {
			b.add(s.items, item, depth+1)
		}
	case *jsontext.Object:
		s.objects++
		for key, inner := range v.All() {
			b.add(b.property(s, key), inner, depth+1)
		}
	}
}

// property is what was seen of a property.
func (b *Builder) property(s *seen, key string) *seen {
	if prop := s.props[key]; prop != nil {
		s.count[key]++
		return prop
	}
	if isID(key) || len(s.keys) >= maxProperties || b.made >= maxSeen {
		if s.others == nil {
			s.others = b.newSeen()
		}
		return s.others
	}
	if s.props == nil {
		s.props, s.count = map[string]*seen{}, map[string]int{}
	}
	prop := b.newSeen()
	s.keys, s.props[key], s.count[key] = append(s.keys, key), prop, 1
	return prop
}

// A Head is what a schema says of itself.
type Head struct{ ID, Title, Comment string }

// Schema is the schema of what was added, as JSON of draft 2020-12.
func (b *Builder) Schema(head Head) ([]byte, error) {
	if b.root == nil {
		return nil, errors.New("there are no samples")
	}
	o := &jsontext.Object{}
	o.Set("$schema", "https://json-schema.org/draft/2020-12/schema")
	for _, member := range []struct{ key, value string }{{"$id", head.ID}, {"title", head.Title}, {"$comment", head.Comment}} {
		if member.value != "" {
			o.Set(member.key, member.value)
		}
	}
	b.describe(o, b.root, "")
	return jsontext.Indented(o), nil
}

// describe says in o what was seen under a name.
func (b *Builder) describe(o *jsontext.Object, s *seen, name string) {
	if s == nil || s.opaque || s.types&^typeNull == 0 { // that it is null says nothing of what it is else
		return
	}
	o.Set("type", typeKeyword(s.types))
	if s.types&typeString != 0 {
		b.describeTexts(o, s, name)
	}
	if s.types&typeObject != 0 {
		b.describeObject(o, s, name)
	}
	if s.types&typeArray != 0 && s.items != nil {
		o.Set("items", b.schemaOf(s.items, name))
	}
}

func (b *Builder) schemaOf(s *seen, name string) *jsontext.Object {
	o := &jsontext.Object{}
	b.describe(o, s, name)
	return o
}

// typeKeyword is the value of the keyword type; null comes last.
func typeKeyword(t types) any {
	var names []any
	if t&typeFraction != 0 {
		t |= typeInteger
	}
	for _, word := range typeWords() {
		if word.set != typeNull && t&word.set == word.set {
			names, t = append(names, word.name), t&^word.set
		}
	}
	if t&typeNull != 0 {
		names = append(names, "null")
	}
	if len(names) == 1 {
		return names[0]
	}
	return names
}

func (b *Builder) describeTexts(o *jsontext.Object, s *seen, name string) {
	if format := s.texts.format(); format != "" {
		o.Set("format", format)
		return
	}
	words := s.texts.enum()
	if b.NoEnums || words == nil || s.types&^(typeString|typeNull) != 0 || isPrivate(name) {
		return
	}
	values := make([]any, len(words), len(words)+1)
	for i, word := range words {
		values[i] = word
	}
	if s.types&typeNull != 0 {
		values = append(values, nil)
	}
	o.Set("enum", values)
}

func (b *Builder) describeObject(o *jsontext.Object, s *seen, name string) {
	if values := s.asMap(); values != nil {
		o.Set("additionalProperties", b.schemaOf(values, name))
		return
	}
	required, properties := []any{}, &jsontext.Object{}
	for _, key := range s.keys {
		if s.count[key] == s.objects && s.objects >= MinRequired {
			required = append(required, key)
		}
		properties.Set(key, b.schemaOf(s.props[key], key))
	}
	if len(required) > 0 {
		o.Set("required", required)
	}
	if properties.Len() > 0 {
		o.Set("properties", properties)
	}
	if s.others != nil {
		o.Set("additionalProperties", b.schemaOf(s.others, name))
	}
}
