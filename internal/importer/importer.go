// Package importer makes catalogs of what others publish: OpenAPI webhooks, Svix event
// types, AsyncAPI messages, and folders of JSON Schemas. It reads no network, and no file
// outside what it was given; the same sources give the same catalog, byte for byte.
package importer

import (
	"context"
	"fmt"
	"io/fs"
	"slices"

	"github.com/hookctl/hookctl/internal/provider"
)

// What a source may be, at most.
const (
	// MaxFile is the size of one file, in bytes.
	MaxFile = 64 << 20
	// MaxFiles is how many files a folder may have that could be schemas.
	MaxFiles = 20_000
	// maxTotal is the size of all files together, in bytes.
	maxTotal = 256 << 20
	// maxEvents is how many events a catalog may get.
	maxEvents = 5000
)

// A Source is a file or a folder that was given.
type Source struct {
	// Name is what errors call it.
	Name string
	// Text is what a file has, nil for a folder.
	Text []byte
	// Files is a folder: its files may refer to one another, and to nothing else.
	Files fs.FS
}

// Options say how sources are read.
type Options struct {
	// Name is that of the provider, as provider.CheckName has it.
	Name string
	// Profile is that of the provider, nil where there is none: it tells where the event's
	// type stands in a message.
	Profile *provider.Profile
	// Format is what the sources are; "" finds it out.
	Format Format
	// Action is which messages of an AsyncAPI document are events.
	Action Action
	// Version is the API version that the schemas are of, "" where there is none.
	Version string
	// KeepInvalid keeps examples that are not as their schema says.
	KeepInvalid bool
}

// An Import is what was read: a catalog that is not written yet.
type Import struct {
	// Format names the form with its version: "openapi 3.1".
	Format string
	Events []Event
	// Broken are the events that cannot be had, with the reasons.
	Broken []Broken
	// Invalid are the examples that are not as their schema says; they are among those of
	// the events only where that was asked for.
	Invalid []Broken
	// Warnings are sentences about the sources, a few.
	Warnings []string

	name, title, version string
	origins              []string
	// observed says that nobody has published it: it was made of payloads.
	observed bool
}

// An Event is an event type with its files.
type Event struct {
	Type string
	// Wire is the name that the profile takes from such a message, "" where it is Type, or
	// is not known; Aliases are the names where there are several.
	Wire       string
	Aliases    []string
	About      string
	Group      string
	Note       string
	Deprecated bool
	// Envelope says that the schema allows any object.
	Envelope bool
	Header   []provider.Named
	Schema   File
	Examples []File
}

// A File is a file of the catalog, by its name in the folder.
type File struct {
	Name string
	Text []byte
}

// A Broken thing is an event, or an example of one, with what is wrong.
type Broken struct {
	Event  string
	Reason string
}

// Examples is how many examples the events have.
func (im *Import) Examples() int {
	n := 0
	for i := range im.Events {
		n += len(im.Events[i].Examples)
	}
	return n
}

// Read reads the sources. An event that cannot be had is told in Broken; the error is
// about a source as a whole.
func Read(ctx context.Context, sources []Source, o Options) (*Import, error) {
	lib := newLibrary()
	docs, err := lib.open(sources, o.Format)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, lib: lib, options: o, referred: map[*folder]map[string]bool{}, warnings: newNotices()}
	if err := r.read(docs); err != nil {
		return nil, err
	}
	if len(r.events) == 0 {
		return nil, fmt.Errorf("%s: it has no events", sources[0].Name)
	}
	return r.finish()
}

// A rawEvent is what a source says of an event before anything is made of it.
type rawEvent struct {
	name string
	// schema is where the schema is; nil where the source has none.
	schema *place
	// fault is why the event cannot be had, nil where nothing is known yet.
	fault      error
	about      string
	group      string
	note       string
	deprecated bool
	headers    []header
	examples   []example
	// words are texts beside the event in which its name may be spelled otherwise.
	words []string
	// file begins the names of its files.
	file string
	// origin is the file, for messages; at is where the event itself is, where others may
	// refer to it too.
	origin string
	at     place
}

// A header is a field that messages of an event have.
type header struct {
	name, value string
	// fixed says that the field has no other value; else value is an example.
	fixed bool
}

// An example is a payload that the source shows.
type example struct {
	name  string
	value any
}

// A reader collects the events of all sources.
type reader struct {
	ctx      context.Context
	lib      *library
	options  Options
	format   string
	title    string
	origins  []string
	draft    string // that of the schemas of a document that has one for all; "" for each its own
	openapi3 bool   // OpenAPI 3.0, where nothing beside $ref counts
	events   []rawEvent
	// referred are the files of a folder that others refer to; shared is how many files
	// are no events for such a reason.
	referred map[*folder]map[string]bool
	shared   int
	// unfinished is a page of Svix that others follow; finished says that the last is there.
	unfinished string
	finished   bool
	warnings   *notices
}

// read takes the events of each document.
func (r *reader) read(docs []*document) error {
	for _, doc := range docs {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if label := doc.source(); !slices.Contains(r.origins, label) {
			r.origins = append(r.origins, label)
		}
		if doc.duplicate != "" {
			r.warnings.add("%s has the key %q twice in one object: the last one counts", doc.name, doc.duplicate)
		}
		var err error
		switch doc.format {
		case OpenAPI:
			err = r.openAPI(doc)
		case AsyncAPI:
			err = r.asyncAPI(doc)
		case Svix:
			err = r.svix(doc)
		default:
			err = r.schemas(doc)
		}
		if err != nil {
			return err
		}
		if len(r.events) > maxEvents {
			return fmt.Errorf("%s: want at most %d events, got %d", doc.name, maxEvents, len(r.events))
		}
	}
	return nil
}
