package render

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
	// maxInflated bounds what is made of a compressed body, and maxRatio how much
	// larger it may be, so that a small message cannot cost much to look at.
	maxInflated = 32 << 20
	maxRatio    = 200
)

var errInflated = errors.New("it inflates beyond all measure")

// inflated undoes the one content coding that h states, if it is gzip or
// deflate. The note says, in safe words, what was done or why nothing was; it is
// "" where no coding is stated. Where inflating fails, body is returned as it is.
func inflated(h hook.Header, body []byte) (plain []byte, note string) {
	coding := strings.ToLower(strings.Join(h.Values("Content-Encoding"), ", "))
	if coding == "" || coding == "identity" || len(body) == 0 {
		return body, ""
	}
	shown := fold(Safe(coding), maxMediaType)
	open := inflater(coding)
	if open == nil {
		return body, fmt.Sprintf("content-encoding %s, shown as it is", shown)
	}
	plain, err := inflate(open, body)
	if err != nil {
		return body, fmt.Sprintf("content-encoding %s, shown as it is: %s", shown, Safe(err.Error()))
	}
	return plain, fmt.Sprintf("content-encoding %s: %s, shown inflated to %s", shown, humanSize(int64(len(body))), humanSize(int64(len(plain))))
}

// inflater returns what reads a content coding, or nil where that is unknown.
func inflater(coding string) func(io.Reader) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	case "deflate":
		return openDeflate
	}
	return nil
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

func inflate(open func(io.Reader) (io.Reader, error), body []byte) ([]byte, error) {
	r, err := open(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	limit := min(maxInflated, maxRatio*int64(len(body)))
	plain, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(plain)) > limit {
		return nil, errInflated
	}
	return plain, err
}
