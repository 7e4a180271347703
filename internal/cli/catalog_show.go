package cli

import (
	"encoding/json"
	"fmt"
	"path"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// A shownCatalog is the JSON of a catalog.
type shownCatalog struct {
	Name       string         `json:"name"`
	Title      string         `json:"title"`
	About      string         `json:"about"`
	Versions   []string       `json:"api_versions"`
	APIVersion string         `json:"api_version,omitempty"`
	Source     string         `json:"source"`
	File       string         `json:"file"`
	Aliases    []shownAlias   `json:"aliases"`
	Sources    []shownSource  `json:"sources"`
	Events     []*listedEvent `json:"events"`
	Families   []*listedEvent `json:"families"`
}

// A shownAlias is the JSON of another name for an event.
type shownAlias struct {
	Name  string `json:"name"`
	Event string `json:"event"`
}

// A shownSource is the JSON of a source.
type shownSource struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A shownEvent is the JSON of an event.
type shownEvent struct {
	listedEvent
	Note    string        `json:"note,omitempty"`
	Sources []shownSource `json:"sources"`
	Aliases []string      `json:"aliases"`
	Headers [][2]string   `json:"headers"`
	File    string        `json:"file"`
	Fields  []shownField  `json:"fields"`
}

// A shownField is the JSON of a field of a body.
type shownField struct {
	Pointer     string            `json:"pointer"`
	Types       []string          `json:"types"`
	Required    bool              `json:"required"`
	Nullable    bool              `json:"nullable"`
	Enum        []json.RawMessage `json:"enum,omitempty"`
	Open        bool              `json:"open,omitempty"`
	Format      string            `json:"format,omitempty"`
	Pattern     string            `json:"pattern,omitempty"`
	Description string            `json:"description,omitempty"`
}

type catalogShowOptions struct {
	version string
	schema  bool
}

func newCatalogShow(a *app) *cobra.Command {
	o := &catalogShowOptions{}
	cmd := &cobra.Command{
		Use:   "show PROVIDER [EVENT] [flags]",
		Short: "show a catalog, or an event with each field",
		Long: `Show a catalog: each event with what its schema covers and how it is known, and
the sources. With an EVENT show that one: when it comes, how it is known, and
each field of its body with its type. In the pointer of a field * stands for the
index of any item.

With --schema the file of the event's JSON Schema is written as it is.

` + catalogHelp,
		Example:           "  hookctl catalog show recharge\n  hookctl catalog show recharge order/created --api-version 2021-01\n  hookctl catalog show svix message.attempt.exhausted --schema > schema.json",
		Args:              providerAndEvent,
		ValidArgsFunction: a.completeEvent,
		RunE: func(_ *cobra.Command, args []string) error {
			return runCatalogShow(a, o, args)
		},
	}
	a.versionFlag(cmd, &o.version)
	cmd.Flags().BoolVar(&o.schema, "schema", false, "write the file of the schema as it is")
	return cmd
}

// providerAndEvent demands a provider, and allows an event.
func providerAndEvent(cmd *cobra.Command, args []string) error {
	form := "the form is: " + cmd.UseLine()
	switch {
	case len(args) == 0:
		return usage(form, "%s: the provider is missing", nameOf(cmd))
	case len(args) > 2:
		return usage(form, "%s: one argument too many, %q", nameOf(cmd), args[2])
	}
	return nil
}

func runCatalogShow(a *app, o *catalogShowOptions, args []string) error {
	if o.schema && len(args) < 2 {
		return usage("hookctl catalog list "+args[0]+" shows the events", "--schema: the event is missing whose schema is meant")
	}
	if o.schema && a.global.json {
		return usage("", "--schema and --json exclude each other: --schema writes a file as it is")
	}
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	c, place, version, err := set.catalogAt(args[0], o.version)
	if err != nil {
		return err
	}
	if len(args) == 2 {
		return a.showEvent(c, place, o, args[1], version)
	}
	if !a.global.json {
		return a.out().ShowCatalog(c, version, originOf(place.origin, place.file))
	}
	return render.WriteJSON(a.world.Stdout, shownCatalogOf(c, place, version))
}

func shownCatalogOf(c *catalog.Catalog, place *catalogPlace, version string) shownCatalog {
	s := shownCatalog{
		Name: c.Name, Title: c.Title, About: c.About, Versions: append([]string{}, c.Versions...), APIVersion: version,
		Source: place.origin, File: place.file, Aliases: []shownAlias{}, Sources: []shownSource{}, Events: []*listedEvent{}, Families: []*listedEvent{},
	}
	for _, alias := range c.Aliases {
		s.Aliases = append(s.Aliases, shownAlias(alias))
	}
	for _, source := range c.Sources {
		s.Sources = append(s.Sources, shownSource(source))
	}
	for i := range c.Events {
		s.Events = append(s.Events, listedEventOf(c, &c.Events[i], version))
	}
	for i := range c.Families {
		s.Families = append(s.Families, listedEventOf(c, &c.Families[i], version))
	}
	return s
}

func (a *app) showEvent(c *catalog.Catalog, place *catalogPlace, o *catalogShowOptions, name, version string) error {
	e, err := c.Event(name)
	if err != nil {
		return unknownEvent(err)
	}
	dir := path.Dir(place.file)
	file := path.Join(dir, c.File(e.Schema, version))
	if o.schema {
		text, err := c.Read(c.File(e.Schema, version))
		if err != nil {
			return brokenSchema(c, err)
		}
		_, err = a.world.Stdout.Write(text)
		return err
	}
	fields, err := c.Fields(e, version)
	if err != nil {
		return brokenSchema(c, fmt.Errorf("%s: %w", file, err))
	}
	if !a.global.json {
		return a.out().ShowEvent(c, e, version, dir, fields)
	}
	return render.WriteJSON(a.world.Stdout, shownEventOf(c, e, version, file, fields))
}

// brokenSchema is the failure of a schema that cannot be read.
func brokenSchema(c *catalog.Catalog, err error) error {
	return cannot("hookctl catalog lint "+c.Name+" says what is wrong", fmt.Errorf("catalog show: %w", err))
}

func shownEventOf(c *catalog.Catalog, e *catalog.Event, version, file string, fields []catalog.Field) shownEvent {
	s := shownEvent{
		listedEvent: *listedEventOf(c, e, version), Note: e.Note, File: file,
		Sources: []shownSource{}, Aliases: []string{}, Headers: [][2]string{}, Fields: []shownField{},
	}
	for _, from := range e.From {
		for _, source := range c.Sources {
			if source.Name == from {
				s.Sources = append(s.Sources, shownSource(source))
			}
		}
	}
	for _, alias := range c.Aliases {
		if alias.Event == e.Type {
			s.Aliases = append(s.Aliases, alias.Name)
		}
	}
	for _, h := range e.Header {
		s.Headers = append(s.Headers, [2]string{h.Name, h.Text})
	}
	for _, f := range fields {
		shown := shownField{
			Pointer: f.Pointer, Types: append([]string{}, f.Types...), Required: f.Required, Nullable: f.Nullable,
			Open: f.Open, Format: f.Format, Pattern: f.Pattern, Description: f.Description,
		}
		for _, value := range f.Enum {
			shown.Enum = append(shown.Enum, json.RawMessage(value))
		}
		s.Fields = append(s.Fields, shown)
	}
	return s
}

// statusOf is how an event is known, in a word.
func statusOf(e *catalog.Event) string {
	return orDefault(string(e.Status), string(provider.Unknown))
}
