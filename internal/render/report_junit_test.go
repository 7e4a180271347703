package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

type jUnit struct {
	XMLName xml.Name `xml:"testsuites"`
	jUnitCounts
	Suites []struct {
		Name string `xml:"name,attr"`
		jUnitCounts
		Cases []struct {
			Name    string     `xml:"name,attr"`
			Class   string     `xml:"classname,attr"`
			Time    string     `xml:"time,attr"`
			Failure []jUnitBad `xml:"failure"`
			Error   []jUnitBad `xml:"error"`
			Skipped []string   `xml:"skipped"`
			Out     []string   `xml:"system-out"`
			Other   []xml.Name `xml:",any"`
		} `xml:"testcase"`
		Other []xml.Name `xml:",any"`
	} `xml:"testsuite"`
	Other []xml.Name `xml:",any"`
}

type jUnitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type jUnitBad struct {
	Message string     `xml:"message,attr"`
	Type    string     `xml:"type,attr"`
	Text    string     `xml:",chardata"`
	Other   []xml.Name `xml:",any"`
}

// jUnitOf reads a report and counts anew what it says that it has.
func jUnitOf(t *testing.T, text string) *jUnit {
	t.Helper()
	var report jUnit
	if err := xml.Unmarshal([]byte(text), &report); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var all jUnitCounts
	for _, suite := range report.Suites {
		var counts jUnitCounts
		for _, c := range suite.Cases {
			counts.Tests++
			counts.Failures += len(c.Failure)
			counts.Errors += len(c.Error)
			counts.Skipped += len(c.Skipped)
			if _, err := strconv.ParseFloat(c.Time, 64); err != nil || len(c.Other) > 0 || c.Class == "" {
				t.Errorf("case %+v", c)
			}
		}
		if diff := cmp.Diff(counts, suite.jUnitCounts); diff != "" || len(suite.Other) > 0 {
			t.Errorf("suite %s (-counted +said):\n%s", suite.Name, diff)
		}
		all.Tests += counts.Tests
		all.Failures += counts.Failures
		all.Errors += counts.Errors
	}
	if diff := cmp.Diff(all, report.jUnitCounts); diff != "" || len(report.Other) > 0 {
		t.Errorf("all (-counted +said):\n%s", diff)
	}
	return &report
}

func TestJUnitReportCannotBeForged(t *testing.T) {
	for name, reports := range map[string][]*validate.Report{"ordinary": ordinary(), "hostile": hostile()} {
		report := jUnitOf(t, reported(t, "junit", reports))
		total := totalOf(reports)
		if want := (jUnitCounts{Tests: len(reports), Failures: total.Failed, Errors: total.Trouble}); report.jUnitCounts != want {
			t.Errorf("%s: got %+v, want %+v", name, report.jUnitCounts, want)
		}
		for _, suite := range report.Suites {
			wantSafe(t, suite.Name, "")
			for _, c := range suite.Cases {
				for _, bad := range append(c.Failure, c.Error...) {
					wantSafe(t, c.Name+c.Class+bad.Message+bad.Type, "")
					wantSafe(t, bad.Text, "\n")
					if len(bad.Other) > 0 {
						t.Errorf("elements %v in a failure", bad.Other)
					}
				}
			}
		}
	}
}

// reportLines hands a reporter files with so many lines each.
func reportLines(reporter render.Reporter, files ...int) error {
	missing := at(`{"id":1}`, "{", "required", hook.ClassMissing, "", "the property total is not there")
	for file, lines := range files {
		for line := range lines {
			r := orderReport(strconv.Itoa(file)+".ndjson", hook.Invalid, faulty(`{"id":1}`, true, missing))
			r.Line = line + 1
			if err := reporter.Report(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func newJUnit(t *testing.T, w io.Writer) render.Reporter {
	t.Helper()
	reporter, err := render.NewReporter("junit", w, render.ReportOptions{FailOn: validate.FailMissing})
	if err != nil {
		t.Fatal(err)
	}
	return reporter
}

// Lines of one file are one suite, however many they are, and leave nothing behind.
func TestJUnitReportOfManyLines(t *testing.T) {
	dir := temporary(t, t.TempDir())
	var b bytes.Buffer
	reporter := newJUnit(t, &b)
	if err := errors.Join(reportLines(reporter, 3, 20_000, 2, 15_000, 1), reporter.Close(validate.Total{})); err != nil {
		t.Fatal(err)
	}
	report := jUnitOf(t, b.String())
	if len(report.Suites) != 5 || report.Tests != 35_006 || report.Suites[3].Cases[14_999].Name != "3.ndjson:15000" {
		t.Errorf("%d suites, %d tests", len(report.Suites), report.Tests)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What is large goes to a file, so that memory stays bounded: without a place for one a
// small report succeeds and a large one does not.
func TestJUnitReportSpoolsWhatIsLarge(t *testing.T) {
	temporary(t, filepath.Join(t.TempDir(), "nowhere"))
	small := newJUnit(t, io.Discard)
	if err := errors.Join(reportLines(small, 100), small.Close(validate.Total{})); err != nil {
		t.Error(err)
	}
	large := newJUnit(t, io.Discard)
	if err := errors.Join(reportLines(large, 20_000), large.Close(validate.Total{})); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// temporary makes dir the folder for temporary files.
func temporary(t *testing.T, dir string) string {
	t.Helper()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	return dir
}
