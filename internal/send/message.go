package send

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// inlineBody is how much of a body goes out together with the head, in one write.
const inlineBody = 64 << 10

// A message is a request as it goes over the wire.
type message struct {
	size   int64     // of the body
	first  []byte    // the head, and the beginning of the body
	rest   io.Reader // the other left bytes of the body
	left   int64
	source io.Closer // what rest reads from; nil where nothing is open
	closes bool      // the request asks for the connection to be closed after it
}

// A bodyError is the failure to read the body that was to be sent. It says nothing of
// the connection, so it hides the error behind it.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "reading the body: " + e.err.Error() }

// check refuses what cannot be sent as it is, or would be another request than it seems.
func check(r *Request) error {
	switch {
	case r.Method == http.MethodConnect:
		return errors.New("CONNECT cannot be sent on")
	case !isToken(r.Method):
		return fmt.Errorf("the method %q cannot be sent: it is no word of letters and digits", r.Method)
	case r.Target == "" || strings.ContainsFunc(r.Target, func(c rune) bool { return c <= ' ' || c == 0x7f }):
		return fmt.Errorf("the request target %q cannot be sent: it is empty, or holds a space or a control character", r.Target)
	}
	for i := range r.Header {
		f := &r.Header[i]
		switch {
		case !isToken(f.Name):
			return fmt.Errorf("the header %q cannot be sent: that is no name of one", f.Name)
		case strings.IndexByte(f.Value, '\n') >= 0, strings.IndexByte(f.Value, '\r') >= 0, strings.IndexByte(f.Value, 0) >= 0:
			return fmt.Errorf("the header %s cannot be sent: its value holds a line break or a zero byte", f.Name)
		case framing(f.Name):
			return fmt.Errorf("the header %s cannot be set: it follows from the body", f.Name)
		}
	}
	return nil
}

// isToken reports whether s is a token (RFC 9110, 5.6.2).
func isToken(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
		case strings.IndexByte("!#$%&'*+.^`|~", c) < 0:
			return false
		}
	}
	return s != ""
}

// framing names the fields that say where a message ends.
func framing(name string) bool {
	switch len(name) {
	case len("Content-Length"):
		return strings.EqualFold(name, "Content-Length")
	case len("Transfer-Encoding"):
		return strings.EqualFold(name, "Transfer-Encoding")
	}
	return false
}

// compose writes r into buffer, as far as it goes out at once. What it returns must be
// closed even after an error.
func compose(buffer []byte, r *Request) (*message, error) {
	m := &message{size: bodySize(r)}
	m.first, m.closes = appendHead(buffer, r, m.size)
	if m.size == 0 {
		return m, nil
	}
	if body, ok := r.Body.(hook.Bytes); ok {
		now := min(len(body), inlineBody)
		m.first = append(m.first, body[:now]...)
		if m.left = m.size - int64(now); m.left > 0 {
			m.rest = bytes.NewReader(body[now:])
		}
		return m, nil
	}
	body, err := r.Body.Open()
	if err != nil {
		return m, &bodyError{err}
	}
	m.rest, m.source = body, body
	return m, m.readFirst()
}

// readFirst reads the beginning of the body into the first part.
func (m *message) readFirst() error {
	now := int(min(m.size, inlineBody))
	head := len(m.first)
	m.first = append(m.first, make([]byte, now)...)
	n, err := io.ReadFull(m.rest, m.first[head:])
	if err != nil {
		return shortBody(err, int64(n), m.size)
	}
	m.left = m.size - int64(now)
	m.rest = io.LimitReader(m.rest, m.left)
	return nil
}

// bodySize is how long the body of r is; 0 where it has none.
func bodySize(r *Request) int64 {
	if r.Body == nil {
		return 0
	}
	return max(0, r.Body.Size())
}

// shortBody is the error of a body of which n of size bytes could be read.
func shortBody(err error, n, size int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("it ended after %d of %d bytes", n, size)
	}
	return &bodyError{err}
}

func (m *message) close() {
	if m.source != nil {
		m.source.Close()
	}
}

// appendHead appends the request head as it goes over the wire, and says whether it asks
// for the connection to be closed.
func appendHead(head []byte, r *Request, size int64) (_ []byte, closes bool) {
	head = append(head, r.Method...)
	head = append(head, ' ')
	head = append(head, r.Target...)
	head = append(head, " HTTP/1.1\r\n"...)
	for i := range r.Header {
		f := &r.Header[i]
		head = append(head, f.Name...)
		head = append(head, ": "...)
		head = append(head, f.Value...)
		head = append(head, "\r\n"...)
		closes = closes || len(f.Name) == len("Connection") && strings.EqualFold(f.Name, "Connection")
	}
	if size > 0 || expectsBody(r.Method) {
		head = append(head, "Content-Length: "...)
		head = strconv.AppendInt(head, size, 10)
		head = append(head, "\r\n"...)
	}
	return append(head, "\r\n"...), closes
}

// expectsBody reports whether an empty body must be stated (RFC 9110, 8.6).
func expectsBody(method string) bool {
	switch method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	}
	return false
}
