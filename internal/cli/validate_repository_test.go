package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/validate"
)

// CI services look for files from the repository on, wherever in it hookctl runs.
func TestFilesAreToldFromTheRepository(t *testing.T) {
	for name, tc := range map[string]struct {
		git       string // folders with .git
		dir       string
		workspace string
		file      string
		want      string
	}{
		"in the root":                         {".", ".", "", "svc/a.json", "svc/a.json"},
		"in a folder of it":                   {".", "svc", "", "svc/a.json", "svc/a.json"},
		"beside the working folder":           {".", "other", "", "svc/a.json", "svc/a.json"},
		"in a repository in another":          {". svc", "svc", "", "svc/a.json", "a.json"},
		"in a submodule of the workspace":     {". svc", "svc", ".", "svc/a.json", "svc/a.json"},
		"checked out below the workspace":     {"svc", "svc/in", ".", "svc/in/a.json", "in/a.json"},
		"in a workspace without git":          {"", "svc", ".", "svc/a.json", "svc/a.json"},
		"not where the workspace is":          {"svc", "svc/in", "other", "svc/in/a.json", "in/a.json"},
		"where there is no repository":        {"", "svc", "", "svc/a.json", "a.json"},
		"outside":                             {"svc", "svc", "", "other/a.json", "/other/a.json"},
		"called like what is above":           {"svc", "svc", "", "svc/..a.json", "..a.json"},
		"what is in no file, as on stdin":     {".", "svc", "", "", ""},
		"a workspace that is reached by link": {".", "svc", "link", "svc/a.json", "svc/a.json"},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			for _, folder := range []string{"svc/in", "other"} {
				if err := os.MkdirAll(filepath.Join(top, folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(top, filepath.Join(top, "link")); err != nil {
				t.Skip(err)
			}
			for _, folder := range strings.Fields(tc.git) {
				if err := os.WriteFile(filepath.Join(top, folder, ".git"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			a := &app{world: &World{Dir: filepath.Join(top, tc.dir), LookupEnv: func(name string) (string, bool) {
				return filepath.Join(top, tc.workspace), name == "GITHUB_WORKSPACE" && tc.workspace != ""
			}}}
			report := &validate.Report{Path: "-"}
			if tc.file != "" {
				report.File = filepath.Join(top, tc.file)
			}
			want := tc.want
			if filepath.IsAbs(want) {
				want = filepath.ToSlash(top) + want
			}
			if got := a.locator()(report); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
