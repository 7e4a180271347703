package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// A Change gives one key of a file another value.
type Change struct {
	// Path is the keys that lead there. Mappings on the way that are not there are made.
	Path []string
	// Value takes the place of what is there; nil takes the key away.
	Value Value
}

// Edit makes changes in the text of a file, one after the other. Everything else stays as
// it is, byte for byte: comments, order, empty lines, indentation, line ends. file is its
// name in errors, which are *Error.
//
// What comes out is read again, and only returned where it says what went in, but for the
// changes. A file in which a change cannot be made like this is refused.
func Edit(file string, text []byte, changes ...Change) ([]byte, error) {
	want, err := readTree(file, text)
	if err != nil {
		return nil, err
	}
	mark := len(text) - len(withoutMark(text))
	edited := string(text[mark:])
	if strings.Contains(strings.ReplaceAll(edited, "\r\n", "\n"), "\r") {
		return nil, uneditable(file, "its lines end in carriage returns alone")
	}
	for _, change := range changes {
		if same, err := want.apply(file, change); err != nil {
			return nil, err
		} else if same {
			continue
		}
		if edited, err = edit(edited, change); err != nil {
			return nil, uneditable(file, err.Error())
		}
	}
	made := append(slices.Clone(text[:mark]), edited...)
	got, err := readTree(file, made)
	if err != nil || !reflect.DeepEqual(got, want) {
		return nil, uneditable(file, "something else in it would change")
	}
	return made, nil
}

func uneditable(file, why string) error {
	return &Error{File: file, What: "this file cannot be changed from here (" + why + "): change it in an editor"}
}

// edit makes one change.
func edit(text string, c Change) (string, error) {
	e := &editor{text: text, eol: lineEnd(text)}
	from, to, err := e.region()
	if err != nil {
		return "", err
	}
	if start := skipSpace(text, from); start < to && text[start] == '{' {
		return e.changeFlow(start, c)
	}
	return e.changeBlock(block{from: from, to: to}, c)
}

// lineEnd is how lines of text end.
func lineEnd(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// An editor is a text that is to be changed in one place.
type editor struct {
	text string
	eol  string
}

// region is the lines of the one document: without the marks around it.
func (e *editor) region() (from, to int, err error) {
	begun := false
	for at := 0; at < len(e.text); {
		line := e.lineAt(at)
		switch {
		case marker(line.text, "---") && !begun:
			if rest := strings.TrimSpace(line.text[3:]); rest != "" && rest[0] != '#' {
				return 0, 0, errors.New("there is something behind its ---")
			}
			from, begun = line.next, true
		case begun && (marker(line.text, "---") || marker(line.text, "...")):
			return from, at, nil
		case line.text != "" && line.text[0] == '%' && !begun:
			from = line.next
		case !line.empty():
			begun = true
		}
		at = line.next
	}
	return from, len(e.text), nil
}

// marker reports whether a line is a mark between documents.
func marker(line, mark string) bool {
	rest, ok := strings.CutPrefix(line, mark)
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t')
}

// A line is one line of a text.
type line struct {
	text   string // without its end
	next   int    // where the next begins
	indent int    // in spaces
}

func (e *editor) lineAt(at int) line {
	end := len(e.text)
	next := end
	if i := strings.IndexByte(e.text[at:], '\n'); i >= 0 {
		end, next = at+i, at+i+1
	}
	text := strings.TrimSuffix(e.text[at:end], "\r")
	return line{text: text, next: next, indent: len(text) - len(strings.TrimLeft(text, " "))}
}

// blank lines have nothing, empty ones at most a comment.
func (l line) blank() bool { return strings.TrimSpace(l.text) == "" }

func (l line) empty() bool { return l.blank() || strings.HasPrefix(strings.TrimSpace(l.text), "#") }

// replace is the text with something else from one place to another.
func (e *editor) replace(from, to int, with string) string {
	return e.text[:from] + with + e.text[to:]
}

// insert is the text with lines put in before the line that begins at at. A text that
// ended without a line's end still does.
func (e *editor) insert(at int, lines []string) string {
	if at > 0 && e.text[at-1] != '\n' {
		return e.text[:at] + e.eol + strings.Join(lines, e.eol) + e.text[at:]
	}
	return e.text[:at] + strings.Join(lines, e.eol) + e.eol + e.text[at:]
}

// A tree is what a file says, however it is written.
type tree struct {
	text string // of a single value
	list []*tree
	keys []string
	vals []*tree
	kind treeKind
}

type treeKind int

const (
	nothing treeKind = iota
	word
	list
	mapped
)

func readTree(file string, text []byte) (*tree, error) {
	d, err := Parse(file, bytes.Clone(text))
	if err != nil {
		return nil, err
	}
	if d.root == nil {
		return &tree{}, nil
	}
	return treeOf(Node{d, d.root}), nil
}

func treeOf(n Node) *tree {
	if text, ok := n.Text(); ok {
		return &tree{kind: word, text: text}
	}
	t := &tree{}
	if items, ok := n.Items(); ok {
		t.kind = list
		for _, item := range items {
			t.list = append(t.list, treeOf(item))
		}
	} else if entries, ok := n.Entries(); ok && len(entries) > 0 { // {} says as much as nothing
		t.kind = mapped
		for _, entry := range entries {
			t.keys, t.vals = append(t.keys, entry.Key), append(t.vals, treeOf(entry.Value))
		}
	}
	return t
}

// apply makes a change in what the file says, and reports whether it said so before.
func (t *tree) apply(file string, c Change) (same bool, err error) {
	key := c.Path[0]
	if t.kind != nothing && t.kind != mapped {
		return false, &Error{File: file, What: fmt.Sprintf("want a mapping around %q", key)}
	}
	i := slices.Index(t.keys, key)
	switch {
	case i < 0 && c.Value == nil:
		return true, nil
	case i < 0:
		value, err := valueTree(nest(c.Path[1:], c.Value))
		t.kind, t.keys, t.vals = mapped, append(t.keys, key), append(t.vals, value)
		return false, err
	case len(c.Path) > 1:
		return t.vals[i].apply(file, Change{c.Path[1:], c.Value})
	case c.Value == nil:
		t.keys, t.vals = slices.Delete(t.keys, i, i+1), slices.Delete(t.vals, i, i+1)
		if len(t.keys) == 0 {
			*t = tree{}
		}
		return false, nil
	}
	value, err := valueTree(c.Value)
	same = err == nil && reflect.DeepEqual(value, t.vals[i])
	t.vals[i] = value
	return same, err
}

// nest is value under the keys of path.
func nest(path []string, value Value) Value {
	for _, key := range slices.Backward(path) {
		value = Mapping{{key, value}}
	}
	return value
}
