package validate_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/validate"
)

// folderOf makes a folder with files of those names; "a -> b" is a link.
func folderOf(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		name, to, link := strings.Cut(name, " -> ")
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		err := error(nil)
		if link {
			err = os.Symlink(filepath.FromSlash(to), path)
		} else {
			err = os.WriteFile(path, []byte("{}"), 0o600)
		}
		if err != nil && link {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func found(t *testing.T, finder *validate.Finder, args ...string) string {
	t.Helper()
	var paths []string
	for _, arg := range args {
		sources, err := finder.Find(arg)
		if err != nil {
			return arg + ": " + err.Error()
		}
		for _, s := range sources {
			paths = append(paths, s.Path)
		}
	}
	return strings.Join(paths, " ")
}

func TestFind(t *testing.T) {
	dir := folderOf(t,
		"b.json", "a/2.json", "a/1.NDJSON", "a/c/3.jsonl", "a/c/4.har", "a/c/5.txt", "a/.hidden/6.json", "a/.7.json",
		"a/order.schema.json", "a/schema.json", "a/catalog.yaml", "a-b/8.json", "plain")
	for _, c := range []struct{ args, want string }{
		{"a", "a/1.NDJSON a/2.json a/c/3.jsonl a/c/4.har"},
		{"./a/", "a/1.NDJSON a/2.json a/c/3.jsonl a/c/4.har"},
		{".", "a/1.NDJSON a/2.json a/c/3.jsonl a/c/4.har a-b/8.json b.json"},
		{"plain", "plain"},
		{"a/order.schema.json a/.7.json", "a/order.schema.json a/.7.json"}, // named is meant
		{"b.json a a/2.json ./b.json", "b.json a/1.NDJSON a/2.json a/c/3.jsonl a/c/4.har"},
		{"*.json", "b.json"},
		{"a*/*.json", "a/2.json a/order.schema.json a/schema.json a-b/8.json"},
		{"**/*.json", "b.json a/2.json a/order.schema.json a/schema.json a-b/8.json"},
		{"**/c", "a/c/3.jsonl a/c/4.har"},
		{"a/**", "a/1.NDJSON a/2.json a/c/3.jsonl a/c/4.har"},
		{"a/**/c/*", "a/c/3.jsonl a/c/4.har a/c/5.txt"},
		{"a/.*.json", "a/.7.json"},
		{"[ab].json", "b.json"},
		{"b.json [ab].json a/c a/*/*.har", "b.json a/c/3.jsonl a/c/4.har"}, // what was found already fits as well
	} {
		if got := found(t, &validate.Finder{Dir: dir}, strings.Fields(c.args)...); got != c.want {
			t.Errorf("%s: got %s, want %s", c.args, got, c.want)
		}
	}
}

func TestFindTellsWhatIsNotThere(t *testing.T) {
	finder := &validate.Finder{Dir: folderOf(t, "a/1.json")}
	for _, arg := range []string{"b", "b/*.json", "a/*.har", "a/1.json/x"} {
		if _, err := finder.Find(arg); !errors.Is(err, fs.ErrNotExist) && arg != "a/1.json/x" || err == nil {
			t.Errorf("%s: got %v", arg, err)
		}
	}
	if _, err := finder.Find("a/[b"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a pattern that is none: got %v", err)
	}
}

func TestFindTellsPathsFromTheWorkingFolder(t *testing.T) {
	dir := folderOf(t, "in/a.json", "beside/b.json")
	finder := &validate.Finder{Dir: filepath.Join(dir, "in")}
	outside := filepath.ToSlash(filepath.Join(dir, "beside", "b.json"))
	if got := found(t, finder, filepath.Join(dir, "in"), "../beside"); got != "a.json ../beside/b.json" {
		t.Errorf("got %s", got)
	}
	finder = &validate.Finder{Dir: filepath.Join(dir, "in")}
	if got := found(t, finder, filepath.Join(dir, "beside")); got != outside {
		t.Errorf("got %s, want %s", got, outside)
	}
}

func TestFindFollowsLinksOnce(t *testing.T) {
	dir := folderOf(t,
		"a/1.json", "a/up -> ..", "a/self -> .", "a/b -> ../b", "b/2.json", "b/a -> ../a", "c.json -> b/2.json", "gone.json -> nowhere", "gone -> nowhere")
	got := found(t, &validate.Finder{Dir: dir}, ".")
	if want := "a/1.json a/b/2.json b/2.json c.json gone.json"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A link to above the argument leads to where the search began, and not on from there.
func TestFindEndsWhereItBegan(t *testing.T) {
	dir := folderOf(t, "top/a/in/1.json", "top/a/in/up -> ../..", "top/a/2.json", "top/b/3.json")
	for arg, want := range map[string]string{
		"top/a":           "top/a/2.json top/a/in/1.json top/a/in/up/b/3.json",
		"top/a/in":        "top/a/in/1.json top/a/in/up/a/2.json top/a/in/up/b/3.json",
		"top/a/**/*.json": "top/a/2.json top/a/in/1.json top/a/in/up/b/3.json",
	} {
		if got := found(t, &validate.Finder{Dir: dir}, arg); got != want {
			t.Errorf("%s: got %s, want %s", arg, got, want)
		}
	}
}

// Patterns follow links to folders as folders do, and not in circles.
func TestPatternsFollowLinks(t *testing.T) {
	dir := folderOf(t, "a/1.json", "a/up -> ..", "a/self -> .", "b/2.json", "c -> ../elsewhere", "d/in/3.json", "e -> d/in", "gone -> nowhere")
	if err := os.MkdirAll(filepath.Join(dir, "..", "elsewhere"), 0o700); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(dir, "..", "elsewhere", "4.json")
	if err := os.WriteFile(outside, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]string{
		"**/*.json": "a/1.json b/2.json c/4.json d/in/3.json",
		"**/in/*":   "d/in/3.json",
		"e/*.json":  "e/3.json",
		"**":        "a/1.json b/2.json c/4.json d/in/3.json",
	} {
		if got := found(t, &validate.Finder{Dir: dir}, pattern); got != want {
			t.Errorf("%s: got %s, want %s", pattern, got, want)
		}
	}
	if got, want := found(t, &validate.Finder{Dir: dir}, "b/2.json", "**/*.json"), "b/2.json a/1.json c/4.json d/in/3.json"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// What cannot be read is told once, also by a pattern that would look into it.
func TestFindTellsWhatCannotBeRead(t *testing.T) {
	dir := folderOf(t, "a/1.json", "loop -> loop", "gone.json -> nowhere")
	finder := &validate.Finder{Dir: dir}
	if got, want := found(t, finder, "loop/*.json", "loop/**/x", "*.json", "."), "loop gone.json a/1.json"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !finder.First("b.json") || finder.First("./b.json") || finder.First(filepath.Join(dir, "b.json")) {
		t.Error("a name that is there twice is told twice")
	}
}

func TestFindLeavesOutWhatIsExcepted(t *testing.T) {
	dir := folderOf(t, "a.json", "out.json", "lines.ndjson")
	finder := &validate.Finder{Dir: dir, Except: func(file string) bool { return filepath.Base(file) == "out.json" }}
	if got := found(t, finder, "."); got != "a.json lines.ndjson" {
		t.Errorf("got %s", got)
	}
}

func TestSelections(t *testing.T) {
	for _, c := range []struct {
		pattern string
		fits    string
		not     string
	}{
		{"**", "a a/b/c.json - cap_1", ""},
		{"*.json", "a.json x/y/a.json", "a.ndjson"},
		{"invalid", "invalid invalid/a.json x/invalid/y.json", "invalid.json"},
		{"invalid/", "invalid/a.json invalid/b/c.json x/invalid/a.json", "valid/a.json x/invalidated/a.json"},
		{"x/*.json", "x/a.json y/x/a.json /z/x/a.json ../x/a.json", "x/y/a.json a.json xx/a.json"},
		{"/x/*.json", "/x/a.json", "x/a.json y/x/a.json /y/x/a.json"},
		{"../x/*", "../x/a.json", "x/a.json ../../x/a.json"},
		{"./", "a.json x/y.json", ""},
		{"x/**/*.json", "x/a.json x/y/a.json x/y/z/a.json", "y/a.json"},
		{"**/bad/*", "bad/a bad/b x/y/bad/c", "bad x/bad/y/z"},
		{"./x/a.json", "x/a.json", "a.json y/x/a.json"},
		{"./x/../invalid/*.json", "invalid/a.json", "y/invalid/a.json"},
	} {
		p, err := validate.ParseSelection(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range strings.Fields(c.fits) {
			if !p.Match(path) {
				t.Errorf("%s does not fit %s", c.pattern, path)
			}
		}
		for _, path := range strings.Fields(c.not) {
			if p.Match(path) {
				t.Errorf("%s fits %s", c.pattern, path)
			}
		}
	}
	for _, bad := range []string{"", "a[", "x/[a"} {
		if _, err := validate.ParseSelection(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
