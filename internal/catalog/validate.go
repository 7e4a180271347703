package catalog

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// home is where schemas of catalogs have their $id, and what their references begin with.
const home = "https://github.com/hookctl/hookctl/schemas/"

// URL is the $id of the schema in a file of the catalog called name.
func URL(name, file string) string { return home + name + "/" + file }

// schemaSuffix ends the names of schema files.
const schemaSuffix = ".schema.json"

// File is a file of an event for an API version, "" for the catalog's own.
func (c *Catalog) File(name, version string) string {
	if version == "" {
		version = c.Version
	}
	return strings.ReplaceAll(name, versionPlace, version)
}

// SchemaName names the schema of e for people: "recharge/2021-11/order".
func (c *Catalog) SchemaName(e *Event, version string) string {
	return path.Join(c.Name, strings.TrimSuffix(c.File(e.Schema, version), schemaSuffix))
}

// Read returns a file of the catalog.
func (c *Catalog) Read(name string) ([]byte, error) { return fs.ReadFile(c.files, name) }

// Schema returns the compiled schema of e for an API version. It is compiled when it is
// asked for first, once.
func (c *Catalog) Schema(e *Event, version string) (*schema.Schema, error) {
	return c.schemas.get(c.File(e.Schema, version), c.compile)
}

// compile compiles the schema in a file. It may refer to other files of the catalog.
func (c *Catalog) compile(file string) (*schema.Schema, error) {
	text, err := c.Read(file)
	if err != nil {
		return nil, err
	}
	return schema.Compile(c.base()+file, text, schema.Options{IgnoreFormats: c.IgnoreFormats, Load: c.load})
}

// base is what the addresses of the catalog's files begin with.
func (c *Catalog) base() string { return home + c.Name + "/" }

// load returns the file of the catalog at an address.
func (c *Catalog) load(url string) ([]byte, error) {
	name, inside := strings.CutPrefix(url, c.base())
	if !inside {
		return nil, fmt.Errorf("%s is not in the catalog", url)
	}
	return c.Read(name)
}

// Validate is Hold for who goes on whatever is wrong with the catalog: what cannot be
// checked is told as NoSchema, with the reason.
func (c *Catalog) Validate(event, version string, body []byte) hook.Validation {
	v, err := c.Hold(event, version, body)
	if err != nil {
		return hook.Validation{Outcome: hook.NoSchema, Reason: err.Error()}
	}
	return v
}

// Hold holds a body against the schema of the event of a name. An event that the catalog
// does not have is told as NoSchema; the error is that of a schema that cannot be used.
func (c *Catalog) Hold(event, version string, body []byte) (hook.Validation, error) {
	e, err := c.Event(event)
	if err == nil {
		version, err = c.At(version)
	}
	if err == nil && len(e.Versions) > 0 && !slices.Contains(e.Versions, version) {
		err = fmt.Errorf("%s has no event %q in %s", c.Name, e.Type, version)
	}
	if err != nil {
		return hook.Validation{Outcome: hook.NoSchema, Reason: err.Error()}, nil
	}
	v, err := c.hold(e, version, body)
	if err != nil {
		return hook.Validation{}, err
	}
	if v.Outcome == hook.Invalid {
		if v.Fits = c.fitting(e, version, &v, body); v.Fits != "" {
			v.Reason = fmt.Sprintf("it fits API version %s, not %s: set api_version", v.Fits, version)
		}
	}
	return v, nil
}

// hold holds a body against the schema of e in an API version.
func (c *Catalog) hold(e *Event, version string, body []byte) (hook.Validation, error) {
	compiled, err := c.Schema(e, version)
	if err != nil {
		return hook.Validation{}, err
	}
	v := compiled.Check(body)
	v.Schema = c.SchemaName(e, version)
	if v.Outcome == hook.Valid && e.CoverageAt(version) == Envelope {
		v.Outcome = hook.ValidEnvelope
	}
	return v, nil
}
