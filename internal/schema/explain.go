package schema

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// explain says in words for people what jsonschema/v5 found wrong with a schema.
func (l *library) explain(err error) error {
	var broken *jsonschema.ValidationError
	if errors.As(err, &broken) {
		return l.explainBroken(broken)
	}
	var missing *missingError
	if errors.As(err, &missing) {
		return missing
	}
	var outer *jsonschema.SchemaError
	if errors.As(err, &outer) {
		err = outer.Err
	}
	said := strings.TrimPrefix(err.Error(), "jsonschema: ")
	if full, lost := strings.CutSuffix(said, " not found"); lost {
		if where := l.dangling[full]; where != "" {
			return fmt.Errorf("%s: it refers to %s, which is not there", where, rule(full))
		}
		return fmt.Errorf("it refers to %s, which is not there", rule(full))
	}
	if loop, ok := strings.CutPrefix(said, "infinite loop "); ok {
		return fmt.Errorf("it refers to itself without end: %s", rule(loop))
	}
	return errors.New(said)
}

// explainBroken tells of the first place where a schema is not what its draft allows.
// jsonschema/v5 does not say which of several documents it is.
func (l *library) explainBroken(broken *jsonschema.ValidationError) error {
	for _, url := range l.inOrder() {
		doc := l.docs[url]
		faults, err := againstMeta(doc)
		if err != nil {
			return err
		}
		if len(faults) > 0 {
			return l.firstOf(doc, faults)
		}
	}
	leaf := broken
	for len(leaf.Causes) > 0 {
		leaf = leaf.Causes[0]
	}
	return fmt.Errorf("%s: %s", pointerOf(leaf.InstanceLocation), leaf.Message)
}

// inOrder are the URLs of all documents, that of the schema itself first.
func (l *library) inOrder() []string {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(l.docs)), func(url string) bool { return url == l.address })
	return append([]string{l.address}, others...)
}

// againstMeta holds a document against the schema of its draft.
func againstMeta(doc *document) ([]finding, error) {
	c := jsonschema.NewCompiler()
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, errors.New(url + " is not read") }
	meta, err := c.Compile(doc.draft.v5.URL())
	if err != nil {
		return nil, err
	}
	var broken *jsonschema.ValidationError
	if err := meta.Validate(doc.root); !errors.As(err, &broken) {
		return nil, err
	}
	f := flattener{index: &index{of: &compiled{root: meta}}, value: doc.root}
	return f.faults(broken), nil
}

// firstOf is the first fault of a document as an error.
func (l *library) firstOf(doc *document, faults []finding) error {
	for i := range faults {
		faults[i].at = jsontext.PlaceAt(strings.ReplaceAll(faults[i].at.Pointer(), mark, ""))
	}
	first, more := kept(doc.text, located(doc.text, faults))
	others := ""
	if more += len(first) - 1; more > 0 {
		others = fmt.Sprintf(" (and %d more)", more)
	}
	return fmt.Errorf("%s: %s%s", l.place(doc, first[0].Pointer), first[0].Message, others)
}

// place says where something is in a document: "line 3, column 5, /properties/id".
func (l *library) place(doc *document, pointer string) string {
	pointer = strings.ReplaceAll(pointer, mark, "")
	file := ""
	if doc.url != l.address {
		file = shortURL(doc.url) + ": "
	}
	spot := jsontext.Locate(doc.text, []*jsontext.Place{jsontext.PlaceAt(pointer)})[0]
	line, column := jsontext.NewRuler(doc.text).At(max(spot.Value, 0))
	if pointer == "" {
		return fmt.Sprintf("%sline %d, column %d", file, line, column)
	}
	return fmt.Sprintf("%sline %d, column %d, %s", file, line, column, pointer)
}
