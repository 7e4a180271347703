package render

import (
	"cmp"
	"io"

	"github.com/hookctl/hookctl/internal/validate"
)

// A gitLabReport writes a report of GitLab's code quality: an array of issues.
type gitLabReport struct {
	out     pieces
	options ReportOptions
	marks   fingerprints
	begun   bool
}

type gitLabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path  string `json:"path"`
	Lines struct {
		Begin int `json:"begin"`
	} `json:"lines"`
}

func newGitLabReport(w io.Writer, o ReportOptions) *gitLabReport {
	g := &gitLabReport{out: pieces{to: w}, options: o}
	g.out.WriteByte('[')
	return g
}

func (g *gitLabReport) Report(r *validate.Report) error {
	found := g.options.findings(r)
	for i := range found {
		if err := g.issue(r, &found[i]); err != nil {
			return err
		}
	}
	return g.out.send()
}

// issue writes a finding. One that is in no file is given its payload's name in the place
// of that: GitLab takes no report of which one issue is nowhere.
func (g *gitLabReport) issue(r *validate.Report, f *finding) error {
	file := cmp.Or(g.options.located(r), r.Path)
	issue := gitLabIssue{
		Description: joined(eventName(r), f.text()), CheckName: f.kind, Fingerprint: g.marks.of(file, f), Severity: gitLabSeverity(f),
		Location: gitLabLocation{Path: file},
	}
	issue.Location.Lines.Begin = max(1, f.line)
	text, err := reportJSON(issue)
	if err != nil {
		return err
	}
	if g.begun {
		g.out.WriteByte(',')
	}
	g.begun = true
	g.out.WriteByte('\n')
	g.out.Write(text)
	return nil
}

func gitLabSeverity(f *finding) string {
	switch {
	case f.kind == kindUnreadable:
		return "critical"
	case f.level == levelError:
		return "major"
	case f.level == levelWarning:
		return "minor"
	}
	return "info"
}

func (g *gitLabReport) Close(validate.Total) error {
	if g.begun {
		g.out.WriteByte('\n')
	}
	g.out.WriteString("]\n")
	return g.out.send()
}
