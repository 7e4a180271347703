package cli

import (
	"errors"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// errFaultyCatalog is the silent end of a command that has told of each fault.
var errFaultyCatalog = errors.New("a catalog has a fault")

// A listedCatalog is the JSON of one catalog in a list.
type listedCatalog struct {
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Events     int      `json:"events"`
	Versions   []string `json:"api_versions"`
	APIVersion string   `json:"api_version,omitempty"`
	Source     string   `json:"source"`
	File       string   `json:"file"`
}

// A listedEvent is the JSON of one event in a list.
type listedEvent struct {
	Provider   string   `json:"provider"`
	Type       string   `json:"type"`
	Wire       string   `json:"wire,omitempty"`
	Group      string   `json:"group,omitempty"`
	About      string   `json:"about"`
	Coverage   string   `json:"coverage"`
	Status     string   `json:"status"`
	Deprecated bool     `json:"deprecated"`
	APIVersion string   `json:"api_version,omitempty"`
	Versions   []string `json:"api_versions"`
	Schema     string   `json:"schema"`
	Examples   []string `json:"examples"`
}

func newCatalogList(a *app) *cobra.Command {
	version := ""
	cmd := &cobra.Command{
		Use:     "list [PROVIDER] [flags]",
		Aliases: []string{"ls"},
		Short:   "list the catalogs, or the events of one",
		Long: `List the catalogs, bundled and your own, or the events of one.

COVERAGE says how much of a body the schema describes: full is all that the
sources tell, partial where they show a part, envelope where only what all
events have in common is known. STATUS says how the event is known: documented,
announced, observed or assumed.

A catalog that has a fault is told of on standard error, and the others are
listed; the exit status then is 2.

` + catalogHelp,
		Example:           "  hookctl catalog list\n  hookctl catalog list recharge\n  hookctl catalog list recharge --json |\n    jq -r 'select(.coverage == \"envelope\").type'",
		Args:              atMostOne("PROVIDER"),
		ValidArgsFunction: a.completeCatalog,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return runCatalogList(a)
			}
			return runCatalogEvents(a, args[0], version)
		},
	}
	a.versionFlag(cmd, &version)
	return cmd
}

// versionFlag defines the flag --api-version.
func (a *app) versionFlag(cmd *cobra.Command, version *string) {
	cmd.Flags().StringVar(version, "api-version", "", "take the API version `VERSION` (default: that of hookctl.yaml, else of the profile)")
}

func runCatalogList(a *app) error {
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	names, err := set.names()
	if err != nil {
		return err
	}
	var rows []render.CatalogRow
	faulty := false
	for _, name := range names {
		row, err := set.listed(name)
		if err != nil {
			a.messages().Error(err)
			faulty = true
			continue
		}
		if a.global.json {
			if err := render.WriteJSON(a.world.Stdout, row); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, render.CatalogRow{Name: row.Name, Title: row.Title, Events: row.Events, Versions: row.Versions, Source: originOf(row.Source, row.File)})
	}
	if err := a.out().Catalogs(rows); err != nil || !faulty {
		return err
	}
	return &failure{err: errFaultyCatalog, status: exitUsage, silent: true}
}

// originOf says where a catalog is: bundled, or its file.
func originOf(origin, file string) string {
	if origin == originBundled {
		return origin
	}
	return file
}

// listed is the row of the catalog of a provider.
func (cs *catalogSet) listed(name string) (*listedCatalog, error) {
	place, err := cs.find(name)
	if err != nil {
		return nil, err
	}
	c, err := place.load()
	if err != nil {
		return nil, err
	}
	return &listedCatalog{
		Name: name, Title: c.Title, Events: len(c.Events), Versions: append([]string{}, c.Versions...), APIVersion: cs.versionIn(c, name),
		Source: place.origin, File: place.file,
	}, nil
}

// versionIn is the API version of c that is meant for a provider where no flag says: the
// configured one where c has it, else its own.
func (cs *catalogSet) versionIn(c *catalog.Catalog, name string) string {
	if version, err := c.At(cs.version(name)); err == nil {
		return version
	}
	return c.Version
}

// catalogAt returns the catalog called name, where it is, and the API version that is
// meant: asked, or what is configured where asked is "".
func (cs *catalogSet) catalogAt(name, asked string) (*catalog.Catalog, *catalogPlace, string, error) {
	place, err := cs.find(name)
	if err != nil {
		return nil, nil, "", err
	}
	c, err := place.load()
	if err != nil {
		return nil, nil, "", err
	}
	if asked == "" {
		return c, place, cs.versionIn(c, name), nil
	}
	if len(c.Versions) == 0 {
		return nil, nil, "", usage("leave the flag out", "--api-version: the catalog of %s has no API versions", c.Name)
	}
	version, err := c.At(asked)
	if err != nil {
		return nil, nil, "", usage("", "--api-version: %w", err)
	}
	return c, place, version, nil
}

func runCatalogEvents(a *app, name, asked string) error {
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	c, _, version, err := set.catalogAt(name, asked)
	if err != nil {
		return err
	}
	if !a.global.json {
		return a.out().Events(c, version)
	}
	list := jsonLister(a, func(*listedEvent) {})
	for i := range c.Events {
		if err := list.row(listedEventOf(c, &c.Events[i], version)); err != nil {
			return err
		}
	}
	return list.close()
}

func listedEventOf(c *catalog.Catalog, e *catalog.Event, version string) *listedEvent {
	row := &listedEvent{
		Provider: c.Name, Type: e.Type, Wire: e.Wire, Group: e.Group, About: e.About, Coverage: string(e.CoverageAt(version)),
		Status: statusOf(e), Deprecated: e.Deprecated, APIVersion: version, Versions: append([]string{}, c.Versions...),
		Schema: c.File(e.Schema, version), Examples: []string{},
	}
	if len(e.Versions) > 0 {
		row.Versions = e.Versions
	}
	for _, example := range e.Examples {
		row.Examples = append(row.Examples, c.File(example, version))
	}
	return row
}
