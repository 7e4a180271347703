package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Compile compiles the schema in text, whose own URL is address. The error names the
// place of what is wrong with it.
func Compile(address string, text []byte, o Options) (s *Schema, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s, err = nil, fmt.Errorf("schema %s: cannot be compiled: %v", shortURL(address), fault)
		}
	}()
	if s, err = compile(address, text, o); err != nil {
		return nil, fmt.Errorf("schema %s: %w", shortURL(address), err)
	}
	return s, nil
}

func compile(address string, text []byte, o Options) (*Schema, error) {
	if u, err := url.Parse(address); err != nil || !u.IsAbs() || strings.Contains(address, "#") {
		return nil, fmt.Errorf("want an absolute URL without a fragment for it, got %s", shown(address))
	}
	if o.Draft != "" {
		if _, err := draftNamed(o.Draft); err != nil {
			return nil, err
		}
	}
	l := newLibrary(address, o)
	if err := l.open(text); err != nil {
		return nil, err
	}
	first, err := l.compile()
	if err != nil {
		return nil, err
	}
	if s := first.tooManyInTurn(); s != nil {
		return nil, fmt.Errorf("%s: more than %d schemas refer to each other in turn from there", rule(s.Location), maxInPlace)
	}
	return &Schema{engine: newEngine(first, l.compile), Warnings: l.notes.list()}, nil
}

// compile compiles with a compiler of its own: one that has failed once would take parts
// of what it did for the whole.
func (l *library) compile() (*compiled, error) {
	own := &ownCompiler{matchers: l.matchers}
	c := jsonschema.NewCompiler()
	c.Draft = l.fallback.v5
	c.LoadURL = l.serve
	c.RegisterExtension(ownName, nil, own)
	c.MediaTypes["application/json"] = func(text []byte) error {
		if !json.Valid(text) {
			return errors.New("not JSON")
		}
		return nil
	}
	l.setFormats(c)
	made, err := c.Compile(l.address)
	if err != nil {
		return nil, l.explain(err)
	}
	return &compiled{made, own.anchors}, nil
}

// setFormats makes all drafts check formats, or none.
func (l *library) setFormats(c *jsonschema.Compiler) {
	c.AssertFormat = !l.options.IgnoreFormats
	for _, name := range builtIn() {
		c.Formats[name] = nil
	}
	if l.options.IgnoreFormats {
		return
	}
	for name, fits := range l.formats {
		c.Formats[name] = onStrings(fits)
	}
}
