package catalog

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// What is read of a schema for people is bounded: a schema may refer to itself, or be
// anybody's.
const (
	maxFields     = 5000
	maxFieldDepth = 24
	maxRefs       = 64 // behind one another
	maxParts      = 100_000
)

// A Field is one value that a schema describes, for people.
type Field struct {
	// Pointer is its place as a JSON pointer, in which * stands for the index of any
	// item, or for any other name.
	Pointer string
	// Types are those of JSON without null; none where any may stand there.
	Types []string
	// Required says that it is there wherever the object around it is.
	Required bool
	Nullable bool
	// Enum are the values that are allowed, as JSON; none where the schema lists none.
	Enum []string
	// Open says that Enum are those that are known, and others may come.
	Open        bool
	Format      string
	Pattern     string
	Description string
}

// Fields are the values that the schema of e describes in an API version, in the order
// of its file. What alternatives describe is among them, and never required.
func (c *Catalog) Fields(e *Event, version string) ([]Field, error) {
	r := &fieldReader{c: c, files: map[string]any{}, left: maxParts}
	file := c.File(e.Schema, version)
	root, err := r.file(file)
	if err != nil {
		return nil, err
	}
	r.walk("", r.parts(root, part{file: file}, 0), nil)
	return r.fields, nil
}

// A fieldReader goes through a schema and what it refers to.
type fieldReader struct {
	c      *Catalog
	files  map[string]any
	fields []Field
	left   int // how many parts may still be looked at
}

// A part is one of several schemas that say something of the same value.
type part struct {
	schema   *jsontext.Object
	file     string // where it stands
	optional bool   // it is one of several alternatives
}

// file is a file of the catalog, read once.
func (r *fieldReader) file(name string) (any, error) {
	if root, known := r.files[name]; known {
		return root, nil
	}
	text, err := r.c.Read(name)
	if err != nil {
		return nil, err
	}
	root, err := parse(text)
	if err == nil {
		r.files[name] = root
	}
	return root, err
}

// parts are the schema that value is, then those that it refers to and combines. It
// stands in the file of from, and is optional where that is.
func (r *fieldReader) parts(value any, from part, depth int) []part {
	schema, ok := value.(*jsontext.Object)
	if !ok || depth == maxRefs || r.left == 0 {
		return nil
	}
	r.left--
	from.schema = schema
	all := []part{from}
	if ref := schema.Text("$ref"); ref != "" {
		target, file := r.follow(from.file, ref)
		all = append(all, r.parts(target, part{file: file, optional: from.optional}, depth+1)...)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		combined := part{file: from.file, optional: from.optional || keyword != "allOf"}
		for _, one := range schema.List(keyword) {
			all = append(all, r.parts(one, combined, depth+1)...)
		}
	}
	return all
}

// follow is what a reference in a file leads to, and its file; nil where it leads out of
// the catalog, or to no pointer.
func (r *fieldReader) follow(file, ref string) (any, string) {
	name, fragment, _ := strings.Cut(ref, "#")
	if name = targetOf(r.c.Name, file, name); name == "" {
		return nil, ""
	}
	root, err := r.file(name)
	pointer, unescaped := url.PathUnescape(fragment)
	if err != nil || unescaped != nil || pointer != "" && pointer[0] != '/' {
		return nil, ""
	}
	value, _ := jsontext.At(root, pointer)
	return value, name
}

// targetOf is the file that a reference without its fragment names from a file of a
// catalog, "" where that is none of the catalog.
func targetOf(catalog, file, ref string) string {
	if ref == "" {
		return file
	}
	if name, ours := strings.CutPrefix(ref, home+catalog+"/"); ours {
		return name
	}
	if strings.Contains(ref, ":") || strings.HasPrefix(ref, "/") {
		return ""
	}
	name := path.Join(path.Dir(file), ref)
	if name == ".." || strings.HasPrefix(name, "../") {
		return ""
	}
	return name
}

// walk adds the fields below pointer. around are the schemas on the way there.
func (r *fieldReader) walk(pointer string, parts []part, around []*jsontext.Object) {
	for _, p := range parts {
		if slices.Contains(around, p.schema) {
			return // it goes round
		}
	}
	if strings.Count(pointer, "/") >= maxFieldDepth {
		return
	}
	around = slices.Clone(around)
	for _, p := range parts {
		around = append(around, p.schema)
	}
	names, below := r.properties(parts)
	required := requiredOf(parts)
	for _, name := range names {
		r.add(pointer+jsontext.Pointer(name), below[name], slices.Contains(required, name), around)
	}
	var rest []part
	for _, p := range parts {
		for _, keyword := range []string{"items", "additionalItems", "additionalProperties"} {
			rest = append(rest, r.parts(p.schema.Get(keyword), p, 0)...)
		}
	}
	if len(rest) > 0 {
		r.add(pointer+"/*", rest, false, around)
	}
}

// properties are the names that parts have, in order, with what says something of each:
// what is referred to comes first, as it does where schemas extend an envelope. Names that
// are only asked for come last.
func (r *fieldReader) properties(parts []part) ([]string, map[string][]part) {
	var names []string
	below := map[string][]part{}
	for i := range parts {
		p := parts[(i+1)%len(parts)]
		for name, schema := range p.schema.Object("properties").All() {
			if _, known := below[name]; !known {
				names = append(names, name)
			}
			below[name] = append(below[name], r.parts(schema, p, 0)...)
		}
	}
	for _, p := range parts {
		for _, name := range textsOf(p.schema.List("required")) {
			if _, known := below[name]; !known {
				names, below[name] = append(names, name), r.unnamed(parts)
			}
		}
	}
	return names, below
}

// unnamed is what parts say of properties that they have no names for.
func (r *fieldReader) unnamed(parts []part) []part {
	var all []part
	for _, p := range parts {
		all = append(all, r.parts(p.schema.Get("additionalProperties"), p, 0)...)
	}
	return all
}

// requiredOf are the names that every value has.
func requiredOf(parts []part) []string {
	var names []string
	for _, p := range parts {
		if !p.optional {
			names = append(names, textsOf(p.schema.List("required"))...)
		}
	}
	return names
}

// add adds one field, and those below it.
func (r *fieldReader) add(pointer string, parts []part, required bool, around []*jsontext.Object) {
	if len(r.fields) == maxFields {
		return
	}
	f := Field{Pointer: pointer, Required: required}
	for _, p := range parts {
		f.merge(p.schema)
	}
	r.fields = append(r.fields, f)
	r.walk(pointer, parts, around)
}

// merge adds what one schema says. What was said first stays.
func (f *Field) merge(schema *jsontext.Object) {
	for _, name := range textsOf(schema.Get("type")) {
		switch {
		case name == "null":
			f.Nullable = true
		case !slices.Contains(f.Types, name):
			f.Types = append(f.Types, name)
		}
	}
	f.Nullable = f.Nullable || schema.Truth("nullable")
	if f.Enum == nil {
		f.Enum = jsonOf(schema.List("enum"))
	}
	if f.Enum == nil && schema.Has("const") {
		f.Enum = jsonOf([]any{schema.Get("const")})
	}
	if f.Enum == nil && schema.Has("x-extensible-enum") {
		f.Open, f.Enum = true, jsonOf(schema.List("x-extensible-enum"))
	}
	for keyword, text := range map[string]*string{"format": &f.Format, "pattern": &f.Pattern, "description": &f.Description} {
		if *text == "" {
			*text = schema.Text(keyword)
		}
	}
}

// jsonOf are values as JSON.
func jsonOf(values []any) []string {
	var texts []string
	for _, value := range values {
		texts = append(texts, string(jsontext.Compact(value)))
	}
	return texts
}
