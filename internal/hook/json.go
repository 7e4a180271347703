package hook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"
	"unicode/utf8"
)

// MarshalJSON writes the field as a pair, ["name","value"].
func (f Field) MarshalJSON() ([]byte, error) {
	return marshal([2]string{f.Name, f.Value})
}

// UnmarshalJSON reads a pair as MarshalJSON writes it.
func (f *Field) UnmarshalJSON(data []byte) error {
	var pair []string
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a header is a pair of name and value, got %d strings", len(pair))
	}
	f.Name, f.Value = pair[0], pair[1]
	return nil
}

// captureJSON is the stable form of a capture. The Raw fields stand beside those
// that hold bytes which are not UTF-8, which JSON strings cannot carry.
type captureJSON struct {
	ID           ID          `json:"id"`
	Seq          int64       `json:"seq"`
	ReceivedAt   time.Time   `json:"received_at"`
	Method       string      `json:"method"`
	Target       string      `json:"target"`
	RawTarget    []byte      `json:"target_base64,omitempty"`
	Path         string      `json:"path"`
	Proto        string      `json:"proto"`
	Remote       string      `json:"remote"`
	Headers      Header      `json:"headers"`
	RawHeaders   [][2][]byte `json:"headers_base64,omitempty"`
	HeadersExact bool        `json:"headers_exact"`
	Trailers     Header      `json:"trailers,omitempty"`
	RawTrailers  [][2][]byte `json:"trailers_base64,omitempty"`
	BodySize     int64       `json:"body_size"`
	BodySHA256   string      `json:"body_sha256"`
	Body         *[]byte     `json:"body_base64,omitempty"`
	identityJSON
	Validation *Validation `json:"validation,omitempty"`
	Reply      *replyJSON  `json:"reply,omitempty"`
	Redacted   bool        `json:"redacted,omitempty"`
}

type replyJSON struct {
	Status  int     `json:"status"`
	From    string  `json:"from"`
	Dropped string  `json:"dropped,omitempty"`
	Latency float64 `json:"latency_ms"`
}

// AttemptFields is the stable form of an attempt, to stand in lines that say more.
type AttemptFields struct {
	ID           ID            `json:"id"`
	Seq          int64         `json:"seq"`
	CaptureID    ID            `json:"capture_id,omitempty"`
	Delivery     ID            `json:"delivery,omitempty"`
	Run          ID            `json:"run,omitempty"`
	Try          int           `json:"try,omitempty"`
	Endpoint     string        `json:"endpoint,omitempty"`
	Provider     string        `json:"provider,omitempty"`
	Event        string        `json:"event,omitempty"`
	StartedAt    time.Time     `json:"started_at"`
	Trigger      string        `json:"trigger"`
	Method       string        `json:"method"`
	URL          string        `json:"url"`
	Status       int           `json:"status"`
	Latency      float64       `json:"latency_ms"`
	Failure      string        `json:"failure,omitempty"`
	Reason       string        `json:"reason,omitempty"`
	Acknowledged *bool         `json:"acknowledged,omitempty"`
	Response     *responseJSON `json:"response,omitempty"`
	Reply        *replyJSON    `json:"reply,omitempty"`
}

type responseJSON struct {
	Proto     string `json:"proto"`
	Headers   Header `json:"headers"`
	Redacted  bool   `json:"redacted,omitempty"`
	BodySize  int64  `json:"body_size"`
	Truncated bool   `json:"truncated"`
	Body      []byte `json:"body_base64"`
}

// MarshalJSON writes the capture in its stable form, with the body if it has one loaded.
func (c *Capture) MarshalJSON() ([]byte, error) {
	out := captureJSON{
		ID: c.ID, Seq: c.Seq, ReceivedAt: c.ReceivedAt.UTC(), Method: c.Method, Target: c.Target, Path: c.Path(),
		Proto: c.Proto, Remote: c.Remote, Headers: c.Header, HeadersExact: c.HeadersExact, Trailers: c.Trailer,
		BodySize: c.BodySize, BodySHA256: hex.EncodeToString(c.BodySHA256[:]),
		identityJSON: newIdentityJSON(c.Identity), Validation: c.Validation, Reply: newReplyJSON(c.Reply),
		Redacted: c.Redacted(),
	}
	if out.Headers == nil {
		out.Headers = Header{}
	}
	if !utf8.ValidString(c.Target) {
		out.RawTarget = []byte(c.Target)
	}
	out.RawHeaders, out.RawTrailers = rawFields(c.Header), rawFields(c.Trailer)
	if c.Body != nil {
		body, err := ReadBody(c.Body)
		if err != nil {
			return nil, err
		}
		if body == nil {
			body = []byte{}
		}
		out.Body = &body
	}
	return marshal(out)
}

// UnmarshalJSON reads the stable form. Where a body is there, its size and
// digest are computed anew and must agree with those that are stated.
func (c *Capture) UnmarshalJSON(data []byte) error {
	var in captureJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*c = Capture{
		ID: in.ID, Seq: in.Seq, ReceivedAt: in.ReceivedAt, Method: in.Method, Target: in.Target, Proto: in.Proto,
		Remote: in.Remote, Header: in.Headers, HeadersExact: in.HeadersExact, Trailer: in.Trailers,
		BodySize: in.BodySize, Validation: in.Validation, Reply: in.Reply.reply(),
	}
	if in.RawTarget != nil {
		c.Target = string(in.RawTarget)
	}
	if in.RawHeaders != nil {
		c.Header = fromRaw(in.RawHeaders)
	}
	if in.RawTrailers != nil {
		c.Trailer = fromRaw(in.RawTrailers)
	}
	if in.BodySHA256 != "" {
		sum, err := hex.DecodeString(in.BodySHA256)
		if err != nil || len(sum) != sha256.Size {
			return fmt.Errorf("body_sha256: want %d hexadecimal digits, got %q", 2*sha256.Size, in.BodySHA256)
		}
		copy(c.BodySHA256[:], sum)
	}
	var err error
	if c.Identity, err = in.identity(); err != nil {
		return err
	}
	if in.Body == nil {
		return nil
	}
	sum := sha256.Sum256(*in.Body)
	if in.BodySHA256 != "" && sum != c.BodySHA256 {
		return fmt.Errorf("body_sha256: the body does not have the digest %s", in.BodySHA256)
	}
	c.Body, c.BodySize, c.BodySHA256 = Bytes(*in.Body), int64(len(*in.Body)), sum
	return nil
}

// MarshalJSON writes the attempt in its stable form.
func (a *Attempt) MarshalJSON() ([]byte, error) { return marshal(a.Fields()) }

// Fields is the attempt in its stable form.
func (a *Attempt) Fields() AttemptFields {
	out := AttemptFields{
		ID: a.ID, Seq: a.Seq, CaptureID: a.CaptureID, Delivery: a.Delivery, Run: a.Run, Try: a.Try,
		Endpoint: a.Endpoint, Provider: a.Provider, Event: a.Event, StartedAt: a.StartedAt.UTC(), Trigger: a.Trigger, Method: a.Method,
		URL: a.URL, Status: a.Status, Latency: milliseconds(a.Latency), Failure: a.Failure, Reason: a.Reason,
		Acknowledged: a.Acknowledged, Reply: newReplyJSON(a.Reply),
	}
	if a.Status != 0 {
		out.Response = &responseJSON{
			Proto: a.ResponseProto, Headers: a.ResponseHeader, Redacted: a.ResponseHeader.redacted(),
			BodySize: a.ResponseSize, Truncated: a.Truncated(), Body: a.ResponseBody,
		}
		if out.Response.Headers == nil {
			out.Response.Headers = Header{}
		}
		if out.Response.Body == nil {
			out.Response.Body = []byte{}
		}
	}
	return out
}

func newReplyJSON(r *Reply) *replyJSON {
	if r == nil {
		return nil
	}
	return &replyJSON{Status: r.Status, From: r.From, Dropped: r.Dropped, Latency: milliseconds(r.Latency)}
}

func (r *replyJSON) reply() *Reply {
	if r == nil {
		return nil
	}
	latency := time.Duration(math.Round(r.Latency*1000)) * time.Microsecond
	return &Reply{Status: r.Status, From: r.From, Dropped: r.Dropped, Latency: latency}
}

// milliseconds keeps three decimals: the microseconds.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rawFields returns the bytes of h where JSON strings cannot carry them, else nil.
func rawFields(h Header) [][2][]byte {
	exact := true
	for _, f := range h {
		exact = exact && utf8.ValidString(f.Name) && utf8.ValidString(f.Value)
	}
	if exact {
		return nil
	}
	raw := make([][2][]byte, len(h))
	for i, f := range h {
		raw[i] = [2][]byte{[]byte(f.Name), []byte(f.Value)}
	}
	return raw
}

func fromRaw(raw [][2][]byte) Header {
	h := make(Header, len(raw))
	for i, pair := range raw {
		h[i] = Field{string(pair[0]), string(pair[1])}
	}
	return h
}

// marshal is json.Marshal without its HTML escapes: <, > and & stay as they are.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}
