package catalog

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/shape"
)

// fitting is the other API version that a body is of which v says is not of version; ""
// where there is none. The body is what the schema of the other says, and not because
// that knows less of it: a wrong value is none where its property is not known.
func (c *Catalog) fitting(e *Event, version string, v *hook.Validation, body []byte) string {
	late := slices.ContainsFunc(v.Faults, func(f hook.Fault) bool { return f.Kind == schema.KindDeadline })
	var others []string
	for _, other := range c.versionsOf(e) {
		described := e.CoverageAt(other) != Envelope && c.File(e.Schema, other) != c.File(e.Schema, version)
		if !described || late {
			continue
		}
		if found, err := c.hold(e, other, body); err == nil && found.Outcome == hook.Valid {
			others = append(others, other)
		}
	}
	if len(others) == 0 {
		return ""
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil {
		return ""
	}
	fits, most := "", c.strange(e, version, value)
	for _, other := range others {
		if n := c.strange(e, other, value); n < most || n == most && fits == "" {
			fits, most = other, n
		}
	}
	return fits
}

// strange is how many properties of a value are not known of e in an API version; 0 where
// that cannot be told.
func (c *Catalog) strange(e *Event, version string, value any) int {
	differ, err := c.Differ(e.Type, version)
	if err != nil {
		return 0
	}
	unknown := 0
	for _, d := range differ.Differences(value) {
		if d.Kind == shape.UnknownProperty {
			unknown++
		}
	}
	return unknown
}
