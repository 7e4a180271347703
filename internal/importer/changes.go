package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/hookctl/hookctl/internal/catalog"
)

// Changes are the differences between an import and the catalog that is there already.
type Changes struct {
	// There says that there is one; Broken is why it cannot be read.
	There  bool
	Broken error
	// New, Gone and Changed count events.
	New, Gone, Changed int
}

// Changes compares the import with the catalog in dir.
func (im *Import) Changes(dir string) Changes {
	folder := os.DirFS(dir)
	old, err := catalog.Load(folder, catalog.FileName)
	if errors.Is(err, fs.ErrNotExist) {
		return Changes{New: len(im.Events)}
	}
	if err != nil {
		return Changes{There: true, Broken: err, New: len(im.Events)}
	}
	before := map[string]string{}
	for i := range old.Events {
		before[old.Events[i].Type] = im.print(kept(old, &old.Events[i]))
	}
	c := Changes{There: true}
	for i := range im.Events {
		was, there := before[im.Events[i].Type]
		switch {
		case !there:
			c.New++
		case was != im.print(im.Events[i]):
			c.Changed++
		}
		delete(before, im.Events[i].Type)
	}
	c.Gone = len(before)
	return c
}

// print is the same for events of which a catalog says the same.
func (im *Import) print(e Event) string {
	var out bytes.Buffer
	im.writeEvent(&e, &out, func(_ int, key, value string) { fmt.Fprintf(&out, "%s: %s\n", key, value) })
	for _, file := range append([]File{e.Schema}, e.Examples...) {
		fmt.Fprintf(&out, "%s\n%s\n", file.Name, file.Text)
	}
	return out.String()
}

// kept is an event of a catalog as an import has it. A file that cannot be read is empty.
func kept(c *catalog.Catalog, e *catalog.Event) Event {
	file := func(name string) File {
		name = c.File(name, "")
		text, err := c.Read(name)
		if err != nil {
			text = nil
		}
		return File{name, text}
	}
	made := Event{
		Type: e.Type, Wire: e.Wire, About: e.About, Group: e.Group, Note: e.Note, Deprecated: e.Deprecated,
		Envelope: e.Coverage == catalog.Envelope, Header: e.Header, Schema: file(e.Schema),
	}
	for _, name := range e.Examples {
		made.Examples = append(made.Examples, file(name))
	}
	return made
}
