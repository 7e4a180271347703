package render_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

type codeQuality struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

func codeQualityOf(t *testing.T, text string) []codeQuality {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	var issues []codeQuality
	if err := dec.Decode(&issues); err != nil || issues == nil || dec.More() {
		t.Fatalf("%v in\n%s", err, text)
	}
	return issues
}

func TestGitLabReportCannotBeForged(t *testing.T) {
	issues := codeQualityOf(t, reported(t, "gitlab", append(ordinary(), hostile()...)))
	if got, want := len(issues), 32+9; got != want {
		t.Errorf("%d issues, want %d", got, want)
	}
	severities := []string{"info", "minor", "major", "critical"}
	seen := map[string]bool{}
	for _, issue := range issues {
		wantSafe(t, issue.Description, "")
		if issue.Location.Lines.Begin < 1 || !slices.Contains(severities, issue.Severity) || issue.CheckName == "" || seen[issue.Fingerprint] {
			t.Errorf("got %+v", issue)
		}
		seen[issue.Fingerprint] = true
	}
}

func TestGitLabReportNamesFilesFromTheRepository(t *testing.T) {
	issues := codeQualityOf(t, reported(t, "gitlab", []*validate.Report{orderReport("./a/é.json", hook.NoSchema)}))
	if got := issues[0].Location.Path; got != "a/é.json" {
		t.Errorf("got %q", got)
	}
}

func TestGitLabReportLocatesFiles(t *testing.T) {
	reports := []*validate.Report{orderReport("../a.json", hook.NoSchema)}
	there := func(o *render.ReportOptions) { o.Locate = func(*validate.Report) string { return "svc/a.json" } }
	issues := codeQualityOf(t, reported(t, "gitlab", reports, there))
	if got := issues[0].Location.Path; got != "svc/a.json" {
		t.Errorf("got %q", got)
	}
	reports[0].Path = "svc/a.json"
	if here := codeQualityOf(t, reported(t, "gitlab", reports)); issues[0].Fingerprint != here[0].Fingerprint {
		t.Error("the fingerprint depends on the working folder")
	}
	if got := codeQualityOf(t, reported(t, "gitlab", reports, nowhere))[0].Location.Path; got != "svc/a.json" {
		t.Errorf("an issue in no file: got %q, want the payload's name", got)
	}
}

func TestGitLabReportOfNothingIsAnArray(t *testing.T) {
	if got := reported(t, "gitlab", []*validate.Report{orderReport("a.json", hook.Valid)}); got != "[]\n" {
		t.Errorf("got %q", got)
	}
}
