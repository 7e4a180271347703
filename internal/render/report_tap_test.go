package render_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A tapTest is a test of a TAP stream, with the directive and the YAML that it has.
type tapTest struct {
	ok             bool
	name, skip     string
	yaml           string
	skipped, total bool
}

// tapTests reads a stream line by line. Nothing but tests, their YAML, the version and
// the plan may be in it.
func tapTests(t *testing.T, text string) []tapTest {
	t.Helper()
	var tests []tapTest
	inside, planned := false, -1
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		test := regexp.MustCompile(`^(not )?ok (\d+) - (.*)$`).FindStringSubmatch(line)
		switch {
		case i == 0 && line == "TAP version 13":
		case inside && line == "  ...":
			inside = false
		case inside:
			last := &tests[len(tests)-1]
			last.yaml += line + "\n"
		case line == "  ---" && len(tests) > 0:
			inside = true
		case test != nil && test[2] == strconv.Itoa(len(tests)+1):
			// Any # that is not escaped begins a directive, and to some readers any.
			at := regexp.MustCompile(`(?i)#\s*(skip|todo)`).FindStringIndex(test[3])
			one := tapTest{ok: test[1] == "", name: test[3]}
			if at != nil {
				one.name, one.skip, one.skipped = test[3][:at[0]], test[3][at[1]:], true
			}
			tests = append(tests, one)
		case strings.HasPrefix(line, "1.."):
			planned, _ = strconv.Atoi(line[3:])
		default:
			t.Errorf("line %d is nothing that TAP has: %q", i+1, line)
		}
	}
	if planned != len(tests) || inside {
		t.Errorf("%d tests, planned %d", len(tests), planned)
	}
	return tests
}

func TestTAPReportCannotBeForged(t *testing.T) {
	for name, reports := range map[string][]*validate.Report{"ordinary": ordinary(), "hostile": hostile()} {
		tests := tapTests(t, reported(t, "tap", reports))
		if len(tests) != len(reports) {
			t.Fatalf("%s: %d tests for %d payloads", name, len(tests), len(reports))
		}
		for i, test := range tests {
			r := reports[i]
			if test.ok == (r.Failed || r.Trouble != nil) || test.skipped != (r.Validation.Outcome == hook.NoSchema) {
				t.Errorf("%s: %+v", name, test)
			}
			if test.yaml == "" {
				continue
			}
			doc, err := yamldoc.Parse("tap", []byte(test.yaml))
			if err != nil {
				t.Fatalf("%s: %v in\n%s", name, err, test.yaml)
			}
			var read struct {
				Schema   string `yaml:"schema"`
				Findings []struct {
					Message  string `yaml:"message"`
					Severity string `yaml:"severity"`
					Kind     string `yaml:"kind"`
					At       string `yaml:"at"`
					Pointer  string `yaml:"pointer"`
					Rule     string `yaml:"rule"`
				} `yaml:"findings"`
			}
			if err := doc.Decode(&read); err != nil || len(read.Findings) < len(r.Validation.Faults) {
				t.Errorf("%s: %v: %d findings of %d in\n%s", name, err, len(read.Findings), len(r.Validation.Faults), test.yaml)
			}
		}
	}
}

func TestTAPReportEscapesNames(t *testing.T) {
	for path, want := range map[string]string{
		"issue#12.json": `issue\#12.json`,
		"a # b":         `a \# b`,
		"a # skip b":    `a \\x23 skip b`,
		"a #TODO":       `a \\x23TODO`,
		`a\b`:           `a\\b`,
	} {
		r := orderReport(path, hook.Valid, func(r *validate.Report) { r.Provider, r.Event = "", "" })
		if got := reported(t, "tap", []*validate.Report{r}); got != "TAP version 13\nok 1 - "+want+"\n1..1\n" {
			t.Errorf("%s: got %s", path, got)
		}
	}
}

func TestTAPReportEndsAsTheRunDoes(t *testing.T) {
	for want, total := range map[string]validate.Total{"Bail out! interrupted\n": {Interrupted: true}, "1..0 # SKIP no payloads\n": {}} {
		var b bytes.Buffer
		reporter, err := render.NewReporter("tap", &b, render.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := reporter.Close(total); err != nil || b.String() != "TAP version 13\n"+want {
			t.Errorf("got %q, %v", b.String(), err)
		}
	}
}
