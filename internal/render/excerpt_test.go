package render_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/validate"
)

// excerptOf is the line that is shown of text around offset, and the one below it, in
// columns.
func excerptOf(t testing.TB, text string, offset, width int) (line, carets string) {
	t.Helper()
	fault := hook.Fault{Kind: "type", Class: hook.ClassWrong, Message: "wrong", Line: 1, Column: 1, Offset: offset}
	all := reported(t, "text", []*validate.Report{orderReport("a.json", hook.Invalid, faulty(text, true, fault))},
		func(o *render.ReportOptions) { o.Width = width })
	_, rest, found := strings.Cut(all, "\n    1 |")
	lines := strings.SplitN(rest, "\n", 3)
	if !found || len(lines) < 3 || !strings.HasPrefix(lines[1], "      |") {
		t.Fatalf("no excerpt in\n%s", all)
	}
	return strings.TrimPrefix(lines[0], " "), strings.TrimPrefix(lines[1], "      | ")
}

func TestExcerptPointsAtThePlace(t *testing.T) {
	long := strings.Repeat("abcdefghij", 40)
	for name, tc := range map[string]struct {
		text         string
		offset       int
		width        int
		line, carets string
	}{
		"a string":         {`{"id": "abc"}`, 7, 0, `{"id": "abc"}`, `       ^^^^^`},
		"a number":         {`{"id": 12.5e3}`, 7, 0, `{"id": 12.5e3}`, `       ^^^^^^`},
		"an object":        {`{"id": {"a":1}}`, 7, 0, `{"id": {"a":1}}`, `       ^`},
		"a key with quote": {`{"a\"b": 1}`, 1, 0, `{"a\"b": 1}`, ` ^^^^^^`},
		"a later line":     {"{\r\n \"id\": 1\r\n}", 10, 0, ` "id": 1`, `       ^`},
		"the end":          {`{"id": 1`, 8, 0, `{"id": 1`, `        ^`},
		"beyond the end":   {`{`, 80, 0, `{`, ` ^`},
		"before the start": {`{`, -8, 0, `{`, `^`},
		"nothing":          {``, 0, 0, ``, `^`},
		"a line break":     {"{\"id\":\n1}", 6, 0, `{"id":`, `      ^`},
		"tabs":             {"\t{\t1", 3, 0, `    {    1`, `         ^`},
		"wide characters":  {`["日本", "x"]`, 11, 0, `["日本", "x"]`, `         ^^^`},
		"a wide token":     {`["日本"]`, 1, 0, `["日本"]`, ` ^^^^^^`},
		"inside a letter":  {`["日本"]`, 3, 0, `["日本"]`, `  ^^^^`},
		"combining":        {"[\"e\u0301\", 1]", 8, 0, "[\"e\u0301\", 1]", `      ^`},
		"hidden":           {"[\"\u202e\x1b\xff\", 1]", 10, 0, `["\u202e\x1b\xff", 1]`, `                   ^`},
		"a command":        {`["##[error]", 1]`, 13, 0, `["#\x23[error]", 1]`, `                ^`},
		"never closed":     {`["abc`, 1, 0, `["abc`, ` ^^^^`},
		"start of a long":  {`"` + long, 0, 50, `"abcdefghijabcdefghijabcdefghijabcde...`, strings.Repeat("^", 39)},
		"middle of a long": {long + `,7,` + long, 401, 50, `...hijabcdefghijabcdefghij,7,abcdefghij...`, `                           ^`},
		"end of a long":    {long + `,7`, 401, 50, `...ghijabcdefghijabcdefghijabcdefghij,7`, `                                      ^`},
	} {
		t.Run(name, func(t *testing.T) {
			line, carets := excerptOf(t, tc.text, tc.offset, tc.width)
			if line != tc.line || carets != tc.carets {
				t.Errorf("got\n%q\n%q\nwant\n%q\n%q", line, carets, tc.line, tc.carets)
			}
		})
	}
}

func FuzzExcerpt(f *testing.F) {
	f.Add(orderText, 40, 60)
	f.Add(nasty, 3, 40)
	f.Fuzz(func(t *testing.T, text string, offset, width int) {
		width = 40 + max(0, width)%200
		line, carets := excerptOf(t, text, offset, width)
		wantSafe(t, line+carets, "")
		if len(carets) > width || !strings.HasSuffix(carets, "^") || strings.Trim(carets, " ^") != "" {
			t.Errorf("%q under %q, in %d columns", carets, line, width)
		}
	})
}

// A large line costs no more than a look at it.
func BenchmarkExcerptOfALargeLine(b *testing.B) {
	text := `{"items":[` + strings.Repeat(`{"sku":"A-1","quantity":1},`, 100_000) + `1]}`
	for b.Loop() {
		excerptOf(b, text, len(text)/2, 80)
	}
}
