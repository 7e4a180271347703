package importer

import (
	"fmt"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/jsontext"
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
	if names := r.unread(); len(names) > 0 {
		r.warnings.add("left out, since they are no schemas: %s", some(names))
	}
	if r.unfinished != "" && !r.finished {
		r.warnings.add("%s is not the last page: ask for the next with &iterator= and the iterator that it has, until one says that it is done, and give all files together", r.unfinished)
	}
	im.Warnings = r.warnings.all()
	return im, nil
}

// prepare makes the files of all events that have a name of their own.
func (r *reader) prepare(im *Import) (all []prepared, err error) {
	b := &bundler{lib: r.lib, draft: r.draft, strictRef: r.openapi3, warnings: r.warnings}
	first := map[string]int{}
	files, shown := fileNames{}, fileNames{}
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
		names := shown
		if again {
			names = nil
		}
		one, err := r.prepareOne(b, raw, names)
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
// times the memory of its text. taken are the names of examples, which all events share.
func (r *reader) prepareOne(b *bundler, raw *rawEvent, taken fileNames) (prepared, error) {
	body, err := r.body(b, raw)
	if err != nil {
		return prepared{}, err
	}
	one := prepared{raw: raw, event: Event{
		Type: raw.name, About: raw.about, Group: sentence(raw.group), Note: raw.note, Deprecated: raw.deprecated,
		Envelope: isOpen(body), Schema: File{r.schemaFile(raw), jsontext.Indented(body)}, Examples: r.exampleFiles(raw, body, taken),
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
