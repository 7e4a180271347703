package render

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
)

// ShowEvent writes what is known of an event in an API version: how it is known, from
// where, and each field of its body. dir is what the files are named in.
func (p *Printer) ShowEvent(c *catalog.Catalog, e *catalog.Event, version, dir string, fields []catalog.Field) error {
	var b bytes.Buffer
	var others []string
	for _, alias := range c.Aliases {
		if alias.Event == e.Type {
			others = append(others, alias.Name)
		}
	}
	facts := []Fact{
		{"event", e.Type}, {"provider", c.Name}, {"about", e.About}, {"on the wire", e.Wire}, {"also as", strings.Join(others, ", ")},
		{"API version", versionFact(c, version)}, {"coverage", coverageFact(e.CoverageAt(version))}, {"known", statusWord(e.Status)},
		{"note", e.Note}, {"schema", path.Join(dir, c.File(e.Schema, version))}, {"examples", strings.Join(exampleFiles(c, e, version, dir), ", ")},
	}
	for _, h := range e.Header {
		facts = append(facts, Fact{"header", h.Name + ": " + h.Text})
	}
	if e.Deprecated {
		facts = append(facts, Fact{"deprecated", "yes"})
	}
	p.writeFacts(&b, facts)
	if len(fields) > 0 {
		b.WriteByte('\n')
		p.writeGrid(&b, p.fieldGrid(fields))
	}
	p.writeSources(&b, sourcesOf(c, e))
	return p.write(b.Bytes())
}

func coverageFact(c catalog.Coverage) string {
	switch c {
	case catalog.Full:
		return "full: all that the sources tell"
	case catalog.Partial:
		return "partial: the sources show a part of it"
	case catalog.Envelope:
		return "envelope: what is inside is not published"
	}
	return string(c)
}

func exampleFiles(c *catalog.Catalog, e *catalog.Event, version, dir string) []string {
	var files []string
	for _, name := range e.Examples {
		files = append(files, path.Join(dir, c.File(name, version)))
	}
	return files
}

// sourcesOf are the sources of e, in the order of the catalog.
func sourcesOf(c *catalog.Catalog, e *catalog.Event) []provider.Named {
	return slices.DeleteFunc(slices.Clone(c.Sources), func(s provider.Named) bool { return !slices.Contains(e.From, s.Name) })
}

// fieldGrid is the grid of fields, in the order of the schema.
func (p *Printer) fieldGrid(fields []catalog.Field) grid {
	g := grid{heads: []string{"FIELD", "TYPE", "REQUIRED", "ABOUT"}}
	for _, f := range fields {
		required := ""
		if f.Required {
			required = "required"
		}
		g.rows = append(g.rows, gridRow{cells: []span{
			{Safe(f.Pointer), p.theme.strong}, {Safe(typeWord(f)), p.theme.plain}, {required, p.theme.warn},
			{Safe(joinedBy(" ", f.Description, valuesOf(f))), p.theme.plain},
		}})
	}
	return g
}

// typesOf are the types of values that are written as JSON.
func typesOf(values []string) []string {
	var types []string
	for _, value := range values {
		name := "number"
		switch value[:min(1, len(value))] {
		case `"`:
			name = "string"
		case "t", "f":
			name = "boolean"
		case "n":
			name = "null"
		case "{":
			name = "object"
		case "[":
			name = "array"
		}
		if !slices.Contains(types, name) {
			types = append(types, name)
		}
	}
	return types
}

// typeWord names the types of a field: "string|null".
func typeWord(f catalog.Field) string {
	types := slices.Clone(f.Types)
	if len(types) == 0 && !f.Open {
		types = typesOf(f.Enum)
	}
	if len(types) == 0 && !f.Nullable {
		return "any"
	}
	if f.Nullable {
		types = append(types, "null")
	}
	return strings.Join(types, "|")
}

// valuesOf says in brackets what values a field may have; "" where its types say all.
func valuesOf(f catalog.Field) string {
	var said []string
	if len(f.Enum) > 0 {
		word := "one of "
		if f.Open {
			word = "so far one of "
		}
		said = append(said, word+strings.Join(f.Enum, ", "))
	}
	if f.Format != "" {
		said = append(said, "format "+f.Format)
	}
	if f.Pattern != "" {
		said = append(said, "pattern "+f.Pattern)
	}
	if len(said) == 0 {
		return ""
	}
	return "(" + strings.Join(said, "; ") + ")"
}
