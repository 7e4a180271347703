package yamldoc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
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
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > maxForeign:
		return nil, d.at(place{}, "want at most %d MB of YAML, got %d bytes; as JSON it may have more", maxForeign>>20, len(text))
	case !utf8.Valid(text):
		return nil, d.at(place{}, "want text in UTF-8")
	}
	if line := emptyLines(text); line > 0 {
		return nil, &Error{File: file, Line: line, Column: 1, What: fmt.Sprintf("want at most %d empty lines in a row", maxEmpty)}
	}
	defer func() { // the parser is not ours, and the file may be anybody's
		if p := recover(); p != nil {
			out, err = nil, &Error{File: file, What: fmt.Sprintf("this is not YAML that can be read: %v", p)}
		}
	}()
	root, err := d.parseForeign(text)
	if err != nil {
		return nil, err
	}
	w := &jsonWriter{doc: d, anchors: map[string]ast.Node{}}
	err = w.write(root, 0)
	return w.out, err
}

// parseForeign returns the one document of a text.
func (d *Document) parseForeign(text []byte) (ast.Node, error) {
	tokens := lexer.Tokenize(string(text))
	if err := d.limitForeign(tokens); err != nil {
		return nil, err
	}
	parsed, err := parser.Parse(tokens, 0)
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			return nil, d.at(placeAt(syntax.Token), "%s", syntax.Message)
		}
		return nil, d.at(place{}, "%v", err)
	}
	var root ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return nil, d.at(placeOf(doc.Body), "want one document, got a second")
		}
		root = doc.Body
	}
	return root, nil
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

// A jsonWriter writes what the parser made as JSON.
type jsonWriter struct {
	doc     *Document
	out     []byte
	anchors map[string]ast.Node
	merges  int // mappings that were merged into others
}

func (w *jsonWriter) write(node ast.Node, depth int) error {
	switch {
	case depth > maxForeignDepth:
		return w.doc.at(placeOf(node), "want lists and mappings nested at most %d deep, with all aliases", maxForeignDepth)
	case len(w.out) > maxForeign:
		return w.doc.at(placeOf(node), "with all its aliases the file has more than %d MB", maxForeign>>20)
	}
	switch n := node.(type) {
	case *ast.AnchorNode:
		w.anchors[n.Name.GetToken().Value] = n.Value
		return w.write(n.Value, depth)
	case *ast.AliasNode:
		to, err := w.alias(n)
		if err != nil {
			return err
		}
		return w.write(to, depth+1)
	case *ast.TagNode:
		return w.tagged(n, depth)
	case *ast.SequenceNode:
		return w.list(n, depth)
	}
	if text, ok := tornText(node); ok {
		return w.text(text)
	}
	if entries, ok := mapping(node); ok {
		return w.mapping(entries, depth)
	}
	return w.scalar(node)
}

// tornText is the one word that the parser has taken for a key and its value.
func tornText(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.MappingValueNode:
		return torn(n)
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) == 1 {
			return torn(n.Values[0])
		}
	}
	return "", false
}

func (w *jsonWriter) alias(n *ast.AliasNode) (ast.Node, error) {
	name := n.Value.GetToken().Value
	to, ok := w.anchors[name]
	if !ok {
		return nil, w.doc.at(placeOf(n), "there is no anchor &%s before this", name)
	}
	return to, nil
}

func (w *jsonWriter) list(n *ast.SequenceNode, depth int) error {
	w.out = append(w.out, '[')
	for i, item := range n.Values {
		if i > 0 {
			w.out = append(w.out, ',')
		}
		if err := w.write(item, depth+1); err != nil {
			return err
		}
	}
	w.out = append(w.out, ']')
	return nil
}

// mapping writes an object: its own keys, then those that are merged in and are not there.
func (w *jsonWriter) mapping(entries []*ast.MappingValueNode, depth int) error {
	w.out = append(w.out, '{')
	seen := map[string]bool{}
	var merged []ast.Node
	for _, entry := range entries {
		if _, merge := entry.Key.(*ast.MergeKeyNode); merge {
			merged = append(merged, entry.Value)
			continue
		}
		key, err := w.key(entry)
		if err != nil {
			return err
		}
		if seen[key] {
			return w.doc.at(placeAt(entry.Key.GetToken()), "the key %q is there twice", key)
		}
		if err := w.member(seen, key, entry.Value, depth); err != nil {
			return err
		}
	}
	for _, node := range merged {
		if err := w.merge(seen, node, depth+1); err != nil {
			return err
		}
	}
	w.out = append(w.out, '}')
	return nil
}

// merge writes the members of a mapping, or of several, that are not there yet.
func (w *jsonWriter) merge(seen map[string]bool, node ast.Node, depth int) error {
	switch w.merges++; {
	case depth > maxForeignDepth:
		return w.doc.at(placeOf(node), "want lists and mappings nested at most %d deep, with all aliases", maxForeignDepth)
	case w.merges > maxMerges:
		return w.doc.at(placeOf(node), "want at most %d mappings that are merged into others, with all aliases", maxMerges)
	}
	switch n := node.(type) {
	case *ast.AnchorNode:
		w.anchors[n.Name.GetToken().Value] = n.Value
		return w.merge(seen, n.Value, depth+1)
	case *ast.AliasNode:
		to, err := w.alias(n)
		if err != nil {
			return err
		}
		return w.merge(seen, to, depth+1)
	case *ast.SequenceNode:
		for _, item := range n.Values {
			if err := w.merge(seen, item, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	entries, ok := mapping(node)
	if !ok {
		return w.doc.at(placeOf(node), "want a mapping to merge, got %s", describe(node))
	}
	var inner []ast.Node
	for _, entry := range entries {
		if _, again := entry.Key.(*ast.MergeKeyNode); again {
			inner = append(inner, entry.Value)
			continue
		}
		key, err := w.key(entry)
		if err != nil {
			return err
		}
		if !seen[key] {
			if err := w.member(seen, key, entry.Value, depth); err != nil {
				return err
			}
		}
	}
	for _, node := range inner {
		if err := w.merge(seen, node, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *jsonWriter) key(entry *ast.MappingValueNode) (string, error) {
	switch key := entry.Key.(type) {
	case *ast.MappingKeyNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "", w.doc.at(placeAt(key.GetToken()), "want a plain key, such as key: value")
	}
	return entry.Key.GetToken().Value, nil
}

func (w *jsonWriter) member(seen map[string]bool, key string, value ast.Node, depth int) error {
	if len(seen) > 0 {
		w.out = append(w.out, ',')
	}
	seen[key] = true
	if err := w.text(key); err != nil {
		return err
	}
	w.out = append(w.out, ':')
	return w.write(value, depth+1)
}

// tagged writes what has a tag: a text where it says so, else as it is without. A tag of
// somebody's own cannot be understood.
func (w *jsonWriter) tagged(n *ast.TagNode, depth int) error {
	switch n.Start.Value {
	case "!!str", "!", "!!binary", "!!timestamp":
		if text, ok := scalar(n.Value); ok {
			return w.text(text)
		}
		return w.text("")
	case "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!omap", "!!merge":
		return w.write(n.Value, depth+1)
	}
	return w.doc.at(placeOf(n), "the tag %s is not read here", n.Start.Value)
}

func (w *jsonWriter) scalar(node ast.Node) error {
	switch n := node.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		w.out = append(w.out, "null"...)
	case *ast.BoolNode:
		w.out = strconv.AppendBool(w.out, n.Value)
	case *ast.IntegerNode:
		w.number(n.GetToken().Value, fmt.Sprint(n.Value))
	case *ast.FloatNode:
		if math.IsNaN(n.Value) || math.IsInf(n.Value, 0) {
			return w.text(n.GetToken().Value)
		}
		w.number(n.GetToken().Value, strconv.FormatFloat(n.Value, 'g', -1, 64))
	case *ast.InfinityNode, *ast.NanNode:
		return w.text(n.GetToken().Value)
	case *ast.StringNode:
		if t := n.GetToken(); t.Type == token.StringType && isNumber(n.Value) {
			w.out = append(w.out, n.Value...) // the parser knows no exponents, and no large numbers
			return nil
		}
		return w.text(n.Value)
	default:
		text, ok := scalar(node)
		if !ok {
			return w.doc.at(placeOf(node), "this cannot be said in JSON")
		}
		return w.text(text)
	}
	return nil
}

// number writes a number as it is written, where JSON writes it so too.
func (w *jsonWriter) number(written, value string) {
	if json.Valid([]byte(written)) {
		value = written
	}
	w.out = append(w.out, value...)
}

func isNumber(text string) bool {
	return text != "" && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') && json.Valid([]byte(text))
}

func (w *jsonWriter) text(text string) error {
	quoted, err := json.Marshal(strings.ToValidUTF8(text, "\ufffd"))
	w.out = append(w.out, quoted...)
	return err
}
