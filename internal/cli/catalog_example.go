package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/spf13/cobra"
)

type exampleOptions struct {
	version  string
	required bool
	all      bool
	list     bool
	invalid  bool
	out      string
}

func newCatalogExample(a *app) *cobra.Command {
	o := &exampleOptions{}
	cmd := &cobra.Command{
		Use:   "example PROVIDER [EVENT] [flags]",
		Short: "print an example of an event",
		Long: `Print an example of an event: the catalog's own, as its file is, else one that
is made from the schema, with the properties that are required, or with all
where that alone is valid. The same schema gives the same example. Where it
comes from is said on standard error.

Each is held against the schema before it is printed. Where none is valid the
reasons are told, nothing is printed, and the exit status is 1; --invalid prints
the best all the same.

With --out one file is written for each event, or for the EVENT, as
DIR/PROVIDER/EVENT.json with - in the place of /, where hookctl validate DIR
finds provider and event by the name; in DIR/PROVIDER/VERSION where
--api-version is not the one that would be taken without it. Where that name
would be another event's, too long, or no file's on some system, folders or
another name are taken; that each is found again is tried, and told where it is
not.

` + catalogHelp,
		Example:           "  hookctl catalog example recharge order/created\n  hookctl catalog example recharge order/created --all | jq .order\n  hookctl catalog example recharge --out fixtures && hookctl validate fixtures",
		Args:              providerAndEvent,
		ValidArgsFunction: a.completeEvent,
		RunE: func(_ *cobra.Command, args []string) error {
			return runCatalogExample(a, o, args)
		},
	}
	flags := cmd.Flags()
	a.versionFlag(cmd, &o.version)
	flags.BoolVar(&o.required, "required", false, "make one with the properties that are required")
	flags.BoolVar(&o.all, "all", false, "make one with all properties")
	flags.BoolVar(&o.list, "list", false, "list the catalog's own examples, and whether they are valid")
	flags.BoolVar(&o.invalid, "invalid", false, "print one that is not valid where no other is found")
	flags.StringVar(&o.out, "out", "", "write one file for each event into the folder `DIR`")
	markPath(flags, "out")
	return cmd
}

// check refuses flags that exclude each other.
func (o *exampleOptions) check(args []string) error {
	switch {
	case o.required && o.all:
		return usage("", "--required and --all exclude each other")
	case o.list && (o.required || o.all || o.invalid || o.out != ""):
		return usage("", "--list goes with --api-version alone: it shows the catalog's own examples")
	case len(args) < 2 && o.out == "" && !o.list:
		return usage("hookctl catalog list "+args[0]+" shows the events; --out DIR writes an example of each", "catalog example: the event is missing")
	}
	return nil
}

// wanted is which example the flags ask for.
func (o *exampleOptions) wanted() catalog.Wanted {
	switch {
	case o.required:
		return catalog.WantRequired
	case o.all:
		return catalog.WantAll
	}
	return catalog.WantAny
}

func runCatalogExample(a *app, o *exampleOptions, args []string) error {
	if err := o.check(args); err != nil {
		return err
	}
	set, err := a.catalogs()
	if err != nil {
		return err
	}
	c, _, version, err := set.catalogAt(args[0], o.version)
	if err != nil {
		return err
	}
	events, err := eventsNamed(c, version, args[1:])
	if err != nil {
		return err
	}
	switch {
	case o.list:
		return a.listExamples(c, version, events)
	case o.out != "":
		folder := filepath.Join(a.absolute(o.out), c.Name, a.exampleVersion(set, args[0], version))
		return a.writeExamples(a.exampleNames(set, c, args[0], folder), c, version, events, o)
	}
	return a.printExample(c, version, events[0], o)
}

// eventsNamed returns the events of c that names name, all of the API version for none.
func eventsNamed(c *catalog.Catalog, version string, names []string) ([]*catalog.Event, error) {
	var events []*catalog.Event
	for _, name := range names {
		e, err := c.Event(name)
		if err != nil {
			return nil, unknownEvent(err)
		}
		if !inVersion(e, version) {
			return nil, usage("--api-version "+e.Versions[0]+" has it", "%s has no event %q in %s", c.Name, e.Type, version)
		}
		events = append(events, e)
	}
	for i := range c.Events {
		if len(names) == 0 && inVersion(&c.Events[i], version) {
			events = append(events, &c.Events[i])
		}
	}
	return events, nil
}

// inVersion reports whether an API version has an event.
func inVersion(e *catalog.Event, version string) bool {
	return len(e.Versions) == 0 || slices.Contains(e.Versions, version)
}

func (a *app) printExample(c *catalog.Catalog, version string, e *catalog.Event, o *exampleOptions) error {
	best, tried, err := c.Example(e, version, o.wanted())
	if err := a.noExample(c, err); err != nil {
		return err
	}
	if len(tried) == 0 {
		return found()
	}
	a.nameEvents(c)(e, version, best)
	if best == nil && !o.invalid {
		a.tellInvalid(e, tried)
		return found()
	}
	if best == nil {
		best = &tried[0]
		a.tellInvalid(e, tried[:1])
	}
	a.messages().Status(exampleInWords(best, e.CoverageAt(version)))
	_, err = a.world.Stdout.Write(best.Text)
	return err
}

// noExample tells where a schema allows nothing that could be made; other errors are
// failures.
func (a *app) noExample(c *catalog.Catalog, err error) error {
	if err == nil {
		return nil
	}
	if !errors.As(err, new(shape.UnworkableError)) {
		return brokenExample(c, err)
	}
	a.messages().Warn(err.Error())
	return nil
}

// brokenExample is the failure of a schema or example that cannot be read.
func brokenExample(c *catalog.Catalog, err error) error {
	hint := "hookctl catalog lint " + c.Name + " says what is wrong"
	return cannot(hint, fmt.Errorf("catalog example: %w", err))
}

// exampleInWords says where an example comes from.
func exampleInWords(e *catalog.Example, coverage catalog.Coverage) string {
	text := "the catalog's " + e.File
	switch e.How {
	case shape.ByRequired:
		text = "generated from the schema, required properties only"
	case shape.ByAll:
		text = "generated from the schema, all properties"
	}
	if coverage == catalog.Envelope {
		text += "; the schema covers the envelope alone, what is inside is not published"
	}
	return text
}

// maxToldFaults is how many faults of one example are told.
const maxToldFaults = 5

// tellInvalid says why examples of e are not valid.
func (a *app) tellInvalid(e *catalog.Event, tried []catalog.Example) {
	m := a.messages()
	for i := range tried {
		what := "the example " + tried[i].File
		if tried[i].How != "" {
			what = "what is generated with " + tried[i].How + " properties"
		}
		if i > 0 && tried[i].How != "" && tried[i].How == tried[i-1].How {
			continue // made by another alternative of the schema
		}
		m.Warn(fmt.Sprintf("%s: %s is not valid: %s", e.Type, what, faultsInWords(&tried[i].Validation)))
	}
}

// faultsInWords is what is wrong, on one line.
func faultsInWords(v *hook.Validation) string {
	if len(v.Faults) == 0 {
		return v.Reason
	}
	var parts []string
	for i, f := range v.Faults {
		if i == maxToldFaults {
			parts = append(parts, fmt.Sprintf("%d more", len(v.Faults)+v.More-i))
			break
		}
		text := f.Message
		if f.Pointer != "" {
			text = f.Pointer + ": " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// A listedExample is the JSON of one of a catalog's own examples.
type listedExample struct {
	Provider   string `json:"provider"`
	Event      string `json:"event"`
	APIVersion string `json:"api_version,omitempty"`
	File       string `json:"file"`
	Bytes      int    `json:"bytes"`
	Outcome    string `json:"outcome"`
	Reason     string `json:"reason,omitempty"`
}

func (a *app) listExamples(c *catalog.Catalog, version string, events []*catalog.Event) error {
	var rows []render.ExampleRow
	for _, e := range events {
		own, err := c.Own(e, version)
		if err != nil {
			return brokenExample(c, err)
		}
		for i := range own {
			v := &own[i].Validation
			row := listedExample{Provider: c.Name, Event: e.Type, APIVersion: version, File: own[i].File, Bytes: len(own[i].Text), Outcome: string(v.Outcome)}
			if !v.Outcome.Passed() {
				row.Reason = faultsInWords(v)
			}
			if a.global.json {
				if err := render.WriteJSON(a.world.Stdout, row); err != nil {
					return err
				}
			}
			rows = append(rows, render.ExampleRow{Event: e.Type, File: row.File, Bytes: int64(row.Bytes), Outcome: v.Outcome, Reason: row.Reason})
		}
	}
	if len(rows) == 0 {
		a.messages().Status("the catalog has no examples of its own; without --list one is made from the schema")
	}
	if a.global.json {
		return nil
	}
	return a.out().Examples(rows)
}
