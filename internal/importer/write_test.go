package importer_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/importer"
	"pgregory.net/rapid"
)

// made is an import of events with one property each.
func made(t *testing.T, properties map[string]string) *importer.Import {
	t.Helper()
	hooks := map[string]hookDoc{}
	for name, property := range properties {
		hooks[name] = hookDoc{schema: `{"type":"object","properties":{"` + property + `":{}},"examples":[{"` + property + `":1}]}`}
	}
	return readOne(t, "api.json", openAPI(t, hooks), importer.Options{Name: "acme"})
}

// contents are the names of all files of a folder.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	for _, f := range read(t, dir) {
		all = append(all, strings.TrimPrefix(f.Name, "acme/"))
	}
	return strings.Join(all, " ")
}

func TestWriteReplacesAsAWhole(t *testing.T) {
	for name, others := range map[string]bool{"a folder of its own": false, "beside a profile": true} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "acme")
			want := ""
			if others {
				want = " provider.yaml"
				write(t, filepath.Join(dir, "provider.yaml"), "name: acme\n")
			}
			if err := made(t, map[string]string{"a": "x", "b": "x"}).Write(dir, "Acme", false, importer.Shared()); err != nil {
				t.Fatal(err)
			}
			if got := contents(t, dir); got != "a.schema.json b.schema.json catalog.yaml examples/a.json examples/b.json"+want {
				t.Error(got)
			}
			next := made(t, map[string]string{"b": "y", "c": "x"})
			if err := next.Write(dir, "Acme", false, importer.Shared()); !errors.Is(err, importer.ErrExists) {
				t.Errorf("want a catalog to stay, got %v", err)
			}
			if diff := cmp.Diff(importer.Changes{There: true, New: 1, Gone: 1, Changed: 1}, next.Changes(dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if err := next.Write(dir, "Acme", true, importer.Shared()); err != nil {
				t.Fatal(err)
			}
			if got := contents(t, dir); got != "b.schema.json c.schema.json catalog.yaml examples/b.json examples/c.json"+want {
				t.Error(got)
			}
			if diff := cmp.Diff(importer.Changes{There: true}, next.Changes(dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
				t.Errorf("something is left beside it: %v", entries)
			}
		})
	}
}

// Where a file of the user's is in the way, the old catalog stays as it was.
func TestWriteKeepsTheOldWhereTheNewCannotBe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	if err := made(t, map[string]string{"a": "x", "b": "x"}).Write(dir, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "c.schema.json"), "mine")
	before := read(t, dir)
	err := made(t, map[string]string{"b": "y", "c": "x"}).Write(dir, "", true, importer.Shared())
	if err == nil || !strings.Contains(err.Error(), "none of the catalog's") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, read(t, dir)); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	if entries, _ := os.ReadDir(filepath.Dir(dir)); len(entries) != 1 {
		t.Errorf("something is left beside it: %v", entries)
	}
}

func TestWriteReplacesWhatCannotBeRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	write(t, filepath.Join(dir, "catalog.yaml"), "events: [")
	im := made(t, map[string]string{"a": "x"})
	if c := im.Changes(dir); !c.There || c.Broken == nil || c.New != 1 {
		t.Errorf("got %+v", c)
	}
	if err := im.Write(dir, "", true, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got != "a.schema.json catalog.yaml examples/a.json" {
		t.Error(got)
	}
}

func TestWriteModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	for _, modes := range []importer.Modes{importer.Private(), importer.Shared()} {
		dir := filepath.Join(t.TempDir(), "catalogs", "acme")
		if err := made(t, map[string]string{"a": "x"}).Write(dir, "", false, modes); err != nil {
			t.Fatal(err)
		}
		err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := entry.Info()
			want := modes.File
			if entry.IsDir() {
				want = modes.Folder
			}
			if err == nil && info.Mode().Perm() != want {
				t.Errorf("%s: want %v, got %v", name, want, info.Mode().Perm())
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestWriteFollowsALinkToAFolder(t *testing.T) {
	real, link := filepath.Join(t.TempDir(), "real"), filepath.Join(t.TempDir(), "acme")
	write(t, filepath.Join(real, "keep"), "")
	if err := os.Symlink(real, link); err != nil {
		t.Skip(err)
	}
	if err := made(t, map[string]string{"a": "x"}).Write(link, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, real); got != "a.schema.json catalog.yaml examples/a.json keep" {
		t.Error(got)
	}
}

func TestAPIVersion(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	im := readOne(t, "api.json", openAPI(t, map[string]hookDoc{"a": {schema: `{"type":"object","examples":[{}]}`}}), importer.Options{Name: "acme", Version: "2026-07"})
	if err := im.Write(dir, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got != "2026-07/a.schema.json 2026-07/examples/a.json catalog.yaml" {
		t.Error(got)
	}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		t.Fatal(err)
	}
	if v := c.Validate("a", "2026-07", []byte("{}")); !v.Outcome.Passed() || v.Schema != "acme/2026-07/a" {
		t.Errorf("got %+v", v)
	}
	for version, good := range map[string]bool{"2026-07": true, "v1.2_x": true, "../x": false, "a/b": false, ".": false, "": false, "con": false, "a b": false} {
		if err := importer.CheckVersion(version); (err == nil) != good {
			t.Errorf("%q: %v", version, err)
		}
	}
}

// Whatever texts a source has, catalog.yaml says them, and can be read back.
func TestCatalogFileSaysAnyText(t *testing.T) {
	for _, text := range []string{"yes", "null", "1.0", "a: b", "- x", "# x", `"`, `\`, "{a}", "*a", "&a", "!a", "a\u2028b", "\U0001f600", "%", "@", "`", "'", "a #b", "~", "éa", "\u00a0"} {
		sayText(t, text)
	}
	rapid.Check(t, func(r *rapid.T) { sayText(t, rapid.String().Draw(r, "text")) })
}

func sayText(t *testing.T, text string) {
	t.Helper()
	name := "n" + text
	quoted := fmt.Sprintf("%q", text)
	im, err := readText(`{"data": [{"name": ` + jsonText(name) + `, "groupName": ` + jsonText(text) + `, "description": ` + jsonText(text) + `, "schemas": {}}]}`)
	if err != nil {
		t.Fatal(quoted, err)
	}
	if len(im.Events) == 0 {
		return // no event can be called so
	}
	dir := filepath.Join(t.TempDir(), "acme")
	if err := im.Write(dir, text, false, importer.Shared()); err != nil {
		t.Fatal(quoted, err)
	}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		t.Fatal(quoted, err)
	}
	if e := c.Events[0]; e.Type != name || e.About != im.Events[0].About || e.Group != im.Events[0].Group || text != "" && c.Title != text {
		t.Errorf("%s came back as %q, %q, %q, %q", quoted, e.Type, e.About, e.Group, c.Title)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
