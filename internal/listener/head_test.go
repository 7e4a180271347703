package listener

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// FuzzExactHead holds our own reading of a head against net/http's: where we say
// that it is exact, the fields must be those that net/http read, in their order.
func FuzzExactHead(f *testing.F) {
	for _, seed := range []string{
		"POST /a?b HTTP/1.1\r\nHost: a\r\nx-Dup: 1\r\nX-dUp: 2\r\n\r\nbody",
		"GET / HTTP/1.0\n\n",
		"\r\n\nPOST / HTTP/1.1\r\nHost: a\r\nPragma: no-cache\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n0\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\n",
		"P / HTTP/1.1\r\nHost: a\r\nA:\r\n\r\n",
	} {
		f.Add([]byte(seed), 7)
	}
	f.Fuzz(func(t *testing.T, wire []byte, split int) {
		tap := &tapConn{}
		if split < 0 || split > len(wire) {
			split = len(wire)
		}
		for _, part := range [][]byte{wire[:split], wire[split:]} {
			if !tap.done && len(part) > 0 {
				tap.record(part)
			}
		}
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(bytes.TrimLeft(wire, "\r\n"))))
		if err != nil {
			return
		}
		header, exact := exactHead(tap.head, r)
		if !exact {
			return
		}
		seen := http.Header{}
		for _, field := range header {
			if !removedByServer(field.Name) {
				seen[string(canonical(nil, field.Name))] = append(seen[string(canonical(nil, field.Name))], field.Value)
			}
		}
		if !header.Has("Cache-Control") {
			delete(r.Header, "Cache-Control") // added by net/http to a pragma
		}
		if got, want := len(hook.SortedHeader(seen)), len(hook.SortedHeader(r.Header)); got != want {
			t.Fatalf("%d fields, net/http read %d: %q and %q", got, want, seen, r.Header)
		}
		for name, values := range r.Header {
			for i, value := range values {
				if i >= len(seen[name]) || seen[name][i] != value {
					t.Fatalf("%s is %q, net/http read %q", name, seen[name], values)
				}
			}
		}
	})
}

func TestHeadEndAtEverySplit(t *testing.T) {
	for _, wire := range []string{"POST / HTTP/1.1\r\nHost: a\r\n\r\nrest\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\nrest", "\r\nGET / HTTP/1.1\r\nHost: a\n\r\nrest"} {
		whole := &tapConn{}
		whole.record([]byte(wire))
		for split := 1; split < len(wire); split++ {
			tap := &tapConn{}
			for _, part := range []string{wire[:split], wire[split:]} {
				if !tap.done {
					tap.record([]byte(part))
				}
			}
			if !tap.done || !bytes.Equal(tap.head, whole.head) {
				t.Errorf("split at %d: %q, want %q", split, tap.head, whole.head)
			}
		}
	}
}
