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
	at, message := "", f.text()
	if file := g.options.located(r); file != "" {
		at = "file=" + githubProperty(fold(inert(file), maxMessage)) + githubLines(f) + ","
	} else {
		message = joined(place(r, f), message)
	}
	if f.rule != "" {
		message += "\n" + f.rule
	}
	g.out.WriteString("::" + annotation(f.level) + " " + at + "title=" + githubProperty(joined(eventName(r), f.kind)) +
		"::" + githubData(message) + "\n")
}

// githubLines are the properties that say where in its file a finding is.
func githubLines(f *finding) string {
	line := strconv.Itoa(max(1, f.line))
	lines := ",line=" + line + ",endLine=" + line
	if f.column > 0 {
		lines += ",col=" + strconv.Itoa(f.column)
	}
	return lines
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
