package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A Format is a form in which event types are published.
type Format string

// The formats.
const (
	OpenAPI  Format = "openapi"
	Svix     Format = "svix"
	AsyncAPI Format = "asyncapi"
	Schemas  Format = "schemas"
)

// Formats are all of them.
func Formats() []Format { return []Format{OpenAPI, Svix, AsyncAPI, Schemas} }

// detect says what a document is, by what it has; "" for none of the formats. The error
// names what it is known to be instead.
func detect(values []any) (Format, error) {
	root, _ := values[0].(*jsontext.Object)
	switch {
	case root == nil && isEventTypes(values):
		return Svix, nil
	case root == nil:
		return "", nil
	case root.Has("openapi"):
		return OpenAPI, nil
	case root.Has("asyncapi"):
		return AsyncAPI, nil
	case root.Has("swagger"):
		return "", errors.New("it is Swagger 2.0, which has no webhooks: want OpenAPI 3.0 or 3.1")
	case isEventTypes(values):
		return Svix, nil
	case isSchema(root):
		return Schemas, nil
	}
	return "", failedAnswer(root)
}

// failedAnswer says that an object is what an interface such as Svix's answers to a request
// that has failed; nil where it is not.
func failedAnswer(root *jsontext.Object) error {
	code, said := root.Text("code"), root.Text("detail")
	if said == "" && root.Has("detail") {
		said = string(jsontext.Compact(root.Get("detail")))
	}
	if said == "" || code == "" && root.Len() > 1 {
		return nil
	}
	return fmt.Errorf("it is no export, but the answer to a request that failed: %s", shorten(strings.TrimPrefix(code+": "+said, ": "), maxAbout))
}

// A document is a file that was read.
type document struct {
	// name is what errors call it; path is its place in the folder, "" where there is none.
	name, path string
	format     Format
	// values are those of the file: several for NDJSON.
	values []any
	// files is the folder that it is in, nil where it was given alone.
	files *folder
	// duplicate is a key that one of its objects has twice.
	duplicate string

	// Once asked for: the schemas inside by $id, and anchors with a leading #; by pointer, the
	// $id of those around which references count from, and each $schema; the draft that
	// keywords tell.
	ids       map[string]place
	resources map[string]string
	schemas   map[string]string
	guess     *string
}

// root is the first value of the document.
func (d *document) root() any { return d.values[0] }

// label names the document for people who do not know where it was.
func (d *document) label() string { return path.Base(strings.ReplaceAll(d.name, `\`, "/")) }

// source is the label of what was given: the document, or the folder that it is in.
func (d *document) source() string {
	if d.files == nil {
		return d.label()
	}
	if label := path.Base(d.files.name); label != "." && label != "/" {
		return label
	}
	return "a folder"
}

// open reads all sources and finds out what they are.
func (lib *library) open(sources []Source, format Format) ([]*document, error) {
	var all []*document
	for _, source := range sources {
		if source.Files == nil {
			doc, err := lib.file(source.Name, source.Text, format)
			if err != nil {
				return nil, err
			}
			all = append(all, doc)
			continue
		}
		docs, err := lib.folder(source, format)
		if err != nil {
			return nil, err
		}
		all = append(all, docs...)
	}
	for _, doc := range all {
		if doc.format != all[0].format {
			return nil, fmt.Errorf("%s is %s and %s is %s: want one format at a time", all[0].name, all[0].format, doc.name, doc.format)
		}
	}
	return all, nil
}

// file reads a file that was given by itself.
func (lib *library) file(name string, text []byte, format Format) (*document, error) {
	doc, err := lib.read(name, text)
	if err != nil {
		return nil, err
	}
	found, err := detect(doc.values)
	if err != nil && format == "" {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if doc.format = cmp.Or(format, found); doc.format == "" {
		return nil, fmt.Errorf("%s: it is none of what can be imported: an OpenAPI 3 or AsyncAPI document, event types of Svix, a JSON Schema", name)
	}
	return doc, doc.single()
}

// single refuses several values in one file, which only lists of event types may have.
func (d *document) single() error {
	if len(d.values) > 1 && d.format != Svix {
		return fmt.Errorf("%s: want one JSON value, got %d", d.name, len(d.values))
	}
	return nil
}

// folder reads the files of a folder. Where one of them describes an interface, such
// files are taken, and the others are for them to refer to.
func (lib *library) folder(source Source, format Format) ([]*document, error) {
	inside, err := lib.list(source)
	if err != nil {
		return nil, err
	}
	byFormat := map[Format][]*document{}
	var faults []error
	for _, name := range inside.names {
		doc, err := inside.open(name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		found, _ := detect(doc.values)
		if doc.format = found; found == "" {
			continue
		}
		if err := doc.single(); err != nil {
			faults = append(faults, err)
			continue
		}
		byFormat[found] = append(byFormat[found], doc)
	}
	for _, one := range []Format{OpenAPI, AsyncAPI, Svix, Schemas} {
		if docs := byFormat[one]; len(docs) > 0 && (format == "" || format == one) {
			if one == Schemas && len(faults) > 0 {
				return nil, faults[0]
			}
			return docs, nil
		}
	}
	if len(faults) > 0 {
		return nil, faults[0]
	}
	what := "an OpenAPI 3 or AsyncAPI document, event types of Svix, JSON Schemas"
	if format != "" {
		what = "one that is " + string(format)
	}
	return nil, fmt.Errorf("%s: among its %d files of JSON and YAML there is none that can be imported: looked for %s", source.Name, len(inside.names), what)
}

// A folder is one that was given.
type folder struct {
	lib   *library
	name  string
	files fs.FS
	names []string // of files that may be sources, sorted
	docs  map[string]*document
	ids   map[string]place // of the schemas in all of them, once asked for
}

// list finds the files of a folder that may be sources.
func (lib *library) list(source Source) (*folder, error) {
	f := &folder{lib: lib, name: source.Name, files: source.Files, docs: map[string]*document{}}
	err := fs.WalkDir(source.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case name != "." && (strings.HasPrefix(base, ".") || base == "node_modules"):
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.Type().IsRegular() && isSourceName(base):
			if f.names = append(f.names, name); len(f.names) > MaxFiles {
				return fmt.Errorf("want at most %d files of JSON and YAML", MaxFiles)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name, err)
	}
	lib.folders = append(lib.folders, f)
	return f, nil
}

// isSourceName reports whether a file may be a source by its name.
func isSourceName(base string) bool {
	switch base {
	case "package.json", "package-lock.json", "tsconfig.json", "composer.json", "catalog.yaml", "provider.yaml", "hookctl.yaml":
		return false
	}
	return slices.Contains([]string{".json", ".yaml", ".yml"}, strings.ToLower(path.Ext(base)))
}

// open returns a file of the folder, which is read once.
func (f *folder) open(name string) (*document, error) {
	if doc := f.docs[name]; doc != nil {
		return doc, nil
	}
	file, err := f.files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	defer file.Close()
	text, err := readAll(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path.Join(f.name, name), err)
	}
	doc, err := f.lib.read(path.Join(f.name, name), text)
	if err != nil {
		return nil, err
	}
	doc.path, doc.files = name, f
	f.docs[name] = doc
	return doc, nil
}

// looksLikeJSON reports whether a text begins as JSON does, and YAML hardly ever.
func looksLikeJSON(text []byte) bool {
	text = bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}
