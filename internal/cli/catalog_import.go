package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/spf13/cobra"
)

// A catalogImport is one run of catalog import.
type catalogImport struct {
	app      *app
	provider string
	out      string
	from     choice
	action   choice
	version  string
	replace  bool
	dryRun   bool
	skip     bool
	invalid  bool

	name    string            // of the provider
	profile *provider.Profile // nil where there is none
	dir     string            // of the catalog
}

func newCatalogImport(a *app) *cobra.Command {
	o := &catalogImport{app: a, from: choice{value: "auto", valid: []string{"auto"}}, action: choice{value: string(importer.Send)}}
	for _, format := range importer.Formats() {
		o.from.valid = append(o.from.valid, string(format))
	}
	for _, action := range importer.Actions() {
		o.action.valid = append(o.action.valid, string(action))
	}
	cmd := &cobra.Command{
		Use:   "import FILE|FOLDER... [flags]",
		Short: "make a catalog of what a provider publishes",
		Long: `Make a catalog of what a provider publishes: the webhooks of an OpenAPI 3
document, the event types of a Svix export, the messages of an AsyncAPI 2 or 3
document, or JSON Schemas, one file for each event or one file with all. What it
is, is found by its content; JSON and YAML are read, and - is standard input.
Nothing is read that was not given: files of a folder may refer to one another.

The catalog is kept in the store, where every command finds it under the
provider's name; with --out it is written to a folder for you to commit. An
event whose schema cannot be used is told, and then nothing is written, unless
--skip-broken leaves it out. An example that is not as its own schema says is
left out, and told.

A catalog that is imported has the schemas of one API version, which
--api-version names: that of another version replaces it, or goes to a folder of
its own with --out.

Of AsyncAPI messages those are taken that the described application sends;
--action receive takes those that it receives.`,
		Example: `  hookctl catalog import openapi.json --provider acme
  hookctl catalog import schemas/ --provider acme --out catalogs/acme
  hookctl catalog import openapi.yaml --provider acme --replace --dry-run

  The event types of Clazar are in its Svix portal. With the token of your app
  there, and the address of the Svix API:
  curl -H "Authorization: Bearer $TOKEN" \
    "$SVIX/api/v1/event-type?with_content=true&limit=250" |
    hookctl catalog import - --provider clazar`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("the form is: "+cmd.UseLine(), "%s: the file is missing", nameOf(cmd))
			}
			return nil
		},
		ValidArgsFunction: completeFiles,
		RunE:              func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.provider, "provider", "", "make the catalog of `PROVIDER` (default: as the folder of --out is called)")
	flags.StringVar(&o.out, "out", "", "write the catalog to the folder `DIR`, not to the store")
	flags.Var(&o.from, "from", "read the sources as `FORMAT`: openapi, svix, asyncapi, schemas, or auto by the content")
	flags.Var(&o.action, "action", "of AsyncAPI take the messages of `ACTION`: send or receive")
	flags.StringVar(&o.version, "api-version", "", "the schemas are of the API version `V`; a catalog has one")
	flags.BoolVar(&o.replace, "replace", false, "replace the catalog that is there")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and write nothing")
	flags.BoolVar(&o.skip, "skip-broken", false, "leave out events whose schema cannot be used")
	flags.BoolVar(&o.invalid, "keep-invalid-examples", false, "keep examples that are not as their schema says")
	markPath(flags, "out")
	return cmd
}

func (o *catalogImport) run(ctx context.Context, args []string) error {
	if err := o.settle(); err != nil {
		return err
	}
	if err := o.recover(); err != nil {
		return err
	}
	if err := o.mayWrite(); err != nil {
		return err
	}
	sources, err := o.sources(args)
	if err != nil {
		return err
	}
	options := importer.Options{
		Name: o.name, Profile: o.profile, Action: importer.Action(o.action.value), Version: o.version, KeepInvalid: o.invalid,
	}
	if o.from.value != "auto" {
		options.Format = importer.Format(o.from.value)
	}
	im, err := importer.Read(ctx, sources, options)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return usage("hookctl catalog import --help says what can be imported", "catalog import: %w", err)
	}
	return o.finish(im)
}

// settle finds out whose catalog it is, and where it goes.
func (o *catalogImport) settle() error {
	o.name = o.provider
	if o.name == "" && o.out != "" {
		o.name = filepath.Base(o.app.absolute(o.out))
	}
	switch {
	case o.name == "":
		return usage("--provider NAME says whose it is", "catalog import: the provider is missing")
	case isPath(o.name):
		return usage("--provider NAME --out "+o.name+" writes it beside the profile there", "--provider: want a name, got %q", o.name)
	}
	if o.version != "" {
		if err := importer.CheckVersion(o.version); err != nil {
			return usage("", "--api-version: %w", err)
		}
	}
	if err := o.findProfile(); err != nil {
		return err
	}
	if o.out != "" {
		o.dir = o.app.absolute(o.out)
		return nil
	}
	store, err := o.app.storeDir()
	o.dir = filepath.Join(store, catalogsFolder, o.name)
	return err
}

// findProfile looks for the provider, who need not be known.
func (o *catalogImport) findProfile() error {
	set, err := o.app.providers()
	if err != nil {
		return err
	}
	p, err := set.profileOf(strings.ToLower(o.name))
	var unknown *provider.UnknownError
	switch {
	case err == nil:
		o.profile, o.name = p, p.Name
	case !errors.As(err, &unknown):
		return err
	}
	if err := provider.CheckName(o.name); err != nil {
		return usage("--provider NAME says whose it is", "catalog import: the name of the provider: %w", err)
	}
	return nil
}

// recover makes good what an import left that was killed, and tells of it.
func (o *catalogImport) recover() error {
	if o.dryRun {
		return nil
	}
	told, err := importer.Recover(o.dir)
	if err != nil {
		return cannot("--out DIR names another place", fmt.Errorf("catalog import: an import was broken off before, and cannot be undone: %w", err))
	}
	if told != "" {
		o.app.messages().Warn(o.app.relative(o.dir) + ": " + told)
	}
	return nil
}

// mayWrite refuses to touch a catalog that is there, before the sources are read.
func (o *catalogImport) mayWrite() error {
	if o.replace {
		return nil
	}
	if _, err := os.Lstat(filepath.Join(o.dir, catalog.FileName)); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return cannot("--out DIR names another place", fmt.Errorf("catalog import: %w", err))
	}
	return o.exists()
}

// exists is the failure where there is a catalog; one of another API version would be lost.
func (o *catalogImport) exists() error {
	c, err := catalog.Load(os.DirFS(o.dir), catalog.FileName)
	if err == nil && o.version != "" && c.Version != o.version {
		has := "one without an API version"
		if c.Version != "" {
			has = "one of the API version " + c.Version
		}
		return usage("--replace puts "+o.version+" in its place, --out DIR keeps both: a catalog that is imported has one API version",
			"catalog import: there is a catalog in %s already, %s", o.app.relative(o.dir), has)
	}
	return usage("--replace replaces it, --replace --dry-run says what would change", "catalog import: there is a catalog in %s already", o.app.relative(o.dir))
}

// sources opens what was named.
func (o *catalogImport) sources(args []string) ([]importer.Source, error) {
	var all []importer.Source
	for _, arg := range args {
		source, err := o.source(arg)
		if err != nil {
			return nil, cannot("", fmt.Errorf("catalog import: %s: %w", arg, err))
		}
		all = append(all, source)
	}
	return all, nil
}

func (o *catalogImport) source(arg string) (importer.Source, error) {
	if arg != "-" {
		if info, err := os.Stat(o.app.absolute(arg)); err == nil && info.IsDir() {
			root, err := os.OpenRoot(o.app.absolute(arg)) // no link leads out of it
			if err != nil {
				return importer.Source{}, err
			}
			return importer.Source{Name: filepath.ToSlash(filepath.Clean(arg)), Files: root.FS()}, nil
		}
	}
	file, err := o.app.input(arg)
	if err != nil {
		return importer.Source{}, err
	}
	defer file.Close()
	name := arg
	if arg == "-" {
		name = "standard input"
	}
	return importer.ReadFile(name, file)
}

// finish tells what was read, and writes it if it may be written.
func (o *catalogImport) finish(im *importer.Import) error {
	refused := len(im.Broken) > 0 && !o.skip || len(im.Events) == 0
	if !refused {
		if err := o.warnOfOther(im); err != nil {
			return err
		}
	}
	o.tellTroubles(im)
	if refused {
		return o.refuse(im)
	}
	changes := im.Changes(o.dir)
	if !o.dryRun {
		modes := importer.Shared()
		if o.out == "" {
			modes = importer.Private()
			if err := o.app.makeStoreFolder(); err != nil {
				return cannot("--out DIR names another place", fmt.Errorf("catalog import: nothing was changed: %w", err))
			}
		}
		title := ""
		if o.profile != nil {
			title = o.profile.Title
		}
		err := im.Write(o.dir, title, o.replace, modes)
		if errors.Is(err, importer.ErrExists) {
			return o.exists()
		}
		if err != nil {
			return cannot("--out DIR names another place", fmt.Errorf("catalog import: nothing was changed: %w", err))
		}
	}
	return o.tell(im, changes)
}

// refuse is the end of an import that has events that cannot be had.
func (o *catalogImport) refuse(im *importer.Import) error {
	if o.app.global.json {
		if err := render.WriteJSON(o.app.world.Stdout, o.result(im, importer.Changes{}, false)); err != nil {
			return err
		}
	}
	hint := "--skip-broken imports the others"
	if len(im.Events) == 0 {
		hint = ""
	}
	return &failure{
		err:    fmt.Errorf("catalog import: nothing was written: %d of %d events cannot be used", len(im.Broken), len(im.Broken)+len(im.Events)),
		status: exitFound, hint: hint,
	}
}
