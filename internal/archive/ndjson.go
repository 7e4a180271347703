package archive

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
)

// maxLine is the longest line that is read: a capture with a body of 48 MiB.
const maxLine = 64 << 20

// errNoBody is the error of writing a capture that came from a list.
var errNoBody = errors.New("the body is not loaded")

// WriteNDJSON writes c to w as one line: its stable JSON with the body, and
// "redacted":true at the end where values are masked. The body is streamed. It
// fails where c has no body loaded, or the body cannot be read.
func WriteNDJSON(w io.Writer, c *hook.Capture, o Options) error {
	if c.Body == nil {
		return fmt.Errorf("%s: %w", c.ID, errNoBody)
	}
	head, tail, err := aroundBody(c, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	out := bufio.NewWriter(w)
	out.Write(head)
	out.WriteString(`,"body_base64":"`)
	if err := encodeBody(out, c.Body); err != nil {
		return fmt.Errorf("%s: reading the body: %w", c.ID, err)
	}
	out.WriteByte('"')
	out.Write(tail)
	out.WriteByte('\n')
	return out.Flush()
}

// aroundBody is the line of c up to the place of the body, and from there on.
func aroundBody(c *hook.Capture, o Options) (head, tail []byte, err error) {
	line, err := marshalBodiless(c, o)
	if err != nil {
		return nil, nil, err
	}
	// The body belongs after its digest. Within a string the quotes would be
	// escaped, so this cannot be found anywhere else.
	digest := fmt.Appendf(nil, `"body_sha256":"%x"`, c.BodySHA256)
	at := bytes.Index(line, digest) + len(digest)
	return line[:at], line[at:], nil
}

// marshalBodiless is the stable JSON of c as it may be written under o, without
// the body.
func marshalBodiless(c *hook.Capture, o Options) ([]byte, error) {
	bodiless := *masked(c, o)
	bodiless.Body = nil
	return jsontext.Marshal(&bodiless)
}

func encodeBody(w io.Writer, body hook.Body) error {
	r, err := body.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	enc := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := io.Copy(enc, r); err != nil {
		return err
	}
	return enc.Close()
}

// ReadNDJSON reads the captures of r, one from each line, as they are asked for.
// Empty lines, CRLF and a byte order mark are fine. A line that is not a capture
// gives an error that names it, and reading goes on; after a line longer than
// 64 MiB, or where r fails, it ends.
func ReadNDJSON(r io.Reader) iter.Seq2[*hook.Capture, error] {
	return func(yield func(*hook.Capture, error) bool) {
		lines := bufio.NewScanner(skipMark(r))
		lines.Buffer(make([]byte, 0, 64<<10), maxLine)
		n := 0
		for lines.Scan() {
			n++
			line := bytes.TrimSpace(lines.Bytes())
			if len(line) == 0 {
				continue
			}
			c, err := ParseCapture(line)
			if err != nil {
				c, err = nil, fmt.Errorf("line %d: %w", n, err)
			}
			if !yield(c, err) {
				return
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(nil, fmt.Errorf("line %d: longer than %d MiB", n+1, maxLine>>20))
		case err != nil:
			yield(nil, fmt.Errorf("line %d: %w", n+1, err))
		}
	}
}

// ParseCapture reads one capture, as a line of NDJSON has it, and checks that nothing it
// cannot do without is missing.
func ParseCapture(line []byte) (*hook.Capture, error) {
	c := new(hook.Capture)
	if err := json.Unmarshal(line, c); err != nil {
		return nil, err
	}
	switch {
	case c.Method == "":
		return nil, errors.New("method is missing")
	case c.Target == "":
		return nil, errors.New("target is missing")
	case c.ReceivedAt.IsZero():
		return nil, errors.New("received_at is missing")
	case c.Body == nil:
		return nil, errors.New("body_base64 is missing: lists leave it out, exports have it")
	}
	return c, checkHead(c)
}
