// Package shape works on what JSON Schemas say, as data: it makes values that have the
// shape, finds the shape of values, and tells how two shapes, or a shape and a value,
// differ. Whether a value is valid is for package schema.
package shape

// A Loader returns the text of another schema that is referred to, by its absolute URL
// without a fragment. nil refuses all; nothing else is ever read.
type Loader func(url string) ([]byte, error)

// Bounds on schemas: what is beyond them is refused.
const (
	maxDepth     = 500    // objects and arrays in one another
	maxDocuments = 500    // that one schema refers to
	maxNodes     = 200000 // schemas in all
)
