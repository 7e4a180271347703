package yamldoc

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// Flow is the node on one line, as people write it: 10s, or {attempts: 5, delays: [1s, 1m]}.
// Quotes are where they are needed, and comments are not there. A single word has none.
func (n Node) Flow() string {
	if text, ok := n.Text(); ok {
		return text
	}
	return n.flow()
}

func (n Node) flow() string {
	if n.IsNull() {
		return "null"
	}
	if text, ok := n.Text(); ok {
		if n.isNumber() || n.node.GetToken().Indicator != token.QuotedScalarIndicator && isPlain(text, true) {
			return text // as it was read
		}
		return Text(text).inline(true)
	}
	var parts []string
	if items, ok := n.Items(); ok {
		for _, item := range items {
			parts = append(parts, item.flow())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	entries, _ := n.Entries()
	for _, entry := range entries {
		key := entry.Key
		if !isPlain(key, true) {
			key = quoted(key)
		}
		parts = append(parts, key+": "+entry.Value.flow())
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// isNumber reports whether the node is a number without quotes, or a truth value.
func (n Node) isNumber() bool {
	switch n.node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return true
	}
	return false
}
