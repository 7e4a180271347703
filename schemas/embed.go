// Package schemas carries the provider profiles and event catalogs inside the program.
// The JSON Schemas of hookctl's own files and output are beside them.
package schemas

import (
	"embed"
	"io/fs"
)

//go:embed */provider.yaml
//go:embed */catalog.yaml */*.schema.json */*/*.schema.json */*/any/*.schema.json
//go:embed */examples/*.json */examples/*/*.json
var files embed.FS

//go:embed config.schema.json
var config string

// Config is the JSON Schema of hookctl.yaml.
func Config() string { return config }

// Files are the bundled files: a folder for each provider.
func Files() fs.FS { return files }
