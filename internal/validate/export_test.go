package validate

import "io"

// What tests look into.
var (
	Folded    = folded
	PartsOf   = partsOf
	FiledAs   = filedAs
	VersionIn = versionIn
	ErrLarge  = errTooLarge
)

// Lines hands out the lines of a stream, as Run gets them.
func Lines(r io.Reader, limit int) func() (line []byte, number int, err error) {
	return newLines(r, limit).next
}

// FiledUnder is the nearest folder of a path that is called like a provider, or -1.
func FiledUnder(parts []string, known func(string) bool) (provider string, at int) {
	for _, f := range filedUnder(parts, known) {
		return f.provider, f.at
	}
	return "", -1
}
