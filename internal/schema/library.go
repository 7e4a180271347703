package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
)

// A library holds the text of a schema and of all that it refers to, made ready for
// jsonschema/v5: each says its draft, and what v5 cannot do is marked for extensions.
type library struct {
	address  string // of the schema that is to be compiled
	options  Options
	docs     map[string]*document // by their URL, and by the $id they give themselves
	failed   map[string]error     // why a URL could not be loaded
	asked    map[string]string    // where URLs are referred to first
	dangling map[string]string    // references that lead nowhere, and where they are
	matchers map[string]*matcher  // by pattern
	formats  map[string]func(string) bool
	notes    notes
	fallback *draft // of a document that does not tell
	refs     []reference
	schemas  int // how many have been gone through
	paths    int // and how many bytes their pointers have together
	queue    []visit
	err      error // the first fault that no use of the library can hide
}

// A document is a JSON text with schemas in it.
type document struct {
	url     string
	draft   *draft
	root    any
	text    []byte
	changed bool
	parts   map[string]part // schemas inside it with URLs of their own
	visited map[string]bool // by pointer
}

// A part is a schema inside a document, and the URL that references in it begin from.
type part struct {
	node    any
	pointer string
	base    string
}

// A visit is a schema that has to be gone through.
type visit struct {
	doc *document
	part
}

func newLibrary(address string, o Options) *library {
	return &library{
		address: address, options: o, docs: map[string]*document{}, failed: map[string]error{}, asked: map[string]string{}, dangling: map[string]string{},
		matchers: map[string]*matcher{}, formats: formats(), notes: notes{},
	}
}

// open adds the schema that is to be compiled, and all that it refers to.
func (l *library) open(text []byte) error {
	if _, err := l.add(l.address, text); err != nil {
		return err
	}
	l.visitAll()
	l.redirect()
	return l.err
}

// add reads a document. Its schemas are gone through later.
func (l *library) add(url string, text []byte) (*document, error) {
	root, err := readSchema(text)
	if err != nil {
		return nil, err
	}
	doc := &document{url: url, root: root, text: text, parts: map[string]part{}, visited: map[string]bool{}}
	l.docs[url] = doc
	l.notes.repeatedKeys(doc, text)
	if err := l.settleDraft(doc); err != nil {
		delete(l.docs, url)
		return nil, err
	}
	l.queue = append(l.queue, visit{doc, part{node: root, base: url}})
	return doc, nil
}

// settleDraft finds the draft of a document, and writes it into it.
func (l *library) settleDraft(doc *document) error {
	object, _ := doc.root.(map[string]any)
	given, there := object["$schema"]
	if there {
		name, ok := given.(string)
		if !ok {
			return errors.New("$schema is not a string")
		}
		doc.draft = draftOfURL(name)
		if doc.draft == nil {
			return l.settleDialect(doc, name)
		}
	} else if err := l.guessDraft(doc); err != nil {
		return err
	}
	if l.fallback == nil {
		l.fallback = doc.draft
	}
	if object != nil && given != doc.draft.url {
		object["$schema"], doc.changed = doc.draft.url, true
	}
	return nil
}

func (l *library) guessDraft(doc *document) error {
	if l.options.Draft != "" {
		d, err := draftNamed(l.options.Draft)
		doc.draft = d
		return err
	}
	if doc.draft = draftByKeywords(doc.root); doc.draft != nil {
		return nil
	}
	if doc.draft = l.fallback; doc.draft == nil {
		doc.draft = mustDraft("2020-12")
	}
	return nil
}

// settleDialect takes the draft of a document from the metaschema that it names.
func (l *library) settleDialect(doc *document, name string) error {
	meta, _, _ := strings.Cut(name, "#")
	if meta == doc.url {
		return fmt.Errorf("its $schema is itself, so that its draft is not known: %s", name)
	}
	found, err := l.load(meta)
	if err != nil {
		return fmt.Errorf("its $schema is not known: %q; want one of draft-04, draft-06, draft-07, 2019-09 and 2020-12", name)
	}
	if doc.draft = found.draft; l.fallback == nil {
		l.fallback = doc.draft
	}
	return nil
}

// load returns a document that is referred to.
func (l *library) load(url string) (*document, error) {
	if doc := l.docs[url]; doc != nil {
		if doc.draft == nil {
			return nil, errors.New("it is its own $schema")
		}
		return doc, nil
	}
	if err := l.failed[url]; err != nil {
		return nil, err
	}
	doc, err := l.fetch(url)
	if err != nil {
		l.failed[url] = err
	}
	return doc, err
}

func (l *library) fetch(url string) (*document, error) {
	if l.options.Load == nil {
		return nil, errors.New("other schemas are not read here")
	}
	text, err := l.options.Load(url)
	if err != nil {
		return nil, err
	}
	return l.add(url, text)
}

// serve is what jsonschema/v5 gets of a URL.
func (l *library) serve(url string) (io.ReadCloser, error) {
	doc := l.docs[url]
	if doc == nil {
		for _, other := range l.docs {
			if inner, ok := other.parts[url]; ok {
				return textOf(withDraft(inner.node, other.draft))
			}
		}
		var err error
		if doc, err = l.load(url); err != nil {
			return nil, &missingError{l.asked[url], url, err}
		}
		l.visitAll()
		if l.redirect(); l.err != nil {
			return nil, l.err
		}
	}
	if !doc.changed {
		return io.NopCloser(bytes.NewReader(doc.text)), nil
	}
	return textOf(doc.root)
}

// A missingError is about a schema that is referred to and cannot be had.
type missingError struct {
	where string // it is referred to: "line 3, column 5, /$ref: "
	url   string
	cause error
}

func (e *missingError) Error() string {
	return fmt.Sprintf("%sit refers to %s: %v", e.where, e.url, e.cause)
}
func (e *missingError) Unwrap() error { return e.cause }

// withDraft is a schema that says its draft.
func withDraft(node any, d *draft) any {
	object, ok := node.(map[string]any)
	if !ok {
		return node
	}
	object = maps.Clone(object)
	object["$schema"] = d.url
	return object
}

func textOf(node any) (io.ReadCloser, error) {
	text, err := json.Marshal(node)
	return io.NopCloser(bytes.NewReader(text)), err
}
