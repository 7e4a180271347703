package catalog

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/shape"
)

// Wanted says which examples of an event are looked for.
type Wanted string

// The kinds of examples.
const (
	WantAny      Wanted = ""         // one of the catalog, else one of what is required, else one of all
	WantRequired Wanted = "required" // made, with the properties that are required
	WantAll      Wanted = "all"      // made, with all properties
)

// An Example is a body of an event.
type Example struct {
	// File is the file of the catalog that it is, "" where it was made from the schema.
	File string
	// How is shape.ByRequired or shape.ByAll where it was made.
	How  string
	Text []byte
	// Validation is that of Text, which must pass for the example to be one.
	Validation hook.Validation
}

// Source returns the schema of e in an API version, as data.
func (c *Catalog) Source(e *Event, version string) (shape.Source, error) {
	file := c.File(e.Schema, version)
	text, err := c.Read(file)
	return shape.Source{URL: c.base() + file, Text: text, Load: c.load}, err
}

// Own returns the catalog's own examples of e in an API version.
func (c *Catalog) Own(e *Event, version string) ([]Example, error) {
	var own []Example
	for _, name := range e.Examples {
		file := c.File(name, version)
		text, err := c.Read(file)
		if err != nil {
			return nil, fmt.Errorf("the example of %s: %w", e.Type, err)
		}
		own = append(own, Example{File: file, Text: text, Validation: c.Validate(e.Type, version, text)})
	}
	return own, nil
}

// Example returns the best example of e that is valid. Where none is, it returns those
// that were tried, the best first; there is at least one unless err says why not, which
// is a shape.UnworkableError where the schema allows nothing that could be made.
func (c *Catalog) Example(e *Event, version string, want Wanted) (best *Example, tried []Example, err error) {
	if want == WantAny {
		if tried, err = c.Own(e, version); err != nil {
			return nil, nil, err
		}
		for i := range tried {
			if tried[i].Validation.Outcome.Passed() {
				return &tried[i], tried, nil
			}
		}
	}
	source, err := c.Source(e, version)
	if err != nil {
		return nil, nil, err
	}
	made, err := shape.Candidates(source.URL, source.Text, source.Load)
	for _, candidate := range made {
		if want != WantAny && candidate.How != string(want) {
			continue
		}
		one := Example{How: candidate.How, Text: candidate.Text, Validation: c.Validate(e.Type, version, candidate.Text)}
		tried = append(tried, one)
		if one.Validation.Outcome.Passed() {
			return &one, tried, nil
		}
	}
	if len(tried) > 0 {
		return nil, tried, nil
	}
	if err == nil {
		err = shape.UnworkableError("no value can be made with " + string(want) + " properties")
	}
	return nil, nil, fmt.Errorf("an example of %s: %w", e.Type, err)
}
