package archive

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// WriteHTTP writes c to w as the raw HTTP/1 message that it was: request line,
// header lines in order, an empty line, and the body's exact bytes, streamed. A
// body that came in chunks gets a Content-Length in the place of its
// Transfer-Encoding, without the trailers. It fails where c has no body loaded,
// or its head holds what no message can carry.
func WriteHTTP(w io.Writer, c *hook.Capture, o Options) error {
	if c.Body == nil {
		return fmt.Errorf("%s: %w", c.ID, errNoBody)
	}
	if err := checkHead(c); err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	c = masked(c, o)
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s %s %s\r\n", c.Method, c.Target, messageProto(c.Proto))
	for _, f := range framed(c) {
		fmt.Fprintf(out, "%s: %s\r\n", f.Name, f.Value)
	}
	out.WriteString("\r\n")
	r, err := c.Body.Open()
	if err != nil {
		return fmt.Errorf("%s: reading the body: %w", c.ID, err)
	}
	defer r.Close()
	if _, err := io.Copy(out, r); err != nil {
		return fmt.Errorf("%s: %w", c.ID, err)
	}
	return out.Flush()
}

// framed is the header of c with one true Content-Length, in the place of the
// first field that told of the body's framing, or at the end where a body had none.
func framed(c *hook.Capture) hook.Header {
	length := hook.Field{Name: "Content-Length", Value: fmt.Sprint(c.Body.Size())}
	fields, stated := make(hook.Header, 0, len(c.Header)+1), false
	for _, f := range c.Header {
		if !ofFraming(f.Name) {
			fields = append(fields, f)
			continue
		}
		if !stated && !strings.EqualFold(f.Name, "Trailer") {
			if strings.EqualFold(f.Name, length.Name) {
				length.Name = f.Name // in its own case
			}
			fields, stated = append(fields, length), true
		}
	}
	if !stated && c.Body.Size() > 0 {
		fields = append(fields, length)
	}
	return fields
}

// messageProto is the version in the request line. HTTP/2 and later have no such
// line, so what they carried is written as HTTP/1.1.
func messageProto(proto string) string {
	if proto == "HTTP/1.0" {
		return proto
	}
	return "HTTP/1.1"
}
