package render_test

import (
	"encoding/xml"
	"testing"

	"github.com/hookctl/hookctl/internal/validate"
)

type checkstyle struct {
	XMLName xml.Name `xml:"checkstyle"`
	Version string   `xml:"version,attr"`
	Files   []struct {
		Name   string `xml:"name,attr"`
		Errors []struct {
			Line     int        `xml:"line,attr"`
			Column   int        `xml:"column,attr"`
			Severity string     `xml:"severity,attr"`
			Message  string     `xml:"message,attr"`
			Source   string     `xml:"source,attr"`
			Other    []xml.Name `xml:",any"`
		} `xml:"error"`
		Other []xml.Name `xml:",any"`
	} `xml:"file"`
	Other []xml.Name `xml:",any"`
}

func TestCheckstyleReportCannotBeForged(t *testing.T) {
	for name, tc := range map[string]struct {
		reports       []*validate.Report
		files, errors int
	}{
		"ordinary": {ordinary(), 14, 32},
		"hostile":  {hostile(), 8, 9},
		"nothing":  {nil, 0, 0},
	} {
		var report checkstyle
		text := reported(t, "checkstyle", tc.reports)
		if err := xml.Unmarshal([]byte(text), &report); err != nil {
			t.Fatalf("%s: %v in\n%s", name, err, text)
		}
		errors := 0
		for _, file := range report.Files {
			wantSafe(t, file.Name, "")
			for _, e := range file.Errors {
				errors++
				wantSafe(t, e.Message+e.Source, "")
				if e.Line < 1 || e.Severity == "" || len(e.Other)+len(file.Other) > 0 {
					t.Errorf("%s: got %+v", name, e)
				}
			}
		}
		if report.Version != "4.3" || len(report.Files) != tc.files || errors != tc.errors || len(report.Other) > 0 {
			t.Errorf("%s: %d files with %d errors in\n%s", name, len(report.Files), errors, text)
		}
	}
}
