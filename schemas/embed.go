// Package schemas carries the provider profiles, and the JSON Schemas of hookctl's
// own files and output, inside the program.
package schemas

import (
	"embed"
	"io/fs"
)

//go:embed */provider.yaml
var files embed.FS

// Files are the bundled files: a folder for each provider.
func Files() fs.FS { return files }
