package yamldoc

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// What a file may be that ToJSON reads: those that programs write are larger than those
// that people do.
const (
	// maxForeign is the size of the file, and of the JSON that it becomes, in bytes.
	maxForeign = 16 << 20
	// maxForeignKeys is how many keys a mapping may have on lines of their own: the
	// parser's time grows with their square.
	maxForeignKeys = 20_000
	// maxForeignDepth is how deep it may be nested.
	maxForeignDepth = 200
	// maxMerges is how many mappings may be merged into others, with all aliases: they
	// need not add anything.
	maxMerges = 100_000
)

// ToJSON turns a file of any form into JSON with the same keys in the same order. Anchors
// and merge keys are written out, within bounds. file is its name in errors, which are
// *Error.
func ToJSON(file string, text []byte) (out []byte, err error) {
	d := &Document{file: file}
	text = withoutMark(text)
	if len(text) > maxForeign {
		return nil, d.at(place{}, "want at most %d MB of YAML, got %d bytes; as JSON it may have more", maxForeign>>20, len(text))
	}
	defer d.rescue(&err)
	root, err := d.parse(text, d.limitForeign)
	if err != nil {
		return nil, err
	}
	w := &jsonWriter{doc: d, anchors: map[string]ast.Node{}}
	err = w.write(root, 0)
	return w.out, err
}

// limitForeign refuses what would keep the parser busy.
func (d *Document) limitForeign(tokens token.Tokens) error {
	type level struct{ column, keys int }
	var open []level // mappings with keys on lines of their own, the innermost last
	depth, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position == nil {
			continue
		}
		if t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth = max(0, depth-1)
		case token.SequenceEntryType:
			dashes++
		case token.MappingValueType:
			if depth > 0 || t.Prev == nil {
				continue
			}
			column := t.Prev.Position.Column
			for len(open) > 0 && open[len(open)-1].column > column {
				open = open[:len(open)-1]
			}
			if len(open) == 0 || open[len(open)-1].column < column {
				open = append(open, level{column, 0})
			}
			if open[len(open)-1].keys++; open[len(open)-1].keys > maxForeignKeys {
				return d.at(placeAt(t), "want at most %d keys in a mapping", maxForeignKeys)
			}
		}
		if depth+dashes+len(open) > maxForeignDepth {
			return d.at(placeAt(t), "want lists and mappings nested at most %d deep", maxForeignDepth)
		}
	}
	return nil
}
