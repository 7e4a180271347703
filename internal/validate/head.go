package validate

import (
	"bytes"
	"io"
)

// A head keeps the beginning of what is written to it: no more than a payload may have,
// and a byte, so that one that is larger is told from it.
type head struct {
	parts [][]byte
	size  int
}

func (h *head) Write(p []byte) (int, error) {
	left := p[:min(len(p), MaxText+1-h.size)]
	h.size += len(left)
	for len(left) > 0 {
		last := len(h.parts) - 1
		if last < 0 || len(h.parts[last]) == cap(h.parts[last]) {
			h.parts = append(h.parts, make([]byte, 0, lineBuffer))
			continue
		}
		n := min(len(left), cap(h.parts[last])-len(h.parts[last]))
		h.parts[last], left = append(h.parts[last], left[:n]...), left[n:]
	}
	return len(p), nil
}

// reader reads what was kept.
func (h *head) reader() io.Reader {
	readers := make([]io.Reader, len(h.parts))
	for i, part := range h.parts {
		readers[i] = bytes.NewReader(part)
	}
	return io.MultiReader(readers...)
}
