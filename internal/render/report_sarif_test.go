package render_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// A sarifLog is what readers of SARIF look at.
type sarifLog struct {
	Version string
	Runs    []struct {
		ColumnKind string
		Tool       struct {
			Driver struct {
				Name, Version string
				Rules         []struct{ ID string }
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           struct{ StartLine, StartColumn int }
				}
			}
			PartialFingerprints map[string]string
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct{ Message struct{ Text string } }
		}
	}
}

func sarifOf(t *testing.T, text string) *sarifLog {
	t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || len(log.Runs[0].Invocations) != 1 {
		t.Fatalf("got\n%s", text)
	}
	return &log
}

func TestSARIFReportCannotBeForged(t *testing.T) {
	log := sarifOf(t, reported(t, "sarif", append(ordinary(), hostile()...)))
	run := log.Runs[0]
	if got, want := len(run.Results), 32+9; got != want {
		t.Errorf("%d results, want %d", got, want)
	}
	for _, r := range run.Results {
		if r.RuleIndex >= len(run.Tool.Driver.Rules) || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		wantSafe(t, r.Message.Text, "")
		if strings.Contains(r.Message.Text, "](") {
			t.Errorf("%q has a link", r.Message.Text)
		}
		at := r.Locations[0].PhysicalLocation
		if at.Region.StartLine < 1 || !regexp.MustCompile(`^[A-Za-z0-9._~/%-]+$`).MatchString(at.ArtifactLocation.URI) {
			t.Errorf("at %+v", at)
		}
	}
}

// Code scanning refuses a log of which one result has no place.
func TestSARIFReportOfWhatIsInNoFile(t *testing.T) {
	log := sarifOf(t, reported(t, "sarif", []*validate.Report{orderReport("-", hook.NoSchema)}, nowhere))
	at := log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation
	if at.URI != "-" || at.URIBaseID != "" {
		t.Errorf("got %+v, want the payload's name, which is in no repository", at)
	}
}

func TestSARIFReportNamesFilesExactly(t *testing.T) {
	for path, want := range map[string]string{
		"a/b c.json":      "a/b%20c.json",
		"./a.json":        "a.json",
		"../a.json":       "../a.json",
		"a:b#?%.json":     "a%3Ab%23%3F%25.json",
		"日/\xff\x1b.json": "%E6%97%A5/%FF%1B.json",
		"/tmp/a b.json":   "file:///tmp/a%20b.json",
		"C:/a b.json":     "file:///C:/a%20b.json",
		"-":               "-",
	} {
		log := sarifOf(t, reported(t, "sarif", []*validate.Report{orderReport(path, hook.NoSchema)}))
		at := log.Runs[0].Results[0].Locations[0].PhysicalLocation.ArtifactLocation
		if at.URI != want {
			t.Errorf("%q: got %s, want %s", path, at.URI, want)
		}
		u, err := url.Parse(at.URI)
		if err != nil || u.IsAbs() == (at.URIBaseID != "") {
			t.Errorf("%q: base %q, %v", path, at.URIBaseID, err)
		}
	}
}

// fingerprints are those of the results for reports.
func fingerprints(t *testing.T, reports ...*validate.Report) []string {
	t.Helper()
	var list []string
	for _, r := range sarifOf(t, reported(t, "sarif", reports)).Runs[0].Results {
		list = append(list, r.PartialFingerprints["hookctlFinding/v1"])
	}
	return list
}

// A finding is known again where lines above it were added, and told from all others.
func TestFingerprintsAreStableAndUnique(t *testing.T) {
	moved := ordinary()
	for _, r := range moved {
		if r.Line > 0 {
			r.Line += 5
		}
		for i := range r.Validation.Faults {
			r.Validation.Faults[i].Line += 3
			r.Validation.Faults[i].Offset += 30
		}
	}
	before, after := fingerprints(t, ordinary()...), fingerprints(t, moved...)
	seen := map[string]bool{}
	for i := range before {
		if before[i] != after[i] || before[i] == "" {
			t.Errorf("result %d: %s before, %s after", i, before[i], after[i])
		}
		if seen[before[i]] {
			t.Errorf("result %d has the fingerprint of another", i)
		}
		seen[before[i]] = true
	}
	fault := hook.Fault{Kind: "duplicate_key", Class: hook.ClassDoubt, Pointer: "/id", Message: "again"}
	if marks := fingerprints(t, orderReport("a.json", hook.Valid, faulty("{}", false, fault, fault))); marks[0] == marks[1] {
		t.Error("two findings that are alike have one fingerprint")
	}
}

// Code scanning refuses more than 25,000 results; what is left out is told.
func TestSARIFReportLeavesOutAndTells(t *testing.T) {
	var b bytes.Buffer
	var told []string
	reporter, err := render.NewReporter("sarif", &b, render.ReportOptions{Notice: func(text string) { told = append(told, text) }})
	if err != nil {
		t.Fatal(err)
	}
	r := orderReport("a.json", hook.Invalid, faulty("{}", true, many(7)...))
	for range 3600 {
		if err := reporter.Report(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := reporter.Close(validate.Total{}); err != nil {
		t.Fatal(err)
	}
	run := sarifOf(t, b.String()).Runs[0]
	notes := run.Invocations[0].ToolExecutionNotifications
	if len(run.Results) != 25_000 || len(notes) != 1 || !strings.HasPrefix(notes[0].Message.Text, "200 findings left out") || len(told) != 1 {
		t.Errorf("%d results, notes %v, told %q", len(run.Results), notes, told)
	}
}

func TestSARIFReportSaysWhetherTheRunSucceeded(t *testing.T) {
	for want, total := range map[bool]validate.Total{true: {Failed: 1}, false: {Interrupted: true}} {
		var b bytes.Buffer
		reporter, err := render.NewReporter("sarif", &b, render.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := reporter.Close(total); err != nil {
			t.Fatal(err)
		}
		run := sarifOf(t, b.String()).Runs[0]
		if got := run.Invocations[0].ExecutionSuccessful; got != want || run.Results == nil || run.Tool.Driver.Rules == nil {
			t.Errorf("got %v in\n%s", got, b.String())
		}
	}
}
