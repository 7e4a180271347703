package archive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// A HARWriter writes captures to an HTTP Archive (HAR 1.2), each as it comes.
type HARWriter struct {
	w       io.Writer
	options Options
	begun   bool
}

// NewHARWriter returns a HARWriter on w. The file is whole only after Close.
func NewHARWriter(w io.Writer, o Options) *HARWriter { return &HARWriter{w: w, options: o} }

// Add writes c. The response is that of the attempt which decided c's reply, if
// it is among attempts, or as much as c.Reply tells of it. It fails, having
// written nothing, where c has no body loaded or the body cannot be read.
func (h *HARWriter) Add(c *hook.Capture, attempts ...*hook.Attempt) error {
	entry, err := h.entry(c, attempts)
	if err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	line, err := jsontext.Marshal(entry)
	if err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	separator := ",\n"
	if !h.begun {
		separator = "\n"
		if err := h.begin(); err != nil {
			return err
		}
	}
	_, err = h.w.Write(append([]byte(separator), line...))
	return err
}

// Close ends the file. It does not close the writer below.
func (h *HARWriter) Close() error {
	if !h.begun {
		if err := h.begin(); err != nil {
			return err
		}
	}
	_, err := io.WriteString(h.w, "\n]}}\n")
	return err
}

func (h *HARWriter) begin() error {
	h.begun = true
	creator, err := jsontext.Marshal(map[string]string{"name": "hookctl", "version": h.options.Version})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(h.w, `{"log":{"version":"1.2","creator":%s,"entries":[`, creator)
	return err
}

func (h *HARWriter) entry(c *hook.Capture, attempts []*hook.Attempt) (*harEntry, error) {
	if c.Body == nil {
		return nil, errNoBody
	}
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	exact, err := marshalBodiless(c, h.options)
	if err != nil {
		return nil, err
	}
	var latency float64
	if c.Reply != nil {
		latency = float64(c.Reply.Latency) / float64(time.Millisecond)
	}
	c = masked(c, h.options)
	return &harEntry{
		Started:  c.ReceivedAt.UTC().Format(time.RFC3339Nano),
		Time:     latency,
		Request:  harRequestOf(c, body),
		Response: h.response(c.Reply, attempts),
		Timings:  harTimings{Wait: latency},
		Exact:    json.RawMessage(exact),
	}, nil
}

func harRequestOf(c *hook.Capture, body []byte) harRequest {
	address, err := receivedAt(c)
	if err != nil {
		address = "http://localhost" + c.Path() + hook.TargetQuery(c.Target)
	}
	return harRequest{
		Method: c.Method, URL: address, HTTPVersion: c.Proto,
		Cookies: []harPair{}, Headers: harPairs(c.Header), QueryString: queryPairs(c.Target),
		PostData: postData(c.Header.Get("Content-Type"), body), HeadersSize: -1, BodySize: int64(len(body)),
	}
}

func postData(mediaType string, body []byte) *harPostData {
	if len(body) == 0 {
		return nil
	}
	text, encoding := textOrBase64(body)
	return &harPostData{MimeType: mediaType, Text: &text, Encoding: encoding}
}

// response is what the sender got: relayed, or hookctl's own. Its status is 0 where there was none.
func (h *HARWriter) response(reply *hook.Reply, attempts []*hook.Attempt) harResponse {
	out := harResponse{Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1, HTTPVersion: "HTTP/1.1"}
	if reply == nil {
		return out
	}
	out.Status, out.StatusText = reply.Status, http.StatusText(reply.Status)
	if a := relayed(attempts); a != nil && reply.From == hook.FromEndpoint {
		out.fill(a, h.options.Reveal)
	}
	return out
}

// relayed is the attempt whose answer was passed on to the sender, or nil.
func relayed(attempts []*hook.Attempt) *hook.Attempt {
	for _, a := range attempts {
		if a.Reply != nil {
			return a
		}
	}
	return nil
}

func (r *harResponse) fill(a *hook.Attempt, reveal bool) {
	header := a.ResponseHeader
	if !reveal {
		header = header.Mask()
	}
	r.HTTPVersion, r.Headers, r.BodySize = a.ResponseProto, harPairs(header), a.ResponseSize
	r.RedirectURL = header.Get("Location")
	r.Content = harContent{Size: a.ResponseSize, MimeType: header.Get("Content-Type")}
	r.Content.Text, r.Content.Encoding = textOrBase64(a.ResponseBody)
	if a.Truncated() {
		r.Content.Comment = fmt.Sprintf("the first %d of %d bytes", len(a.ResponseBody), a.ResponseSize)
	}
}

func harPairs(h hook.Header) []harPair {
	pairs := make([]harPair, len(h))
	for i, f := range h {
		pairs[i] = harPair(f)
	}
	return pairs
}

// queryPairs are the parameters of a target, decoded where they can be.
func queryPairs(target string) []harPair {
	pairs := []harPair{}
	for part := range strings.SplitSeq(strings.TrimPrefix(hook.TargetQuery(target), "?"), "&") {
		if part != "" {
			name, value, _ := strings.Cut(part, "=")
			pairs = append(pairs, harPair{unescaped(name), unescaped(value)})
		}
	}
	return pairs
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// textOrBase64 is body as a JSON string can carry it exactly: itself where it is
// text, else its base64, and then the name of that encoding.
func textOrBase64(body []byte) (text, encoding string) {
	if isText(body) {
		return string(body), ""
	}
	return base64.StdEncoding.EncodeToString(body), "base64"
}

// isText reports whether body is UTF-8 with no control characters but those of text.
func isText(body []byte) bool {
	for _, c := range body {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(body)
}
