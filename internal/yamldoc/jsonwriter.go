package yamldoc

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

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
	err := w.mergeAll(seen, merged, depth)
	w.out = append(w.out, '}')
	return err
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
		return w.mergeAll(seen, n.Values, depth)
	}
	entries, ok := mapping(node)
	if !ok {
		return w.doc.at(placeOf(node), "want a mapping to merge, got %s", describe(node))
	}
	return w.mergeEntries(seen, entries, depth)
}

func (w *jsonWriter) mergeAll(seen map[string]bool, nodes []ast.Node, depth int) error {
	for _, node := range nodes {
		if err := w.merge(seen, node, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// mergeEntries writes those of entries that are not there yet, then what they merge in.
func (w *jsonWriter) mergeEntries(seen map[string]bool, entries []*ast.MappingValueNode, depth int) error {
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
		if seen[key] {
			continue
		}
		if err := w.member(seen, key, entry.Value, depth); err != nil {
			return err
		}
	}
	return w.mergeAll(seen, inner, depth)
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
	case *ast.IntegerNode, *ast.FloatNode:
		return w.plain(n.GetToken().Value)
	case *ast.InfinityNode, *ast.NanNode:
		return w.text(n.GetToken().Value)
	case *ast.StringNode:
		if n.GetToken().Type == token.StringType { // the parser knows no exponents, and no large numbers
			return w.plain(n.Value)
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

// plain writes what has no quotes: a number where YAML 1.2 reads one, else a text. The
// parser reads more numbers, such as 1_000, and 012 to the base of eight, as YAML 1.1 does.
func (w *jsonWriter) plain(written string) error {
	number, ok := asNumber(written)
	if !ok {
		return w.text(written)
	}
	w.out = append(w.out, number...)
	return nil
}

// maxHex is how many digits a number to another base may have.
const maxHex = 256

// asNumber is a number of YAML 1.2 as JSON writes it; false where a text is none.
func asNumber(written string) (string, bool) {
	for prefix, base := range map[string]int{"0x": 16, "0o": 8} {
		if digits, ok := strings.CutPrefix(written, prefix); ok && len(digits) <= maxHex && !strings.ContainsAny(digits, "+-_") {
			n, ok := new(big.Int).SetString(digits, base)
			return n.String(), ok
		}
	}
	sign, rest := "", written
	if strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "+") {
		sign, rest = strings.TrimPrefix(rest[:1], "+"), rest[1:]
	}
	if !startsWithDigit(strings.TrimPrefix(rest, ".")) {
		return "", false
	}
	rest = strings.TrimLeft(rest, "0")
	if !startsWithDigit(rest) {
		rest = "0" + rest
	}
	if whole, part, ok := strings.Cut(rest, "."); ok && !startsWithDigit(part) {
		rest = whole + ".0" + part
	}
	return sign + rest, json.Valid([]byte(rest))
}

func startsWithDigit(text string) bool { return text != "" && text[0] >= '0' && text[0] <= '9' }

func (w *jsonWriter) text(text string) error {
	quoted, err := json.Marshal(strings.ToValidUTF8(text, "\ufffd"))
	w.out = append(w.out, quoted...)
	return err
}
