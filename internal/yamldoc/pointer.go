package yamldoc

import (
	"strconv"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// ErrorAt returns an *Error at the value that a JSON pointer leads to in what ToJSON makes
// of the file, or at its key, where it has one and atKey says so. Where the pointer leads
// nowhere it is at the last thing on the way. It is for a document that was not decoded.
func (d *Document) ErrorAt(pointer string, atKey bool, format string, args ...any) error {
	if d.root == nil {
		return d.at(place{}, format, args...)
	}
	node := Node{d, d.root}
	at := placeOf(node.node)
	for _, token := range jsontext.Tokens(pointer) {
		below, key, ok := node.step(token)
		if !ok {
			break
		}
		node = below
		if at = placeOf(node.node); at == (place{}) || atKey && key != (place{}) {
			at = key
		}
	}
	return d.at(at, format, args...)
}

// step is what a mapping has under a key, with the place of the key, or the item of a list.
func (n Node) step(token string) (below Node, key place, ok bool) {
	if items, list := n.Items(); list {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(items) {
			return Node{}, place{}, false
		}
		return items[i], place{}, true
	}
	entries, _ := n.Entries()
	for _, entry := range entries {
		if entry.Key == token {
			return entry.Value, entry.at, true
		}
	}
	return Node{}, place{}, false
}
