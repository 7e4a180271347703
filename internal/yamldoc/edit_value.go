package yamldoc

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A Value is what a Change writes: a Text, a Plain, a List or a Mapping.
type Value interface {
	// inline is the value on one line; flow says that it stands in brackets.
	inline(flow bool) string
}

// A Text is a word, in quotes where YAML would take it for something else.
type Text string

// A Plain is a value as it is written in YAML, on one line: 10s, 4 or [200, 204].
type Plain string

// A List is words on one line, or one a line where the list is written like that.
type List []string

// A Mapping has a line for each of its entries, but in brackets.
type Mapping []Field

// A Field is one entry of a Mapping.
type Field struct {
	Key   string
	Value Value
}

func (t Text) inline(flow bool) string {
	if isPlain(string(t), flow) && !readsOtherwise(string(t)) {
		return string(t)
	}
	return quoted(string(t))
}

func (p Plain) inline(flow bool) string {
	text := strings.TrimSpace(string(p))
	if node, err := ParseValue("value", text); err == nil && !strings.HasPrefix(text, `"`) && !strings.HasPrefix(text, "'") {
		if word, ok := node.Text(); ok && !isPlain(word, flow) {
			return quoted(word)
		}
	}
	return text
}

func (l List) inline(bool) string {
	items := make([]string, len(l))
	for i, item := range l {
		items[i] = Text(item).inline(true)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (m Mapping) inline(bool) string {
	items := make([]string, len(m))
	for i, field := range m {
		items[i] = keyText(field.Key) + ": " + field.Value.inline(true)
	}
	return "{" + strings.Join(items, ", ") + "}"
}

// lines are a key and its value, indented, with step more for each level.
func lines(key string, v Value, indent, step int) []string {
	lead := strings.Repeat(" ", indent) + keyText(key) + ":"
	fields, ok := v.(Mapping)
	if !ok || len(fields) == 0 {
		return []string{lead + " " + v.inline(false)}
	}
	all := []string{lead}
	for _, f := range fields {
		all = append(all, lines(f.Key, f.Value, indent+step, step)...)
	}
	return all
}

func keyText(key string) string { return Text(key).inline(true) }

// isPlain reports whether a word needs no quotes. In brackets a colon does, though the
// letter of YAML would let it be: not every reader follows it.
func isPlain(word string, flow bool) bool {
	const first = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/"
	others := first + ".*+@%=&?~- "
	if !flow {
		others += ":,"
	}
	return word != "" && strings.Contains(first, word[:1]) && strings.Trim(word, others) == "" &&
		strings.TrimSpace(word) == word && !strings.Contains(word, ": ") && !strings.HasSuffix(word, ":")
}

// readsOtherwise reports whether some reader takes a word for a number, a truth value, a
// time or nothing.
func readsOtherwise(word string) bool {
	switch strings.ToLower(word) {
	case "true", "false", "yes", "no", "on", "off", "y", "n", "null":
		return true
	}
	return word[0] >= '0' && word[0] <= '9' && strings.Trim(word, "0123456789.,:-_+abcdefoxABCDEFOXTZ ") == ""
}

// quoted is text in double quotes, in which JSON and YAML agree.
func quoted(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return `""` // no text makes it fail
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// valueTree is what a value says.
func valueTree(v Value) (*tree, error) {
	switch v := v.(type) {
	case Text:
		return &tree{kind: word, text: string(v)}, nil
	case List:
		t := &tree{kind: list}
		for _, item := range v {
			t.list = append(t.list, &tree{kind: word, text: item})
		}
		return t, nil
	case Mapping:
		t := &tree{kind: mapped}
		for _, field := range v {
			below, err := valueTree(field.Value)
			if err != nil {
				return nil, err
			}
			t.keys, t.vals = append(t.keys, field.Key), append(t.vals, below)
		}
		return t, nil
	case Plain:
		node, err := ParseValue("value", string(v))
		if err != nil || strings.ContainsAny(string(v), "\n\r") {
			return nil, &Error{File: "value", What: fmt.Sprintf("want one YAML value, such as 10s or [200, 204], got %q", string(v))}
		}
		return treeOf(node), nil
	}
	return &tree{}, nil
}
