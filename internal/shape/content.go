package shape

import (
	"crypto/sha256"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A digester finds schemas that say the same: what they refer to is taken for what it
// says, and the order of keywords and alternatives, and what is only for people, for
// nothing.
type digester struct {
	library *library
	made    map[*jsontext.Object]string
	within  []*jsontext.Object
	left    int // how many schemas may still be looked into
}

// outside is how far up a digest reaches that needs nothing around it.
const outside = math.MaxInt

// of is a text that two schemas share only when they say the same. Schemas that do may
// yet have different ones: where they are within themselves in another way, or large.
func (d *digester) of(schema any) string {
	text, _ := d.digest(schema)
	return text
}

// digest is of, and the depth of the outermost schema around it that it names.
func (d *digester) digest(schema any) (text string, reach int) {
	for range maxReferences {
		s, ok := schema.(*jsontext.Object)
		if !ok {
			return string(jsontext.Compact(schema)), outside
		}
		target, plain := d.behind(s)
		if !plain {
			return d.object(s)
		}
		schema = target
	}
	return "loop", outside
}

// behind is the schema that s stands for and says nothing else.
func (d *digester) behind(s *jsontext.Object) (any, bool) {
	if s.Text("$ref") == "" || s.Len() > 1 && !d.library.lone[s] {
		return nil, false
	}
	target, err := d.library.resolve(s, s.Text("$ref"))
	return target, err == nil
}

func (d *digester) object(s *jsontext.Object) (string, int) {
	if made, ok := d.made[s]; ok {
		return made, outside
	}
	if i := slices.Index(d.within, s); i >= 0 {
		return "up " + strconv.Itoa(len(d.within)-i), i
	}
	if d.left--; d.left < 0 || len(d.within) > maxDepth {
		return string(jsontext.Compact(sorted(s))), outside
	}
	own := len(d.within)
	d.within = append(d.within, s)
	text, reach := d.parts(s)
	d.within = d.within[:own]
	if reach >= own {
		d.made[s], reach = text, outside
	}
	return text, reach
}

// parts is the digest of what the keywords of s say.
func (d *digester) parts(s *jsontext.Object) (text string, reach int) {
	var said []string
	reach = outside
	add := func(keyword string, parts []string, least int) {
		said, reach = append(said, keyword+"="+strings.Join(parts, ",")), min(reach, least)
	}
	all, least := d.each(s.List("allOf"))
	for _, keyword := range referenceWords() {
		if ref := s.Text(keyword); ref != "" {
			part, up := ref, outside
			if target, err := d.library.resolve(s, ref); err == nil {
				part, up = d.digest(target)
			}
			all, least = append(all, part), min(least, up)
		}
	}
	if len(all) > 0 {
		add("all", asSet(all), least)
	}
	for keyword, value := range s.All() {
		if parts, up, counts := d.keyword(s, keyword, value); counts {
			add(keyword, parts, up)
		}
	}
	switch {
	case len(said) == 0:
		return "true", outside
	case len(said) == 1 && len(all) == 1:
		return all[0], reach
	}
	slices.Sort(said)
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return string(sum[:]), reach
}

// keyword are the parts of what one keyword says; false where that says nothing.
func (d *digester) keyword(s *jsontext.Object, keyword string, value any) (parts []string, reach int, counts bool) {
	data := func(value any) []string { return []string{string(jsontext.Compact(sorted(value)))} }
	switch keyword {
	case "type":
		set := typesOf(value)
		return []string{set.String()}, outside, set != anyType
	case "enum", "required", "const", openEnum:
		list, _ := value.([]any)
		if keyword == "const" {
			list = []any{value}
		}
		for _, item := range list {
			parts = append(parts, data(item)...)
		}
		return asSet(parts), outside, keyword != "required" && keyword != openEnum || len(parts) > 0
	case "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "format", "maxItems",
		"minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "dependentRequired":
		return data(value), outside, true
	case "anyOf", "oneOf":
		list, _ := value.([]any)
		parts, reach = d.each(list)
		return asSet(parts), reach, len(parts) > 0
	case "prefixItems", "items", "additionalItems", "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "unevaluatedProperties", "unevaluatedItems":
		if list, ok := value.([]any); ok {
			parts, reach = d.each(list)
			return parts, reach, true
		}
		part, reach := d.digest(value)
		return []string{part}, reach, part != "true" || keyword == "not"
	case "properties", "patternProperties", "dependentSchemas", "dependencies":
		parts, reach = d.named(s.Object(keyword))
		return parts, reach, len(parts) > 0
	}
	return nil, outside, false
}

func (d *digester) each(schemas []any) (parts []string, reach int) {
	reach = outside
	for _, schema := range schemas {
		part, up := d.digest(schema)
		parts, reach = append(parts, part), min(reach, up)
	}
	return parts, reach
}

func (d *digester) named(schemas *jsontext.Object) (parts []string, reach int) {
	reach = outside
	for _, key := range sortedKeys(schemas) {
		part, up := "", outside
		if list, ok := schemas.Get(key).([]any); ok { // the names that a property needs
			part = string(jsontext.Compact(list))
		} else {
			part, up = d.digest(schemas.Get(key))
		}
		parts, reach = append(parts, strconv.Quote(key)+":"+part), min(reach, up)
	}
	return parts, reach
}

// asSet is a list sorted, each text once.
func asSet(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
