package importer_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/importer"
)

func TestTakeCopiesAWholeCatalog(t *testing.T) {
	from, dir := filepath.Join(t.TempDir(), "acme"), filepath.Join(t.TempDir(), "deep", "acme")
	if err := made(t, map[string]string{"a": "x", "b": "x"}).Write(from, "Acme", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(from, ".hookctl-new-12", "left"), "by an import that was killed")
	elsewhere, linked := filepath.Join(t.TempDir(), "a.json"), filepath.Join(from, "examples", "a.json")
	if err := errors.Join(os.Rename(linked, elsewhere), os.Symlink(elsewhere, linked)); err != nil {
		t.Fatal(err)
	}
	if err := importer.Take(from, dir, importer.Private()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(read(t, from), read(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for path, want := range map[string]fs.FileMode{".": 0o700, "examples": 0o700, "catalog.yaml": 0o600, "examples/a.json": 0o600} {
		if info, err := os.Stat(filepath.Join(dir, path)); err != nil || info.Mode().Perm() != want && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// What cannot be copied is not passed over.
func TestTakeRefusesALinkToAFolder(t *testing.T) {
	from, parent := filepath.Join(t.TempDir(), "acme"), t.TempDir()
	if err := made(t, map[string]string{"a": "x"}).Write(from, "Acme", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(from, "parts")); err != nil {
		t.Fatal(err)
	}
	err := importer.Take(from, filepath.Join(parent, "acme"), importer.Private())
	if err == nil || !strings.Contains(err.Error(), "parts: it is no regular file") {
		t.Error(err)
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) > 0 {
		t.Errorf("there is %v, %v", entries, err)
	}
}

// What is no catalog leaves nothing behind.
func TestTakeRefusesWhatIsNoCatalog(t *testing.T) {
	from, parent := t.TempDir(), t.TempDir()
	write(t, filepath.Join(from, "catalog.yaml"), "events: 1\n")
	for _, source := range []string{from, filepath.Join(from, "none")} {
		if err := importer.Take(source, filepath.Join(parent, "acme"), importer.Private()); err == nil {
			t.Errorf("%s was taken", source)
		}
	}
	if err := importer.Take(filepath.Join(from, "none"), filepath.Join(parent, "acme"), importer.Private()); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if entries, err := os.ReadDir(parent); err != nil || len(entries) > 0 {
		t.Errorf("there is %v, %v", entries, err)
	}
}
