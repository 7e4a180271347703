package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// runValidate validates once, or again and again under --watch.
func runValidate(ctx context.Context, a *app, o *validateOptions) error {
	var err error
	if o.formats, err = o.formats.settled(a.global.json, a.absolute); err != nil {
		return err
	}
	if o.watch {
		return watchValidate(ctx, a, o)
	}
	return o.once(ctx, a)
}

// once validates all payloads and tells of them.
func (o *validateOptions) once(ctx context.Context, a *app) error {
	mustFail, err := o.mustFailing()
	if err != nil {
		return err
	}
	check, err := o.checker(a)
	if err != nil {
		return err
	}
	in, err := o.inputs(ctx, a)
	if err != nil {
		return err
	}
	defer in.close()
	total, err := o.run(ctx, in, validate.Config{
		Check: check, FailOn: validate.FailOn(o.failOn.value), MustFail: mustFail.matcher(), Workers: o.workers, Now: a.world.Now,
	})
	if err != nil {
		return o.cutShort(a, total, err)
	}
	mustFail.warn(a)
	o.summarize(a, total)
	return o.outcome(a, total)
}

// run holds what is in against schemas, and tells of it.
func (o *validateOptions) run(ctx context.Context, in *validateInputs, config validate.Config) (validate.Total, error) {
	var saver outcomeSaver
	if o.save {
		saver.store = in.store
	}
	progress := in.app.newProgress(in)
	defer progress.erase()
	reports, err := in.app.openReports(o, progress.above(in.app.world.Stdout))
	if err != nil {
		return validate.Total{}, err
	}
	defer reports.discard()
	total, err := validate.Run(ctx, in.payloads(), config, func(r *validate.Report) error {
		if err := saver.save(r); err != nil || r.Bodiless {
			return err
		}
		if err := reports.tell(r); err != nil {
			return err
		}
		return progress.step(reports.flush)
	})
	if err == nil {
		err = saver.wait()
	}
	progress.erase()
	switch {
	case err == nil:
		err = reports.end(total)
	case ctx.Err() != nil:
		reports.interrupt(total)
	}
	return total, err
}

// cutShort is how a run ends that could not be told of to its end. Where that is because
// nobody reads on, what was found until then counts.
func (o *validateOptions) cutShort(a *app, t validate.Total, err error) error {
	switch {
	case !errors.Is(err, syscall.EPIPE):
		return err
	case t.Trouble > 0:
		return o.outcome(a, t)
	case t.Failed > 0:
		return found()
	}
	return err
}

// summarize tells the total on standard error, where standard output has it not.
func (o *validateOptions) summarize(a *app, t validate.Total) {
	for _, f := range o.formats {
		if f.name == "text" && f.file == "" {
			return
		}
	}
	a.messages().Status(render.TotalLine(t))
}

// outcome is the failure that the total is, or nil. A run that held nothing against any
// schema is none that found nothing.
func (o *validateOptions) outcome(a *app, t validate.Total) error {
	switch {
	case t.Trouble > 0:
		return &failure{err: fmt.Errorf("validate: %d of %d payloads could not be checked", t.Trouble, t.Payloads()), status: exitFailed}
	case t.Payloads() == 0:
		return usage(o.whereElse(a), "validate: there are no payloads in %s", o.named())
	case o.failOn.value == string(validate.FailNever):
		return nil
	case t.NoSchema == t.Payloads():
		return usage("--provider NAME and --event TYPE say what they are, --schema FILE holds them against a schema of yours", "validate: no schema is known for any of the payloads")
	case t.Failed > 0:
		return found()
	}
	return nil
}

// whereElse is where payloads would have been looked for.
func (o *validateOptions) whereElse(a *app) string {
	switch {
	case len(o.ids) == 0:
		return "requests without a body carry none; hookctl captures list shows what there is"
	case !slices.ContainsFunc(o.ids, func(arg string) bool { return arg != "-" }):
		return "nothing came on standard input"
	case !slices.ContainsFunc(o.ids, a.isSearched):
		return "it is empty, or has no line or entry with a payload"
	}
	return "folders are searched for *.json, *.ndjson, *.jsonl and *.har"
}

// isSearched reports whether an argument stands for files that are searched for.
func (a *app) isSearched(arg string) bool {
	info, err := os.Stat(a.absolute(arg))
	return err != nil || info.IsDir()
}

// named is what the user asked for.
func (o *validateOptions) named() string {
	switch {
	case o.query != "":
		return fmt.Sprintf("the captures that fit %q", o.query)
	case o.all:
		return "the store"
	}
	return strings.Join(o.ids, ", ")
}
