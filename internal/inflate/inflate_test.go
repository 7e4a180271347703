package inflate_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/inflate"
)

func packed(t *testing.T, open func(io.Writer) io.WriteCloser, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := open(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
func zlibbed(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
func deflated(w io.Writer) io.WriteCloser {
	f, _ := flate.NewWriter(w, flate.DefaultCompression) // the level is one that there is
	return f
}

func TestPayload(t *testing.T) {
	const text = `{"id": 1, "text": "as it was"}`
	bomb := packed(t, gzipped, strings.Repeat("\x00", 10<<20))
	for name, c := range map[string]struct {
		coding string
		body   []byte
		want   string
	}{
		"none":          {"", []byte(text), text},
		"identity":      {"Identity", []byte(text), text},
		"gzip":          {"gzip", packed(t, gzipped, text), text},
		"in any case":   {"X-GZip", packed(t, gzipped, text), text},
		"zlib":          {"deflate", packed(t, zlibbed, text), text},
		"bare":          {"deflate", packed(t, deflated, text), text},
		"unknown":       {"br", []byte(text), text},
		"two":           {"gzip, gzip", []byte(text), text},
		"not so at all": {"gzip", []byte(text), text},
		"cut":           {"gzip", packed(t, gzipped, text)[:20], string(packed(t, gzipped, text)[:20])},
		"empty":         {"gzip", nil, ""},
		"bomb":          {"gzip", bomb, string(bomb)},
	} {
		h := hook.Header{{Name: "content-encoding", Value: c.coding}}
		if got := inflate.Payload(h, c.body); string(got) != c.want {
			t.Errorf("%s: got %d bytes, want %d", name, len(got), len(c.want))
		}
	}
	if _, err := inflate.Body("gzip", bomb); !errors.Is(err, inflate.ErrBomb) {
		t.Errorf("bomb: %v", err)
	}
	if _, err := inflate.Body("br", bomb); !errors.Is(err, inflate.ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
}

func TestExplain(t *testing.T) {
	notJSON := func() *hook.Validation {
		return &hook.Validation{Outcome: hook.NotJSON, Reason: "not JSON: got '\\x1f'", Faults: []hook.Fault{{Kind: "syntax", Class: hook.ClassWrong, Message: "got '\\x1f'", Line: 1, Column: 1}}}
	}
	header := hook.Header{{Name: "Content-Encoding", Value: "gzip"}}
	_, damaged := inflate.Open(header, packed(t, gzipped, "{}")[:15])
	v := notJSON()
	inflate.Explain(v, damaged)
	const want = "the body could not be inflated: gzip: unexpected EOF"
	if f := v.Faults[0]; v.Reason != want || f != (hook.Fault{Kind: "syntax", Class: hook.ClassWrong, Message: want}) {
		t.Errorf("%+v", v)
	}
	plain, sound := inflate.Open(header, packed(t, gzipped, "{"))
	v = notJSON()
	if inflate.Explain(v, sound); string(plain) != "{" || v.Reason != notJSON().Reason {
		t.Errorf("%q %+v", plain, v)
	}
	_, undone := inflate.Open(header, []byte("{}"))
	v = &hook.Validation{Outcome: hook.Valid}
	if inflate.Explain(v, undone); undone == nil || v.Reason != "" {
		t.Errorf("what a proxy has undone: %v %+v", undone, v)
	}
}

// The memory for a body is that of what it becomes, and for one that becomes too much
// that of its beginning.
func TestMemory(t *testing.T) {
	zeros := func(size int) []byte { return packed(t, gzipped, strings.Repeat("\x00", size)) }
	noise := make([]byte, 100<<10) // makes the ratio a small one
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	large := string(noise) + strings.Repeat("x", 8<<20)
	for name, c := range map[string]struct {
		body []byte
		most uint64
		err  error
	}{
		"bomb":  {zeros(200 << 20), 2 << 20, inflate.ErrBomb},
		"large": {packed(t, gzipped, large), uint64(len(large)) + 2<<20, nil},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		plain, err := inflate.Body("gzip", c.body)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, c.err) || err == nil && string(plain) != large {
			t.Errorf("%s: %d bytes, %v", name, len(plain), err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > c.most {
			t.Errorf("%s: took %d bytes, want %d at most", name, took, c.most)
		}
	}
}

func TestHead(t *testing.T) {
	const text = "as it was, and some more"
	bomb := packed(t, gzipped, strings.Repeat("y", 50<<20))
	for name, c := range map[string]struct {
		coding string
		body   []byte
		want   string
		fails  bool
	}{
		"all of it":       {"gzip", packed(t, gzipped, text), text, false},
		"zlib":            {"deflate", packed(t, zlibbed, text), text, false},
		"of a bomb":       {"gzip", bomb, strings.Repeat("y", 30), false},
		"damaged later":   {"gzip", append(bomb[:1000:1000], "nonsense"...), strings.Repeat("y", 30), false},
		"of nothing":      {"gzip", packed(t, gzipped, ""), "", false},
		"damaged at once": {"gzip", packed(t, gzipped, text)[:11], "", true},
		"not so at all":   {"gzip", []byte(text), "", true},
		"of another sort": {"br", []byte(text), "", true},
	} {
		got, err := inflate.Head(c.coding, c.body, 30)
		if string(got) != c.want || (err != nil) != c.fails {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if took := testing.AllocsPerRun(3, func() { _, _ = inflate.Head("gzip", bomb, 30) }); took > 100 {
		t.Errorf("%g allocations", took)
	}
}
