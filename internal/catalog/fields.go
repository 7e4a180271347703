package catalog

import (
	"net/url"
	"path"
	"slices"
	"strings"
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
	Enum        []string
	Format      string
	Pattern     string
	Description string
}

// Fields are the values that the schema of e describes in an API version, in the order
// of its file. What alternatives describe is among them, and never required.
func (c *Catalog) Fields(e *Event, version string) ([]Field, error) {
	r := &fieldReader{c: c, files: map[string]*tree{}, left: maxParts}
	root, err := r.file(c.File(e.Schema, version))
	if err != nil {
		return nil, err
	}
	r.walk("", r.parts(located{root, c.File(e.Schema, version)}, false, 0), nil)
	return r.fields, nil
}

// A fieldReader goes through a schema and what it refers to.
type fieldReader struct {
	c      *Catalog
	files  map[string]*tree
	fields []Field
	left   int // how many parts may still be looked at
}

// located is a part of a schema with the file it stands in.
type located struct {
	node *tree
	file string
}

// A part is one of several schemas that say something of the same value.
type part struct {
	located
	optional bool // it is one of several alternatives
}

// file is a file of the catalog, read once.
func (r *fieldReader) file(name string) (*tree, error) {
	if t := r.files[name]; t != nil {
		return t, nil
	}
	text, err := r.c.Read(name)
	if err != nil {
		return nil, err
	}
	t, err := parseTree(text)
	if err == nil {
		r.files[name] = t
	}
	return t, err
}

// parts are the schema at, then those that it refers to and combines.
func (r *fieldReader) parts(at located, optional bool, depth int) []part {
	if at.node == nil || at.node.members == nil || depth == maxRefs || r.left == 0 {
		return nil
	}
	r.left--
	all := []part{{at, optional}}
	if ref := at.node.get("$ref").text(); ref != "" {
		all = append(all, r.parts(r.follow(at.file, ref), optional, depth+1)...)
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if combined := at.node.get(keyword); combined != nil {
			for _, one := range combined.items {
				all = append(all, r.parts(located{one, at.file}, optional || keyword != "allOf", depth+1)...)
			}
		}
	}
	return all
}

// follow is what a reference in a file leads to; nothing where it leads out of the
// catalog, or to no pointer.
func (r *fieldReader) follow(file, ref string) located {
	name, fragment, _ := strings.Cut(ref, "#")
	if name = targetOf(r.c.Name, file, name); name == "" {
		return located{}
	}
	t, err := r.file(name)
	pointer, unescaped := url.PathUnescape(fragment)
	if err != nil || unescaped != nil || pointer != "" && pointer[0] != '/' {
		return located{}
	}
	return located{t.at(pointer), name}
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
func (r *fieldReader) walk(pointer string, parts []part, around []*tree) {
	for _, p := range parts {
		if slices.Contains(around, p.node) {
			return // it goes round
		}
	}
	if strings.Count(pointer, "/") >= maxFieldDepth {
		return
	}
	around = slices.Clone(around)
	for _, p := range parts {
		around = append(around, p.node)
	}
	names, below := r.properties(parts)
	required := requiredOf(parts)
	for _, name := range names {
		r.add(pointer+"/"+escapePointer(name), below[name], slices.Contains(required, name), around)
	}
	var rest []part
	for _, p := range parts {
		for _, keyword := range []string{"items", "additionalItems", "additionalProperties"} {
			rest = append(rest, r.parts(located{p.node.get(keyword), p.file}, p.optional, 0)...)
		}
	}
	if len(rest) > 0 {
		r.add(pointer+"/*", rest, false, around)
	}
}

// properties are the names that parts have, in order, with what says something of each:
// what is referred to comes first, as it does where schemas extend an envelope.
func (r *fieldReader) properties(parts []part) ([]string, map[string][]part) {
	var names []string
	below := map[string][]part{}
	for i := range parts {
		p := parts[(i+1)%len(parts)]
		properties := p.node.get("properties")
		if properties == nil {
			continue
		}
		for _, name := range properties.keys {
			if _, known := below[name]; !known {
				names = append(names, name)
			}
			below[name] = append(below[name], r.parts(located{properties.members[name], p.file}, p.optional, 0)...)
		}
	}
	return names, below
}

// requiredOf are the names that every value has.
func requiredOf(parts []part) []string {
	var names []string
	for _, p := range parts {
		if !p.optional {
			names = append(names, p.node.get("required").texts()...)
		}
	}
	return names
}

// add adds one field, and those below it.
func (r *fieldReader) add(pointer string, parts []part, required bool, around []*tree) {
	if len(r.fields) == maxFields {
		return
	}
	f := Field{Pointer: pointer, Required: required}
	for _, p := range parts {
		f.merge(p.node)
	}
	r.fields = append(r.fields, f)
	r.walk(pointer, parts, around)
}

// merge adds what one schema says. What was said first stays.
func (f *Field) merge(node *tree) {
	for _, name := range node.get("type").texts() {
		switch {
		case name == "null":
			f.Nullable = true
		case !slices.Contains(f.Types, name):
			f.Types = append(f.Types, name)
		}
	}
	if node.get("nullable").json() == "true" {
		f.Nullable = true
	}
	if enum := node.get("enum"); enum != nil && f.Enum == nil {
		for _, value := range enum.items {
			f.Enum = append(f.Enum, value.json())
		}
	}
	if only := node.get("const"); only != nil && f.Enum == nil {
		f.Enum = []string{only.json()}
	}
	for keyword, text := range map[string]*string{"format": &f.Format, "pattern": &f.Pattern, "description": &f.Description} {
		if *text == "" {
			*text = node.get(keyword).text()
		}
	}
}

// escapePointer is a name as a JSON pointer has it.
func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
