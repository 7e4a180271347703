package render

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// Of a compressed answer no more is inflated than is shown.
func TestThePreviewOfABomb(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(strings.Repeat("boom\n", 10<<20))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	a := &hook.Attempt{
		ResponseHeader: hook.Header{{Name: "Content-Encoding", Value: "gzip"}},
		ResponseBody:   packed.Bytes(), ResponseSize: int64(packed.Len()),
	}
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if lines := previewLines(a); len(lines) != previewLineCount+1 || lines[0] != "boom" {
				b.Fatalf("%q", lines)
			}
		}
	})
	if took := result.AllocedBytesPerOp(); took > 128<<10 {
		t.Errorf("took %d bytes", took)
	}
}
