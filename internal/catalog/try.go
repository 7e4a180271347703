package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// Files are the files that the schemas of all events are made of, sorted: also those
// that they refer to, and those that are not there.
func (c *Catalog) Files() []string {
	seen := map[string]bool{}
	eachSchema(c, func(_ *Event, _, file string) { c.needs(file, seen) })
	files := make([]string, 0, len(seen))
	for file := range seen {
		files = append(files, file)
	}
	slices.Sort(files)
	return files
}

// enoughFaults is how many schemas that cannot be used are looked for.
const enoughFaults = 2

// Try compiles the schemas of events that are made of a file that has changed, and keeps
// none of them. It returns what is wrong with the first two that cannot be used, in the
// order of the events; those that it has not come to when ctx ends are taken for sound.
func (c *Catalog) Try(ctx context.Context, changed func(file string) bool) []*yamldoc.Error {
	var faults []*yamldoc.Error
	tried := map[string]bool{}
	eachSchema(c, func(e *Event, _, file string) {
		if tried[file] || len(faults) == enoughFaults || ctx.Err() != nil {
			return
		}
		tried[file] = true
		parts := map[string]bool{}
		c.needs(file, parts)
		for part := range parts {
			if changed(part) {
				faults = append(faults, c.unusable(e, file)...)
				return
			}
		}
	})
	return faults
}

// unusable is what keeps the schema of e in a file from being used, if anything does.
func (c *Catalog) unusable(e *Event, file string) []*yamldoc.Error {
	text, err := c.Read(file)
	if err != nil {
		return []*yamldoc.Error{c.doc.Find(false, "events."+e.Type+".schema", "the schema %s is not there: %v", file, cause(err)).At}
	}
	if _, err = c.compile(file); err == nil {
		return nil
	}
	what := fmt.Sprintf("the schema of %s cannot be used: %v", e.Type, err)
	return []*yamldoc.Error{inText(path.Dir(c.doc.File()), file, text, syntaxOffset(text), what)}
}

// needs adds to seen a file, and those that it refers to.
func (c *Catalog) needs(file string, seen map[string]bool) {
	if seen[file] {
		return
	}
	seen[file] = true
	refs, _ := c.refs.get(file, c.readReferences)
	for _, ref := range refs {
		c.needs(ref, seen)
	}
}

// readReferences returns the files of the catalog that a file refers to; none where it
// cannot be read.
func (c *Catalog) readReferences(file string) ([]string, error) {
	text, err := c.Read(file)
	if err != nil {
		return nil, err
	}
	var targets []string
	for _, ref := range referencesIn(text) {
		name, _, _ := strings.Cut(ref, "#")
		if target := targetOf(c.Name, file, name); target != "" && target != file && !slices.Contains(targets, target) {
			targets = append(targets, target)
		}
	}
	return targets, nil
}

// referencesIn are the values of "$ref" in a JSON text, which may be broken. It costs
// little: it is asked of every file of a catalog when listen starts.
func referencesIn(text []byte) []string {
	var refs []string
	for {
		_, rest, found := bytes.Cut(text, []byte(`"$ref"`))
		if !found {
			return refs
		}
		text = rest
		value, colon := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":"))
		var ref string
		if colon && json.NewDecoder(bytes.NewReader(value)).Decode(&ref) == nil {
			refs = append(refs, ref)
		}
	}
}
