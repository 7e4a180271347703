package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/validate"
)

// A Reporter writes what validate found, in one format and as it is found: what it
// keeps in memory does not grow with the number of payloads.
type Reporter interface {
	// Report writes of one payload. Payloads of one file come in a row.
	Report(*validate.Report) error
	// Close ends the document, so that it is whole also where the run was cut short. It
	// is called once, after all reports, and leaves the writer open.
	Close(validate.Total) error
}

// ReportOptions say how a Reporter writes.
type ReportOptions struct {
	// Options are those of the text, which shows what passed only if Verbose.
	Options
	// FailOn tells which faults of a payload that failed are errors, and which only
	// came along.
	FailOn validate.FailOn
	// Locate, where there is one, tells where those find the file of a payload who look
	// from the repository on: with forward slashes, absolute where it is elsewhere; "" for
	// what is in no file. Paths are taken as they are without.
	Locate func(*validate.Report) string
	// Version is that of hookctl.
	Version string
	// Notice, where there is one, is told at the end what the reader of the format will
	// not be shown.
	Notice func(text string)
}

// notice tells of something, where somebody listens.
func (o *ReportOptions) notice(format string, args ...any) {
	if o.Notice != nil {
		o.Notice(fmt.Sprintf(format, args...))
	}
}

// located is the file of a payload as Locate tells it.
func (o *ReportOptions) located(r *validate.Report) string {
	if o.Locate == nil {
		return strings.TrimPrefix(r.Path, "./")
	}
	return o.Locate(r)
}

// ReportFormats are the names of all formats.
func ReportFormats() []string {
	return []string{"text", "json", "github", "sarif", "junit", "gitlab", "tap", "checkstyle"}
}

// NewReporter returns a Reporter of the named format. What it writes of one payload it
// hands to w at once.
func NewReporter(format string, w io.Writer, o ReportOptions) (Reporter, error) {
	switch format {
	case "text":
		return newTextReport(w, o), nil
	case "json":
		return newJSONReport(w), nil
	case "github":
		return newGitHubReport(w, o), nil
	case "sarif":
		return newSARIFReport(w, o), nil
	case "junit":
		return newJUnitReport(w, o), nil
	case "gitlab":
		return newGitLabReport(w, o), nil
	case "tap":
		return newTAPReport(w, o), nil
	case "checkstyle":
		return newCheckstyleReport(w, o), nil
	}
	return nil, fmt.Errorf("format: want %s, got %q", strings.Join(ReportFormats(), ", "), format)
}

// pieces collect what there is to write, so that it is written at once.
type pieces struct {
	bytes.Buffer
	to io.Writer
}

// send writes what was collected.
func (p *pieces) send() error {
	_, err := p.WriteTo(p.to)
	return err
}
