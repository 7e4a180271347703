package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/shape"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// isSchemaFile reports whether an argument is a file other than one of a catalog.
func (a *app) isSchemaFile(name string) bool {
	info, err := os.Stat(a.absolute(name))
	return err == nil && info.Mode().IsRegular()
}

// missingFile is the failure of an argument that is called like a file of a schema and is
// none, nil for others.
func (a *app) missingFile(name string) error {
	_, err := os.Stat(a.absolute(name))
	ending := strings.ToLower(filepath.Ext(name))
	if !errors.Is(err, fs.ErrNotExist) || ending != ".json" && !isYAML(name) {
		return nil
	}
	return cannot("", fmt.Errorf("catalog diff: there is no %s", name))
}

func isYAML(name string) bool {
	ending := strings.ToLower(filepath.Ext(name))
	return ending == ".yaml" || ending == ".yml"
}

func (a *app) diffSchemas(before, after string) ([]render.EventChanges, int, error) {
	was, err := a.schemaSource(before)
	if err != nil {
		return nil, 0, err
	}
	now, err := a.schemaSource(after)
	if err != nil {
		return nil, 0, err
	}
	changes, more, err := shape.Diff(was, now)
	if err != nil {
		return nil, 0, usage("", "catalog diff: %s and %s: %w", before, after, err)
	}
	if len(changes) == 0 {
		return nil, 1, nil
	}
	return []render.EventChanges{{Changes: changes, More: more}}, 1, nil
}

// schemaSource reads the schema in a file. It may refer to files of its folder.
func (a *app) schemaSource(name string) (shape.Source, error) {
	path := a.absolute(name)
	root, err := os.OpenRoot(filepath.Dir(path)) // no link leads out of it
	if err != nil {
		return shape.Source{}, cannot("", fmt.Errorf("catalog diff: %w", err))
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return shape.Source{}, cannot("", fmt.Errorf("catalog diff: %w", err))
	}
	if text, err = schemaText(name, text); err != nil {
		return shape.Source{}, err
	}
	source := shape.Source{URL: "file:///" + url.PathEscape(filepath.Base(path)), Text: text}
	bases := []string{"file:///"}
	if base := baseOf(text); base != "" {
		bases = append(bases, base)
	}
	source.Load = func(address string) ([]byte, error) {
		for _, base := range bases {
			escaped, inside := strings.CutPrefix(address, base)
			if file, err := url.PathUnescape(escaped); inside && err == nil {
				text, err := root.ReadFile(filepath.FromSlash(file))
				if err != nil {
					return nil, err
				}
				return schemaText(file, text)
			}
		}
		return nil, fmt.Errorf("%s is not beside %s", address, name)
	}
	return source, nil
}

// schemaText is the text of a schema as JSON.
func schemaText(name string, text []byte) ([]byte, error) {
	if !isYAML(name) {
		return text, nil
	}
	return yamldoc.ToJSON(name, text)
}

// baseOf is where a schema says by its $id that it and those beside it are at home, ""
// where it does not.
func baseOf(text []byte) string {
	id, ok := jsontext.MembersOf(text).Lookup(jsontext.Path{{Key: "$id"}})
	if !ok {
		return ""
	}
	plain, _ := jsontext.Plain(id)
	home, err := url.Parse(plain)
	if err != nil || home.Scheme == "" || home.Host == "" {
		return ""
	}
	home.Fragment = ""
	home, err = home.Parse(".")
	if err != nil {
		return ""
	}
	return home.String()
}
