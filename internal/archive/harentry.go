package archive

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// An entryIn is an entry as it is read: what must be there can be told from what is empty.
type entryIn struct {
	Started *string         `json:"startedDateTime"`
	Request *requestIn      `json:"request"`
	Exact   json.RawMessage `json:"_hookctl"`
}

type requestIn struct {
	Method      string       `json:"method"`
	URL         string       `json:"url"`
	HTTPVersion string       `json:"httpVersion"`
	Headers     *[]harPair   `json:"headers"`
	PostData    *harPostData `json:"postData"`
}

// nextEntry reads one entry. Its errors begin with the path of the field they
// are about, to stand behind that of the entry, or with a colon.
func nextEntry(dec *json.Decoder, foreign func(*entryIn, []byte) (*hook.Capture, error)) (*hook.Capture, error) {
	var e entryIn
	if err := dec.Decode(&e); err != nil {
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			return nil, fmt.Errorf(".%s: %s cannot stand here", mistyped.Field, mistyped.Value)
		}
		return nil, fmt.Errorf(": %w", &brokenFile{cutOff(err)})
	}
	if e.Request == nil {
		return nil, errors.New(".request is missing")
	}
	body, err := e.Request.body()
	if err != nil {
		return nil, fmt.Errorf(".request.postData%w", err)
	}
	if e.Exact != nil {
		return e.exact(body)
	}
	return foreign(&e, body)
}

// loosely is foreign for who needs the body alone.
func (e *entryIn) loosely(body []byte) (*hook.Capture, error) {
	if c, err := e.foreign(body); err == nil {
		return c, nil
	}
	c := &hook.Capture{Method: e.Request.Method}
	if c.Method == "" && len(body) > 0 {
		c.Method = "POST"
	}
	_, authority, target, err := splitURL(e.Request.URL)
	if err == nil {
		c.Target = requestTarget(target)
	}
	if e.Request.Headers != nil {
		c.Header = e.Request.fields(withoutUser(authority))
	}
	c.ReceivedAt, _ = e.started() // it may have none
	c.Body, c.BodySize, c.BodySHA256 = hook.Bytes(body), int64(len(body)), sha256.Sum256(body)
	return c, nil
}

// exact is the capture that hookctl itself wrote.
func (e *entryIn) exact(body []byte) (*hook.Capture, error) {
	c := new(hook.Capture)
	if err := json.Unmarshal(e.Exact, c); err != nil {
		return nil, fmt.Errorf("._hookctl: %w", err)
	}
	if sum := sha256.Sum256(body); sum != c.BodySHA256 {
		return nil, fmt.Errorf(".request.postData does not have the digest _hookctl.body_sha256, %x", c.BodySHA256)
	}
	c.Body, c.BodySize = hook.Bytes(body), int64(len(body))
	if err := checkHead(c); err != nil {
		return nil, fmt.Errorf("._hookctl: %w", err)
	}
	return c, nil
}

// foreign is a capture of what another tool recorded.
func (e *entryIn) foreign(body []byte) (*hook.Capture, error) {
	at, err := e.started()
	if err != nil {
		return nil, fmt.Errorf(".startedDateTime %w", err)
	}
	c, err := e.Request.head()
	if err != nil {
		return nil, fmt.Errorf(".request%w", err)
	}
	c.ReceivedAt = at
	c.Body, c.BodySize, c.BodySHA256 = hook.Bytes(body), int64(len(body)), sha256.Sum256(body)
	return c, nil
}

func (e *entryIn) started() (time.Time, error) {
	if e.Started == nil {
		return time.Time{}, errors.New("is missing")
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700"} {
		if at, err := time.Parse(layout, *e.Started); err == nil {
			return at.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("is not a time: %q", *e.Started)
}

func (r *requestIn) head() (*hook.Capture, error) {
	switch {
	case r.Method == "":
		return nil, errors.New(".method is missing")
	case r.URL == "":
		return nil, errors.New(".url is missing")
	case r.Headers == nil:
		return nil, errors.New(".headers is missing")
	}
	_, authority, target, err := splitURL(r.URL)
	if err != nil {
		return nil, fmt.Errorf(".url %w: %q", err, r.URL)
	}
	c := &hook.Capture{
		Method: r.Method, Target: requestTarget(target), Proto: protoName(r.HTTPVersion), Header: r.fields(withoutUser(authority)),
	}
	if err := checkHead(c); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	return c, nil
}

// fields are the header lines of r. HTTP/2 has pseudo-headers, which no HTTP/1
// message has, in the place of a Host, which every one must have.
func (r *requestIn) fields(host string) hook.Header {
	fields := make(hook.Header, 0, len(*r.Headers)+1)
	for _, pair := range *r.Headers {
		if !strings.HasPrefix(pair.Name, ":") {
			fields = append(fields, hook.Field{Name: pair.Name, Value: strings.TrimSpace(pair.Value)})
		}
	}
	if !fields.Has("Host") {
		fields = append(hook.Header{{Name: "Host", Value: host}}, fields...)
	}
	return fields
}

// body is the payload. Its errors begin as those of nextEntry.
func (r *requestIn) body() ([]byte, error) {
	switch {
	case r.PostData == nil:
		return []byte{}, nil
	case r.PostData.Text == nil:
		return r.PostData.form()
	case r.PostData.Encoding == "base64" || r.PostData.EncodingToo == "base64":
		body, err := base64.StdEncoding.DecodeString(*r.PostData.Text)
		if err != nil {
			return nil, fmt.Errorf(".text: %w", err)
		}
		return body, nil
	}
	return []byte(*r.PostData.Text), nil
}

// form rebuilds the body of a form of which only the parameters were recorded.
func (d *harPostData) form() ([]byte, error) {
	if len(d.Params) == 0 {
		return []byte{}, nil
	}
	if media, _, _ := strings.Cut(d.MimeType, ";"); !strings.EqualFold(strings.TrimSpace(media), "application/x-www-form-urlencoded") {
		return nil, fmt.Errorf(".text is missing: a body of type %q cannot be rebuilt from its parameters", d.MimeType)
	}
	pairs := make([]string, len(d.Params))
	for i, p := range d.Params {
		pairs[i] = url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
	}
	return []byte(strings.Join(pairs, "&")), nil
}

// protoName turns the names that tools give to HTTP versions into those of captures.
func protoName(version string) string {
	switch strings.ToLower(version) {
	case "h2", "http/2", "http/2.0":
		return "HTTP/2.0"
	case "h3", "http/3", "http/3.0":
		return "HTTP/3.0"
	case "http/1.0":
		return "HTTP/1.0"
	}
	return "HTTP/1.1"
}
