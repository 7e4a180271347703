package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"

	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/shape"
)

// thinSamples is below how many samples a schema says little of what may be missing.
const thinSamples = 5

// An inferredEvent is the JSON of one event.
type inferredEvent struct {
	Provider string          `json:"provider,omitempty"`
	Event    string          `json:"event,omitempty"`
	Samples  int             `json:"samples"`
	Schema   json.RawMessage `json:"schema,omitempty"`
}

// tell says on standard error what was learnt from how much.
func (o *catalogInfer) tell() {
	m := o.app.messages()
	o.settle()
	for _, g := range o.groups {
		m.Status(fmt.Sprintf("%s: %s", g.name(), samplesInWords(g.builder.Samples())))
	}
	thin := 0
	for _, g := range o.groups {
		if g.builder.Samples() < thinSamples {
			thin++
		}
	}
	if thin > 0 {
		m.Warn(fmt.Sprintf("%d of %d events have fewer than %d samples: their schemas say little of what may be missing or null", thin, len(o.groups), thinSamples))
	}
	if o.others > 0 {
		m.Warn(fmt.Sprintf("%d captures are left out: they are of other providers or events, as far as is known", o.others))
		m.Hint("hookctl captures verify ID... --provider NAME --save says that captures are of another provider")
	}
	if o.left > 0 {
		m.Warn(fmt.Sprintf("%d payloads are left out: it is not known what they are", o.left))
		m.Hint("--provider NAME and --event TYPE say whose they are, and which event")
	}
}

func (g *inferred) name() string {
	name := cmp.Or(g.event, "payloads")
	if g.provider != "" {
		name = g.provider + " " + name
	}
	return name
}

func samplesInWords(n int) string {
	if n == 1 {
		return "1 sample"
	}
	return fmt.Sprintf("%d samples", n)
}

// head is what the schema of g says of itself.
func (g *inferred) head(id string) shape.Head {
	return shape.Head{ID: id, Title: g.event, Comment: "inferred from " + samplesInWords(g.builder.Samples())}
}

// print prints the one schema, or as JSON all of them.
func (o *catalogInfer) print() error {
	if len(o.groups) > 1 && !o.app.global.json {
		return usage("--out DIR writes a catalog, --query 'event:"+o.groups[0].event+"' takes one", "catalog infer: there are %d events, and one schema can be printed", len(o.groups))
	}
	for _, g := range o.groups {
		text, err := g.builder.Schema(g.head(""))
		if err != nil {
			return err
		}
		if !o.app.global.json {
			_, err := o.app.world.Stdout.Write(text)
			return err
		}
		row := inferredEvent{g.provider, g.event, g.builder.Samples(), json.RawMessage(text)}
		if err := render.WriteJSON(o.app.world.Stdout, row); err != nil {
			return err
		}
	}
	return nil
}

// write writes the catalog.
func (o *catalogInfer) write() error {
	name := o.groups[0].provider
	var events []importer.Observation
	for _, g := range o.groups {
		if g.provider != name {
			return usage("--query 'provider:"+name+"' takes one, --provider NAME takes all for those of one", "catalog infer: there are payloads of %s and %s, and a catalog is of one provider", name, g.provider)
		}
		events = append(events, importer.Observation{
			Type: g.event, Samples: g.builder.Samples(),
			Schema: func(id string) ([]byte, error) { return g.builder.Schema(g.head(id)) },
		})
	}
	im, err := importer.Observed(name, events)
	if err != nil {
		return usage("", "catalog infer: %w", err)
	}
	for _, b := range im.Broken {
		o.app.messages().Warn(fmt.Sprintf("the event %q is left out: %s", b.Event, b.Reason))
	}
	dir := o.app.absolute(o.out)
	if im.Changes(dir).There && !o.replace {
		return usage("--replace replaces it", "catalog infer: there is a catalog in %s already", o.app.relative(dir))
	}
	if err := im.Write(dir, "", o.replace, importer.Shared()); err != nil {
		return cannot("--out DIR names another place", fmt.Errorf("catalog infer: nothing was changed: %w", err))
	}
	return o.tellWritten(im, filepath.ToSlash(o.app.relative(dir)))
}

// tellWritten says what is in the catalog now.
func (o *catalogInfer) tellWritten(im *importer.Import, dir string) error {
	what := "events"
	if len(im.Events) == 1 {
		what = "event"
	}
	o.app.messages().Status(fmt.Sprintf("%d %s in %s", len(im.Events), what, dir))
	if !o.app.global.json {
		return nil
	}
	for _, g := range o.groups {
		if err := render.WriteJSON(o.app.world.Stdout, inferredEvent{Provider: g.provider, Event: g.event, Samples: g.builder.Samples()}); err != nil {
			return err
		}
	}
	return nil
}
