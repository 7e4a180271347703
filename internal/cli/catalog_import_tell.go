package cli

import (
	"fmt"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/render"
)

// maxToldTroubles is how many events and examples are told of by name.
const maxToldTroubles = 10

// An importResult is what catalog import prints as JSON.
type importResult struct {
	Provider string `json:"provider"`
	Format   string `json:"format"`
	Folder   string `json:"folder"`
	// Written says that the catalog is there now.
	Written  bool `json:"written"`
	Events   int  `json:"events"`
	Examples int  `json:"examples"`
	New      int  `json:"new"`
	Changed  int  `json:"changed"`
	Gone     int  `json:"gone"`
	// Broken are events that cannot be used, InvalidExamples examples that are not as
	// their schema says.
	Broken          []importTrouble `json:"broken"`
	InvalidExamples []importTrouble `json:"invalid_examples"`
	Warnings        []string        `json:"warnings"`
}

type importTrouble struct {
	Event  string `json:"event"`
	Reason string `json:"reason"`
}

func (o *catalogImport) result(im *importer.Import, c importer.Changes, written bool) importResult {
	return importResult{
		Provider: o.name, Format: im.Format, Folder: o.app.relative(o.dir), Written: written,
		Events: len(im.Events), Examples: im.Examples(), New: c.New, Changed: c.Changed, Gone: c.Gone,
		Broken: troubles(im.Broken), InvalidExamples: troubles(im.Invalid), Warnings: append([]string{}, im.Warnings...),
	}
}

func troubles(all []importer.Broken) []importTrouble {
	made := make([]importTrouble, len(all))
	for i, one := range all {
		made[i] = importTrouble{one.Event, one.Reason}
	}
	return made
}

// tellTroubles says what is wrong with the source, in a few lines.
func (o *catalogImport) tellTroubles(im *importer.Import) {
	m := o.app.messages()
	for _, line := range im.Warnings {
		m.Warn(line)
	}
	o.tellSome(im.Broken, func(b importer.Broken) string {
		return fmt.Sprintf("the event %q cannot be used: %s", b.Event, b.Reason)
	}, "events cannot be used")
	what := "left out"
	if o.invalid {
		what = "kept"
	}
	o.tellSome(im.Invalid, func(b importer.Broken) string {
		return fmt.Sprintf("an example of %s is %s, since it is not as its schema says: %s", b.Event, what, b.Reason)
	}, "examples are "+what)
}

func (o *catalogImport) tellSome(all []importer.Broken, line func(importer.Broken) string, more string) {
	m := o.app.messages()
	for i, one := range all {
		if i == maxToldTroubles {
			m.Warn(fmt.Sprintf("and %d more %s", len(all)-i, more))
			return
		}
		m.Warn(line(one))
	}
}

// tell says what was done, or would be.
func (o *catalogImport) tell(im *importer.Import, c importer.Changes) error {
	if o.app.global.json {
		return render.WriteJSON(o.app.world.Stdout, o.result(im, c, !o.dryRun))
	}
	if o.app.global.quiet {
		return nil
	}
	did := "imported"
	if o.dryRun {
		did = "would import"
	}
	folder := o.app.relative(o.dir)
	m := o.app.messages()
	m.Status(fmt.Sprintf("%s %s (%s) from %s into %s", did, counted(len(im.Events), "event"), counted(im.Examples(), "example"), im.Format, folder))
	switch {
	case c.Broken != nil:
		m.Status("the catalog that was there cannot be read: " + c.Broken.Error())
	case c.There:
		m.Status(fmt.Sprintf("%d new, %d gone, %d changed", c.New, c.Gone, c.Changed))
	}
	if o.profile == nil {
		m.Status("there is no provider " + o.name + " yet: hookctl provider new " + o.name + " begins a profile")
	}
	if o.out != "" {
		path := filepath.ToSlash(folder)
		if !filepath.IsAbs(folder) {
			path = "./" + path
		}
		m.Status(configName + " takes it with:")
		m.Status("  providers:")
		m.Status("    " + o.name + ": {catalog: " + path + "}")
	}
	return m.Err()
}

// counted is a number with its word: "1 event", "2 events".
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
