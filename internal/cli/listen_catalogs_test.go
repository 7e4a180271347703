package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/assess"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// library is an app in a folder with catalogs of its own.
func library(t *testing.T, files map[string]string) *app {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &app{
		world:  &World{Dir: dir, LookupEnv: func(string) (string, bool) { return "", false }},
		global: globalFlags{store: filepath.Join(dir, "store")},
	}
}

func shelved(t *testing.T, a *app, only string) *bookcase {
	t.Helper()
	b, err := (&listenOptions{}).bookcase(a, &recognized{only: only})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const pingCatalog = "name: acme\nevents:\n  ping: {schema: ping.schema.json, coverage: full}\n"

func TestACatalogStaysAsItWasRead(t *testing.T) {
	a := library(t, map[string]string{
		"store/catalogs/acme/catalog.yaml":     pingCatalog,
		"store/catalogs/acme/ping.schema.json": `{"$ref": "parts/p.json"}`,
		"store/catalogs/acme/parts/p.json":     `{"type": "object"}`,
	})
	before := shelved(t, a, "")
	part := filepath.Join(a.world.Dir, "store/catalogs/acme/parts/p.json")
	if err := os.WriteFile(part, []byte(`{"type": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	book, err := before.Open("acme")
	if err != nil {
		t.Fatal(err)
	}
	if v := book.Catalog.Validate("ping", "", []byte("{}")); v.Outcome != hook.Valid {
		t.Errorf("%+v", v)
	}
	after := shelved(t, a, "")
	if what := after.differences(before); what != "the catalog of acme has changed" {
		t.Error(what)
	}
	broken := after.broken(t.Context(), before)
	if len(broken) != 1 || broken[0].provider != "acme" || !strings.Contains(broken[0].text, "acme/ping.schema.json: the schema of ping cannot be used") {
		t.Errorf("%+v", broken)
	}
	if again := shelved(t, a, "").broken(t.Context(), after); again != nil {
		t.Errorf("what did not change was looked at: %+v", again)
	}
}

func TestABookcaseOpensOnlyWhatItHas(t *testing.T) {
	a := library(t, map[string]string{"store/catalogs/acme/catalog.yaml": "[not: {a catalog"})
	b := shelved(t, a, "")
	if _, err := b.Open("nobody"); err == nil || err.Error() != "there is no catalog of nobody" {
		t.Error(err)
	}
	if _, err := b.Open("acme"); err == nil || !b.Has("acme") {
		t.Errorf("a broken one that was imported: %v", err)
	}
	if _, err := (&listenOptions{}).bookcase(a, &recognized{only: "acme"}); err == nil {
		t.Error("the broken catalog of the one provider was taken")
	}
	if book, err := b.Open("recharge"); err != nil || book.Catalog.Name != "recharge" {
		t.Error(err)
	}
}

func TestPlacesOfCatalogsAreWatchedBeforeTheyCome(t *testing.T) {
	a := library(t, map[string]string{"mine/provider.yaml": "name: mine\n", "other.yaml": "name: other\n", "store/catalogs/begun/x": ""})
	o := &listenOptions{}
	for profile, want := range map[string]string{"./mine": "mine", "./other.yaml": "", "./gone": "gone"} {
		o.provider = profile
		files := strings.Join(o.catalogFiles(a), "\n")
		if path := filepath.Join(a.world.Dir, want, catalog.FileName); !strings.Contains(files, path) {
			t.Errorf("%s: %s is not among %s", profile, path, files)
		}
	}
	watched := strings.Join(shelved(t, a, "").watched(), "\n")
	if path := filepath.Join(a.world.Dir, "store/catalogs/begun", catalog.FileName); !strings.Contains(watched, path) {
		t.Errorf("%s is not among %s", path, watched)
	}
}

// What came before Ctrl+C is looked at after it, and counts.
func TestDriftThatIsFoundLateCounts(t *testing.T) {
	a := library(t, map[string]string{
		"store/catalogs/acme/catalog.yaml":     pingCatalog,
		"store/catalogs/acme/ping.schema.json": `{"type": "object", "properties": {"id": {}}}`,
	})
	s, err := store.Open(t.TempDir()+"/store", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	drifts, stop, err := startDrift(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	interrupt()
	time.Sleep(20 * time.Millisecond) // long enough for it to be heeded where it is
	found := assess.New(shelved(t, a, ""), drifts).Assess(&hook.Capture{
		ID: "cap_01JD7Q3V9K4M2N8PXR7QK3M2ZA", Body: hook.Bytes(`{"tax": 1}`),
		Identity: &hook.Identity{Provider: "acme", Event: hook.Event{Type: "ping"}},
	})
	stop()
	kept, err := s.Drifts(t.Context(), "")
	if err != nil || len(found.New) != 1 || len(kept) != 1 || kept[0].Pointer != "/tax" {
		t.Errorf("found %+v, counted %+v, %v", found.New, kept, err)
	}
}
