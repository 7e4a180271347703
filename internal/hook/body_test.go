package hook_test

import (
	"io"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// A streamed body can only be read.
type streamed string

func (s streamed) Size() int64 { return int64(len(s)) }

func (s streamed) Open() (io.ReadCloser, error) {
	return io.NopCloser(struct{ io.Reader }{strings.NewReader(string(s))}), nil
}

// The memory for a body is taken once.
func TestABodyIsReadIntoMemoryOnce(t *testing.T) {
	const size = 8 << 20
	body := streamed(strings.Repeat("x", size))
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if whole, err := hook.ReadBody(body); err != nil || len(whole) != size {
				b.Fatal(len(whole), err)
			}
		}
	})
	if took := result.AllocedBytesPerOp(); took > size+size/8 {
		t.Errorf("took %d bytes for %d", took, size)
	}
}
