package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/importer"
)

// everything is what a folder has, hidden folders too.
func everything(t *testing.T, dir string) string {
	t.Helper()
	var all []string
	for _, f := range read(t, dir) {
		all = append(all, strings.TrimPrefix(f.Name, "acme/")+"="+fmt.Sprint(len(f.Data)))
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all = append(all, "beside: "+entry.Name())
	}
	return strings.Join(all, "\n")
}

func TestWriteThatFailsLeavesNothing(t *testing.T) {
	for name, there := range map[string]bool{"a new folder": false, "a folder that is there": true} {
		for _, modes := range []importer.Modes{importer.Private(), importer.Shared()} {
			t.Run(fmt.Sprint(name, modes.Ours), func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "acme")
				if there {
					if err := made(t, map[string]string{"a": "x"}).Write(dir, "", false, modes); err != nil {
						t.Fatal(err)
					}
				}
				before, _ := os.ReadDir(filepath.Dir(dir))
				im := made(t, map[string]string{"a": "y", "b": "x"})
				im.Events[1].Schema.Name = im.Events[0].Schema.Name // which cannot be
				if err := im.Write(dir, "", true, modes); err == nil {
					t.Fatal("want an error")
				}
				if after, _ := os.ReadDir(filepath.Dir(dir)); len(after) != len(before) {
					t.Errorf("got %v, then %v", before, after)
				}
				if there && contents(t, dir) != "a.schema.json catalog.yaml examples/a.json" {
					t.Error(contents(t, dir))
				}
			})
		}
	}
}

// A folder of the user's stays the one it is: a program may work in it. One of hookctl's own
// is replaced at once.
func TestWriteKeepsTheFolderOfTheUser(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(dir)
	for _, property := range []string{"x", "y"} {
		if err := made(t, map[string]string{"a": property}).Write(dir, "", true, importer.Shared()); err != nil {
			t.Fatal(err)
		}
		if after, err := os.Stat(dir); err != nil || !os.SameFile(before, after) {
			t.Errorf("it is another folder: %v", err)
		}
		if got := contents(t, dir); got != "a.schema.json catalog.yaml examples/a.json" {
			t.Error(got)
		}
	}
}

// Wherever an exchange of files is killed, the next import finds the old catalog, or the new.
func TestRecoverUndoesWhatWasKilled(t *testing.T) {
	moves := [][2]string{
		{"a.schema.json", "W/old/a.schema.json"}, {"b.schema.json", "W/old/b.schema.json"},
		{"examples/a.json", "W/old/examples/a.json"}, {"examples/b.json", "W/old/examples/b.json"},
		{"W/new/b.schema.json", "b.schema.json"}, {"W/new/c.schema.json", "c.schema.json"},
		{"W/new/examples/b.json", "examples/b.json"}, {"W/new/examples/c.json", "examples/c.json"},
		{"W/new/catalog.yaml", "catalog.yaml"},
	}
	for killed := range len(moves) + 1 {
		t.Run(fmt.Sprint(killed), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "acme")
			write(t, filepath.Join(dir, "provider.yaml"), "mine")
			if err := made(t, map[string]string{"a": "x", "b": "x"}).Write(dir, "", false, importer.Shared()); err != nil {
				t.Fatal(err)
			}
			want := everything(t, dir)
			work := filepath.Join(dir, ".hookctl-new-123")
			if err := made(t, map[string]string{"b": "longer", "c": "x"}).Write(filepath.Join(work, "new"), "", false, importer.Shared()); err != nil {
				t.Fatal(err)
			}
			if killed > 0 {
				write(t, filepath.Join(work, "old", "examples", "x"), "")
				if err := os.Remove(filepath.Join(work, "old", "examples", "x")); err != nil {
					t.Fatal(err)
				}
			}
			for _, move := range moves[:killed] {
				from, to := filepath.Join(dir, strings.Replace(move[0], "W", ".hookctl-new-123", 1)), filepath.Join(dir, strings.Replace(move[1], "W", ".hookctl-new-123", 1))
				if err := os.Rename(from, to); err != nil {
					t.Fatal(err)
				}
			}
			told, err := importer.Recover(dir)
			if err != nil || (told != "") != (killed > 0 && killed < len(moves)) {
				t.Errorf("got %q, %v", told, err)
			}
			if killed == len(moves) {
				if got := contents(t, dir); got != "b.schema.json c.schema.json catalog.yaml examples/b.json examples/c.json provider.yaml" {
					t.Error(got)
				}
				return
			}
			if diff := cmp.Diff(want, everything(t, dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestRecoverClearsAwayBesideTheCatalog(t *testing.T) {
	for name, there := range map[string]bool{"with a catalog": true, "where it was moved away": false} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			dir := filepath.Join(root, "acme")
			place := dir
			if !there {
				place = filepath.Join(root, ".acme.old-77", "catalog")
			}
			if err := made(t, map[string]string{"a": "x"}).Write(place, "", false, importer.Shared()); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{".acme.new-1", ".acme.new-mine", ".acme.new-", ".other.new-1", ".acme.old-9/catalog"} {
				write(t, filepath.Join(root, name, "catalog.yml"), "")
			}
			told, err := importer.Recover(dir)
			if err != nil || (told == "") != there {
				t.Errorf("got %q, %v", told, err)
			}
			if got := contents(t, dir); got != "a.schema.json catalog.yaml examples/a.json" {
				t.Error(got)
			}
			var left []string
			entries, _ := os.ReadDir(root)
			for _, entry := range entries {
				left = append(left, entry.Name())
			}
			if diff := cmp.Diff([]string{".acme.new-", ".acme.new-mine", ".other.new-1", "acme"}, left); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
