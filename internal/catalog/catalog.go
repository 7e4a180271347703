// Package catalog knows the event types of providers, with their schemas and examples.
// A catalog is a folder with a file catalog.yaml; see schemas/catalog.schema.json.
package catalog

import (
	"fmt"
	"io/fs"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// FileName is the file of a catalog in its folder.
const FileName = "catalog.yaml"

// versionPlace stands for the API version in the names of files.
const versionPlace = "{version}"

// A Catalog is a provider's event types. It is safe for concurrent use.
type Catalog struct {
	// Name is that of the provider.
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
	About string `yaml:"about"`
	// Sources are short names for addresses and titles, for the from of events.
	Sources []provider.Named `yaml:"sources"`
	// Versions are the API versions that schemas differ for; none where they do not.
	Versions []string `yaml:"api_versions"`
	// Version is the one that is taken where nobody says.
	Version string `yaml:"api_version"`
	// IgnoreFormats leaves the keyword format of the schemas without effect.
	IgnoreFormats bool `yaml:"ignore_formats"`
	// Aliases are names under which events may come as well.
	Aliases []Alias `yaml:"aliases"`
	// Families are names of messages that do not tell which of several events they are,
	// each with what these have in common.
	Families []Event `yaml:"families"`
	Events   []Event `yaml:"events"`

	doc    *yamldoc.Document
	files  fs.FS
	byName map[string]*Event

	schemas lazily[*schema.Schema] // by file
	differs lazily[*shape.Differ]
	refs    lazily[[]string]
}

// An Alias is another name for an event.
type Alias struct {
	Name  string `yaml:",key"`
	Event string `yaml:",value"`
}

// An Event is an event type.
type Event struct {
	// Type is its name in the catalog: "order/created".
	Type string `yaml:",key"`
	// Wire is the name that a provider's profile takes from a message, where it is
	// another: "issues.opened" for "issues-opened".
	Wire  string `yaml:"wire"`
	About string `yaml:"about"`
	Group string `yaml:"group"`
	// Schema and Examples are files in the catalog's folder; {version} in their names
	// stands for the API version.
	Schema   string   `yaml:"schema"`
	Examples []string `yaml:"examples"`
	// Versions are the API versions that have the event, where not all do.
	Versions []string `yaml:"api_versions"`
	Coverage Coverage `yaml:"coverage"`
	// CoverageIn is the coverage in API versions where it is another.
	CoverageIn []VersionCoverage `yaml:"coverage_in"`
	Deprecated bool              `yaml:"deprecated"`
	// Header are fields that such a message has: "X-GitHub-Event: issues".
	Header []provider.Named `yaml:"headers"`
	// Status, From and Note say how the event is known, as a profile's provenance does.
	Status provider.Status `yaml:"is"`
	From   []string        `yaml:"from"`
	Note   string          `yaml:"note"`
}

// A VersionCoverage is the coverage of an event in one API version.
type VersionCoverage struct {
	Version  string   `yaml:",key"`
	Coverage Coverage `yaml:",value"`
}

// CoverageAt is how much of the event's body its schema describes in an API version.
func (e *Event) CoverageAt(version string) Coverage {
	for _, in := range e.CoverageIn {
		if in.Version == version {
			return in.Coverage
		}
	}
	return e.Coverage
}

// Coverage is how much of an event's body its schema describes.
type Coverage string

// The coverages.
const (
	Full     Coverage = "full"     // all that the source tells
	Partial  Coverage = "partial"  // the source shows a part
	Envelope Coverage = "envelope" // what all events have in common, and no more
)

// UnmarshalText reads one of the words.
func (c *Coverage) UnmarshalText(text []byte) error {
	switch Coverage(text) {
	case Full, Partial, Envelope:
		*c = Coverage(text)
		return nil
	}
	return fmt.Errorf("want one of full, partial, envelope, got %q", text)
}
