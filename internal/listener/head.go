package listener

import (
	"net/http"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// exactHead returns the header lines of r exactly as they were sent. raw is the
// head that the connection recorded. Where raw does not say what net/http read
// (a pipelined request, a folded header line) it returns false.
func exactHead(raw []byte, r *http.Request) (hook.Header, bool) {
	line, rest, ok := strings.Cut(string(raw), "\n")
	if !ok || !isRequestLine(strings.TrimSuffix(line, "\r"), r) {
		return nil, false
	}
	header, ok := parseFields(rest)
	if !ok || !agrees(header, r) {
		return nil, false
	}
	return header, true
}

func isRequestLine(line string, r *http.Request) bool {
	n, m := len(r.Method), len(r.RequestURI)
	return len(line) == n+m+len(r.Proto)+2 &&
		line[:n] == r.Method && line[n+1:n+1+m] == r.RequestURI && line[n+m+2:] == r.Proto
}

// parseFields splits header lines. The names and values share text's memory.
func parseFields(text string) (hook.Header, bool) {
	header := make(hook.Header, 0, 16)
	for {
		line, rest, ok := strings.Cut(text, "\n")
		if !ok {
			return nil, false
		}
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			return header, rest == ""
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || name[0] == ' ' || name[0] == '\t' {
			return nil, false
		}
		header = append(header, hook.Field{Name: name, Value: strings.Trim(value, " \t")})
		text = rest
	}
}

// agrees reports whether header holds just the fields that net/http read.
func agrees(header hook.Header, r *http.Request) bool {
	matched := 0
	var key [64]byte
	var repeats map[string]int // of the names that come more than once
	for _, f := range header {
		if removedByServer(f.Name) {
			continue
		}
		name := canonical(key[:0], f.Name)
		values := r.Header[string(name)]
		nth := 0
		if len(values) > 1 {
			if repeats == nil {
				repeats = map[string]int{}
			}
			nth = repeats[string(name)]
			repeats[string(name)]++
		}
		if nth >= len(values) || values[nth] != f.Value {
			return false
		}
		matched++
	}
	for name, values := range r.Header {
		if name == "Cache-Control" && !header.Has(name) {
			continue // net/http adds it to a request with "Pragma: no-cache"
		}
		matched -= len(values)
	}
	return matched == 0
}

// removedByServer names the fields that net/http keeps out of Request.Header.
func removedByServer(name string) bool {
	switch len(name) {
	case len("Host"):
		return strings.EqualFold(name, "Host")
	case len("Trailer"):
		return strings.EqualFold(name, "Trailer")
	case len("Transfer-Encoding"):
		return strings.EqualFold(name, "Transfer-Encoding")
	}
	return false
}

// canonical appends name in net/http's canonical case: without the allocation of
// http.CanonicalHeaderKey, since this runs for every header of every request.
func canonical(dst []byte, name string) []byte {
	upper := true
	for i := range len(name) {
		b := name[i]
		if upper && 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		} else if !upper && 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		upper = b == '-'
		dst = append(dst, b)
	}
	return dst
}

// plainHead is net/http's view of a head: canonical names by name, Host first.
func plainHead(r *http.Request) hook.Header {
	header := hook.Header{{Name: "Host", Value: r.Host}}
	header = append(header, hook.SortedHeader(r.Header)...)
	for _, coding := range r.TransferEncoding {
		header = append(header, hook.Field{Name: "Transfer-Encoding", Value: coding})
	}
	return header
}
