package render

import (
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/validate"
)

// A checkstyleReport writes the XML of Checkstyle 4.3, which many viewers know: the
// findings of each file that has some.
type checkstyleReport struct {
	out     pieces
	options ReportOptions
	open    bool
	path    string // of the file whose element is open
}

func newCheckstyleReport(w io.Writer, o ReportOptions) *checkstyleReport {
	c := &checkstyleReport{out: pieces{to: w}, options: o}
	c.out.WriteString(xmlStart + "<checkstyle version=\"4.3\">\n")
	return c
}

// xmlStart begins every document.
const xmlStart = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (c *checkstyleReport) Report(r *validate.Report) error {
	found := c.options.findings(r)
	if len(found) > 0 && (!c.open || c.path != r.Path) {
		c.endFile()
		c.open, c.path = true, r.Path
		c.out.WriteString("  <file name=\"" + xmlText(fold(inert(r.Path), maxMessage)) + "\">\n")
	}
	for i := range found {
		c.finding(r, &found[i])
	}
	return c.out.send()
}

func (c *checkstyleReport) finding(r *validate.Report, f *finding) {
	column := ""
	if f.column > 0 {
		column = ` column="` + strconv.Itoa(f.column) + `"`
	}
	severity := annotation(f.level)
	if f.level == levelNote {
		severity = "info"
	}
	c.out.WriteString(`    <error line="` + strconv.Itoa(max(1, f.line)) + `"` + column + ` severity="` + severity +
		`" message="` + xmlText(joined(eventName(r), f.text())) + `" source="` + xmlText("hookctl."+f.kind) + "\"/>\n")
}

func (c *checkstyleReport) endFile() {
	if c.open {
		c.out.WriteString("  </file>\n")
	}
}

func (c *checkstyleReport) Close(validate.Total) error {
	c.endFile()
	c.out.WriteString("</checkstyle>\n")
	return c.out.send()
}
