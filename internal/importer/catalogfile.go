package importer

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
)

// verb is the command that has made the catalog.
func (im *Import) verb() string {
	if im.observed {
		return "infer"
	}
	return "import"
}

// sourceName is the short name of what was read among the sources of the catalog.
func (im *Import) sourceName() string {
	if im.observed {
		return "payloads"
	}
	return "import"
}

// heading is what the catalog is called.
func (im *Import) heading(title string) string { return cmp.Or(title, sentence(im.title), im.name) }

// CatalogFile is the text of catalog.yaml. title is what the provider is called, "" where
// only the source says.
func (im *Import) CatalogFile(title string) []byte {
	var out bytes.Buffer
	line := func(indent int, key, value string) {
		fmt.Fprintf(&out, "%*s%s: %s\n", indent, "", yamlText(key), value)
	}
	fmt.Fprintf(&out, "# Made by hookctl catalog %s; --replace makes it anew, with what was changed here gone.\n", im.verb())
	line(0, "name", yamlText(im.name))
	line(0, "title", yamlText(im.heading(title)))
	if im.observed {
		line(0, "about", yamlText("What payloads had that came, and nothing that anybody has published."))
	}
	if im.version != "" {
		line(0, "api_versions", "["+yamlText(im.version)+"]")
		line(0, "api_version", yamlText(im.version))
	}
	out.WriteString("\nsources:\n")
	line(2, im.sourceName(), yamlText(im.source()))
	if im.hasAliases() {
		out.WriteString("\naliases:\n")
		for i := range im.Events {
			for _, alias := range im.Events[i].Aliases {
				line(2, alias, yamlText(im.Events[i].Type))
			}
		}
	}
	out.WriteString("\nevents:\n")
	for i := range im.Events {
		im.writeEvent(&im.Events[i], &out, line)
	}
	return out.Bytes()
}

func (im *Import) hasAliases() bool {
	for i := range im.Events {
		if len(im.Events[i].Aliases) > 0 {
			return true
		}
	}
	return false
}

// source says what was imported, in a way that is the same on every machine.
func (im *Import) source() string {
	if im.observed {
		return "payloads that came"
	}
	text := some(im.origins) + ", " + im.Format
	if title := sentence(im.title); title != "" {
		text = title + ": " + text
	}
	return text
}

func (im *Import) writeEvent(e *Event, out *bytes.Buffer, line func(indent int, key, value string)) {
	fmt.Fprintf(out, "  %s:\n", yamlText(e.Type))
	say := func(key, value string) {
		if value != "" {
			line(4, key, yamlText(value))
		}
	}
	say("wire", e.Wire)
	say("about", e.About)
	say("group", e.Group)
	say("schema", im.listed(e.Schema.Name))
	if len(e.Examples) > 0 {
		names := make([]string, len(e.Examples))
		for i, file := range e.Examples {
			names[i] = yamlText(im.listed(file.Name))
		}
		line(4, "examples", "["+strings.Join(names, ", ")+"]")
	}
	coverage := catalog.Full
	status := provider.Documented
	switch {
	case im.observed:
		coverage, status = catalog.Partial, provider.Observed
	case e.Envelope:
		coverage = catalog.Envelope
	}
	say("coverage", string(coverage))
	if e.Deprecated {
		line(4, "deprecated", "true")
	}
	if len(e.Header) > 0 {
		out.WriteString("    headers:\n")
		for _, h := range e.Header {
			line(6, h.Name, yamlText(h.Text))
		}
	}
	line(4, "is", string(status))
	line(4, "from", im.sourceName())
	say("note", e.Note)
}

// listed is the name of a file as catalog.yaml has it: {version} stands for the version.
func (im *Import) listed(name string) string {
	if rest, ok := strings.CutPrefix(name, im.version+"/"); ok && im.version != "" {
		return "{version}/" + rest
	}
	return name
}

// plainYAML is what YAML needs no quotes for, but for yamlWord, which some take for values.
var (
	plainYAML = lazily(`^[A-Za-z][A-Za-z0-9_./$-]*$`)
	yamlWord  = lazily(`^(?i:true|false|yes|no|on|off|null|nan|inf|y|n)$`)
)

// yamlText is a text as YAML has it: as it is where nobody could take it for anything else.
func yamlText(text string) string {
	if plainYAML().MatchString(text) && !yamlWord().MatchString(text) {
		return text
	}
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == ' ' || unicode.IsPrint(r) && r != '\ufeff':
			out.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&out, `\U%08x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	out.WriteByte('"')
	return out.String()
}
