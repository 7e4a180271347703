package schemas_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/schemas"
)

const (
	catalogSchema = "catalog.schema.json"
	// negatives is the folder of a body for each schema that the schema must refuse.
	negatives = "../testdata/catalogs"
)

func bundledCatalog(t testing.TB, name string) *catalog.Catalog {
	t.Helper()
	folder, err := fs.Sub(schemas.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(folder, name+"/"+catalog.FileName)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func bundledNames(t testing.TB) []string {
	t.Helper()
	names, err := catalog.Names(schemas.Files())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// What is known of each provider is all there: the counts are those of the sources.
func TestBundledCatalogsHaveAllEvents(t *testing.T) {
	got := map[string]int{}
	for _, name := range bundledNames(t) {
		got[name] = len(bundledCatalog(t, name).Events)
	}
	want := map[string]int{"techrar": 7, "retm": 8, "recharge": 53, "machnet-paas": 26, "machnet-raas": 11, "svix": 14}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Lint has nothing to say: schemas compile, examples fit, each file is named, and of each
// event it is said how it is known.
func TestBundledCatalogsAreSound(t *testing.T) {
	for _, name := range bundledNames(t) {
		folder, err := fs.Sub(schemas.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		c, findings, err := catalog.Lint(folder, name+"/"+catalog.FileName)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			t.Error(f.At)
		}
		if c.Name != name {
			t.Errorf("the catalog in %s is that of %s", name, c.Name)
		}
	}
}

// Every schema says where it is, and no two say the same.
func TestBundledSchemasHaveTheirOwnID(t *testing.T) {
	seen := map[string]string{}
	for _, file := range schemaFiles(t) {
		var s struct {
			Draft string         `json:"$schema"`
			ID    string         `json:"$id"`
			Title string         `json:"title"`
			About string         `json:"description"`
			Defs  map[string]any `json:"$defs"`
		}
		text, err := fs.ReadFile(schemas.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if s.ID != base+file || seen[s.ID] != "" {
			t.Errorf("%s: has the $id %q", file, s.ID)
		}
		if s.Draft != "https://json-schema.org/draft/2020-12/schema" || s.Title == "" || !strings.HasSuffix(s.About, ".") {
			t.Errorf("%s: want $schema 2020-12, title and description, got %q, %q, %q", file, s.Draft, s.Title, s.About)
		}
		seen[s.ID] = file
		for name := range s.Defs {
			if !refersTo(t, path.Dir(file), "#/$defs/"+name+`"`) {
				t.Errorf("%s: nothing uses the definition %s", file, name)
			}
		}
	}
}

func schemaFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(schemas.Files(), ".", func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".schema.json") {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d schemas: %v", len(files), err)
	}
	return files
}

// refersTo reports whether a schema in a folder has the end of a reference.
func refersTo(t testing.TB, folder, end string) bool {
	t.Helper()
	files, err := fs.Glob(schemas.Files(), folder+"/*.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(file string) bool {
		text, err := fs.ReadFile(schemas.Files(), file)
		return err == nil && strings.Contains(string(text), end)
	})
}

// Each schema refuses the body that was made for it, for the reason that was meant.
func TestBundledSchemasRefuse(t *testing.T) {
	wanted := negativeFaults(t)
	for _, name := range bundledNames(t) {
		c := bundledCatalog(t, name)
		for i := range c.Events {
			e := &c.Events[i]
			versions := c.Versions
			if len(versions) == 0 {
				versions = []string{""}
			}
			for _, version := range versions {
				at := path.Join(name, strings.TrimSuffix(c.File(e.Schema, version), ".schema.json"))
				want, ok := wanted[at]
				if !ok {
					t.Errorf("%s.invalid.json is not in faults.txt: what does the schema refuse?", at)
					continue
				}
				want.used = true
				if want.checked {
					continue
				}
				want.checked = true
				checkRefusal(t, c, e, version, at, want)
			}
		}
	}
	for at, want := range wanted {
		if !want.used {
			t.Errorf("faults.txt has %s, which is the schema of no event", at)
		}
	}
}

func checkRefusal(t *testing.T, c *catalog.Catalog, e *catalog.Event, version, at string, want *refusal) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(negatives, filepath.FromSlash(at)+".invalid.json"))
	if err != nil {
		t.Error(err)
		return
	}
	v := c.Validate(e.Type, version, body)
	if v.Outcome != hook.Invalid || len(v.Faults) != 1 || v.Faults[0].Pointer != want.pointer || v.Faults[0].Kind != want.kind {
		t.Errorf("%s: got %s %+v, want %q at %q", at, v.Outcome, v.Faults, want.kind, want.pointer)
	}
}

// A refusal is the one fault that a body has.
type refusal struct {
	pointer, kind string
	used, checked bool
}

func negativeFaults(t *testing.T) map[string]*refusal {
	t.Helper()
	file, err := os.Open(filepath.Join(negatives, "faults.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	faults := map[string]*refusal{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if words := strings.Fields(lines.Text()); !strings.HasPrefix(lines.Text(), "#") {
			faults[words[0]] = &refusal{pointer: strings.Trim(words[1], `"`), kind: words[2]}
		}
	}
	return faults
}

// Where a body names its event, the profile finds the name that the catalog has; where it
// comes under a weaker one, that is an alias of an event with the same schema.
func TestProfilesFindTheEventsOfExamples(t *testing.T) {
	library := provider.NewLibrary(schemas.Files())
	for _, name := range bundledNames(t) {
		c := bundledCatalog(t, name)
		profile, err := library.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.Events {
			e := &c.Events[i]
			for _, example := range e.Examples {
				body, err := c.Read(c.File(example, ""))
				if err != nil {
					t.Fatal(err)
				}
				got := profile.EventOf(&provider.Message{Method: "POST", Body: body}).Type
				found, err := c.Event(got)
				switch {
				case name != "recharge" && got != e.Type:
					t.Errorf("%s/%s: the profile says %q, want %q", name, example, got, e.Type)
				case name == "recharge" && e.Coverage != catalog.Envelope && (err != nil || found.Schema != e.Schema):
					t.Errorf("%s/%s: %q leads to %v (%v), want the schema of %s", name, example, got, found, err, e.Type)
				}
			}
		}
	}
}

// The payloads of two API versions are told apart.
func TestRechargeVersionsDiffer(t *testing.T) {
	c := bundledCatalog(t, "recharge")
	for _, event := range []string{"subscription/created", "charge/paid", "order/created"} {
		e, err := c.Event(event)
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range c.Versions {
			body, err := c.Read(c.File(e.Examples[0], version))
			if err != nil {
				t.Fatal(err)
			}
			for _, against := range c.Versions {
				got := c.Validate(event, against, body).Outcome
				if want := map[bool]hook.Validity{true: hook.Valid, false: hook.Invalid}[against == version]; got != want {
					t.Errorf("%s of %s against %s: got %s, want %s", event, version, against, got, want)
				}
			}
		}
	}
}

func TestBundledFilesAreSmall(t *testing.T) {
	const most = 600_000
	size := int64(0)
	err := fs.WalkDir(schemas.Files(), ".", func(_ string, entry fs.DirEntry, err error) error {
		if info, e := entry.Info(); e == nil && !entry.IsDir() {
			size += info.Size()
		}
		return err
	})
	if err != nil || size > most {
		t.Errorf("%d bytes, want at most %d: %v", size, most, err)
	}
}

// What the loader reads and what the schema of catalog.yaml describes is the same.
func TestTheCatalogSchemaDescribesCatalogs(t *testing.T) {
	text, err := os.ReadFile(catalogSchema)
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, used: map[string]bool{}}
	if err := json.Unmarshal(text, &w.root); err != nil {
		t.Fatal(err)
	}
	w.compare(reflect.TypeFor[catalog.Catalog](), w.root, "")
	compiled, err := schema.Compile(base+catalogSchema, text, schema.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range bundledNames(t) {
		file, err := fs.ReadFile(schemas.Files(), name+"/"+catalog.FileName)
		if err != nil {
			t.Fatal(err)
		}
		made, err := json.Marshal(jsonOf(t, file))
		if err != nil {
			t.Fatal(err)
		}
		if v := compiled.Check(made); v.Outcome != hook.Valid {
			t.Errorf("%s: %+v", name, v)
		}
	}
}
