//go:build unix

package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func TestNobodyElseMayRead(t *testing.T) {
	for _, mask := range []int{0, 0o077, 0o777} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "store")
		before := syscall.Umask(mask)
		s, err := store.Open(dir, store.Options{})
		if err == nil {
			err = <-s.Keep(newMaker(t).capture("x"))
		}
		syscall.Umask(before)
		if err != nil {
			t.Fatal(err)
		}
		demandModes(t, dir)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWiderStoreIsTightened(t *testing.T) {
	dir := t.TempDir()
	openStore(t, dir).Close()
	for path, mode := range map[string]os.FileMode{dir: 0o755, filepath.Join(dir, "hookctl.db"): 0o644} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	s := openStore(t, dir)
	keep(t, s, newMaker(t).capture("x"))
	demandModes(t, dir)
}

// TestAFolderOfOthersStaysOpen has a store in a folder that is not for it alone, and in
// ones that are.
func TestAFolderOfOthersStaysOpen(t *testing.T) {
	const sticky, setgid = os.ModeSticky | 0o777, os.ModeSetgid | 0o775
	for _, test := range []struct {
		name     string
		mode     os.FileMode
		beside   []string // files that are there before
		want     os.FileMode
		isShared bool
	}{
		{"a project", 0o755, []string{"main.go"}, 0o755, true},
		{"a project, hidden files only", 0o755, []string{".git"}, 0o755, true},
		{"a folder for everybody", sticky, []string{"main.go"}, sticky, true},
		{"a folder for everybody, empty", sticky, nil, sticky, true},
		{"a folder of a group", setgid, []string{"main.go"}, setgid, true},
		{"an empty folder", 0o755, nil, 0o700, false},
		{"an empty folder of a group", setgid, nil, os.ModeSetgid | 0o700, false},
		{"the store's own folder", 0o755, []string{"owners", "runs", "secrets", ".gitignore", "hookctl.db.damaged-1", "hookctl.db.damaged-1-wal"}, 0o700, false},
		{"a project that was closed before", 0o700, []string{"main.go"}, 0o700, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range test.beside {
				if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(dir, test.mode); err != nil {
				t.Fatal(err)
			}
			for range 2 { // when it is made, and when it is there
				s, err := store.Open(dir, store.Options{Beside: []string{"secret?"}})
				if err != nil {
					t.Fatal(err)
				}
				info, err := os.Stat(dir)
				if err != nil || info.Mode()&^os.ModeDir != test.want || (s.Shared() != 0) != test.isShared {
					t.Errorf("%v, %v, shared as %v; want %v", info.Mode(), err, s.Shared(), test.want)
				}
				if file, err := os.Stat(filepath.Join(dir, "hookctl.db")); err != nil || file.Mode() != 0o600 {
					t.Errorf("the store is %v, %v", file.Mode(), err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// demandModes demands that dir is for its owner alone, and all that is in it.
func demandModes(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 3 { // the database, its log and what is shared
		t.Errorf("%v, %v", entries, err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != 0o600 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%s has mode %v, %v", dir, info.Mode(), err)
	}
}

func TestLinksAndOddFilesAreRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(dir, elsewhere string) error
	}{
		{"the folder is a link", func(dir, elsewhere string) error {
			return errors.Join(os.Remove(dir), os.Symlink(elsewhere, dir))
		}},
		{"the folder is a file", func(dir, _ string) error {
			return errors.Join(os.Remove(dir), os.WriteFile(dir, nil, 0o600))
		}},
		{"the file is a link", func(dir, elsewhere string) error {
			return os.Symlink(filepath.Join(elsewhere, "target"), filepath.Join(dir, "hookctl.db"))
		}},
		{"the log is a link", func(dir, elsewhere string) error {
			return os.Symlink(filepath.Join(elsewhere, "target"), filepath.Join(dir, "hookctl.db-wal"))
		}},
		{"the shared file is a link", func(dir, elsewhere string) error {
			return os.Symlink(filepath.Join(elsewhere, "target"), filepath.Join(dir, "hookctl.db-shm"))
		}},
		{"the file is a folder", func(dir, _ string) error { return os.Mkdir(filepath.Join(dir, "hookctl.db"), 0o700) }},
		{"the file is a pipe", func(dir, _ string) error { return syscall.Mkfifo(filepath.Join(dir, "hookctl.db"), 0o600) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, elsewhere := filepath.Join(t.TempDir(), "store"), t.TempDir()
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := test.make(dir, elsewhere); err != nil {
				t.Fatal(err)
			}
			for _, o := range []store.Options{{}, {ReadOnly: true}} {
				if _, err := store.Open(dir, o); !errors.Is(err, store.ErrUnsafe) {
					t.Errorf("open: %v", err)
				}
			}
			if _, err := store.Repair(t.Context(), dir); !errors.Is(err, store.ErrUnsafe) {
				t.Errorf("repair: %v", err)
			}
			if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) > 0 {
				t.Errorf("%v was made through the link, %v", entries, err)
			}
		})
	}
}

// TestAStoreThatCannotBeWritten goes by a child that is somebody else: to root
// nothing is forbidden.
func TestAStoreThatCannotBeWritten(t *testing.T) {
	for _, test := range []struct {
		name   string
		open   bool // another process has it open, with captures in the log
		modes  [2]os.FileMode
		listed string // the error of listing, or ""
	}{
		{"a store at rest", false, [2]os.FileMode{0o555, 0o444}, ""},
		{"a writable file in a folder that is not", false, [2]os.FileMode{0o555, 0o666}, ""},
		{"a store in use", true, [2]os.FileMode{0o555, 0o444}, ""},
		{"a store that nobody may read", false, [2]os.FileMode{0o555, 0}, "permission denied"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(publicFolder(t), "store")
			s := openStore(t, dir)
			c := newMaker(t).capture("x", func(c *hook.Capture) { c.Method = "GET" })
			keep(t, s, c)
			if !test.open {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			forbid(t, dir, test.modes)
			list, out, failure := nobody(t, "list", dir)
			if test.listed == "" && (!list || strings.TrimSpace(out) != string(c.ID)) || test.listed != "" && (list || !strings.Contains(failure, test.listed)) {
				t.Errorf("list: %v %q %q", list, out, failure)
			}
			if ok, _, failure := nobody(t, "open", dir); ok || test.listed == "" && !strings.Contains(failure, store.ErrReadOnly.Error()) || !strings.Contains(failure, dir) {
				t.Errorf("open: %v %q", ok, failure)
			}
		})
	}
}

func TestALogThatCannotBeReadIsNotPassedOver(t *testing.T) {
	dir := filepath.Join(publicFolder(t), "store")
	s := openStore(t, dir)
	keep(t, s, newMaker(t).capture("x"))
	copied := filepath.Join(publicFolder(t), "store")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil { // as a process that was killed leaves it
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(copied, "hookctl.db-shm")); err != nil {
		t.Fatal(err)
	}
	forbid(t, copied, [2]os.FileMode{0o555, 0o444})
	if ok, out, failure := nobody(t, "list", copied); ok || !strings.Contains(failure, "copy the folder") {
		t.Errorf("list: %v %q %q", ok, out, failure)
	}
}

// publicFolder is a temporary folder that others can enter.
func publicFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "store")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// forbid gives the folder and the files in it their modes, until the test ends.
func forbid(t *testing.T, dir string, modes [2]os.FileMode) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chmod(filepath.Join(dir, e.Name()), modes[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, modes[0]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(dir, 0o700) })
}

// nobody runs a child that root's rights do not help.
func nobody(t *testing.T, what, dir string) (ok bool, out, failure string) {
	t.Helper()
	cmd := child(t, what, dir)
	if os.Getuid() == 0 {
		cmd.Path = publicCopy(t, cmd.Path)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	printed, err := cmd.Output()
	return err == nil, string(printed), stderr.String()
}

// publicCopy copies the test binary to where others can run it.
func publicCopy(t *testing.T, path string) string {
	t.Helper()
	binary, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(publicFolder(t), "child")
	if err := os.WriteFile(path, binary, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
