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
	// small is what is inflated at once, in bytes; what is larger is measured first.
	small = 256 << 10
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

// Body undoes one content coding: gzip or deflate. One that becomes large is measured
// before it is kept, so that a bomb takes no memory.
func Body(coding string, body []byte) ([]byte, error) {
	r, err := open(coding, body)
	if err != nil {
		return nil, err
	}
	plain, err := io.ReadAll(io.LimitReader(r, small))
	if err != nil || len(plain) < small {
		return plain, err
	}
	limit := min(maxSize, maxRatio*int64(len(body)))
	rest, err := io.Copy(io.Discard, io.LimitReader(r, limit+1-small))
	if err != nil {
		return nil, err
	}
	size := small + rest
	if size > limit {
		return nil, ErrBomb
	}
	if r, err = open(coding, body); err != nil {
		return nil, err
	}
	plain = make([]byte, size)
	_, err = io.ReadFull(r, plain)
	return plain, err
}

// Head undoes one content coding as far as the first n bytes of what was coded, and reads
// no more for them than it must. A body that breaks off, or is damaged, after some bytes
// has these as its head.
func Head(coding string, body []byte, n int) ([]byte, error) {
	r, err := open(coding, body)
	if err != nil {
		return nil, err
	}
	head := make([]byte, n)
	read, err := io.ReadFull(r, head)
	if read > 0 || errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:read], err
}

// open reads what is left of body once its coding is undone.
func open(coding string, body []byte) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		return openDeflate(bytes.NewReader(body))
	}
	return nil, ErrUnknown
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
