// Package yamldoc reads YAML files strictly into Go values: an unknown key, a value
// of the wrong kind and a bad word are errors with file, line and column, and with
// what was expected. Where a file has anything to say stays known, so that a later
// check can point at it too.
package yamldoc

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// maxSize is the largest file that is read, in bytes: a file like these is
	// written by hand.
	maxSize = 1 << 20
	// maxDepth is how deep mappings and lists may be nested.
	maxDepth = 64
)

// An Error says what is wrong in a file, and where.
type Error struct {
	File string
	// Line and Column count from 1; they are 0 where only the file is known.
	Line, Column int
	What         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.What
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.What)
}

// A Document is a YAML file that was parsed: one mapping, or nothing.
type Document struct {
	file   string
	root   *ast.MappingNode // nil for an empty file
	places map[string]*token.Token
	leaves []Leaf
	// placeless says that lines and columns mean nothing: the text is a single value.
	placeless bool
}

// A Leaf is a single value of a document, or a list of such.
type Leaf struct {
	Path string
	// Value is the text as it was written, quotes undone; of a list the items with
	// commas between them.
	Value string
}

// Parse reads a file of one mapping. file is its name in errors, which are *Error.
func Parse(file string, text []byte) (d *Document, err error) {
	d = &Document{file: file, places: map[string]*token.Token{}}
	if len(text) > maxSize {
		return nil, d.at(nil, "want at most %d bytes, got %d", maxSize, len(text))
	}
	if nesting(text) > maxDepth {
		return nil, d.at(nil, "want lists and mappings nested at most %d deep", maxDepth)
	}
	defer func() { // the parser is not ours, and the file may be anybody's
		if p := recover(); p != nil {
			d, err = nil, &Error{File: file, What: fmt.Sprintf("this is not YAML that can be read: %v", p)}
		}
	}()
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		var syntax *yaml.SyntaxError
		if errors.As(err, &syntax) {
			return nil, d.at(syntax.Token, "%s", syntax.Message)
		}
		return nil, d.at(nil, "%v", err)
	}
	for _, doc := range parsed.Docs {
		if doc.Body != nil && d.root != nil {
			return nil, d.at(doc.Body.GetToken(), "want one document, got a second")
		}
		switch body := doc.Body.(type) {
		case nil, *ast.NullNode, *ast.CommentGroupNode:
		case *ast.MappingNode:
			d.root = body
		case *ast.MappingValueNode:
			d.root = ast.Mapping(body.GetToken(), false, body)
		default:
			return nil, d.at(body.GetToken(), "want a mapping, got %s", describe(body))
		}
	}
	return d, nil
}

// nesting is how deep brackets are nested in text at most, strings not minded:
// never less than what a parser that recurses would meet in flow style.
func nesting(text []byte) int {
	deepest, depth := 0, 0
	for _, c := range text {
		switch c {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		case '\n':
			if depth < 0 {
				depth = 0
			}
		}
	}
	return deepest
}

// File is the name of the file.
func (d *Document) File() string { return d.file }

// Has reports whether the file says anything at path, such as "policy.retry".
func (d *Document) Has(path string) bool { return d.places[path] != nil }

// Leaves are all single values that Decode has read, in the order of the file. The
// items of a list are one leaf, unless they are mappings.
func (d *Document) Leaves() []Leaf { return d.leaves }

// Errorf returns an *Error at the place of path, or of the nearest thing around it.
func (d *Document) Errorf(path, format string, args ...any) error {
	for path != "" && d.places[path] == nil {
		i := strings.LastIndexByte(path, '.')
		path = path[:max(i, 0)]
	}
	return d.at(d.places[path], format, args...)
}

func (d *Document) at(place *token.Token, format string, args ...any) error {
	e := &Error{File: d.file, What: fmt.Sprintf(format, args...)}
	if place != nil && place.Position != nil && !d.placeless {
		e.Line, e.Column = place.Position.Line, place.Position.Column
	}
	return e
}

// describe says what a node is, for an error.
func describe(node ast.Node) string {
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias, which are not read here"
	case *ast.TagNode:
		return "a tag, which are not read here"
	}
	return fmt.Sprintf("%q", node.GetToken().Value)
}
