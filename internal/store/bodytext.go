package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/hookctl/hookctl/internal/hook"
)

// bodyContains reports whether text is in b, where the letters A to Z are the
// same in both cases; all other bytes are what they are. It holds a piece of a
// long body in memory at a time.
func bodyContains(b hook.Body, text string) (bool, error) {
	if b == nil {
		return text == "", nil
	}
	want := lowerASCII([]byte(text))
	if body, ok := b.(hook.Bytes); ok {
		return bytes.Contains(lowerASCII(bytes.Clone(body)), want), nil
	}
	r, err := b.Open()
	if err != nil {
		return false, fmt.Errorf("reading the body: %w", err)
	}
	defer r.Close()
	return readerContains(r, want, min(b.Size(), chunkSize))
}

// readerContains looks for want, which is in lower case, in pieces of r of size bytes.
func readerContains(r io.Reader, want []byte, size int64) (bool, error) {
	overlap := max(len(want)-1, 0)
	buf := make([]byte, int64(overlap)+max(size, 1))
	kept := 0 // bytes at the front of buf that end the piece before
	for {
		n, err := io.ReadFull(r, buf[kept:])
		lowerASCII(buf[kept : kept+n])
		if bytes.Contains(buf[:kept+n], want) {
			return true, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("reading the body: %w", err)
		}
		last := max(kept+n-overlap, 0)
		kept = copy(buf, buf[last:kept+n])
	}
}

// lowerASCII lowers the letters A to Z in place and returns b.
func lowerASCII(b []byte) []byte {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}
