package archive_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/hook"
)

// capture is a POST of body with the header lines given as name, value, ….
func capture(body string, lines ...string) *hook.Capture {
	c := &hook.Capture{
		ID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB", Seq: 12, ReceivedAt: time.Date(2026, 11, 21, 8, 0, 0, 123456000, time.UTC),
		Method: "POST", Target: "/recharge?x=1", Proto: "HTTP/1.1", Remote: "127.0.0.1:5321",
		Header: hook.Header{{Name: "Host", Value: "localhost:4400"}}, HeadersExact: true,
		Body: hook.Bytes(body), BodySize: int64(len(body)), BodySHA256: sha256.Sum256([]byte(body)),
		Reply: &hook.Reply{Status: 200, From: hook.FromEndpoint, Latency: 3200 * time.Microsecond},
		Identity: &hook.Identity{
			Provider: "recharge", Event: hook.Event{Type: "order/created", ID: "evt_1"},
			Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: `no secret gives "v1=\x00"`},
		},
	}
	for i := 0; i < len(lines); i += 2 {
		c.Header = append(c.Header, hook.Field{Name: lines[i], Value: lines[i+1]})
	}
	return c
}

// hostile are payloads that break archives and shells.
func hostile() map[string]string {
	long := make([]byte, 100_000)
	for i := range long {
		long[i] = byte(i * 7)
	}
	lines := ""
	for len(lines) < 100_000 {
		lines += "a line with 'quotes', $(touch SENTINEL) and 100% of é\n"
	}
	return map[string]string{
		"nothing":                    "",
		"plain JSON":                 `{"amount":10.0,"name":"Zoë"}`,
		"quotes end":                 `'; touch SENTINEL; '`,
		"command substitution":       `$(touch SENTINEL)`,
		"backticks":                  "`touch SENTINEL`",
		"backslashes":                `\ \\ \n \x41 \101 \c`,
		"percent signs":              `100% %s %d %n`,
		"NUL bytes":                  "a\x00b\x000",
		"name of a file":             "@/etc/passwd",
		"only a line break":          "\n",
		"line breaks at the end":     "text\n\n\n",
		"CRLF":                       "a\r\nb\r\n",
		"carriage return":            "safe\rhidden",
		"escape sequence":            "\x1b[31mred\x1b[0m\x1b]0;title\x07",
		"bidi and zero width":        "a\u202eb\u200bc\u2066",
		"C1":                         "a\u009bb",
		"invalid UTF-8":              "a\xff\xfe\xc3(",
		"option of printf":           "-v x",
		"history":                    "wow!\nvim!!\n",
		"history in quotes":          "\x01!!'!$\"",
		"every byte":                 string(long[:256]),
		"100 KB of bytes":            string(long),
		"100 KB of lines":            lines,
		"end of a here-document":     "EOF\nEOF\n$HOME",
		"tabs":                       "\ta\tb",
		"octal digits after a byte":  "\x01234\x00567",
		"byte order mark":            "\ufeff{}",
		"line separators":            "a\u2028b\u2029c",
		"high private and tag runes": "\U000e0041\U0010fffd",
	}
}

// wantSame fails where got is not want, bodies included.
func wantSame(t *testing.T, want, got *hook.Capture) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not the same capture (-want +got):\n%s", diff)
	}
}
