package render

import (
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// A jsonReport writes one object on one line for each payload. Values are exact.
type jsonReport struct {
	w    io.Writer
	line []byte
}

func newJSONReport(w io.Writer) *jsonReport { return &jsonReport{w: w} }

func (j *jsonReport) Report(r *validate.Report) error {
	j.line = append(appendReport(j.line[:0], r), '\n')
	_, err := j.w.Write(j.line)
	return err
}

// Close writes nothing: each line is whole.
func (j *jsonReport) Close(validate.Total) error { return nil }

// appendReport writes by hand what is written once for each of very many payloads. The
// lines of errors are those of the file, or of the body of a request in it; offsets are
// from the beginning of the payload.
func appendReport(b []byte, r *validate.Report) []byte {
	v := &r.Validation
	outcome, reason := string(v.Outcome), v.Reason
	if r.Trouble != nil {
		outcome, reason = kindUnreadable, r.Trouble.Error()
	}
	b = appendString(append(b, `{"path":`...), r.Path)
	b = appendCount(b, `,"line":`, r.Line)
	b = appendCount(b, `,"entry":`, r.Entry)
	b = appendString(append(b, `,"provider":`...), r.Provider)
	b = appendString(append(b, `,"event":`...), r.Event)
	b = appendString(append(b, `,"outcome":`...), outcome)
	b = appendString(append(b, `,"schema":`...), v.Schema)
	b = strconv.AppendBool(append(b, `,"ok":`...), !r.Failed && r.Trouble == nil)
	if r.MustFail {
		b = append(b, `,"must_fail":true`...)
	}
	if reason != "" {
		b = appendString(append(b, `,"reason":`...), reason)
	}
	if v.Fits != "" {
		b = appendString(append(b, `,"fits":`...), v.Fits)
	}
	b = append(b, `,"errors":[`...)
	for i := range v.Faults {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFault(b, r, &v.Faults[i])
	}
	b = append(b, ']')
	return append(appendCount(b, `,"more":`, v.More), '}')
}

func appendFault(b []byte, r *validate.Report, f *hook.Fault) []byte {
	line := f.Line
	if r.Line > 0 && !r.Inside {
		line, _ = position(r, f)
	}
	b = appendString(append(b, `{"kind":`...), f.Kind)
	b = appendString(append(b, `,"class":`...), string(f.Class))
	b = appendString(append(b, `,"pointer":`...), f.Pointer)
	b = appendString(append(b, `,"rule":`...), f.Rule)
	b = appendString(append(b, `,"message":`...), f.Message)
	b = strconv.AppendInt(append(b, `,"line":`...), int64(line), 10)
	b = strconv.AppendInt(append(b, `,"column":`...), int64(f.Column), 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), int64(f.Offset), 10)
	return append(b, '}')
}

// appendCount writes a member, unless it is 0.
func appendCount(b []byte, name string, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, name...), int64(n), 10)
}

// appendString writes s as a string of JSON, in which no runner finds a command.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '#' {
			text, err := reportJSON(s)
			if err != nil { // a string is always JSON
				return append(b, `""`...)
			}
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
