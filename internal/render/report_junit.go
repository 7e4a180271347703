package render

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// A jUnitReport writes JUnit XML: a suite for each file, a case for each payload. The
// counts of both come before what they count, so cases are spooled until their suite is
// whole, and suites until the document is.
type jUnitReport struct {
	w             io.Writer
	options       ReportOptions
	path          string
	cases, suites spool
	suite, all    jUnitCounts
}

type jUnitCounts struct {
	tests, failures, errors, skipped int
	time                             time.Duration
}

func (c *jUnitCounts) add(other jUnitCounts) {
	c.tests += other.tests
	c.failures += other.failures
	c.errors += other.errors
	c.skipped += other.skipped
	c.time += other.time
}

func newJUnitReport(w io.Writer, o ReportOptions) *jUnitReport {
	return &jUnitReport{w: w, options: o}
}

func (j *jUnitReport) Report(r *validate.Report) error {
	if j.suite.tests > 0 && j.path != r.Path {
		if err := j.endSuite(); err != nil {
			return err
		}
	}
	j.path = r.Path
	body, kind := j.result(r)
	j.suite.add(kind)
	_, err := j.cases.WriteString("    <testcase name=\"" + xmlText(payloadName(r)) + "\" classname=\"" + xmlText(jUnitClass(r)) +
		"\" time=\"" + seconds(r.Elapsed) + "\"" + body + "\n")
	return err
}

// jUnitClass is what cases are grouped by, besides the file.
func jUnitClass(r *validate.Report) string {
	if event := eventName(r); event != "" {
		return event
	}
	return "payload"
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }

// result is the rest of a case, and what it adds to the counts.
func (j *jUnitReport) result(r *validate.Report) (string, jUnitCounts) {
	count := jUnitCounts{tests: 1, time: r.Elapsed}
	found := j.options.findings(r)
	switch {
	case len(found) == 0:
		return "/>", count
	case r.Trouble != nil:
		count.errors = 1
		return jUnitTrouble("error", r, found), count
	case r.Failed:
		count.failures = 1
		return jUnitTrouble("failure", r, found), count
	case r.Validation.Outcome == hook.NoSchema:
		count.skipped = 1
		return ">\n      <skipped>" + xmlText(found[0].text()) + "</skipped>" + jUnitOut(r, found[1:]), count
	}
	return ">" + jUnitOut(r, found), count
}

// jUnitOut are the findings of a case that does not fail, and its end.
func jUnitOut(r *validate.Report, found []finding) string {
	if len(found) == 0 {
		return "\n    </testcase>"
	}
	return "\n      <system-out>" + jUnitLines(r, found) + "</system-out>\n    </testcase>"
}

func jUnitTrouble(element string, r *validate.Report, found []finding) string {
	first := &found[0]
	for i := range found {
		if found[i].level > first.level {
			first = &found[i]
		}
	}
	message := first.text()
	if more := len(found) - 1 + max(0, r.Validation.More-1); more > 0 {
		message += " (and " + strconv.Itoa(more) + " more)"
	}
	return ">\n      <" + element + " message=\"" + xmlText(message) + "\" type=\"" + xmlText(first.kind) + "\">" +
		jUnitLines(r, found) + "</" + element + ">\n    </testcase>"
}

// jUnitLines are all findings, one to a line, below each the rule that it is about.
func jUnitLines(r *validate.Report, found []finding) string {
	var b strings.Builder
	for i := range found {
		f := &found[i]
		word := ""
		if f.level != levelError {
			word = sarifLevel(f.level) + ": "
		}
		b.WriteString(xmlText(place(r, f)+": "+word+f.text()) + "\n")
		if f.rule != "" {
			b.WriteString(xmlText("    "+f.kind+"  "+f.rule) + "\n")
		}
	}
	return b.String()
}

func (j *jUnitReport) endSuite() error {
	path := fold(inert(j.path), maxMessage)
	if _, err := fmt.Fprintf(&j.suites, "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%s\">\n",
		xmlText(path), j.suite.tests, j.suite.failures, j.suite.errors, j.suite.skipped, seconds(j.suite.time)); err != nil {
		return err
	}
	j.all.add(j.suite)
	j.suite = jUnitCounts{}
	if err := j.cases.moveTo(&j.suites); err != nil {
		return err
	}
	_, err := j.suites.WriteString("  </testsuite>\n")
	return err
}

// Close writes the document, and removes what it was spooled to.
func (j *jUnitReport) Close(t validate.Total) error {
	return errors.Join(j.finish(t), j.cases.Close(), j.suites.Close())
}

func (j *jUnitReport) finish(t validate.Total) error {
	if j.suite.tests > 0 {
		if err := j.endSuite(); err != nil {
			return err
		}
	}
	name := "hookctl validate"
	if t.Interrupted {
		name += " (interrupted)"
	}
	w := bufio.NewWriter(j.w)
	fmt.Fprintf(w, xmlStart+"<testsuites name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"%d\" time=\"%s\">\n",
		name, j.all.tests, j.all.failures, j.all.errors, seconds(j.all.time))
	if err := j.suites.moveTo(w); err != nil {
		return err
	}
	w.WriteString("</testsuites>\n")
	return w.Flush()
}
