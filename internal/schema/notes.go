package schema

import (
	"fmt"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// notes are what is worth knowing of a schema that is right: by what is said, and where
// it was first.
type notes map[string]*note

type note struct {
	where string
	count int
}

func (n notes) add(what, where string) {
	if seen := n[what]; seen != nil {
		seen.count++
		seen.where = min(seen.where, where)
		return
	}
	n[what] = &note{where, 1}
}

// format notes a format that nobody checks. Those of OpenAPI that say how a value is
// stored, not how it looks, are nothing to tell of.
func (n notes) format(v visit, name string) {
	switch name {
	case "int32", "int64", "float", "double", "byte", "binary", "password", "int8", "int16", "uint8", "uint16", "uint32", "uint64":
		return
	}
	n.add(fmt.Sprintf("format %s is not checked", shown(name)), rule(v.doc.url+"#"+v.pointer+"/format"))
}

func (n notes) repeatedKeys(doc *document, text []byte) {
	found := jsontext.ScanText(text, schemaBounds())
	for _, odd := range found.Oddities {
		if odd.Kind == jsontext.RepeatedKey {
			n.add(fmt.Sprintf("the key %s is there more than once, and the last counts", shown(odd.Text)), rule(doc.url+"#"+odd.Place.ShortPointer(MaxPointer)))
		}
	}
}

// list is all of them, one line each, in a fixed order.
func (n notes) list() []string {
	var lines []string
	for what, seen := range n {
		line := seen.where + ": " + what
		if seen.count > 1 {
			line += fmt.Sprintf(" (here and in %d more places)", seen.count-1)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}
