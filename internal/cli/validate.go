package cli

import (
	"slices"

	"github.com/hookctl/hookctl/internal/validate"
	"github.com/spf13/cobra"
)

type validateOptions struct {
	selection
	provider      string
	event         string
	version       string
	schema        string
	formats       formatList
	mustFail      []string
	failOn        choice
	workers       int
	watch         bool
	save          bool
	ignoreFormats bool
}

func newValidate(a *app) *cobra.Command {
	o := &validateOptions{failOn: choice{value: string(validate.FailUnknown), valid: validate.FailLevels()}}
	cmd := &cobra.Command{
		Use:   "validate [PATH|CAPTURE...] [flags]",
		Short: "hold payloads against the schemas of their events",
		Long: `Hold payloads against the JSON Schemas of their events, and say what is wrong
with file, line and column.

A PATH is one of these:
  FILE         one JSON document; an array is one document, too
  FOLDER       all *.json, *.ndjson, *.jsonl and *.har in it and below, but for
               what is hidden, schema.json and *.schema.json
  'PATTERN'    * is any characters of a name, ** folders: 'fixtures/**/*.json'
  FILE.ndjson  or .jsonl: one payload a line; captures export writes lines whose
               bodies are taken, with the headers that came with them
  FILE.har     the bodies of the requests in it
  -            standard input: one document, or NDJSON where there are several
A CAPTURE is an id, or last; --query and --all take several.

Whose a payload is, and which event, say in this order
  the flags    --provider, --event and --api-version
  the request  headers and body of a capture
  the path     the nearest folder called like a provider, and the event's name
               behind it: recharge/order/created.json,
               recharge/order-created.json, stripe/charge.succeeded.2.json,
               github/issues/opened.with-label.json; folders above an argument
               outside the working folder do not count
  the body     by the marks that the provider leaves in it
A path or --event that says another event than the body is told as a doubt.
Where the catalog has no such event as the body says, --event still counts, and
of a path no schema is known: the file may be misnamed.
--schema FILE, JSON or YAML, leaves all that aside, and holds every payload
against that one schema and those beside it that it refers to. Nothing is ever
fetched.

--fail-on says what makes the exit status 1, each word counting what those
before it do:
  never    nothing
  wrong    values of the wrong kind, and what is not JSON
  missing  required properties that are not there, as in old fixtures
  unknown  payloads that no schema is known for (the default)
  doubt    what readers may disagree on, such as a key that is there twice

--must-fail says that payloads are there to be refused: all of them, or with
--must-fail=PATTERN those whose path fits: --must-fail=invalid/ all below any
folder that is called invalid, 'invalid/*.json' those right in it, and
'./invalid/*.json' those in the one of the working folder. One that is accepted,
or that no schema is known for, fails the run.

--save keeps what is found with each capture, in the place of what hookctl
listen or an earlier run found; valid: and -valid: of --query go by that.
Captures that listen could not come to before it was killed, or that an older
hookctl kept, are valid:unchecked.

--format writes for people (text, the default) or for machines, each to standard
output or with =FILE to a file: --format github --format
sarif=hookctl.sarif,junit=hookctl.xml. In json the line of a fault is that of
the file, but for the bodies of requests in it, which have lines of their own;
column and offset begin with the payload. github, sarif and gitlab name files
from the repository on: that is the folder above that has .git, or the one that
GITHUB_WORKSPACE or CI_PROJECT_DIR names.

The exit status is 0 where nothing was found, 1 where something was, 2 where no
payload could be held against any schema or the one of --schema cannot be used,
and 3 where a payload could not be read or the schema of its event not be used.

` + queryHelp,
		Example: `  hookctl validate fixtures/
  hookctl validate --provider recharge --event order/created order.json
  hookctl validate 'fixtures/**/*.json' --must-fail='*.invalid.json' \
    --format github
  hookctl validate --schema order.schema.json orders.ndjson
  hookctl validate --query 'provider:stripe since:1d'
  hookctl validate --query valid:unchecked --save
  curl -s https://example.com/order.json |
    hookctl validate --provider recharge --event order/created -
  hookctl validate fixtures/ --watch`,
		GroupID:           groupCheck,
		ValidArgsFunction: a.completePayloads,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.ids = args
			if err := o.check(cmd); err != nil {
				return err
			}
			return runValidate(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.Var(&oneValue{text: &o.provider}, "provider", "the payloads are of `PROVIDER`, by its name, or ./FOLDER of a catalog")
	flags.StringVar(&o.event, "event", "", "they are of the event `TYPE`")
	flags.StringVar(&o.version, "api-version", "", "hold them against the schemas of an API `VERSION`")
	flags.StringVar(&o.schema, "schema", "", "hold all of them against the JSON Schema in `FILE`")
	flags.BoolVar(&o.ignoreFormats, "ignore-formats", false, "take any text for what a schema says with format, such as a date or a URL")
	flags.StringArrayVar(&o.mustFail, "must-fail", nil, "the payloads must be refused: all, or those whose path fits `PATTERN`; may be repeated")
	flags.Lookup("must-fail").NoOptDefVal = mustFailAll
	flags.Var(&o.failOn, "fail-on", "what counts: `LEVEL` never, wrong, missing, unknown or doubt")
	flags.Var(&o.formats, "format", "write as `NAME` or NAME=FILE: "+formatWords()+"; may be repeated")
	flags.IntVar(&o.workers, "workers", 0, "check `N` payloads at once; 0 takes all processors. The output is the same")
	flags.BoolVar(&o.save, "save", false, "keep the outcome with each capture")
	flags.BoolVar(&o.watch, "watch", false, "go on, and validate again when payloads, schemas or hookctl.yaml change")
	o.selection.flags(flags, "validate")
	markPath(flags, "schema")
	return cmd
}

// check refuses flags that cannot be meant together.
func (o *validateOptions) check(cmd *cobra.Command) error {
	if len(o.ids) == 0 && o.query == "" && !o.all {
		return usage("name files, folders, 'patterns', - for standard input, or captures: last, --query QUERY, --all", "%s: there is nothing to validate", cmd.CommandPath())
	}
	if slices.Contains(o.ids, "") {
		return usage("a variable that is not set, say; . is the working folder", "%s: want a file, folder, pattern or capture, got \"\"", cmd.CommandPath())
	}
	if err := o.selection.check(cmd); err != nil {
		return err
	}
	for _, other := range []struct{ name, value string }{{"provider", o.provider}, {"event", o.event}, {"api-version", o.version}} {
		if o.schema != "" && other.value != "" {
			return usage("--schema holds every payload against one file; leave one of them out", "--schema and --%s exclude each other", other.name)
		}
	}
	if o.save && o.schema != "" {
		return usage("what is kept is what the catalog says; leave one of them out", "--schema and --save exclude each other")
	}
	if o.workers < 0 || o.workers > 1024 {
		return usage("", "--workers: want a number from 0 to 1024, got %d", o.workers)
	}
	return nil
}

// completePayloads offers files, and the ids of captures.
func (a *app) completePayloads(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	ids, _ := a.completeCaptures(cmd, args, typed)
	return ids, cobra.ShellCompDirectiveDefault
}
