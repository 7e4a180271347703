package render

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"github.com/hookctl/hookctl/internal/hook"
)

// ShowOptions say how much of a capture or an attempt is shown.
type ShowOptions struct {
	// Reveal shows the values of sensitive headers.
	Reveal bool
}

// ShowCapture writes c in full: a summary, its head as it was sent, its body made
// readable, then what came of sending it on. It fails where the body cannot be
// read or the writer fails.
func (p *Printer) ShowCapture(c *hook.Capture, attempts []*hook.Attempt, o ShowOptions) error {
	body, err := readStart(c.Body)
	if err != nil {
		return fmt.Errorf("%s: reading the body: %w", c.ID, err)
	}
	var b bytes.Buffer
	p.writeFacts(&b, p.captureFacts(c, o))
	b.WriteByte('\n')
	p.writeHead(&b, c.Method+" "+c.Target+" "+c.Proto, c.Header, o)
	if len(c.Trailer) > 0 {
		writeLine(&b, p.paint(p.theme.faint, "(after the body)"))
		p.writeFields(&b, c.Trailer, o)
	}
	if c.Body != nil {
		p.writeBody(&b, c.Header, body, c.BodySize, "; --body writes all of it")
	}
	for _, a := range attempts {
		b.WriteByte('\n')
		p.writeAttempt(&b, a, o)
	}
	return p.write(b.Bytes())
}

// ShowAttempt writes a in full: a summary, then the answer it brought.
func (p *Printer) ShowAttempt(a *hook.Attempt, o ShowOptions) error {
	var b bytes.Buffer
	p.writeAttempt(&b, a, o)
	return p.write(b.Bytes())
}

// readStart is as much of a body as is ever shown.
func readStart(body hook.Body) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	r, err := body.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxView))
}

func (p *Printer) captureFacts(c *hook.Capture, o ShowOptions) []Fact {
	facts := []Fact{
		{"capture", string(c.ID)}, {"seq", sequence(c.Seq)}, {"received", p.instant(c.ReceivedAt)}, {"from", c.Remote},
		{"body", humanSize(c.BodySize) + ", sha256 " + hex.EncodeToString(c.BodySHA256[:])}, {"reply", replyInWords(c.Reply)},
	}
	facts = append(facts, identityFacts(c.Identity)...)
	facts = append(facts, validationFacts(c.Validation)...)
	if !c.HeadersExact {
		facts = append(facts, Fact{"headers", "not exact: names in canonical form, order not as sent (headers_exact: false)"})
	}
	return append(facts, maskedFact(o, c.Header, c.Trailer))
}

func (p *Printer) writeAttempt(b *bytes.Buffer, a *hook.Attempt, o ShowOptions) {
	facts := []Fact{
		{"attempt", string(a.ID)}, {"seq", sequence(a.Seq)}, {"capture", string(a.CaptureID)}, {"delivery", string(a.Delivery)}, {"run", string(a.Run)},
		{"try", sequence(int64(a.Try))}, {"endpoint", a.Endpoint}, {"provider", a.Provider}, {"event", a.Event}, {"started", p.instant(a.StartedAt)},
		{"trigger", a.Trigger}, {"request", a.Method + " " + a.URL}, {"result", resultInWords(a)},
	}
	if a.Acknowledged != nil {
		facts = append(facts, Fact{"verdict", verdictWord(*a.Acknowledged)})
	}
	if a.Reply != nil {
		facts = append(facts, Fact{"reply", replyInWords(a.Reply)})
	}
	if a.Status != 0 {
		facts = append(facts, Fact{"body", humanSize(a.ResponseSize)}, maskedFact(o, a.ResponseHeader))
	}
	p.writeFacts(b, facts)
	if a.Status == 0 {
		return
	}
	b.WriteByte('\n')
	p.writeHead(b, a.ResponseProto+" "+strconv.Itoa(a.Status), a.ResponseHeader, o)
	p.writeBody(b, a.ResponseHeader, a.ResponseBody, a.ResponseSize, "")
}

// writeHead writes a first line and the header lines below it.
func (p *Printer) writeHead(b *bytes.Buffer, first string, h hook.Header, o ShowOptions) {
	writeLine(b, p.paint(p.theme.strong, Safe(first)))
	p.writeFields(b, h, o)
}

func (p *Printer) writeFields(b *bytes.Buffer, h hook.Header, o ShowOptions) {
	if !o.Reveal {
		h = h.Mask()
	}
	for _, f := range h {
		writeLine(b, p.paint(p.theme.aside, Safe(f.Name)+":")+" "+Safe(f.Value))
	}
}

// writeBody writes what is to be seen of a body of size bytes, of which body is
// the beginning. hint says how to see the rest.
func (p *Printer) writeBody(b *bytes.Buffer, h hook.Header, body []byte, size int64, hint string) {
	if size == 0 {
		return
	}
	view := viewBody(h, body)
	b.WriteByte('\n')
	if view.note != "" {
		writeLine(b, p.paint(p.theme.faint, "("+view.note+")"))
	}
	if view.text != "" {
		b.WriteString(view.text + "\n")
	}
	if left := view.left + size - int64(len(body)); left > 0 {
		writeLine(b, p.paint(p.theme.faint, ellipsis+" "+humanSize(left)+" more"+hint))
	}
}

func maskedFact(o ShowOptions, headers ...hook.Header) Fact {
	n := 0
	for _, h := range headers {
		for _, f := range h {
			if hook.Sensitive(f.Name) && f.Value != "" {
				n++
			}
		}
	}
	if n == 0 || o.Reveal {
		return Fact{}
	}
	return Fact{"masked", counted(n, "header value") + "; --reveal shows what is hidden"}
}

func verdictWord(acknowledged bool) string {
	if acknowledged {
		return "acknowledged"
	}
	return "not acknowledged"
}

func resultInWords(a *hook.Attempt) string {
	result := whyFailed(a)
	if a.Status != 0 && a.Failure == hook.FailureLate {
		return result // which tells the status, and when it came
	}
	if a.Status != 0 {
		result = strconv.Itoa(a.Status)
		if a.Failure != "" {
			result += ", then " + whyFailed(a)
		}
	}
	return result + ", after " + humanLatency(a.Latency)
}

func replyInWords(r *hook.Reply) string {
	if r == nil {
		return "none"
	}
	words := howReplied(r) + ", after " + humanLatency(r.Latency)
	if r.Status != 0 {
		words = strconv.Itoa(r.Status) + ", " + words
	}
	return words
}

// sequence is a place in the store's order, or nothing where there is none.
func sequence(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// counted is "1 thing" or "2 things".
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
