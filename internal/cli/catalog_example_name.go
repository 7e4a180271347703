package cli

import (
	"fmt"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/validate"
)

// exampleNames gives out the names of files for examples, by which hookctl validate finds
// out again which event each is.
type exampleNames struct {
	app    *app
	folder string // of the provider, as an absolute path
	name   string // of the provider
	// alone finds whose a file is by its name, told as the user must tell it otherwise.
	alone, told *validate.Resolver
	taken       map[string]bool
	// mustTell says that a file is found only where the user names the provider.
	mustTell bool
}

// exampleNames are those in a folder, of events of the provider that the user calls so.
func (a *app) exampleNames(set *catalogSet, c *catalog.Catalog, called, folder string) *exampleNames {
	n := &exampleNames{
		app: a, folder: folder, name: c.Name, taken: map[string]bool{},
		alone: validate.NewResolver(&validateKnown{set: set}), told: validate.NewResolver(&validateKnown{set: set, named: called, loaded: c}),
	}
	n.told.Provider = called
	return n
}

// exampleVersion is the folder by which hookctl validate finds out the API version of what
// is in it: "" for the one that it takes by itself. It may be called what is no folder's
// name on some system: that the flag is needed then is told.
func (a *app) exampleVersion(set *catalogSet, provider, version string) string {
	_, _, usual, err := set.catalogAt(provider, "")
	switch {
	case err == nil && version == usual:
		return ""
	case portableName(version) == version:
		return version
	}
	a.messages().Warn(fmt.Sprintf("no folder can be called like the API version %s: hookctl validate needs --api-version for what is written", version))
	return ""
}

// take returns a name for the example of an event, relative to the folder. The flag says
// what it is where no name does.
func (n *exampleNames) take(e *catalog.Event, text []byte) (name, flag string) {
	neutral := n.neutral(e.Type) // what the name does not say the body may
	candidates := append(namesFor(e.Type), neutral)
	for _, resolver := range []*validate.Resolver{n.alone, n.told} {
		for _, name := range candidates {
			if n.taken[strings.ToLower(name)] || !n.finds(resolver, name, e, text) {
				continue
			}
			n.mustTell = n.mustTell || resolver == n.told
			return n.give(name), ""
		}
	}
	return n.give(neutral), "--provider " + n.told.Provider + " --event " + e.Type
}

// neutral is a free name that is none of an event: no file under it is taken for one of
// another event.
func (n *exampleNames) neutral(event string) string {
	stem := "example-of-" + portableName(event)
	stem = strings.TrimRight(stem[:min(len(stem), longestName)], "-._")
	free := stem
	for i := 2; n.taken[strings.ToLower(free)]; i++ {
		free = stem + "-" + strconv.Itoa(i)
	}
	return free
}

func (n *exampleNames) give(name string) string {
	n.taken[strings.ToLower(name)] = true
	return filepath.FromSlash(name) + ".json"
}

// finds reports whether a file of that name is found to be of the event.
func (n *exampleNames) finds(r *validate.Resolver, name string, e *catalog.Event, text []byte) bool {
	file := filepath.Join(n.folder, filepath.FromSlash(name)+".json")
	report := r.Check(&validate.Payload{Path: filepath.ToSlash(n.app.relative(file)), Text: text})
	return report.Trouble == nil && report.Provider == n.name && report.Event == e.Type
}

// warn says what the user must tell of all files.
func (n *exampleNames) warn() {
	if n.mustTell {
		n.app.messages().Warn(fmt.Sprintf("no provider %s is known: hookctl validate needs --provider %s for what is in %s", n.name, n.told.Provider, filepath.ToSlash(n.app.relative(n.folder))))
	}
}

// longestName is how long one part of a path may be, in bytes, before its ending.
const longestName = 120

// namesFor are names of files for an event, the best first: one for all of it, then a
// folder for each of its parts, or for so much of it as a name may hold.
func namesFor(event string) []string {
	flat := portableName(event)
	var names []string
	if len(flat) <= longestName {
		names = append(names, flat)
	}
	if strings.Contains(event, "/") {
		var parts []string
		long := false
		for part := range strings.SplitSeq(event, "/") {
			parts = append(parts, portableName(part))
			long = long || len(parts[len(parts)-1]) > longestName
		}
		if !long {
			names = append(names, path.Join(parts...))
		}
	}
	if len(flat) > longestName {
		names = append(names, inFolders(flat))
	}
	return names
}

// inFolders parts a long name into folders, between words where there are any.
func inFolders(name string) string {
	var parts []string
	for len(name) > longestName {
		cut := strings.LastIndexAny(name[:longestName], "-._")
		if cut <= 0 {
			cut = longestName
		}
		parts = append(parts, portableName(name[:cut]))
		name = strings.TrimLeft(name[cut:], "-._")
	}
	return path.Join(append(parts, portableName(name))...)
}

// portableName makes of any text a name that is good on every file system.
func portableName(text string) string {
	name := importer.Portable(text, "event")
	if importer.IsDevice(name) {
		base, rest, _ := strings.Cut(name, ".")
		name = strings.TrimSuffix(base+"-1."+rest, ".")
	}
	return name
}
