package validate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// home is what the names of files begin with in the URLs of schemas that are not in a
// catalog.
const home = "file:///"

// A Single is one schema that all payloads are held against.
type Single struct {
	// Name is what the user calls its file.
	Name     string
	Compiled *schema.Schema
}

// LoadSingle compiles the schema in a file, which may refer to others in its folder and
// below. name is what the user calls it.
func LoadSingle(file, name string, ignoreFormats bool) (*Single, error) {
	text, err := readSchema(file, name)
	if err == nil {
		text, err = asJSON(name, text)
	}
	if err != nil {
		return nil, err
	}
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	base := url.URL{Scheme: "file", Path: "/" + filepath.Base(file)}
	compiled, err := schema.Compile(base.String(), text, schema.Options{
		IgnoreFormats: ignoreFormats,
		Load:          loaderOf(folder.FS(), text),
	})
	if err != nil {
		return nil, err
	}
	return &Single{Name: name, Compiled: compiled}, nil
}

// readSchema reads the file of a schema. A pipe that is found under a name of its own is
// none: nobody may ever write to it. /dev/stdin and /dev/fd/63 are meant so.
func readSchema(file, name string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !strings.HasPrefix(file, "/dev/") && !strings.HasPrefix(file, "/proc/") {
		return nil, fmt.Errorf("%s is no regular file", name)
	}
	return os.ReadFile(file)
}

// Check holds a payload against the schema.
func (s *Single) Check(p *Payload) Report {
	v := s.Compiled.Check(p.Text)
	v.Schema = s.Name
	return Report{Validation: v}
}

// loaderOf reads what a schema refers to from its folder: what its URL has behind that
// of the folder, or behind where the schema says with $id that it is at home.
func loaderOf(folder fs.FS, text []byte) func(url string) ([]byte, error) {
	homes := []string{home}
	var own struct {
		ID  string `json:"$id"`
		Old string `json:"id"`
	}
	if json.Unmarshal(text, &own) == nil {
		for _, id := range []string{own.ID, own.Old} {
			if i := strings.LastIndexByte(id, '/'); strings.Contains(id, "://") && i > len("https://") {
				homes = append(homes, id[:i+1])
			}
		}
	}
	return func(at string) ([]byte, error) {
		for _, home := range homes {
			name, inside := strings.CutPrefix(at, home)
			if name, err := url.PathUnescape(name); inside && err == nil && fs.ValidPath(path.Clean(name)) {
				text, err := fs.ReadFile(folder, path.Clean(name))
				if err == nil {
					return asJSON(name, text)
				}
				if !errors.Is(err, fs.ErrNotExist) {
					return nil, err
				}
			}
		}
		return nil, fmt.Errorf("%s is not in the folder of the schema", strings.TrimPrefix(at, home))
	}
}

// asJSON is the text of a schema as JSON. The ending of its file says whether it is YAML,
// or its first character where it has another: a pipe has none.
func asJSON(name string, text []byte) ([]byte, error) {
	yaml := false
	switch strings.ToLower(path.Ext(name)) {
	case ".json":
	case ".yaml", ".yml":
		yaml = true
	default:
		start := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\ufeff")), " \t\r\n")
		yaml = len(start) > 0 && start[0] != '{' && start[0] != '['
	}
	if yaml {
		return yamldoc.ToJSON(name, text)
	}
	if err := checkSyntax(text); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	return text, nil
}

// checkSyntax says where text is not JSON: ":3:7: what".
func checkSyntax(text []byte) error {
	var any json.RawMessage
	err := json.Unmarshal(text, &any)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	before := string(text[:max(0, min(int(syntax.Offset)-1, len(text)))])
	line := strings.Count(before, "\n") + 1
	column := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1
	return fmt.Errorf("%d:%d: %w", line, column, err)
}
