package render_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/render"
)

func TestBodyIsShownAsWhatItIs(t *testing.T) {
	const form = "application/x-www-form-urlencoded"
	for name, tc := range map[string]struct{ contentType, body, want string }{
		"JSON keeps numbers, order, repeats and escapes": {
			"application/json", ` {"b":1.50e+3,"a":"\u00e9\/", "b":[ ]}` + "\n", "{\n  \"b\": 1.50e+3,\n  \"a\": \"\\u00e9\\/\",\n  \"b\": []\n}\n",
		},
		"JSON of another type":             {form, `[1,{"a":{}}]`, "[\n  1,\n  {\n    \"a\": {}\n  }\n]\n"},
		"JSON without a type":              {"", `{"a":"b \" } , "}`, "{\n  \"a\": \"b \\\" } , \"\n}\n"},
		"JSON of a vendor":                 {"application/vnd.x+json; charset=utf-8", `true`, "true\n"},
		"JSON that is none":                {"application/json", `{"a":`, "{\"a\":\n"},
		"JSON lines":                       {"application/x-ndjson", "{\"a\":1}\n\n[2]\n3\n", "{\n  \"a\": 1\n}\n[\n  2\n]\n3\n"},
		"JSON nested too deeply to indent": {"application/json", strings.Repeat("[", 101) + strings.Repeat("]", 101), strings.Repeat("[", 101) + strings.Repeat("]", 101) + "\n"},
		"form":                             {form, "a=1&longer+key=%C3%A9%0A&c&d=1=2", "a          = 1\nlonger key = é\\x0a\nc          =\nd          = 1=2\n"},
		"form with bad escapes":            {form, "a%=1+1&b=%zz", "a% = 1+1\nb  = %zz\n"},
		"form without a type":              {"", "a=1&b=2", "a=1&b=2\n"},
		"text":                             {"text/plain", "a\n\tb\n\n", "a\n\tb\n\n"},
		"text in CRLF":                     {"text/plain", "a\r\nb\r\n", "(lines end in CRLF)\na\nb\n"},
		"text with a lone CR":              {"text/plain", "safe\rhidden", "safe\\x0dhidden\n"},
		"text of another charset":          {"text/plain; charset=latin1", "caf\xe9", "caf\\xe9\n"},
		"XML":                              {"application/xml", "<a>\n</a>", "<a>\n</a>\n"},
		"text without a type":              {"", "héllo", "héllo\n"},
		"binary":                           {"text/plain", "\x00\x01ABCDEFGHIJKLMNO\xff", "00000000  00 01 41 42 43 44 45 46  47 48 49 4a 4b 4c 4d 4e  ..ABCDEFGHIJKLMN\n00000010  4f ff                                             O.\n"},
		"binary, long":                     {"a/b", strings.Repeat("\x00", 5000), zeros(256) + "... 904 B more; --body writes all of it\n"},
		"text, long":                       {"text/plain", strings.Repeat("é", 40_000), strings.Repeat("é", 32_768) + "\n... 14.5 KB more; --body writes all of it\n"},
		"JSON, one long string":            {"application/json", `"` + strings.Repeat("x", 70_000) + `"`, `"` + strings.Repeat("x", 65_535) + "\n... 4.5 KB more; --body writes all of it\n"},
		"multipart": {
			"multipart/form-data; boundary=B",
			"--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\nthere\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.bin\"\r\nContent-Type: a/b\r\n\r\n\x00\x01\r\n--B--\r\n",
			"part 1  name=\"note\"  9 B\n  hi\n  there\npart 2  name=\"file\"  filename=\"x.bin\"  a/b  2 B\n",
		},
		"multipart cut off":           {"multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B\r\nX", "part 1  name=\"a\"  1 B\n  1\nmalformed after this: malformed MIME header: missing colon: \"X\"\n"},
		"multipart without its parts": {"multipart/form-data; boundary=B", "hello", "hello\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := bodyShown(t, tc.body, "Content-Type", tc.contentType)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// zeros is the dump of so many rows of zero bytes.
func zeros(rows int) string {
	var b strings.Builder
	for i := range rows {
		fmt.Fprintf(&b, "%08x %s %s  ................\n", 16*i, strings.Repeat(" 00", 8), strings.Repeat(" 00", 8))
	}
	return b.String()
}

func TestEncodedBodyIsShownInflated(t *testing.T) {
	pack := func(open func(io.Writer) io.WriteCloser, text string) string {
		var b bytes.Buffer
		w := open(&b)
		io.WriteString(w, text)
		w.Close()
		return b.String()
	}
	gzipped := func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }
	zlibbed := func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }
	deflated := func(w io.Writer) io.WriteCloser { fw, _ := flate.NewWriter(w, 9); return fw }
	const text = "hello hello hello hello hello hello hello hello"
	for name, tc := range map[string]struct{ coding, body, note, text string }{
		"gzip":            {"gzip", pack(gzipped, text), "(content-encoding gzip: 32 B, shown inflated to 47 B)", text},
		"zlib":            {"deflate", pack(zlibbed, text), "(content-encoding deflate: 20 B, shown inflated to 47 B)", text},
		"bare deflate":    {"Deflate", pack(deflated, text), "(content-encoding deflate: 14 B, shown inflated to 47 B)", text},
		"not gzip":        {"gzip", "plain text, really", "(content-encoding gzip, shown as it is: gzip: invalid header)", "plain text, really"},
		"unknown":         {"br", "x", "(content-encoding br, shown as it is)", "x"},
		"two layers":      {"gzip, gzip", "x", "(content-encoding gzip, gzip, shown as it is)", "x"},
		"bomb":            {"gzip", pack(gzipped, strings.Repeat("\x00", 10<<20)), "(content-encoding gzip, shown as it is: it inflates beyond all measure)", ""},
		"identity":        {"identity", "x", "x", ""},
		"hostile coding":  {"gz\u202eip\x1b", "x", `(content-encoding gz\u202eip\x1b, shown as it is)`, "x"},
		"inflated binary": {"gzip", pack(gzipped, "\x00"), "(content-encoding gzip: 25 B, shown inflated to 1 B)", "00000000  00"},
	} {
		t.Run(name, func(t *testing.T) {
			got := bodyShown(t, tc.body, "Content-Encoding", tc.coding)
			note, text, _ := strings.Cut(got, "\n")
			if note != tc.note || !strings.HasPrefix(text, tc.text) {
				t.Errorf("got %.200q, want %q and %q", got, tc.note, tc.text)
			}
		})
	}
}

func TestBodyOfAListedCaptureIsNotShown(t *testing.T) {
	c := capture("{}")
	c.Body = nil
	if got := shown(t, c); strings.Contains(got, "{") || strings.Contains(got, "more") {
		t.Errorf("got\n%s", got)
	}
}

func FuzzShowCapture(f *testing.F) {
	f.Add("application/json", "", `{"a":[1,2,{"b":null}]}`)
	f.Add("application/x-www-form-urlencoded", "", "a=%1b&b=%zz&c")
	f.Add("multipart/form-data; boundary=B", "", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--")
	f.Add("text/plain", "gzip", "\x1f\x8b\x08\x00\x00")
	f.Add("", "deflate", nasty)
	f.Fuzz(func(t *testing.T, contentType, coding, body string) {
		c := capture(body, "Content-Type", contentType, "Content-Encoding", coding)
		a := attempt(500, body, "Content-Type", contentType, "Content-Encoding", coding)
		got := printed(t, options(), func(p *render.Printer) {
			p.Attempted(c, a)
			p.ShowCapture(c, nil, render.ShowOptions{})
		})
		wantSafe(t, got, "\n\t")
	})
}
