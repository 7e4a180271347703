// Package yamldoc reads YAML files strictly into Go values: an unknown key, a value
// of the wrong kind and a bad word are errors with file, line and column, and with
// what was expected. Where a file has anything to say stays known, so that a later
// check can point at it too. Edit changes a file and leaves the rest of it as it is.
package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	// maxSize is the largest file that is read, in bytes: a file like these is
	// written by hand.
	maxSize = 1 << 20
	// maxDepth is how deep mappings and lists may be nested on one line, or in brackets.
	maxDepth = 64
	// maxTokens is how many words and signs a file may have: the parser's time grows
	// with their square.
	maxTokens = 40_000
	// maxEmpty is how many lines in a row may be empty: here too the square counts.
	maxEmpty = 200
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
	places map[string]place
	leaves []Leaf
	// placeless says that lines and columns mean nothing: the text is a single value.
	placeless bool
}

// A place is a line and a column, from 1; the zero place is unknown. It does not
// keep what the parser made of the file alive, which is much.
type place struct{ line, column int }

// placeAt is where a token stands.
func placeAt(t *token.Token) place {
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// A Leaf is a single value of a document, or a list of such.
type Leaf struct {
	Path string
	// Value is the text as it was written, quotes undone; of a list the items with
	// commas between them.
	Value string
}

// Parse reads a file of one mapping. file is its name in errors, which are *Error.
func Parse(file string, text []byte) (*Document, error) {
	d := &Document{file: file, places: map[string]place{}}
	text = withoutMark(text)
	if len(text) > maxSize {
		return nil, d.at(place{}, "want at most %d bytes, got %d", maxSize, len(text))
	}
	root, err := d.parse(text, d.limit)
	if err != nil {
		return nil, err
	}
	switch root := root.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		d.root = root
	case *ast.MappingValueNode:
		d.root = ast.Mapping(root.GetToken(), false, root)
	default:
		return nil, d.at(placeOf(root), "want a mapping, got %s", describe(root))
	}
	return d, nil
}

// withoutMark is text without the mark that some editors begin files with.
func withoutMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\ufeff")) }

// parse returns the one value of a text, nil where it is empty. limit refuses what would
// keep the parser busy.
func (d *Document) parse(text []byte, limit func(token.Tokens) error) (root ast.Node, err error) {
	if !utf8.Valid(text) {
		return nil, d.at(place{}, "want text in UTF-8")
	}
	if line := emptyLines(text); line > 0 {
		return nil, &Error{File: d.file, Line: line, Column: 1, What: fmt.Sprintf("want at most %d empty lines in a row", maxEmpty)}
	}
	defer d.rescue(&err)
	tokens := lexer.Tokenize(string(text))
	if err := limit(tokens); err != nil {
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
	for _, doc := range parsed.Docs {
		switch doc.Body.(type) {
		case nil, *ast.CommentGroupNode:
			continue
		}
		if root != nil {
			return nil, d.at(placeOf(doc.Body), "want one document, got a second")
		}
		root = doc.Body
	}
	return root, nil
}

// rescue is to be deferred: the parser is not ours, and the file may be anybody's.
func (d *Document) rescue(err *error) {
	if p := recover(); p != nil {
		*err = &Error{File: d.file, What: fmt.Sprintf("this is not YAML that can be read: %v", p)}
	}
}

// emptyLines returns the number of the line where too many empty ones stand in a row;
// 0 where that is nowhere so.
func emptyLines(text []byte) int {
	line, empty := 1, 0
	for i, c := range text {
		switch c {
		case '\n', '\r':
			if c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				continue // both are one end
			}
			line++
			if empty++; empty > maxEmpty {
				return line
			}
		case ' ', '\t':
		default:
			empty = 0
		}
	}
	return 0
}

// limit refuses what is not read here before the parser meets it, and what would
// keep the parser busy: it recurses with every level.
func (d *Document) limit(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return d.at(placeAt(tokens[maxTokens]), "want at most %d words and signs", maxTokens)
	}
	brackets, dashes, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position != nil && t.Position.Line != line {
			line, dashes = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets = max(0, brackets-1)
		case token.SequenceEntryType:
			dashes++
		case token.TagType:
			return d.at(placeAt(t), "tags are not read here")
		case token.AnchorType, token.AliasType, token.MergeKeyType:
			return d.at(placeAt(t), "anchors, aliases and merge keys are not read here: write the value out")
		case token.MappingKeyType:
			return d.at(placeAt(t), "keys after a question mark are not read here: write key: value")
		}
		if brackets+dashes > maxDepth {
			return d.at(placeAt(t), "want lists and mappings nested at most %d deep", maxDepth)
		}
	}
	return nil
}

// File is the name of the file.
func (d *Document) File() string { return d.file }

// Has reports whether the file says anything at path, such as "policy.retry".
func (d *Document) Has(path string) bool {
	_, ok := d.places[path]
	return ok
}

// Leaves are all single values that Decode has read, in the order of the file. The
// items of a list are one leaf, unless they are mappings.
func (d *Document) Leaves() []Leaf { return d.leaves }

// Errorf returns an *Error at the place of path, or of the nearest thing around it.
func (d *Document) Errorf(path, format string, args ...any) error {
	for path != "" && !d.Has(path) {
		i := strings.LastIndexByte(path, '.')
		path = path[:max(i, 0)]
	}
	return d.at(d.places[path], format, args...)
}

func (d *Document) at(p place, format string, args ...any) error {
	e := &Error{File: d.file, What: fmt.Sprintf(format, args...)}
	if !d.placeless {
		e.Line, e.Column = p.line, p.column
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
	}
	return fmt.Sprintf("%q", node.GetToken().Value)
}
