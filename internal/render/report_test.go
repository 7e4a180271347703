package render_test

import (
	"errors"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

func TestReportGolden(t *testing.T) {
	for name, tc := range map[string]struct {
		format string
		change func(*render.ReportOptions)
	}{
		"text.txt":         {"text", func(*render.ReportOptions) {}},
		"text.color.txt":   {"text", func(o *render.ReportOptions) { o.Color, o.Verbose = true, true }},
		"text.narrow.txt":  {"text", func(o *render.ReportOptions) { o.Width = 50 }},
		"text.verbose.txt": {"text", func(o *render.ReportOptions) { o.Verbose = true }},
		"json.ndjson":      {"json", func(*render.ReportOptions) {}},
		"github.txt":       {"github", func(*render.ReportOptions) {}},
		"sarif.json":       {"sarif", func(*render.ReportOptions) {}},
		"junit.xml":        {"junit", func(*render.ReportOptions) {}},
		"gitlab.json":      {"gitlab", func(*render.ReportOptions) {}},
		"tap.txt":          {"tap", func(*render.ReportOptions) {}},
		"checkstyle.xml":   {"checkstyle", func(*render.ReportOptions) {}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("..", "..", "testdata", "golden", "render", "report."+name)
			wantGolden(t, file, reported(t, tc.format, ordinary(), tc.change))
		})
	}
}

// Whatever a payload is called and has in it, no report acts on a terminal or on the
// runner that reads it.
func TestReportsAreInert(t *testing.T) {
	commands := regexp.MustCompile(`##[a-z]*\[`)
	for _, format := range render.ReportFormats() {
		for _, color := range []bool{false, true} {
			text := reported(t, format, hostile(), func(o *render.ReportOptions) { o.Color, o.Verbose = color, true })
			if color {
				text = regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "")
			}
			wantSafe(t, text, "\n")
			if found := commands.FindString(text); found != "" {
				t.Errorf("%s: a runner takes %q for a command", format, found)
			}
			for line := range strings.Lines(text) {
				if format != "github" && strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
					t.Errorf("%s: a runner takes this for a command: %s", format, line)
				}
			}
		}
	}
}

// The same reports give the same bytes, and a run without payloads a whole document.
func TestReportsAreDeterministic(t *testing.T) {
	for _, format := range render.ReportFormats() {
		first := reported(t, format, append(ordinary(), hostile()...))
		for range 5 {
			if reported(t, format, append(ordinary(), hostile()...)) != first {
				t.Errorf("%s: another output for the same reports", format)
			}
		}
	}
}

func TestUnknownFormatIsRefused(t *testing.T) {
	_, err := render.NewReporter("xml", io.Discard, render.ReportOptions{})
	if err == nil || !strings.Contains(err.Error(), "checkstyle") || !strings.Contains(err.Error(), `"xml"`) {
		t.Errorf("got %v", err)
	}
}

func TestReportersTellWhenWritingFails(t *testing.T) {
	for _, format := range render.ReportFormats() {
		reporter, err := render.NewReporter(format, &failing{}, render.ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range ordinary() {
			err = errors.Join(err, reporter.Report(r))
		}
		if err = errors.Join(err, reporter.Close(validate.Total{})); format != "json" && !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: got %v", format, err)
		}
	}
}

// What is written of one payload is written at once, so that it can be shown at once.
func TestReportsAreWrittenPayloadByPayload(t *testing.T) {
	for _, format := range []string{"text", "json", "github", "sarif", "gitlab", "tap", "checkstyle"} {
		w := &counting{}
		reporter, err := render.NewReporter(format, w, render.ReportOptions{Options: render.Options{Verbose: true}})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range ordinary() {
			if err := reporter.Report(r); err != nil {
				t.Fatal(err)
			}
			if w.calls > i+1 {
				t.Errorf("%s: %d writes for %d payloads", format, w.calls, i+1)
			}
		}
	}
}

type counting struct{ calls int }

func (c *counting) Write(p []byte) (int, error) {
	c.calls++
	return len(p), nil
}
