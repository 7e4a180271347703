package validate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// schemas writes files into a folder of their own and returns the path of the first.
func schemas(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, files[0])
}

func TestOneSchemaForAll(t *testing.T) {
	const other = `{"$schema":"http://json-schema.org/draft-07/schema#","type":"integer"}`
	for name, file := range map[string]string{
		"alone":             schemas(t, "a.json", `{"properties":{"n":{"type":"integer"}}}`),
		"beside it":         schemas(t, "a.json", `{"properties":{"n":{"$ref":"n.json"}}}`, "n.json", other),
		"below it":          schemas(t, "a.json", `{"properties":{"n":{"$ref":"parts/n.json"}}}`, "parts/n.json", other),
		"beside its id":     schemas(t, "a.json", `{"$id":"https://example.com/schemas/a.json","properties":{"n":{"$ref":"n.json"}}}`, "n.json", other),
		"with a space":      schemas(t, "a b.json", `{"properties":{"n":{"$ref":"n%20m.json"}}}`, "n m.json", other),
		"YAML":              schemas(t, "a.yaml", "properties:\n  n: {type: integer}\n"),
		"YAML, by its text": schemas(t, "a", "# what we take\nproperties:\n  n: {type: integer}\n"),
		"YAML beside YAML":  schemas(t, "a.yml", "properties:\n  n: {$ref: parts/n.YAML}\n", "parts/n.YAML", "type: integer\n"),
		"YAML beside JSON":  schemas(t, "a.json", `{"properties":{"n":{"$ref":"n.yaml"}}}`, "n.yaml", "type: integer\n"),
		"escaped by its id": schemas(t, "a.json", `{"$id":"https://example.com/a.json","properties":{"n":{"$ref":"https://example.com/n.json"}}}`, "n.json", other),
	} {
		called := filepath.Base(file)
		single, err := validate.LoadSingle(file, called, false)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for text, want := range map[string]hook.Validity{`{"n":1}`: hook.Valid, `{"n":"1"}`: hook.Invalid, `{`: hook.NotJSON} {
			if v := single.Check(&validate.Payload{Text: []byte(text)}).Validation; v.Outcome != want || v.Schema != called {
				t.Errorf("%s: %s: got %s by %q, want %s", name, text, v.Outcome, v.Schema, want)
			}
		}
	}
}

func TestOneSchemaReadsNothingElse(t *testing.T) {
	outside := schemas(t, "secret.json", `{"type":"integer"}`)
	for name, ref := range map[string]string{
		"a file elsewhere":   "file://" + filepath.ToSlash(outside),
		"the folder above":   "../" + filepath.Base(filepath.Dir(outside)) + "/secret.json",
		"the network":        "https://example.com/x.json",
		"what is not there":  "gone.json",
		"the folder, hidden": "%2e%2e/secret.json",
		"a device":           "file:///dev/null",
	} {
		file := schemas(t, "deep/a.json", `{"$ref":"`+ref+`"}`)
		if _, err := validate.LoadSingle(file, "a.json", false); err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	linked := schemas(t, "a.json", `{"$ref":"link.json"}`)
	if err := os.Symlink(outside, filepath.Join(filepath.Dir(linked), "link.json")); err != nil {
		t.Skip(err)
	}
	if _, err := validate.LoadSingle(linked, "a.json", false); err == nil {
		t.Error("a link out of the folder is followed")
	}
}

func TestASchemaInYAMLThatIsNoneIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"type: object\nproperties: [": "a.yaml:2:",
		"a: 1\na: 2\n":                "a.yaml:2:1: ",
	} {
		_, err := validate.LoadSingle(schemas(t, "a.yaml", text), "a.yaml", false)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	beside := schemas(t, "a.json", `{"$ref":"n.yaml"}`, "n.yaml", "type: [")
	if _, err := validate.LoadSingle(beside, "a.json", false); err == nil || !strings.Contains(err.Error(), "n.yaml:1:") {
		t.Errorf("what it refers to: got %v", err)
	}
}

func TestASchemaThatIsNoneIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  \"type\": \"object\",\n  \"größe\": }": "a.json:3:12: ",
		"":                                "a.json:1:1: ",
		"{":                               "a.json:1:",
		`{"type":"no"}`:                   "",
		`{"type":"string","pattern":"("}`: "",
	} {
		_, err := validate.LoadSingle(schemas(t, "a.json", text), "a.json", false)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}
