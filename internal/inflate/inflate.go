// Package inflate undoes the compression of bodies, within bounds.
package inflate

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

const (
	// maxSize bounds what is made of a compressed body, in bytes, and maxRatio how much
	// larger it may be, so that a small message cannot cost much to look at.
	maxSize  = 32 << 20
	maxRatio = 200
)

var (
	// ErrBomb is the error of a body that becomes larger than it may.
	ErrBomb = errors.New("it inflates beyond all measure")
	// ErrUnknown is the error of a coding that cannot be undone here.
	ErrUnknown = errors.New("the coding is not known")
)

// Coding is the content coding that h states, in lower case; "" where the body is as
// it is.
func Coding(h hook.Header) string {
	coding := strings.ToLower(strings.Join(h.Values("Content-Encoding"), ", "))
	if coding == "identity" {
		return ""
	}
	return coding
}

// Body undoes one content coding: gzip or deflate.
func Body(coding string, body []byte) ([]byte, error) {
	var r io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		r, err = openDeflate(bytes.NewReader(body))
	default:
		return nil, ErrUnknown
	}
	if err != nil {
		return nil, err
	}
	limit := min(maxSize, maxRatio*int64(len(body)))
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(plain)) > limit {
		return nil, ErrBomb
	}
	return plain, err
}

// Payload is the body of a message with the headers h as a receiver reads it: its coding
// undone where that can be, else as it is.
func Payload(h hook.Header, body []byte) []byte {
	plain, _ := Open(h, body)
	return plain
}

// Open is Payload, and says why the coding could not be undone. That need not be a fault
// of the body: proxies undo codings, and leave the header there.
func Open(h hook.Header, body []byte) (plain []byte, err error) {
	coding := Coding(h)
	if coding == "" || len(body) == 0 {
		return body, nil
	}
	if plain, err = Body(coding, body); err != nil {
		return body, fmt.Errorf("%s: %w", coding, err)
	}
	return plain, nil
}

// Explain makes v, what was found of a body that Open returned with err, say that where
// the body is not JSON: what it is then is of no use to anybody.
func Explain(v *hook.Validation, err error) {
	if err == nil || v.Outcome != hook.NotJSON {
		return
	}
	v.Reason = "the body could not be inflated: " + err.Error()
	for i := range v.Faults {
		f := &v.Faults[i]
		v.Faults[i] = hook.Fault{Kind: f.Kind, Class: f.Class, Message: v.Reason}
	}
}

// openDeflate reads zlib, which "deflate" means, or the bare stream that many send.
func openDeflate(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	head, _ := buffered.Peek(2)
	if len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(buffered)
	}
	return flate.NewReader(buffered), nil
}
