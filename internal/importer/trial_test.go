package importer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/importer"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// trialFolder is the environment variable that names a folder with the packages of
// testdata/sdk/catalogs/package.json.
const trialFolder = "HOOKCTL_SDK_TRIAL"

// A payload is one of the examples that octokit collects.
type payload struct {
	event string // as GitHub's profile names it
	text  []byte
}

// octokit's repository has 273 payloads, of which two have a date that is none; the other
// 271 are as its schemas say. The package has 56 more from GitHub's documentation, mostly
// the first of an event, of which 51 lack what payloads have got since.
const (
	trialValid, trialWrongDates, trialOld = 271 + 5, 2, 51
)

func TestCatalogTrialOctokitSchemas(t *testing.T) {
	folder := trialPackage(t, "webhooks-schemas")
	im, c := importTrial(t, readTrial(t, filepath.Join(folder, "schema.json")))
	if len(im.Events) != 224 || len(im.Broken) != 0 {
		t.Errorf("got %d events and %d that cannot be had, want 224 and none", len(im.Events), len(im.Broken))
	}
	checkTrial(t, c)
}

// The repository has the same as files that refer to one another from the root of their
// folder, although their $id and their places say otherwise.
func TestCatalogTrialOctokitFolder(t *testing.T) {
	source := readTrial(t, filepath.Join(trialPackage(t, "webhooks-schemas"), "schema.json"))
	im, c := importTrial(t, importer.Source{Name: "payload-schemas", Files: asRepository(t, source.Text)})
	if len(im.Events) != 224 || len(im.Broken) != 0 {
		t.Errorf("got %d events and %d that cannot be had, want 224 and none", len(im.Events), len(im.Broken))
	}
	checkTrial(t, c)
}

func checkTrial(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	outcomes, faults := validateTrial(t, c, trialPayloads(t))
	if outcomes[hook.Valid] != trialValid || outcomes[hook.Invalid] != trialWrongDates+trialOld || len(outcomes) != 2 {
		t.Errorf("got %v", outcomes)
	}
	dates := 0
	for _, f := range faults {
		if strings.Contains(f, "2018-04-25 20:42:10") {
			dates++
		}
	}
	if dates != trialWrongDates {
		t.Errorf("want %d with a wrong date, got %d", trialWrongDates, dates)
	}
}

// asRepository writes each definition of octokit's bundle into a file as its repository
// has them.
func asRepository(t *testing.T, bundle []byte) fs.FS {
	t.Helper()
	var all struct{ Definitions map[string]json.RawMessage }
	if err := json.Unmarshal(bundle, &all); err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for name, text := range all.Definitions {
		id, file := name, strings.ReplaceAll(name, "$", "/")
		switch {
		case strings.HasSuffix(name, "_event"):
			continue // these are made for the bundle
		case !strings.Contains(name, "$"):
			id, file = "common/"+name, "common/"+name
		}
		text := regexp.MustCompile(`"#/definitions/([^"$]*)"`).ReplaceAllString(string(text), `"common/$1.schema.json"`)
		files[file+".schema.json"] = &fstest.MapFile{Data: []byte(`{"$id":"` + id + `",` + strings.TrimPrefix(text, "{"))}
	}
	return files
}

// GitHub's own description is ahead of the payloads that octokit collects: what is wrong
// with these is mostly what it has got since.
func TestCatalogTrialOpenAPI(t *testing.T) {
	folder := trialPackage(t, "openapi-webhooks")
	began := time.Now()
	im, c := importTrial(t, readTrial(t, filepath.Join(folder, "generated", "api.github.com.json")))
	took := time.Since(began)
	if len(im.Events) != 261 || took > 30*time.Second {
		t.Errorf("got %d events in %v, want 261 in half a minute", len(im.Events), took)
	}
	outcomes, _ := validateTrial(t, c, trialPayloads(t))
	if outcomes[hook.Valid] != 207 || outcomes[hook.Invalid] != 120 || outcomes[hook.NoSchema] != 2 {
		t.Errorf("got %v, which another validator, given the description itself, does not say", outcomes)
	}
	t.Logf("imported in %v, %d examples, warnings %q; payloads %v", took, im.Examples(), im.Warnings, outcomes)
}

func trialPackage(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv(trialFolder)
	if folder == "" {
		t.Skipf("%s names no folder with npm packages; .ci/run makes one, testdata/sdk/README.md says how", trialFolder)
	}
	folder = filepath.Join(folder, "node_modules", "@octokit", name)
	if _, err := os.Stat(folder); err != nil {
		t.Skip(err)
	}
	return folder
}

func readTrial(t *testing.T, file string) importer.Source {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return importer.Source{Name: filepath.Base(file), Text: text}
}

// importTrial imports a source for GitHub, and writes the catalog.
func importTrial(t *testing.T, source importer.Source) (*importer.Import, *catalog.Catalog) {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load("github")
	if err != nil {
		t.Fatal(err)
	}
	im, err := importer.Read(context.Background(), []importer.Source{source}, importer.Options{Name: "github", Profile: p})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "github")
	if err := im.Write(dir, p.Title, false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		t.Fatal(err)
	}
	return im, c
}

func trialPayloads(t *testing.T) []payload {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(trialPackage(t, "webhooks-examples"), "api.github.com", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var listed []struct {
		Name     string
		Examples []json.RawMessage
	}
	if err := json.Unmarshal(text, &listed); err != nil {
		t.Fatal(err)
	}
	var all []payload
	for _, event := range listed {
		for _, text := range event.Examples {
			var body struct{ Action string }
			if err := json.Unmarshal(text, &body); err != nil {
				t.Fatal(err)
			}
			name := event.Name
			if body.Action != "" && event.Name != "repository_dispatch" {
				name += "." + body.Action
			}
			all = append(all, payload{name, text})
		}
	}
	return all
}

// validateTrial counts how the payloads are, and says what is wrong with them.
func validateTrial(t *testing.T, c *catalog.Catalog, all []payload) (map[hook.Validity]int, []string) {
	t.Helper()
	outcomes := map[hook.Validity]int{}
	var faults []string
	for i, p := range all {
		v := c.Validate(p.event, "", p.text)
		outcomes[v.Outcome]++
		if len(v.Faults) > 0 {
			faults = append(faults, fmt.Sprintf("%d %s: %s %v", i, p.event, v.Faults[0].Kind, v.Faults))
		}
	}
	return outcomes, faults
}
