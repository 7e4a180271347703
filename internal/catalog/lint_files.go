package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// maxFiles is how many files of a folder are looked at: it may be anybody's.
const maxFiles = 10_000

// inFile adds a finding in a file beside catalog.yaml, at an offset into its text; -1 is
// the file as a whole.
func (r *review) inFile(note bool, file string, text []byte, offset int, format string, args ...any) {
	r.tell(yamldoc.Finding{At: inText(r.dir, file, text, offset, fmt.Sprintf(format, args...)), Note: note})
}

// inText says what is wrong at an offset into the text of a file in dir; -1 is the file as
// a whole.
func inText(dir, file string, text []byte, offset int, what string) *yamldoc.Error {
	at := &yamldoc.Error{File: path.Join(dir, file), What: what}
	if offset >= 0 && offset <= len(text) {
		at.Line, at.Column = lineOf(text, offset)
	}
	return at
}

// lineOf is the line and column of an offset, from 1, in characters.
func lineOf(text []byte, offset int) (line, column int) {
	before := string(text[:offset])
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// schemas looks at each schema that an event names, and at what these refer to.
func (r *review) schemas() {
	asked := map[string]bool{}
	ids := map[string]string{}
	eachSchema(r.c, func(e *Event, version, file string) {
		if asked[file] {
			return
		}
		asked[file] = true
		text, err := r.c.Read(file)
		if err != nil {
			r.fault(r.c.place(e)+".schema", "the schema %s is not there: %v", file, cause(err))
			return
		}
		if !r.looked[file] { // another may have led here
			r.schemaFile(file, text, ids)
		}
		compiled, err := r.c.Schema(e, version)
		if err != nil {
			r.inFile(false, file, text, syntaxOffset(text), "the schema of %s cannot be used: %v", e.Type, err)
			return
		}
		for _, warning := range compiled.Warnings {
			r.inFile(true, file, text, -1, "%s", warning)
		}
	})
}

// schemaFile looks at a schema as JSON, and goes on to those that it refers to.
func (r *review) schemaFile(file string, text []byte, ids map[string]string) {
	value, err := parse(text)
	if err != nil {
		return // compiling it says what is wrong
	}
	r.looked[file] = true
	root, _ := value.(*jsontext.Object)
	if root.Text("$schema") == "" {
		r.inFile(true, file, text, 0, "$schema is missing: which draft of JSON Schema it is written in")
	}
	r.id(file, text, root.Text("$id"), ids)
	eachObject(value, func(inner *jsontext.Object) {
		name, _, _ := strings.Cut(inner.Text("$ref"), "#")
		target := targetOf(r.c.Name, file, name)
		if target == "" || r.looked[target] {
			return
		}
		if text, err := r.c.Read(target); err == nil {
			r.schemaFile(target, text, ids)
		}
	})
}

// id looks at the $id of a schema: it is where its references begin.
func (r *review) id(file string, text []byte, id string, ids map[string]string) {
	if id == "" {
		return
	}
	offset := 0
	if value, ok := jsontext.MembersOf(text).Lookup(jsontext.Path{{Key: "$id"}}); ok {
		offset = cap(text) - cap(value)
	}
	want := home + r.c.Name + "/" + file
	switch other := ids[id]; {
	case other != "":
		r.inFile(false, file, text, offset, "the $id is that of %s too", other)
	case id != want:
		r.inFile(true, file, text, offset, "the $id is not that of the file, so references begin elsewhere; leave it out, or write %s", want)
	}
	ids[id] = file
}

// examples holds each example against the schema of its event.
func (r *review) examples() {
	eachSchema(r.c, func(e *Event, version, _ string) {
		for _, example := range e.Examples {
			r.example(e, version, r.c.File(example, version))
		}
	})
}

func (r *review) example(e *Event, version, file string) {
	text, err := r.c.Read(file)
	if err != nil {
		r.fault(r.c.place(e)+".examples", "the example %s is not there: %v", file, cause(err))
		return
	}
	compiled, err := r.c.Schema(e, version)
	if err != nil {
		return // it was told of
	}
	v := compiled.Check(text)
	if len(v.Faults) == 0 && !v.Outcome.Passed() {
		r.inFile(false, file, text, -1, "the example of %s cannot be read: %s", e.Type, v.Reason)
	}
	for _, f := range v.Faults {
		at := &yamldoc.Error{File: path.Join(r.dir, file), Line: f.Line, Column: f.Column, What: fmt.Sprintf("the example does not fit %s: %s", e.Type, place(f))}
		r.tell(yamldoc.Finding{At: at, Note: f.Class == hook.ClassDoubt})
	}
}

func place(f hook.Fault) string {
	if f.Pointer == "" {
		return f.Message
	}
	return f.Pointer + ": " + f.Message
}

// unnamed looks for files that nothing leads to.
func (r *review) unnamed() {
	named := map[string]bool{}
	for file := range r.looked {
		named[file] = true
	}
	eachSchema(r.c, func(e *Event, version, file string) {
		named[file] = true
		for _, example := range e.Examples {
			named[r.c.File(example, version)] = true
		}
	})
	seen := 0
	err := fs.WalkDir(r.c.files, ".", func(name string, entry fs.DirEntry, err error) error {
		if seen++; seen > maxFiles {
			r.note("", "there are more than %d files; not all were looked at", maxFiles)
			return fs.SkipAll
		}
		hidden := name != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules")
		switch {
		case err != nil && name == ".":
			return err
		case err != nil || hidden && entry.IsDir():
			return skip(entry)
		case !hidden && !entry.IsDir() && path.Ext(name) == ".json" && !named[name]:
			r.inFile(true, name, nil, -1, "nothing leads here: neither an event nor a reference of a schema")
		}
		return nil
	})
	if err != nil {
		r.note("", "the folder cannot be looked into: %v", cause(err))
	}
}

func skip(entry fs.DirEntry) error {
	if entry != nil && entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// cause is an error without the path that is named already.
func cause(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// syntaxOffset is where a text is no JSON, -1 where it is.
func syntaxOffset(text []byte) int {
	var value json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(text, &value), &syntax) {
		return max(0, int(syntax.Offset)-1) // it counts what was read
	}
	return -1
}
