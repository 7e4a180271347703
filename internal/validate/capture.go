package validate

import (
	"bytes"
	"errors"
	"iter"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
)

// OfCapture is the payload of a capture.
func OfCapture(c *hook.Capture) Payload {
	text, err := hook.ReadBody(c.Body)
	return Payload{Path: string(c.ID), Text: text, Capture: c, Trouble: err}
}

// OfCaptures are the payloads of captures. One that cannot be read is a trouble, known
// as path.
func OfCaptures(captures iter.Seq2[*hook.Capture, error], path string) iter.Seq[Payload] {
	return func(yield func(Payload) bool) {
		for c, err := range captures {
			p := Payload{Path: path, Trouble: err}
			if err == nil {
				p = OfCapture(c)
			}
			if !yield(p) {
				return
			}
		}
	}
}

// unwrap puts the body in the place of a capture that was exported as JSON, and what a
// receiver reads in the place of a compressed body.
func (p *Payload) unwrap() {
	if p.Trouble != nil {
		return
	}
	if p.Capture == nil && isCapture(p.Text) {
		c, err := archive.ParseCapture(p.Text)
		if err != nil {
			p.Text, p.Trouble = nil, errors.New("it is a capture of hookctl, but "+err.Error())
			return
		}
		if p.Text, p.Trouble = hook.ReadBody(c.Body); p.Trouble != nil {
			return
		}
		p.Capture, p.inside = c, true
	}
	if p.Capture != nil {
		p.Text, p.coded = inflate.Open(p.Capture.Header, p.Text)
	}
}

// isCapture reports whether text is the JSON of a capture, which begins with its id.
func isCapture(text []byte) bool {
	rest := text
	for _, part := range []string{"{", `"id"`, ":"} {
		var ok bool
		if rest, ok = bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(part)); !ok {
			return false
		}
	}
	rest, quoted := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"`+hook.CapturePrefix))
	if !quoted {
		return false
	}
	end := bytes.IndexByte(rest, '"')
	return end > 0 && hook.ID(hook.CapturePrefix+string(rest[:end])).Valid(hook.CapturePrefix) && bytes.Contains(rest, []byte(`"body_sha256"`))
}
