package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// maxTreeDepth is how deep a schema may be nested to be looked into.
const maxTreeDepth = 200

// A tree is a JSON text that keeps the order of its members.
type tree struct {
	keys    []string // of an object
	members map[string]*tree
	items   []*tree // of an array
	value   any     // of anything else: string, json.Number, bool or nil
	array   bool
}

var errTooDeep = errors.New("nested too deep to be looked into")

// parseTree reads one JSON text.
func parseTree(text []byte) (*tree, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	t, err := readTree(dec, 0)
	if err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	return t, nil
}

func readTree(dec *json.Decoder, depth int) (*tree, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if depth == maxTreeDepth {
		return nil, errTooDeep
	}
	switch token {
	case json.Delim('{'):
		return readMembers(dec, depth)
	case json.Delim('['):
		t := &tree{array: true}
		for dec.More() {
			item, err := readTree(dec, depth+1)
			if err != nil {
				return nil, err
			}
			t.items = append(t.items, item)
		}
		_, err := dec.Token()
		return t, err
	}
	return &tree{value: token}, nil
}

// readMembers reads an object after its brace. Of keys that are there twice the last
// counts, as for the schema.
func readMembers(dec *json.Decoder, depth int) (*tree, error) {
	t := &tree{members: map[string]*tree{}}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		member, err := readTree(dec, depth+1)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		if t.members[name] == nil {
			t.keys = append(t.keys, name)
		}
		t.members[name] = member
	}
	_, err := dec.Token()
	return t, err
}

// get is the member of that name, nil where there is none.
func (t *tree) get(key string) *tree {
	if t == nil {
		return nil
	}
	return t.members[key]
}

// text is the text that t is, "" where it is something else.
func (t *tree) text() string {
	if t == nil {
		return ""
	}
	s, _ := t.value.(string)
	return s
}

// texts are those that t is or lists.
func (t *tree) texts() []string {
	if s := t.text(); s != "" {
		return []string{s}
	}
	if t == nil {
		return nil
	}
	var all []string
	for _, item := range t.items {
		if s, ok := item.value.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// at is what a JSON pointer leads to, nil where it leads nowhere.
func (t *tree) at(pointer string) *tree {
	if pointer == "" {
		return t
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for _, step := range strings.Split(pointer, "/")[1:] {
		switch {
		case t == nil:
			return nil
		case t.array:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(t.items) {
				return nil
			}
			t = t.items[i]
		default:
			t = t.members[unescape.Replace(step)]
		}
	}
	return t
}

// each calls visit for t and everything in it.
func (t *tree) each(visit func(*tree)) {
	visit(t)
	for _, key := range t.keys {
		t.members[key].each(visit)
	}
	for _, item := range t.items {
		item.each(visit)
	}
}

// json is t as compact JSON, "" where there is nothing.
func (t *tree) json() string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	t.write(&b)
	return b.String()
}

func (t *tree) write(b *strings.Builder) {
	switch {
	case t.members != nil:
		b.WriteByte('{')
		for i, key := range t.keys {
			if i > 0 {
				b.WriteByte(',')
			}
			(&tree{value: key}).write(b)
			b.WriteByte(':')
			t.members[key].write(b)
		}
		b.WriteByte('}')
	case t.array:
		b.WriteByte('[')
		for i, item := range t.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		text, err := json.Marshal(t.value)
		if err != nil {
			text = []byte("null")
		}
		b.Write(text)
	}
}
