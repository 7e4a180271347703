package whole_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/hookctl/hookctl/internal/whole"
)

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestWrite(t *testing.T) {
	for _, u := range []*whole.Unfinished{nil, {}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "file")
		for mode, text := range map[fs.FileMode]string{0o600: "secret", 0o640: "shared"} {
			if err := u.Write(path, []byte(text), mode); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || string(got) != text {
				t.Errorf("%q, %v", got, err)
			}
			if info, err := os.Stat(path); err != nil || info.Mode() != mode && runtime.GOOS != "windows" {
				t.Errorf("%v, %v, want %v", info.Mode(), err, mode)
			}
		}
		if list := names(t, dir); len(list) != 1 {
			t.Errorf("there is %v", list)
		}
	}
}

// What cannot be put in its place leaves what is there, and nothing else.
func TestWriteThatFails(t *testing.T) {
	u, dir := &whole.Unfinished{}, t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "folder", "full"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := u.Write(filepath.Join(dir, "folder"), []byte("x"), 0o600); err == nil {
		t.Error("a file took the place of a folder")
	}
	if list := names(t, dir); len(list) != 1 {
		t.Errorf("there is %v", list)
	}
	if err := u.Write(filepath.Join(dir, "none", "file"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("in no folder: %v", err)
	}
}

// TestRemove ends the program in the middle of a file.
func TestRemove(t *testing.T) {
	u, dir := &whole.Unfinished{}, t.TempDir()
	file, err := u.Begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Mode() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	path := filepath.Join(dir, "done")
	if err := u.Write(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	u.Remove()
	if list := names(t, dir); len(list) != 1 || list[0] != "done" {
		t.Errorf("there is %v", list)
	}
	if err := u.Write(path, []byte("y"), 0o600); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "x" {
		t.Errorf("%q, %v", text, err)
	}
	(*whole.Unfinished)(nil).Remove()
}
