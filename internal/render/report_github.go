package render

import (
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/validate"
)

// shownAnnotations is how many annotations of each level GitHub shows of one step.
const shownAnnotations = 10

// A gitHubReport writes workflow commands, from which GitHub Actions makes annotations.
type gitHubReport struct {
	out     pieces
	options ReportOptions
	written [levelError + 1]int // of each level
}

func newGitHubReport(w io.Writer, o ReportOptions) *gitHubReport {
	return &gitHubReport{out: pieces{to: w}, options: o}
}

func (g *gitHubReport) Report(r *validate.Report) error {
	found := g.options.findings(r)
	for i := range found {
		g.annotate(r, &found[i])
	}
	return g.out.send()
}

func (g *gitHubReport) annotate(r *validate.Report, f *finding) {
	g.written[f.level]++
	line, column := strconv.Itoa(max(1, f.line)), ""
	if f.column > 0 {
		column = ",col=" + strconv.Itoa(f.column)
	}
	message := f.text()
	if f.rule != "" {
		message += "\n" + f.rule
	}
	g.out.WriteString("::" + annotation(f.level) + " file=" + githubProperty(fold(inert(r.Path), maxMessage)) +
		",line=" + line + ",endLine=" + line + column + ",title=" + githubProperty(joined(eventName(r), f.kind)) +
		"::" + githubData(message) + "\n")
}

func annotation(l level) string {
	switch l {
	case levelError:
		return "error"
	case levelWarning:
		return "warning"
	}
	return "notice"
}

// Close says how many annotations there are where GitHub does not show all.
func (g *gitHubReport) Close(t validate.Total) error {
	for l, n := range g.written {
		if n > shownAnnotations {
			text := counted(n, annotation(level(l))) + ", of which GitHub shows " + strconv.Itoa(shownAnnotations) + " as annotations; the log has all"
			g.out.WriteString("::notice title=hookctl::" + githubData(text) + "\n")
			g.options.notice("%s", text)
		}
	}
	if t.Interrupted {
		g.out.WriteString("::warning title=hookctl::" + githubData(TotalLine(t)) + "\n")
	}
	return g.out.send()
}
