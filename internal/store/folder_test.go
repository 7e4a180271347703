package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/hookctl/hookctl/internal/store"
)

// TestAFolderThatIsMadeIsKeptOutOfGit has bodies and credentials in a folder that may lie in
// a repository.
func TestAFolderThatIsMadeIsKeptOutOfGit(t *testing.T) {
	for name, made := range map[string]func(t *testing.T, dir string){
		"by the store":   func(t *testing.T, dir string) { openStore(t, dir) },
		"before a store": func(t *testing.T, dir string) { makeFolder(t, dir); openStore(t, dir) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "project", ".hookctl")
			made(t, dir)
			text, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
			if err != nil || string(text) != "*\n" {
				t.Errorf("%q, %v", text, err)
			}
			if !store.Alone(dir, nil) {
				t.Error("its own .gitignore makes the folder one of others")
			}
		})
	}
}

// A folder that was there is somebody's, and so is what git makes of it.
func TestAFolderThatIsThereGetsNothingForGit(t *testing.T) {
	dir := t.TempDir()
	makeFolder(t, dir)
	openStore(t, dir)
	if _, err := os.Lstat(filepath.Join(dir, ".gitignore")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

func makeFolder(t *testing.T, dir string) {
	t.Helper()
	if err := store.MakeFolder(dir); err != nil {
		t.Fatal(err)
	}
}
