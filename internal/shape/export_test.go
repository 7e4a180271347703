package shape

import "github.com/hookctl/hookctl/internal/jsontext"

// Generate is the candidate that o asks for.
func Generate(url string, text []byte, load Loader, o Options) ([]byte, error) {
	library, schema, err := openLibrary(url, text, load)
	if err != nil {
		return nil, err
	}
	value, err := newGenerator(library, o).make(schema)
	if err != nil {
		return nil, err
	}
	return jsontext.Indented(value), nil
}
