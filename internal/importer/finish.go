package importer

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/schema"
)

// A prepared event has its files, and is known by name once all events are there.
type prepared struct {
	raw   *rawEvent
	event Event
	// shown are its names on the wire if examples of headers are to be trusted, spelled if
	// they are not.
	shown, spelled wiring
}

// finish makes the catalog of the events that were read.
func (r *reader) finish() (*Import, error) {
	im := &Import{Format: r.format, name: r.options.Name, title: r.title, version: r.options.Version, origins: r.origins}
	all, err := r.prepare(im)
	if err != nil {
		return nil, err
	}
	wirings := choose(all)
	for i := range all {
		all[i].event.Header = r.fields(all[i].raw, wirings[i])
		im.Events = append(im.Events, all[i].event)
	}
	r.settleNames(im.Events, wirings)
	if err := r.prove(im); err != nil {
		return nil, err
	}
	if r.shared > 0 {
		r.warnings.add("files that are no events, since others refer to them, or they are in a folder for that: %d", r.shared)
	}
	if r.unfinished != "" && !r.finished {
		r.warnings.add("%s is not the last page: what follows its iterator is missing", r.unfinished)
	}
	im.Warnings = r.warnings.all()
	return im, nil
}

// prepare makes the files of all events that have a name of their own.
func (r *reader) prepare(im *Import) (all []prepared, err error) {
	b := &bundler{lib: r.lib, draft: r.draft, strictRef: r.openapi3, warnings: r.warnings}
	first := map[string]int{}
	files := fileNames{}
	var doubled []string
	for i := range r.events {
		if err := r.ctx.Err(); err != nil {
			return nil, err
		}
		raw := &r.events[i]
		if raw.fault == nil {
			raw.fault = checkName(raw.name)
		}
		at, again := first[raw.name]
		switch {
		case again:
			raw.file = all[at].raw.file
		case raw.fault == nil:
			raw.file = files.take(raw.name, "event")
		}
		one, err := r.prepareOne(b, raw)
		switch {
		case err != nil:
			im.Broken = append(im.Broken, Broken{raw.name, err.Error()})
		case !again:
			first[raw.name] = len(all)
			all = append(all, one)
		case !sameJSON(one.event.Schema.Text, all[at].event.Schema.Text):
			doubled = append(doubled, fmt.Sprintf("%s (in %s and %s)", raw.name, all[at].raw.origin, raw.origin))
		}
	}
	if len(doubled) > 0 {
		r.warnings.add("described twice, and not the same: the first counts: %s", some(doubled))
	}
	return all, nil
}

// prepareOne makes the files of one event. The bundle is not kept: as values it takes many
// times the memory of its text.
func (r *reader) prepareOne(b *bundler, raw *rawEvent) (prepared, error) {
	body, err := r.body(b, raw)
	if err != nil {
		return prepared{}, err
	}
	one := prepared{raw: raw, event: Event{
		Type: raw.name, About: raw.about, Group: sentence(raw.group), Note: raw.note, Deprecated: raw.deprecated,
		Envelope: isOpen(body), Schema: File{r.schemaFile(raw), jsontext.Indented(body)}, Examples: r.exampleFiles(raw, body),
	}}
	if r.options.Profile != nil {
		one.shown, one.spelled = r.wiringOf(raw, body, true), r.wiringOf(raw, body, false)
	}
	return one, nil
}

// body is the bundled schema of an event.
func (r *reader) body(b *bundler, raw *rawEvent) (*jsontext.Object, error) {
	if raw.fault != nil {
		return nil, raw.fault
	}
	id := catalog.URL(r.options.Name, r.schemaFile(raw))
	if raw.schema == nil {
		out := &jsontext.Object{}
		out.Set("$schema", draft2020)
		out.Set("$id", id)
		return out, nil
	}
	return b.bundle(*raw.schema, id)
}

// schemaFile is the name of the file of an event's schema.
func (r *reader) schemaFile(raw *rawEvent) string { return r.inVersion(raw.file + ".schema.json") }

// inVersion is a file's name in the folder of the API version, if there is one.
func (r *reader) inVersion(name string) string {
	if r.options.Version == "" {
		return name
	}
	return r.options.Version + "/" + name
}

// isOpen reports whether a schema allows any object.
func isOpen(body *jsontext.Object) bool {
	for _, key := range body.Keys() {
		switch {
		case kindOf(key) == naming, kindOf(key) == definitions, isAnnotation(key), key == "id":
		case key == "type" && body.Text("type") == "object":
		case key == "additionalProperties" && body.Truth(key):
		default:
			return false
		}
	}
	return true
}

// maxExamples is how many examples an event may have.
const maxExamples = 100

// exampleFiles are the examples of an event, those beside its schema and those in it.
func (r *reader) exampleFiles(raw *rawEvent, body *jsontext.Object) []File {
	all := append(raw.examples, r.inner(raw)...)
	if len(all) > maxExamples {
		r.warnings.add("%s has more than %d examples: the others are left out", raw.name, maxExamples)
		all = all[:maxExamples]
	}
	var made []File
	taken := fileNames{}
	for i, one := range all {
		value := unwrapped(one.value, body)
		text := jsontext.Indented(value)
		double := false
		for _, other := range all[:i] {
			double = double || equal(unwrapped(other.value, body), value)
		}
		if double {
			continue
		}
		name := raw.file
		if one.name != "" && folded(one.name) != folded(raw.name) && one.name != "default" {
			name += "." + safeText(one.name, "example")
		}
		made = append(made, File{r.inVersion("examples/" + taken.take(name, "event") + ".json"), text})
	}
	return made
}

// inner are the examples in the schema of an event.
func (r *reader) inner(raw *rawEvent) []example {
	if raw.schema == nil {
		return nil
	}
	o, _, err := r.lib.follow(*raw.schema)
	if err != nil {
		return nil
	}
	with := &jsontext.Object{}
	if o.Has("examples") {
		with.Set("examples", o.Get("examples"))
	}
	examples(&jsontext.Object{}, with)
	all := []example{}
	for _, value := range with.List("examples") {
		all = append(all, example{"", value})
	}
	if o.Has("example") {
		all = append(all, example{"", o.Get("example")})
	}
	return all
}

// unwrapped is the value of an example that is written as JSON in a text.
func unwrapped(value any, body *jsontext.Object) any {
	text, ok := value.(string)
	if !ok || body.Text("type") == "string" || !looksLikeJSON([]byte(text)) {
		return value
	}
	values, _, err := parse([]byte(text))
	if err != nil || len(values) != 1 {
		return value
	}
	return values[0]
}

// A proof is what compiling an event's schema and checking its examples has found.
type proof struct {
	fault    error
	warnings []string
	invalid  map[int]string // examples by index, with what is wrong
}

// prove compiles every schema, leaves out those that do not, and the examples that are not
// as their schema says.
func (r *reader) prove(im *Import) error {
	proofs := make([]proof, len(im.Events))
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(im.Events)) {
		wait.Go(func() {
			for i := range next {
				if r.ctx.Err() == nil {
					proofs[i] = r.proofOf(&im.Events[i])
				}
			}
		})
	}
	for i := range im.Events {
		next <- i
	}
	close(next)
	wait.Wait()
	if err := r.ctx.Err(); err != nil {
		return err
	}
	kept := im.Events[:0]
	for i := range im.Events {
		event, p := im.Events[i], proofs[i]
		if p.fault != nil {
			im.Broken = append(im.Broken, Broken{event.Type, p.fault.Error()})
			continue
		}
		for _, line := range p.warnings {
			r.warnings.add("%s", line)
		}
		kept = append(kept, r.withoutInvalid(im, event, p))
	}
	im.Events = kept
	return nil
}

// proofOf compiles the schema of an event, and checks its examples.
func (r *reader) proofOf(event *Event) proof {
	compiled, err := schema.Compile(catalog.URL(r.options.Name, event.Schema.Name), event.Schema.Text, schema.Options{})
	if err != nil {
		return proof{fault: err}
	}
	p := proof{warnings: compiled.Warnings, invalid: map[int]string{}}
	for i, file := range event.Examples {
		if v := compiled.Check(file.Text); !v.Outcome.Passed() {
			p.invalid[i] = why(v)
		}
	}
	return p
}

// why says in one line what is wrong with an example.
func why(v hook.Validation) string {
	if len(v.Faults) == 0 {
		return v.Reason
	}
	f := v.Faults[0]
	text := f.Message
	if f.Pointer != "" {
		text = f.Pointer + ": " + text
	}
	if more := len(v.Faults) + v.More - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// withoutInvalid returns an event with the examples that are to be kept.
func (r *reader) withoutInvalid(im *Import, event Event, p proof) Event {
	var kept []File
	for i, file := range event.Examples {
		reason, bad := p.invalid[i]
		if bad {
			im.Invalid = append(im.Invalid, Broken{event.Type, reason})
		}
		if !bad || r.options.KeepInvalid {
			kept = append(kept, file)
		}
	}
	event.Examples = kept
	return event
}
