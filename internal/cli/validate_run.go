package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// runValidate validates once, or again and again under --watch.
func runValidate(ctx context.Context, a *app, o *validateOptions) error {
	var err error
	if o.formats, err = o.formats.settled(a.global.json); err != nil {
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
	progress := a.newProgress(in)
	defer progress.erase()
	reports, err := a.openReports(o, progress.above(a.world.Stdout))
	if err != nil {
		return err
	}
	defer reports.discard()
	total, err := validate.Run(ctx, in.payloads(), validate.Config{
		Check: check, FailOn: validate.FailOn(o.failOn.value), MustFail: mustFail, Workers: o.workers, Now: a.world.Now,
	}, func(r *validate.Report) error {
		if err := reports.tell(r); err != nil {
			return err
		}
		return progress.step(reports.flush)
	})
	progress.erase()
	if err != nil {
		if ctx.Err() != nil {
			reports.interrupt(total)
		}
		return err
	}
	if err := reports.end(total); err != nil {
		return err
	}
	o.summarize(a, total)
	return o.outcome(total)
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
func (o *validateOptions) outcome(t validate.Total) error {
	switch {
	case t.Trouble > 0:
		return &failure{err: fmt.Errorf("validate: %d of %d payloads could not be read", t.Trouble, t.Payloads()), status: exitFailed}
	case t.Payloads() == 0:
		return usage("folders are searched for *.json, *.ndjson, *.jsonl and *.har", "validate: there are no payloads in %s", o.named())
	case o.failOn.value == string(validate.FailNever):
		return nil
	case t.NoSchema == t.Payloads():
		return usage("--provider NAME and --event TYPE say what they are, --schema FILE holds them against a schema of yours", "validate: no schema is known for any of the payloads")
	case t.Failed > 0:
		return found()
	}
	return nil
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
