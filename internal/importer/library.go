package importer

import (
	"errors"
	"fmt"
	"io"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A library is all files that were read.
type library struct {
	folders []*folder
	size    int
}

func newLibrary() *library { return &library{} }

// read reads the text of a file, JSON or YAML.
func (lib *library) read(name string, text []byte) (*document, error) {
	if len(text) > MaxFile {
		return nil, fmt.Errorf("%s: want at most %d MB", name, MaxFile>>20)
	}
	if lib.size += len(text); lib.size > maxTotal {
		return nil, fmt.Errorf("%s: with it the files have more than %d MB together", name, maxTotal>>20)
	}
	if !looksLikeJSON(text) {
		json, err := yamldoc.ToJSON(name, text)
		if err != nil {
			return nil, err
		}
		text = json
	}
	values, duplicate, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &document{name: name, values: values, duplicate: duplicate}, nil
}

// readAll reads a file that is not too large.
func readAll(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err == nil && len(text) > MaxFile {
		err = fmt.Errorf("want at most %d MB", MaxFile>>20)
	}
	return text, err
}

// ReadFile reads a source from a file or pipe. name is what errors call it.
func ReadFile(name string, r io.Reader) (Source, error) {
	text, err := readAll(r)
	if err != nil {
		return Source{}, err
	}
	if len(text) == 0 {
		return Source{}, errors.New("it is empty")
	}
	return Source{Name: name, Text: text}, nil
}
