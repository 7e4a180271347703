package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// What makes catalog diff fail.
const (
	failBreaking = "breaking"
	failAny      = "any"
	failNever    = "never"
)

type catalogDiffOptions struct {
	version string
	events  []string
	failOn  choice
}

// A diffLine is the JSON of one change.
type diffLine struct {
	Event    string `json:"event"`
	Kind     string `json:"kind"`
	Pointer  string `json:"pointer"`
	Breaking bool   `json:"breaking"`
	Was      string `json:"was,omitempty"`
	Now      string `json:"now,omitempty"`
	Message  string `json:"message"`
}

func newCatalogDiff(a *app) *cobra.Command {
	o := &catalogDiffOptions{failOn: choice{value: failBreaking, valid: []string{failBreaking, failAny, failNever}}}
	cmd := &cobra.Command{
		Use:   "diff A B [flags]",
		Short: "say what changes for a handler between two",
		Long: `Compare two catalogs, or two schema files, as those see them who receive the
events. A change is breaking where a handler that was right may fail: an event
or a property is gone, may be missing or null now, has a wider type, a new value
of an enum or another alternative, or where a format, a pattern or a limit no
longer holds: int32 that is int64 now is a limit that does not. A new value of
an open enum (x-extensible-enum) is breaking, too, under a kind of its own: it
could have come before, but no handler was written for it. What is new or
stricter is safe; so is a closed object that opens (additionalProperties: false
is gone), for a handler passes over what it does not know. One alternative
instead of several is stricter. A rule that cannot be compared, such as not or
if, is breaking where it is not the same any more. All breaking changes are
told; of more than 1000 safe ones of an event the number of the rest is.

A and B are providers, folders of catalogs, or files of schemas, in JSON or
YAML; @VERSION behind the first two names an API version. Where both are the
provider's catalog, @ tells them apart. Descriptions and examples are not
compared. Of an event of which one side knows the envelope alone, nothing else
is.

The exit status is 1 where there is a breaking change, under --fail-on any where
there is any, under --fail-on never it is not.

` + catalogHelp,
		Example: `  hookctl catalog diff recharge@2021-01 recharge@2021-11 --event 'order/*'
  hookctl catalog diff recharge ./new
  hookctl catalog diff old.schema.json new.schema.json --json`,
		Args:              exactArgs("A, the catalog before,", "B, the catalog after,"),
		ValidArgsFunction: a.completeCatalogs,
		RunE: func(_ *cobra.Command, args []string) error {
			return runCatalogDiff(a, o, args[0], args[1])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.version, "api-version", "", "take the API version `VERSION` where no @ names one")
	flags.StringArrayVar(&o.events, "event", nil, "only events that fit `GLOB`, such as 'order/*'; may be repeated")
	flags.Var(&o.failOn, "fail-on", "exit with 1 on `CHANGES`: breaking, any or never")
	return cmd
}

// completeCatalogs completes two providers that have a catalog.
func (a *app) completeCatalogs(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 1 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.catalogNames(cmd, args, word)
}

func runCatalogDiff(a *app, o *catalogDiffOptions, before, after string) error {
	changes, events, err := o.compare(a, before, after)
	if err != nil {
		return err
	}
	breaking := 0
	for _, e := range changes {
		for _, change := range e.Changes {
			if change.Breaking {
				breaking++
			}
		}
	}
	if err := a.tellChanges(changes); err != nil {
		return err
	}
	a.messages().Status(render.ChangesTotal(changes, events))
	if breaking > 0 && o.failOn.value != failNever || len(changes) > 0 && o.failOn.value == failAny {
		return found()
	}
	return nil
}

func (a *app) tellChanges(changes []render.EventChanges) error {
	if !a.global.json {
		return a.out().CatalogChanges(changes)
	}
	lines := jsonLister(a, func(diffLine) {})
	for _, e := range changes {
		if e.More > 0 {
			a.messages().Warn(fmt.Sprintf("%s: %d more changes are not listed", cmp.Or(e.Event, "the schema"), e.More))
		}
		for _, c := range e.Changes {
			if err := lines.row(diffLine{e.Event, c.Kind, c.Pointer, c.Breaking, c.Was, c.Now, c.Message}); err != nil {
				return err
			}
		}
	}
	return lines.close()
}

// compare returns the changes and how many events were compared.
func (o *catalogDiffOptions) compare(a *app, before, after string) ([]render.EventChanges, int, error) {
	first, second := a.isSchemaFile(before), a.isSchemaFile(after)
	if first && second {
		if o.version != "" || len(o.events) > 0 {
			return nil, 0, usage("leave them out", "catalog diff: --api-version and --event are for catalogs, %s is a schema", before)
		}
		return a.diffSchemas(before, after)
	}
	for _, name := range []string{before, after} {
		if err := a.missingFile(name); err != nil {
			return nil, 0, err
		}
	}
	if first || second {
		return nil, 0, usage("a FOLDER stands for the catalog in it", "catalog diff: want two catalogs or two schemas, got one of each")
	}
	set, err := a.catalogs()
	if err != nil {
		return nil, 0, err
	}
	was, err := set.side(before, o.version)
	if err != nil {
		return nil, 0, err
	}
	now, err := set.side(after, o.version)
	if err != nil {
		return nil, 0, err
	}
	if err := o.checkEvents(was, now); err != nil {
		return nil, 0, err
	}
	return diffCatalogs(was, now, func(event string) bool {
		return len(o.events) == 0 || slices.ContainsFunc(o.events, func(glob string) bool { return hook.Glob(glob, event) })
	})
}

// checkEvents refuses globs that no event fits: a gate in CI would let everything through.
func (o *catalogDiffOptions) checkEvents(was, now *catalogSide) error {
	var types []string
	for _, e := range append(was.events(), now.events()...) {
		types = append(types, e.Type)
	}
	return checkGlobs("--event", o.events, types, "of either catalog")
}

// A catalogSide is one of two catalogs that are compared.
type catalogSide struct {
	*catalog.Catalog
	version string
}

// side returns the catalog that an argument names: a provider or folder, with an API
// version behind an @.
func (cs *catalogSet) side(name, version string) (*catalogSide, error) {
	name, at := splitVersion(cs.app, name)
	if at == "" {
		at = version
	}
	c, _, at, err := cs.catalogAt(name, at)
	if err != nil {
		return nil, fmt.Errorf("catalog diff: %w", err)
	}
	return &catalogSide{c, at}, nil
}
