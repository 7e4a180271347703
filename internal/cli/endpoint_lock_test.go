package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/lock"
	"github.com/hookctl/hookctl/internal/whole"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// Of commands that change the same file at once none undoes what another did.
func TestEditsWaitForEachOther(t *testing.T) {
	first, path := editable(t, "quiet: true\n")
	home := t.TempDir()
	const n = 12
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			a := &app{file: first.file, world: &World{Dir: first.world.Dir, Unfinished: &whole.Unfinished{}, LookupEnv: dataIn(home), Now: time.Now}}
			errs[i] = a.editing(t.Context(), func() error {
				edit, err := a.editConfig(yamldoc.Change{Path: []string{endpointsKey, fmt.Sprintf("e%d", i), "url"}, Value: yamldoc.Text("x:1")})
				if err != nil {
					return err
				}
				return edit.write(a)
			})
		})
	}
	all.Wait()
	text, err := os.ReadFile(path)
	if err := errors.Join(append(errs, err)...); err != nil {
		t.Error(err)
	}
	if got := strings.Count(string(text), "url: x:1"); got != n {
		t.Errorf("%d of %d changes are there:\n%s", got, n, text)
	}
	if files, _ := os.ReadDir(first.world.Dir); len(files) != 1 {
		t.Errorf("left beside the file: %v", files)
	}
}

// dataIn is an environment whose data folder is home.
func dataIn(home string) func(string) (string, bool) {
	return func(name string) (string, bool) { return home, name == "XDG_DATA_HOME" }
}

// Where no lock can be had, a command works all the same.
func TestEditsWithoutAPlaceForLocks(t *testing.T) {
	a, _ := editable(t, "quiet: true\n")
	nowhere := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(nowhere, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a.world.LookupEnv = dataIn(nowhere)
	ran := false
	if err := a.editing(t.Context(), func() error { ran = true; return nil }); err != nil || !ran {
		t.Errorf("%v, ran %t", err, ran)
	}
}

// A lock is of a folder, by whatever name.
func TestEditsOfALinkedFolderWaitToo(t *testing.T) {
	a, _ := editable(t, "quiet: true\n")
	a.world.LookupEnv = dataIn(t.TempDir())
	path, err := a.editLock()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(a.world.Dir, link); err != nil {
		t.Skip(err)
	}
	other := &app{world: &World{Dir: link, LookupEnv: a.world.LookupEnv}}
	again, err := other.editLock()
	if err != nil || again != path {
		t.Errorf("%v: %s, want %s", err, again, path)
	}
	if _, err := lock.Try(path); err != nil {
		t.Error(err)
	}
}
