package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
	"github.com/hookctl/hookctl/schemas"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		given []string
		json  bool
		want  string // or a part of the error, after "!"
	}{
		{nil, false, "text"},
		{nil, true, "json"},
		{[]string{"json"}, true, "json"},
		{[]string{"sarif=a.sarif, junit=b.xml", "github"}, false, "sarif=a.sarif,junit=b.xml,github"},
		{[]string{"sarif=a.sarif"}, false, "sarif=a.sarif"},
		{[]string{"sarif=a.sarif"}, true, "sarif=a.sarif,json"},
		{[]string{"json=a"}, true, "json=a,json"},
		{[]string{"tap"}, true, "!only one can go to standard output, got tap and json"},
		{[]string{"text", "tap"}, false, "!only one"},
		{[]string{"text", "text"}, false, "!only one"},
		{[]string{"tap=a", "json=a"}, false, "!a is there twice"},
		{[]string{"json=a.out,tap=./a.out"}, false, "!./a.out is there twice"},
		{[]string{"text", "json=-"}, false, "!only one can go to standard output, got text and json"},
		{[]string{"text", "json=/dev/stdout"}, false, "!only one can go to standard output, got text and json"},
		{[]string{"json=-"}, true, "json"},
		{[]string{"tapp"}, false, "!want one of text, json,"},
		{[]string{""}, false, "!want one of"},
		{[]string{"tap="}, false, "!want a file after tap="},
	} {
		var l formatList
		err := l.Replace(c.given)
		if err == nil {
			l, err = l.settled(c.json, func(file string) string { return filepath.Join("/work", file) })
		}
		part, fails := strings.CutPrefix(c.want, "!")
		switch {
		case fails && (err == nil || !strings.Contains(err.Error(), part)):
			t.Errorf("%q: got %v, want %s", c.given, err, part)
		case !fails && (err != nil || l.String() != c.want):
			t.Errorf("%q: got %s, %v; want %s", c.given, l.String(), err, c.want)
		}
	}
}

// clocked is an app before which a person sits, with a clock that the test moves.
func clocked(stderr io.Writer, terminal, quiet bool) (*app, *time.Time) {
	now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	a := &app{world: &World{Stderr: stderr, StderrTerminal: terminal, Now: func() time.Time { return now }}}
	a.global.quiet = quiet
	return a, &now
}

// stepped tells of so many payloads, each after so long.
func stepped(t *testing.T, p *progress, now *time.Time, n int, each time.Duration) {
	t.Helper()
	for range n {
		*now = now.Add(each)
		if err := p.step(func() error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestProgressIsOneLineThatGoes(t *testing.T) {
	var w bytes.Buffer
	a, now := clocked(&w, true, false)
	p := a.newProgress(&validateInputs{whole: 1600})
	stepped(t, p, now, 64, 12500*time.Microsecond)
	if w.Len() > 0 {
		t.Errorf("before a second: %q", w.String())
	}
	stepped(t, p, now, 96, 12500*time.Microsecond)
	if want := "\r\x1b[Kvalidating 160 of 1600, 80/s, 18s left"; !strings.HasSuffix(w.String(), want) || strings.Contains(w.String(), "\n") {
		t.Errorf("got %q, want %q", w.String(), want)
	}
	w.Reset()
	out := p.above(&w)
	for range 2 { // it is there once, and taken away once
		if _, err := out.Write([]byte("found\n")); err != nil {
			t.Fatal(err)
		}
	}
	p.erase()
	if want := "\r\x1b[Kfound\nfound\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

func TestProgressOfWhatHasNoEnd(t *testing.T) {
	for want, in := range map[string]*validateInputs{
		"validating 160, 80/s":          {open: true, whole: 3},
		"validating 160, 80/s, 6s left": {size: 4000},
	} {
		var w bytes.Buffer
		a, now := clocked(&w, true, false)
		in.read.Store(1000)
		stepped(t, a.newProgress(in), now, 160, 12500*time.Microsecond)
		if !strings.HasSuffix(w.String(), "\x1b[K"+want) {
			t.Errorf("got %q, want %q", w.String(), want)
		}
	}
}

// What a terminal would fold onto the next line could not be taken away.
func TestProgressFitsTheTerminal(t *testing.T) {
	for width, want := range map[int]string{20: "validating 160 of 1", 1: "", 0: "validating 160 of 1600, 80/s, 18s left", 200: "validating 160 of 1600, 80/s, 18s left"} {
		var w bytes.Buffer
		a, now := clocked(&w, true, false)
		a.world.Width = func() int { return width }
		stepped(t, a.newProgress(&validateInputs{whole: 1600}), now, 160, 12500*time.Microsecond)
		if !strings.HasSuffix(w.String(), "\r\x1b[K"+want) {
			t.Errorf("%d: got %q, want %q", width, w.String(), want)
		}
	}
}

func TestNoProgressWhereNobodyLooks(t *testing.T) {
	for _, c := range []struct{ terminal, quiet bool }{{false, false}, {true, true}} {
		var w bytes.Buffer
		a, now := clocked(&w, c.terminal, c.quiet)
		stepped(t, a.newProgress(&validateInputs{whole: 1}), now, 100, time.Second)
		if w.Len() > 0 {
			t.Errorf("%+v: %q", c, w.String())
		}
	}
}

// A bundled profile is not read to find out the API version: it says what the catalog says.
func TestBundledProfilesAndCatalogsSayTheSameVersion(t *testing.T) {
	files := schemas.Files()
	found, err := catalog.Names(files)
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	for _, name := range found {
		p, err := provider.NewLibrary(files).Load(name)
		if err != nil {
			t.Fatal(err)
		}
		a := &app{world: &World{LookupEnv: func(string) (string, bool) { return "", false }}}
		set, err := a.catalogs()
		if err != nil {
			t.Fatal(err)
		}
		c, err := set.load(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Versions) > 1 && p.APIVersion != "" && p.APIVersion != c.Version {
			t.Errorf("%s: the profile says %s, the catalog %s", name, p.APIVersion, c.Version)
		}
	}
}

func TestCaptureIDs(t *testing.T) {
	for arg, want := range map[string]bool{
		"last": true, "last~2": true, "cap_01": true, "KD8GCRXG": true, "01M7Z4MH78M8GFPHR1KW25BJA0": true,
		"order": false, "ORDER": false, "a/b": false, "KD8GC": false, "-": false, "kd8gcrxg": false, "order.json": false,
	} {
		if got := isCaptureID(arg); got != want {
			t.Errorf("%s: got %v", arg, got)
		}
	}
}

// A file that is half written is not left behind, and one that was there stays as it was.
func TestReportsAppearWhole(t *testing.T) {
	dir := t.TempDir()
	fixture(t, dir)
	old := filepath.Join(dir, "old.json")
	if err := os.WriteFile(old, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, _, said := runIn(t, dir, "validate", "recharge", "--format", "json=old.json,tap=none/x.tap")
	if text, err := os.ReadFile(old); status != exitFailed || err != nil || string(text) != "before" {
		t.Errorf("%d %s: %q, %v", status, said, text, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".hookctl-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A reader that has seen enough does not make good what was found until then.
func TestNobodyReadsOn(t *testing.T) {
	dir := t.TempDir()
	for i := range 2000 {
		path := filepath.Join(dir, "retm", fmt.Sprintf("customer.created.%d.json", i))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(`{"event":"customer.created"}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, args := range map[int][]string{
		exitFound:  {"validate", "retm"},
		exitOK:     {"validate", "retm", "--fail-on", "never"},
		exitFailed: {"validate", "gone.json", "retm"},
	} {
		status := Main(context.Background(), &World{
			Args: args, Stdin: strings.NewReader(""), Stdout: closedPipe{}, Stderr: io.Discard, Dir: dir, Now: time.Now,
			LookupEnv: func(name string) (string, bool) { return dir, name == "HOME" },
			Width:     func() int { return 0 }, Exit: func(int) {},
		})
		if status != want {
			t.Errorf("%q: got %d, want %d", args, status, want)
		}
	}
}

type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// What reporters keep in files of their own goes with them, also where the run failed.
func TestDiscardedReportersAreClosed(t *testing.T) {
	a, out, _ := outputs(t.TempDir())
	a.world.Width, a.world.Stderr, a.world.LookupEnv = func() int { return 0 }, io.Discard, func(string) (string, bool) { return "", false }
	o := &validateOptions{formats: formatList{{name: "junit"}, {name: "tap", file: "x.tap"}}, failOn: choice{value: "unknown"}}
	set, err := a.openReports(o, out)
	if err != nil {
		t.Fatal(err)
	}
	closed := 0
	for i, r := range set.reporters {
		set.reporters[i] = closing{r, &closed}
	}
	set.discard()
	set.discard()
	if closed != 2 || out.String() != "" {
		t.Errorf("%d are closed, and %q is written", closed, out)
	}
}

type closing struct {
	render.Reporter
	closed *int
}

func (c closing) Close(total validate.Total) error {
	*c.closed++
	return c.Reporter.Close(total)
}
