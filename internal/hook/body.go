package hook

import (
	"bytes"
	"io"
)

// A Body is the exact bytes of a payload. It can be read any number of times
// and from several goroutines; each Open begins at the first byte.
type Body interface {
	// Size is the number of bytes.
	Size() int64
	// Open returns a reader over all of them. The caller closes it.
	Open() (io.ReadCloser, error)
}

// Bytes is a Body in memory.
type Bytes []byte

// Size is the number of bytes.
func (b Bytes) Size() int64 { return int64(len(b)) }

// Open returns a reader over b. It cannot fail.
func (b Bytes) Open() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }

// ReadBody returns all bytes of b, or nil where there is no body.
func ReadBody(b Body) ([]byte, error) {
	switch b := b.(type) {
	case nil:
		return nil, nil
	case Bytes:
		return b, nil
	}
	r, err := b.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	buf := bytes.NewBuffer(make([]byte, 0, b.Size()+bytes.MinRead))
	_, err = buf.ReadFrom(r)
	return buf.Bytes(), err
}
