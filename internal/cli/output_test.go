package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/whole"
)

// outputs is an app for its files, and where its standard output goes.
func outputs(dir string) (*app, *strings.Builder, *whole.Unfinished) {
	var out strings.Builder
	u := &whole.Unfinished{}
	return &app{world: &World{Dir: dir, Stdout: &out, Unfinished: u}}, &out, u
}

func TestStandardOutputHasNames(t *testing.T) {
	a, out, _ := outputs(t.TempDir())
	for _, name := range []string{"", "-", "/dev/stdout"} {
		if err := a.writeOutput(name, func(w io.Writer) error { _, err := fmt.Fprintf(w, "%q ", name); return err }); err != nil {
			t.Error(name, err)
		}
	}
	if want := `"" "-" "/dev/stdout" `; out.String() != want {
		t.Errorf("got %s, want %s", out, want)
	}
}

// What is open already is written to: a new file in its place would not be where the
// shell has redirected it to.
func TestWhatIsOpenIsNotReplaced(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("no /proc")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	open, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if _, err := open.WriteString("before "); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"link": fmt.Sprintf("/dev/fd/%d", open.Fd()), "far": "link", "folder": "/proc/self/fd"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	a, _, _ := outputs(dir)
	for _, name := range []string{fmt.Sprintf("/dev/fd/%d", open.Fd()), fmt.Sprintf("/proc/self/fd/%d", open.Fd()), "link", "far", fmt.Sprintf("folder/%d", open.Fd())} {
		if err := a.writeOutput(name, func(w io.Writer) error { _, err := io.WriteString(w, "more "); return err }); err != nil {
			t.Error(name, err)
		}
	}
	text, err := os.ReadFile(path)
	if want := "before " + strings.Repeat("more ", 5); err != nil || string(text) != want {
		t.Errorf("got %q, %v; want %q", text, err, want)
	}
	if now, err := open.Stat(); err != nil || now.Size() != int64(len(text)) {
		t.Errorf("another file is in its place: %v, %v", now, err)
	}
}

func TestUnfinishedFilesAreNotLeftBehind(t *testing.T) {
	dir := t.TempDir()
	a, _, u := outputs(dir)
	if err := a.writeOutput("whole", func(w io.Writer) error { return nil }); err != nil {
		t.Fatal(err)
	}
	out, err := a.openOutput("half")
	if err != nil {
		t.Fatal(err)
	}
	u.Remove()
	if _, err := a.openOutput("late"); err == nil {
		t.Error("one is begun after the end")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "whole" {
		t.Errorf("got %v, %v", entries, err)
	}
	out.discard()
}
