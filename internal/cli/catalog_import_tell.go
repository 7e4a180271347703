package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/provider"
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

// warnOfOther adds a warning where there is another catalog of the provider: a bundled one,
// which counts no longer, here and nowhere else, or one that counts before this one.
func (o *catalogImport) warnOfOther(im *importer.Import) error {
	if o.out != "" {
		return nil
	}
	set, err := o.app.catalogs()
	if err != nil {
		return err
	}
	place, err := set.known(o.name)
	switch {
	case err != nil || place == nil || place.origin == originImported:
		return err
	case place.origin != originBundled:
		im.Warnings = append(im.Warnings, fmt.Sprintf("the catalog of %s is still the one in %s, before any in the store: --out DIR --replace replaces that", o.name, place.file))
		return nil
	}
	bundled, err := place.load()
	if err != nil {
		return err
	}
	im.Warnings = append(im.Warnings, fmt.Sprintf(
		"with this store the catalog of %s is this one, of %s, and no longer the bundled one, of %s: CI and others still have that; --out DIR writes a folder to commit, and without %s the bundled one is back",
		o.name, counted(len(im.Events), "event"), counted(len(bundled.Events), "event"), o.app.relative(o.dir)))
	return nil
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
	m := o.app.messages()
	m.Status(fmt.Sprintf("%s %s (%s) from %s into %s", did, counted(len(im.Events), "event"), counted(im.Examples(), "example"), im.Format, o.app.relative(o.dir)))
	switch {
	case c.Broken != nil:
		m.Status("the catalog that was there cannot be read: " + c.Broken.Error())
	case c.There:
		m.Status(fmt.Sprintf("%d new, %d gone, %d changed", c.New, c.Gone, c.Changed))
	}
	o.tellConfig()
	return m.Err()
}

// tellConfig says what hookctl.yaml needs to take the catalog, and the provider with it.
func (o *catalogImport) tellConfig() {
	m := o.app.messages()
	var settings []string
	catalogAt, profileAt := o.path(o.dir), o.path(o.app.absolute(o.name))
	if o.out != "" && hasFile(o.dir, provider.FileName) {
		profileAt = catalogAt
	}
	switch {
	case o.profile != nil:
		if o.out == "" {
			return
		}
		m.Status(configName + " takes it with:")
	case o.out != "" && hasFile(o.dir, provider.FileName):
		settings = append(settings, "profile: "+profileAt)
		m.Status(configName + " takes it, with the profile beside it, with:")
	default:
		settings = append(settings, "profile: "+profileAt)
		m.Status("there is no provider " + o.name + " yet: hookctl provider new " + o.name + " begins a profile, and " + configName + " takes both with:")
	}
	if o.out == "" {
		catalogAt = o.configured()
	}
	if catalogAt != "" {
		settings = append(settings, "catalog: "+catalogAt)
	}
	m.Status("  providers:")
	m.Status("    " + o.name + ": {" + strings.Join(settings, ", ") + "}")
}

// configured is the catalog that hookctl.yaml names for the provider, "" for none.
func (o *catalogImport) configured() string {
	set, err := o.app.providers()
	if err != nil {
		return ""
	}
	if c := set.config(o.name); c != nil {
		return c.Catalog
	}
	return ""
}

// path is the path of a folder as hookctl.yaml has it, which is there or will be here.
func (o *catalogImport) path(dir string) string {
	beside := o.app.world.Dir
	if o.app.file != nil {
		beside = filepath.Dir(o.app.file.path)
	}
	rel, err := filepath.Rel(beside, dir)
	switch {
	case err != nil || !filepath.IsLocal(rel):
		return filepath.ToSlash(dir)
	case rel == ".":
		return rel
	}
	return "./" + filepath.ToSlash(rel)
}

// counted is a number with its word: "1 event", "2 events".
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
