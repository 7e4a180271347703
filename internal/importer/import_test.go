package importer_test

import (
	"context"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the catalogs of testdata anew")

// Each archive of testdata has sources and the catalog that they become, with what is told
// of them.
func TestImportMakesTheseCatalogs(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) < 8 {
		t.Fatal(archives, err)
	}
	for _, file := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources, folder := sourcesOf(archive)
			got := importAll(t, sources, folder)
			if again := importAll(t, sources, folder); !cmp.Equal(got, again) {
				t.Errorf("the second time is not as the first\n%s", cmp.Diff(got, again))
			}
			if *update {
				archive.Files = append(sources, got...)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(archive.Files[len(sources):], got, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// sourcesOf are the source files of an archive, and whether they are a folder.
func sourcesOf(archive *txtar.Archive) (sources []txtar.File, folder bool) {
	for _, f := range archive.Files {
		if name, ok := strings.CutPrefix(f.Name, "source/"); ok {
			sources = append(sources, f)
			folder = folder || strings.Contains(name, "/")
		}
	}
	return sources, folder
}

// importAll writes the catalog of the sources, and returns its files and what was told.
func importAll(t *testing.T, sources []txtar.File, folder bool) []txtar.File {
	t.Helper()
	var given []importer.Source
	files := fstest.MapFS{}
	for _, f := range sources {
		name := strings.TrimPrefix(f.Name, "source/")
		files[name] = &fstest.MapFile{Data: f.Data}
		given = append(given, importer.Source{Name: name, Text: f.Data})
	}
	if folder {
		given = []importer.Source{{Name: "schemas", Files: files}}
	}
	im, err := importer.Read(context.Background(), given, importer.Options{Name: "acme", Profile: profile(t, "github")})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "acme")
	if err := im.Write(dir, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	told, err := json.MarshalIndent(map[string]any{"format": im.Format, "broken": im.Broken, "invalid": im.Invalid, "warnings": im.Warnings}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append([]txtar.File{{Name: "told.json", Data: append(told, '\n')}}, read(t, dir)...)
}

// read are all files of a folder, by name.
func read(t *testing.T, dir string) []txtar.File {
	t.Helper()
	var all []txtar.File
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		all = append(all, txtar.File{Name: "acme/" + name, Data: text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func profile(t testing.TB, name string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every schema that is written compiles where it lies, and names itself.
func TestEveryImportedSchemaCompiles(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range archives {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		files := fstest.MapFS{}
		for _, f := range archive.Files {
			if name, ok := strings.CutPrefix(f.Name, "acme/"); ok {
				files[name] = &fstest.MapFile{Data: f.Data}
			}
		}
		c, err := catalog.Load(files, "catalog.yaml")
		if err != nil {
			t.Fatal(file, err)
		}
		for i := range c.Events {
			e := &c.Events[i]
			if _, err := c.Schema(e, ""); err != nil {
				t.Errorf("%s: %s: %v", file, e.Type, err)
			}
			text, _ := c.Read(e.Schema)
			if !strings.Contains(string(text), `"https://github.com/hookctl/hookctl/schemas/acme/`+e.Schema+`"`) || !strings.Contains(string(text), `"$schema"`) {
				t.Errorf("%s: %s has no $id or $schema", file, e.Schema)
			}
		}
	}
}
