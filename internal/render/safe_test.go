package render_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/render"
)

func TestSafe(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"ASCII":                {`/a b?c=%00\n~`, `/a b?c=%00\n~`},
		"letters and symbols":  {"Zoë 日本 🎉 ﷺ", "Zoë 日本 🎉 ﷺ"},
		"private use":          {"\ue0b0\U0010fffd", "\ue0b0\U0010fffd"},
		"replacement itself":   {"\ufffd", "\ufffd"},
		"line break and tab":   {"a\n\tb", `a\x0a\x09b`},
		"carriage return":      {"a\rb", `a\x0db`},
		"escape, bell, delete": {"\x1b[2J\a\x7f\x00", `\x1b[2J\x07\x7f\x00`},
		"C1":                   {"\u0080\u009b\u009f\u00a0", `\u0080\u009b\u009f` + "\u00a0"},
		"bare C1 byte":         {"\x9b2J", `\x9b2J`},
		"bidi":                 {"\u202e\u2066\u200f\u061c", `\u202e\u2066\u200f\u061c`},
		"zero width":           {"\u200b\u200d\u2060\ufeff\u00ad", `\u200b\u200d\u2060\ufeff\u00ad`},
		"separators":           {"\u2028\u2029", `\u2028\u2029`},
		"tags":                 {"\U000e0001\U000e0041", `\U000e0001\U000e0041`},
		"invalid UTF-8":        {"a\xffb\xc3", `a\xffb\xc3`},
		"surrogate":            {"\xed\xa0\x80", `\xed\xa0\x80`},
		"backslash":            {`\x1b`, `\x1b`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := render.Safe(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestSafeLinesKeepsLinesAndTabs(t *testing.T) {
	if got, want := render.SafeLines("a\n\tb\r\x1b é\u202e"), "a\n\tb"+`\x0d\x1b é\u202e`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSafeLeavesASCIIWhereItIs(t *testing.T) {
	in := strings.Repeat("plain text ", 20)
	if n := testing.AllocsPerRun(100, func() { render.Safe(in) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func FuzzSafe(f *testing.F) {
	f.Add(nasty)
	f.Add("plain\n\ttext")
	f.Fuzz(func(t *testing.T, in string) {
		wantSafe(t, render.Safe(in), "")
		wantSafe(t, render.SafeLines(in), "\n\t")
		if again := render.Safe(render.Safe(in)); again != render.Safe(in) {
			t.Errorf("what is safe was changed: %q", again)
		}
	})
}

// wantSafe fails where text holds anything that a terminal acts on, but for allowed.
func wantSafe(t testing.TB, text, allowed string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8: %q", text)
	}
	for _, r := range text {
		acts := unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
		if acts && !strings.ContainsRune(allowed, r) {
			t.Errorf("%U in %q", r, text)
			return
		}
	}
}
