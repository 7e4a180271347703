package cli

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/store"
)

// olderStore is an app whose store is as an older hookctl left it.
func olderStore(t *testing.T) (a *app, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "store")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "hookctl.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const version = 4
	steps, err := filepath.Glob("../store/migrations/*.sql")
	if err != nil || len(steps) <= version {
		t.Fatalf("migrations %q, %v", steps, err)
	}
	for _, step := range steps[:version] {
		text, err := os.ReadFile(step)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(string(text)); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
	}
	if _, err := db.Exec(fmt.Sprintf(`PRAGMA journal_mode = wal; PRAGMA application_id = 0x686f6f6b; PRAGMA user_version = %d`, version)); err != nil {
		t.Fatal(err)
	}
	return &app{world: &World{Dir: dir, LookupEnv: func(string) (string, bool) { return "", false }}, global: globalFlags{store: dir}}, dir
}

func TestAnOlderStoreIsBroughtUpToDateToBeRead(t *testing.T) {
	a, _ := olderStore(t)
	for range 2 {
		s, err := a.openStore(readOnly)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnOlderStoreThatCannotBeWrittenSaysHowToReadIt(t *testing.T) {
	a, dir := olderStore(t)
	for path, mode := range map[string]os.FileMode{filepath.Join(dir, "hookctl.db"): 0o400, dir: 0o500} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(dir, 0o700)
	if file, err := os.OpenFile(filepath.Join(dir, "hookctl.db"), os.O_RDWR, 0); err == nil {
		file.Close()
		t.Skip("this user may write everything")
	}
	_, err := a.openStore(readOnly)
	if err == nil {
		t.Fatal("it was opened")
	}
	f := classify(err)
	if !strings.Contains(f.Error(), "older hookctl") || !strings.Contains(f.hint, "copy the folder") || f.status != exitFailed {
		t.Errorf("%v, hint: %s", f, f.hint)
	}
}

func TestHintsOfStores(t *testing.T) {
	for err, want := range map[error]string{
		store.ErrOlder:    "copy the folder to where it can be written",
		store.ErrReadOnly: "captures list, show and export work",
		store.ErrNewer:    "install the hookctl that made it",
	} {
		if f := classify(fmt.Errorf("store x: %w", err)); !strings.Contains(f.hint, want) || f.status != exitFailed {
			t.Errorf("%v: %s", err, f.hint)
		}
	}
}
