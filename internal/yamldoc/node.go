package yamldoc

import (
	"reflect"

	"github.com/goccy/go-yaml/ast"
)

// A Node is a part of a document, for readers that decide by what they find how to
// go on.
type Node struct {
	doc  *Document
	node ast.Node
}

// An Entry is a key of a mapping with its value.
type Entry struct {
	Key   string
	Value Node
	at    place
}

// Root returns the entries of the document, in order.
func (d *Document) Root() []Entry {
	if d.root == nil {
		return nil
	}
	entries, _ := Node{d, d.root}.Entries()
	return entries
}

// Errorf returns an *Error at the key.
func (e Entry) Errorf(format string, args ...any) error {
	return e.Value.doc.at(e.at, format, args...)
}

// Errorf returns an *Error at the node.
func (n Node) Errorf(format string, args ...any) error {
	return n.doc.at(placeOf(n.node), format, args...)
}

// Entries returns the entries of a mapping, in order; false for anything else.
func (n Node) Entries() ([]Entry, bool) {
	values, ok := mapping(n.node)
	entries := make([]Entry, len(values))
	for i, value := range values {
		key := value.Key.GetToken()
		entries[i] = Entry{key.Value, Node{n.doc, value.Value}, placeAt(key)}
	}
	return entries, ok
}

// Items returns the items of a list; false for anything else.
func (n Node) Items() ([]Node, bool) {
	list, ok := n.node.(*ast.SequenceNode)
	if !ok {
		return nil, false
	}
	items := make([]Node, len(list.Values))
	for i, value := range list.Values {
		items[i] = Node{n.doc, value}
	}
	return items, true
}

// Text returns a single value as it was written, quotes undone; false for anything
// else.
func (n Node) Text() (string, bool) { return scalar(n.node) }

// IsNull reports whether nothing is there.
func (n Node) IsNull() bool {
	_, null := n.node.(*ast.NullNode)
	return null || n.node == nil
}

// String says what the node is, for an error.
func (n Node) String() string { return describe(n.node) }

// Decode reads the node, which stands at path, into what to points to, as
// Document.Decode does.
func (n Node) Decode(to any, path string) error {
	return n.doc.again().decode(n.node, reflect.ValueOf(to).Elem(), path)
}
