package cli

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestByteSize(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1048576": 1 << 20, "25MiB": 25 << 20, "25M": 25 << 20, "500kB": 500_000, "1GiB": 1 << 30, "2 mb": 2_000_000, "7b": 7,
	} {
		var b byteSize
		if err := b.Set(text); err != nil || int64(b) != want {
			t.Errorf("%q: %d, %v; want %d", text, b, err, want)
		}
	}
	for _, text := range []string{"", "-1", "x", "1.5M", "1TiB", "99999999999999999999", "9999999999G", "MiB"} {
		var b byteSize
		if err := b.Set(text); err == nil {
			t.Errorf("%q: accepted as %d", text, b)
		}
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"30d": 30 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, "36h": 36 * time.Hour, "90s": 90 * time.Second,
		"5d5h": 125 * time.Hour, "1d 3h30m": 27*time.Hour + 30*time.Minute, "1w12h": 180 * time.Hour,
	} {
		var p period
		if err := p.Set(text); err != nil || time.Duration(p) != want {
			t.Errorf("%q: %s, %v; want %s", text, time.Duration(p), err, want)
		}
	}
	for _, text := range []string{"", "30", "-1h", "1.5d", "d", "99999999d", "65535w", "1d-1h", "5d5", "5h5d", "1d1d"} {
		var p period
		if err := p.Set(text); err == nil {
			t.Errorf("%q: accepted as %s", text, time.Duration(p))
		}
	}
}

func TestHeaderFlag(t *testing.T) {
	for text, want := range map[string][2]string{
		"X-A: b": {"X-A", "b"}, "x-a:b": {"x-a", "b"}, "A:": {"A", ""}, "A: b: c": {"A", "b: c"}, "A: \tb ": {"A", "b"},
	} {
		var h headers
		if err := h.Set(text); err != nil || len(h) != 1 || [2]string{h[0].Name, h[0].Value} != want {
			t.Errorf("%q: %v, %v", text, h, err)
		}
	}
	for text, want := range map[string]string{
		"X-NoColon":    `want 'Name: value', got "X-NoColon", which has no colon`,
		": v":          `want a header name of letters, digits and hyphens before the colon, got ""`,
		"A b: c":       `want a header name of letters, digits and hyphens before the colon, got "A b"`,
		"A: b\r\nC: d": `the value of A has a control character, which no header may have: "b\r\nC: d"`,
	} {
		var h headers
		err := h.Set(text)
		if err == nil {
			t.Errorf("%q: accepted", text)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Error(diff)
		}
	}
}

func TestParseTarget(t *testing.T) {
	for text, want := range map[string]string{
		"3000": "http://localhost:3000", "3000/errors?a=b": "http://localhost:3000/errors?a=b", "localhost:3000/hooks?a=b": "http://localhost:3000/hooks?a=b", "127.0.0.1:80": "http://127.0.0.1:80",
		"http://h/p#frag": "http://h/p", "https://[::1]:8443": "https://[::1]:8443", "HTTP://h": "http://h",
	} {
		got, err := parseTarget(text)
		if err != nil || got.String() != want {
			t.Errorf("%q: %v, %v; want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"ftp://h":        `bad target URL "ftp://h": want http or https, got the scheme "ftp"`,
		"http://":        `bad target URL "http://": there is no host`,
		"http://h:99999": `bad target URL "http://h:99999": there is no port 99999`,
		"":               `bad target URL "": want http or https, got the scheme ""`,
		"localhost":      `bad target URL "localhost": want http or https, got the scheme ""`,
		"http://a b/":    `bad target URL "http://a b/": invalid character " " in host name`,
		"http://localhost:3000/C:/Program Files/Git/hooks": `bad target URL "http://localhost:3000/C:/Program Files/Git/hooks": your shell turned its path into a Windows path`,
	} {
		_, err := parseTarget(text)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}
