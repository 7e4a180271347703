package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxTreeDepth bounds the nesting of JSON that is compared value by value.
const maxTreeDepth = 1000

var errTooDeep = errors.New("nested too deeply")

// A jsonNode is one JSON value with the text that it was written as.
type jsonNode struct {
	raw     []byte
	delim   json.Delim // '{' or '[', or 0 for a scalar
	scalar  any        // string, json.Number, bool or nil
	members []jsonMember
}

// A jsonMember is a value in an object or array under its step of a JSON pointer.
type jsonMember struct {
	// step is the index, or the key as a pointer writes it. A key that stands in
	// an object more than once has a count behind it from the second time on.
	step string
	node *jsonNode
}

// parseTree reads src, one JSON value.
func parseTree(src []byte) (*jsonNode, error) {
	t := treeParser{src: src, dec: json.NewDecoder(bytes.NewReader(src))}
	t.dec.UseNumber()
	node, err := t.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := t.dec.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return node, nil
}

type treeParser struct {
	src []byte
	dec *json.Decoder
}

func (t *treeParser) value(depth int) (*jsonNode, error) {
	if depth > maxTreeDepth {
		return nil, errTooDeep
	}
	start := t.start()
	token, err := t.dec.Token()
	if err != nil {
		return nil, err
	}
	node := &jsonNode{scalar: token}
	if delim, ok := token.(json.Delim); ok {
		node.delim, node.scalar = delim, nil
		if err := t.members(node, depth); err != nil {
			return nil, err
		}
	}
	node.raw = t.src[start:t.dec.InputOffset()]
	return node, nil
}

// start is where the next token begins.
func (t *treeParser) start() int64 {
	at := t.dec.InputOffset()
	rest := t.src[at:]
	return at + int64(len(rest)-len(bytes.TrimLeft(rest, " \t\r\n,:")))
}

// members reads what is in the object or array that has just begun, and its end.
func (t *treeParser) members(node *jsonNode, depth int) error {
	times := map[string]int{}
	for i := 0; t.dec.More(); i++ {
		step := strconv.Itoa(i)
		if node.delim == '{' {
			key, err := t.dec.Token()
			if err != nil {
				return err
			}
			step = strings.NewReplacer("~", "~0", "/", "~1").Replace(key.(string))
			if times[step]++; times[step] > 1 {
				step += " (" + strconv.Itoa(times[step]) + ")"
			}
		}
		member, err := t.value(depth + 1)
		if err != nil {
			return err
		}
		node.members = append(node.members, jsonMember{step, member})
	}
	_, err := t.dec.Token()
	return err
}

// text is the value on one line, otherwise as it was written.
func (n *jsonNode) text() string {
	var b bytes.Buffer
	if json.Compact(&b, n.raw) != nil {
		return string(n.raw)
	}
	return b.String()
}
