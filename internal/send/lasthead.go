package send

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"net/http"
	"slices"

	"github.com/hookctl/hookctl/internal/hook"
)

// A lastHead is the head of an answer with what net/http made of it. Most targets answer
// request after request with the same head: to see that takes a fraction of the time that
// it takes to read it anew.
type lastHead struct {
	text     []byte // as it came, to the empty line; empty where there is none to go by
	response http.Response
	header   hook.Header // of response
	body     countedBody // that of response where there is one
}

// headEnd is what heads end with, but for those of a few odd targets.
const headEnd = "\r\n\r\n"

// readUsual is readHead for a request to which answers have bodies. What it returns is
// the connection's own until the next answer, except for the header.
func (c *conn) readUsual(method string) (*http.Response, hook.Header, error) {
	text, err := c.headAhead()
	if err != nil {
		return nil, nil, err
	}
	last := &c.last
	if len(text) > 0 && bytes.Equal(text, last.text) {
		c.allowed = math.MaxInt64
		last.body = countedBody{c.r, last.response.ContentLength}
		_, err = c.r.Discard(len(text))
		return &last.response, last.header, err
	}
	last.text = append(last.text[:0], text...)
	before := c.r.Buffered()
	res, err := c.readHead(method)
	if err != nil {
		return nil, nil, err
	}
	header := slices.Clip(hook.SortedHeader(res.Header))
	if !isPlain(res) || before-c.r.Buffered() != len(text) {
		last.text = last.text[:0]
		return res, header, nil
	}
	last.response, last.header = *res, header
	if res.Body != http.NoBody {
		last.response.Body = &last.body
	}
	return res, header, nil
}

// headAhead waits for the beginning of an answer and returns its head, where that is all
// in the buffer and seems to be whole; else nothing.
func (c *conn) headAhead() ([]byte, error) {
	c.allowed, c.failed = maxResponseHead, nil
	if _, err := c.r.Peek(1); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, c.cutShort(err)
	}
	text, err := c.r.Peek(c.r.Buffered())
	end := bytes.Index(text, []byte(headEnd))
	if end < 0 {
		return nil, err
	}
	return text[:end+len(headEnd)], err
}

// isPlain reports whether the head alone says how long the body of res is.
func isPlain(res *http.Response) bool {
	return res.ContentLength >= 0 && len(res.TransferEncoding) == 0 && len(res.Trailer) == 0
}

// A countedBody is a body of which left bytes are still to be read.
type countedBody struct {
	r    *bufio.Reader
	left int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err == io.EOF && b.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close does nothing: the connection goes on.
func (b *countedBody) Close() error { return nil }
