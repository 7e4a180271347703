package validate

import (
	"io"

	"github.com/hookctl/hookctl/internal/catalog"
)

// What tests look into.
var (
	Folded    = folded
	PartsOf   = partsOf
	VersionIn = versionIn
	ErrLarge  = errTooLarge
)

// Lines hands out the lines of a stream, as Run gets them.
func Lines(r io.Reader, limit int) func() (line []byte, number int, err error) {
	return newLines(r, limit).next
}

// FiledAs is what the end of a path says, of a catalog with events and with names that
// several have in common.
func FiledAs(parts, events, common []string) (event string, rest []string, unknown string) {
	c := &catalog.Catalog{}
	for _, name := range events {
		c.Events = append(c.Events, catalog.Event{Type: name})
	}
	for _, name := range common {
		c.Families = append(c.Families, catalog.Event{Type: name})
	}
	f := filedAs(parts, eventNames(c))
	return f.event, f.rest, f.unknown
}

// FiledUnder is the nearest folder of a path that is called like a provider, or -1.
func FiledUnder(parts []string, known func(string) bool) (provider string, at int) {
	for _, f := range filedUnder(parts, known) {
		return f.provider, f.at
	}
	return "", -1
}
