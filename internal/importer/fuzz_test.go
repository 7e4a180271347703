package importer_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/importer"
	"github.com/rogpeppe/go-internal/txtar"
)

func jsonText(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

func readText(text string) (*importer.Import, error) {
	return importer.Read(context.Background(), []importer.Source{{Name: "a.json", Text: []byte(text)}}, importer.Options{Name: "acme", Format: importer.Svix})
}

func FuzzImportOpenAPI(f *testing.F)  { fuzz(f, importer.OpenAPI, "openapi-") }
func FuzzImportSvix(f *testing.F)     { fuzz(f, importer.Svix, "svix") }
func FuzzImportAsyncAPI(f *testing.F) { fuzz(f, importer.AsyncAPI, "asyncapi-") }
func FuzzImportSchemas(f *testing.F)  { fuzz(f, importer.Schemas, "bundle", "draft-", "folder") }

// fuzz imports any text as a format: whatever it is, there is an error, or a catalog that
// can be read and whose files are in its folder.
func fuzz(f *testing.F, format importer.Format, archives ...string) {
	for _, prefix := range archives {
		names, _ := filepath.Glob("testdata/" + prefix + "*.txtar")
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				f.Fatal(err)
			}
			sources, _ := sourcesOf(archive)
			for _, source := range sources {
				f.Add(source.Data)
			}
		}
	}
	p := profile(f, "github")
	f.Fuzz(func(t *testing.T, text []byte) {
		im, err := importer.Read(context.Background(), []importer.Source{{Name: "a.json", Text: text}}, importer.Options{Name: "acme", Format: format, Profile: p})
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Fatal("an error that says nothing")
			}
			return
		}
		files := fstest.MapFS{"catalog.yaml": {Data: im.CatalogFile("Acme")}}
		for _, e := range im.Events {
			for _, file := range append([]importer.File{e.Schema}, e.Examples...) {
				if files[file.Name] != nil || !filepath.IsLocal(file.Name) || !json.Valid(file.Text) {
					t.Fatalf("%q: the file %q is there twice, is elsewhere, or is not JSON", e.Type, file.Name)
				}
				files[file.Name] = &fstest.MapFile{Data: file.Text}
			}
		}
		if len(im.Events) == 0 {
			return
		}
		c, err := catalog.Load(files, "catalog.yaml")
		if err != nil {
			t.Fatalf("%v\n%s", err, im.CatalogFile("Acme"))
		}
		for i := range c.Events {
			if _, err := c.Schema(&c.Events[i], ""); err != nil {
				t.Fatal(err)
			}
		}
	})
}
