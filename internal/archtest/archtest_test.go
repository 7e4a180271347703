// Package archtest holds the house rules that a compiler cannot check: which
// package may import which. See internal/README.md.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/hookctl/hookctl/"

// levels is the house: a package imports only packages of lower levels.
func levels() map[string]int {
	return map[string]int{
		"internal/hook":      0,
		"internal/jsontext":  0,
		"internal/lock":      0,
		"internal/suggest":   0,
		"internal/whole":     0,
		"schemas":            0,
		"internal/archive":   1,
		"internal/yamldoc":   1,
		"internal/inflate":   1,
		"internal/schema":    1,
		"internal/shape":     1,
		"internal/store":     2,
		"internal/send":      2,
		"internal/watch":     2,
		"internal/provider":  2,
		"internal/signature": 3,
		"internal/catalog":   3,
		"internal/delivery":  4,
		"internal/importer":  4,
		"internal/assess":    4,
		"internal/identify":  4,
		"internal/listener":  5,
		"internal/replay":    5,
		"internal/validate":  5,
		"internal/render":    6,
		"internal/cli":       7,
		"cmd/hookctl":        8,
	}
}

// soleImporters are the modules behind one package each.
func soleImporters() map[string]string {
	return map[string]string{
		"database/sql":                             "internal/store",
		"modernc.org/sqlite":                       "internal/store",
		"github.com/charmbracelet/lipgloss":        "internal/render",
		"github.com/spf13/cobra":                   "internal/cli",
		"github.com/goccy/go-yaml":                 "internal/yamldoc",
		"github.com/santhosh-tekuri/jsonschema/v5": "internal/schema",
		"github.com/dlclark/regexp2":               "internal/schema",
		"github.com/fsnotify/fsnotify":             "internal/watch",
	}
}

// unwanted are packages that cost every start of the program, or every user.
func unwanted() []string {
	return []string{"github.com/spf13/viper", "text/template", "html/template", "C"}
}

// A listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	GoFiles    []string
	Doc        string
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps,GoFiles,Doc", module+"...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 { // others hold tests only
			packages = append(packages, p)
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	known := levels()
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		level, ok := known[name]
		if !ok {
			t.Errorf("%s has no place in the house: give it a level here and in internal/README.md", name)
			continue
		}
		for _, imported := range p.Imports {
			below, ours := strings.CutPrefix(imported, module)
			if ours && known[below] >= level {
				t.Errorf("%s (level %d) imports %s (level %d)", name, level, below, known[below])
			}
		}
	}
}

func TestEachPackageInTheTableExists(t *testing.T) {
	found := map[string]bool{}
	for _, p := range list(t) {
		found[strings.TrimPrefix(p.ImportPath, module)] = true
	}
	for name := range levels() {
		if !found[name] {
			t.Errorf("%s is in the table, but not in the house", name)
		}
	}
}

func TestOneImporterForEachOfThese(t *testing.T) {
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			for prefix, owner := range soleImporters() {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && name != owner {
					t.Errorf("%s imports %s, which is for %s alone", name, imported, owner)
				}
			}
			if slices.Contains(unwanted(), imported) {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}

func TestTheProgramLeavesHeavyPackagesOut(t *testing.T) {
	for _, p := range list(t) {
		if p.ImportPath != module+"cmd/hookctl" {
			continue
		}
		for _, dep := range unwanted() {
			// cobra imports text/template, which the linker leaves out as long as
			// nobody sets a template.
			if dep != "text/template" && slices.Contains(p.Deps, dep) {
				t.Errorf("the program contains %s", dep)
			}
		}
	}
}

func TestEachPackageSaysWhatItIs(t *testing.T) {
	for _, p := range list(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// Only main touches the process: everything else gets its world handed in.
func TestOnlyMainTouchesTheProcess(t *testing.T) {
	nowhere(t, `\b(os\.(Exit|Args|Stdin|Stdout|Stderr|Getenv|LookupEnv|Environ)|log\.Fatal\w*)\b|\.Set(Help|Usage|Version)Template\b`,
		"is for main alone, or for nobody")
}

// The client of net/http follows redirects, obeys the environment and rewrites headers.
func TestNobodyUsesTheClientOfNetHTTP(t *testing.T) {
	nowhere(t, `\bhttp\.(Client|Transport|DefaultClient|DefaultTransport|Get|Head|Post|PostForm|ProxyFromEnvironment)\b`,
		"is not to be used: internal/send makes the requests")
}

// nowhere checks that no file of the packages, tests aside, has what fits pattern.
func nowhere(t *testing.T, pattern, why string) {
	t.Helper()
	unwanted := regexp.MustCompile(pattern)
	looked := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		for i, line := range strings.Split(string(text), "\n") {
			if found := unwanted.FindString(line); found != "" {
				t.Errorf("%s:%d: %s %s", path, i+1, found, why)
			}
		}
		return nil
	})
	if err != nil || looked < 50 {
		t.Errorf("looked at %d files: %v", looked, err)
	}
}
