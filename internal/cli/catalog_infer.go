package cli

import (
	"context"
	"fmt"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/hookctl/hookctl/internal/validate"
	"github.com/spf13/cobra"
)

// A catalogInfer is one run of catalog infer.
type catalogInfer struct {
	app *app
	selection
	provider string
	event    string
	out      string
	noEnums  bool
	replace  bool

	resolver *validate.Resolver // of files
	profiles map[string]eventFinder
	groups   []*inferred
	left     int // payloads of which nobody knows what they are
	others   int // captures of another provider or event than the flags say
}

// An inferred event is what its samples have in common.
type inferred struct {
	provider, event string
	builder         shape.Builder
}

func newCatalogInfer(a *app) *cobra.Command {
	o := &catalogInfer{app: a}
	cmd := &cobra.Command{
		Use:   "infer [PATH|ID...] [flags]",
		Short: "make schemas of what was captured",
		Long: `Make JSON Schemas of payloads: of captures by their ids, by --query or --all,
and of files and folders, as hookctl validate finds them. Payloads of one
provider and event are taken together. A capture says whose it is and what it
tells, and a file by its path or its body, of events that a catalog has.
--provider and --event say it for others, and for captures of which that is not
known; captures of others are left out.

A property is required where all samples have it, of at least two. A format is
said where all texts have it. With fewer than five samples a schema says little
of what may be missing or null.

Beside types and formats this of the payloads is in a schema, and nothing else:
  names    the keys of objects. Keys that look like data are left out: ids,
           dates, numbers, addresses, what has a space in it, what is random; so
           are all keys of objects of one kind that hardly ever have one in
           common from sample to sample. A key that looks like a name stays,
           though it be a person's: read the schema first where others are to
           see it
  enums    a few short words that repeat, of 20 or more. None that look like ids
           or tokens, and none of properties whose name ends in token, secret,
           key, password, signature, name, email, customer, phone or address;
           --no-enums leaves all out

The schema of one event is printed; with --out all are written to a folder as a
catalog, which says that they are observed, and for each event in how many
samples. Messages with several events in one body are not parted.

` + queryHelp,
		Example: `  hookctl catalog infer --query event:order/created
  hookctl catalog infer --query 'path:/acme/*' --provider acme \
    --out catalogs/acme
  hookctl catalog infer fixtures/order/ --event order/created`,
		ValidArgsFunction: a.completePayloads,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			if err := o.check(cmd); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	o.flags(flags, "learn from")
	flags.StringVar(&o.provider, "provider", "", "the payloads are of `PROVIDER`")
	flags.StringVar(&o.event, "event", "", "they are of the event `TYPE`")
	flags.StringVar(&o.out, "out", "", "write a catalog to the folder `DIR`")
	flags.BoolVar(&o.noEnums, "no-enums", false, "leave enumerations out, so that of the payloads only keys are in a schema")
	flags.BoolVar(&o.replace, "replace", false, "replace the catalog that is in DIR")
	markPath(flags, "out")
	return cmd
}

func (o *catalogInfer) run(ctx context.Context) error {
	in, err := o.inputs(ctx)
	if err != nil {
		return err
	}
	defer in.close()
	o.profiles = map[string]eventFinder{}
	set, err := o.app.catalogs()
	if err != nil {
		return err
	}
	o.resolver = validate.NewResolver(&validateKnown{set: set})
	o.resolver.Provider = o.provider
	_, err = validate.Run(ctx, in.payloads(), validate.Config{
		Check: o.learn, FailOn: validate.FailNever, Workers: 1, Now: o.app.world.Now,
	}, o.trouble)
	if err != nil {
		return err
	}
	o.tell()
	switch {
	case len(o.groups) == 0 && o.others > 0:
		return usage("", "catalog infer: all captures are of other providers or events")
	case len(o.groups) == 0 && o.left > 0:
		return usage("--event TYPE says which event they are, --provider NAME whose", "catalog infer: of none of the payloads it is known what they are")
	case len(o.groups) == 0:
		return usage("", "catalog infer: there are no payloads to learn from")
	case o.out != "":
		return o.write()
	}
	return o.print()
}

// inputs are the payloads that the arguments and flags name.
func (o *catalogInfer) inputs(ctx context.Context) (*validateInputs, error) {
	named := validateOptions{selection: o.selection}
	return named.inputs(ctx, o.app)
}

// learn takes one payload into account. It is called for one after the other.
func (o *catalogInfer) learn(p *validate.Payload) validate.Report {
	report := validate.Report{Validation: hook.Validation{Outcome: hook.Valid}}
	if o.another(p.Capture) {
		o.others++
		return report
	}
	provider, event, err := o.subject(p)
	if err != nil {
		report.Trouble = err
		return report
	}
	if event == "" && (o.out != "" || p.Capture != nil) || provider == "" && o.out != "" {
		o.left++
		return report
	}
	if err := o.group(provider, event).builder.Add(p.Text); err != nil {
		report.Trouble = fmt.Errorf("it is not JSON that can be read: %w", err)
	}
	return report
}

// another reports whether a capture is known to be of another provider or event than the
// flags say.
func (o *catalogInfer) another(c *hook.Capture) bool {
	if c == nil || c.Identity == nil {
		return false
	}
	differs := func(known, wanted string) bool { return known != "" && wanted != "" && known != wanted }
	return differs(c.Identity.Provider, o.provider) || differs(c.Identity.Event.Type, o.event)
}

// trouble warns of what could not be read.
func (o *catalogInfer) trouble(r *validate.Report) error {
	if r.Trouble != nil {
		where := r.Path
		if n := max(r.Line, r.Entry); n > 0 {
			where = fmt.Sprintf("%s:%d", where, n)
		}
		o.app.messages().Warn(fmt.Sprintf("%s is left out: %v", where, r.Trouble))
	}
	return nil
}

// group is the one of a provider's event, which is new where it is the first.
func (o *catalogInfer) group(provider, event string) *inferred {
	for _, g := range o.groups {
		if g.provider == provider && g.event == event {
			return g
		}
	}
	g := &inferred{provider: provider, event: event, builder: shape.Builder{NoEnums: o.noEnums}}
	o.groups = append(o.groups, g)
	return g
}
