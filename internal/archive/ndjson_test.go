package archive_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
)

func ndjson(t testing.TB, o archive.Options, captures ...*hook.Capture) string {
	t.Helper()
	var b strings.Builder
	for _, c := range captures {
		if err := archive.WriteNDJSON(&b, c, o); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func TestNDJSONGivesTheSameCapturesBack(t *testing.T) {
	for name, body := range hostile() {
		t.Run(name, func(t *testing.T) {
			want := capture(body, "x-Dup", "1", "X-dUp", "\xff\u202e", "Authorization", "Bearer abc")
			text := ndjson(t, archive.Options{Reveal: true}, want)
			if strings.Count(text, "\n") != 1 {
				t.Errorf("not one line: %q", text)
			}
			n := 0
			for got, err := range archive.ReadNDJSON(strings.NewReader(text)) {
				if err != nil {
					t.Fatal(err)
				}
				wantSame(t, want, got)
				n++
			}
			if n != 1 {
				t.Errorf("read %d captures, want 1", n)
			}
		})
	}
}

func TestNDJSONIsTheStableJSON(t *testing.T) {
	c := capture(`{"a":"<&>"}`, "X-A", `"body_sha256":"`)
	want, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	got := ndjson(t, archive.Options{Reveal: true}, c)
	var a, b any
	if err := errors.Join(json.Unmarshal([]byte(got), &a), json.Unmarshal(want, &b)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b, a); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Index(got, `"body_base64"`) > strings.Index(got, `"reply"`) {
		t.Error("the body is not in its place")
	}
}

func TestNDJSONHasNothingThatATerminalActsOn(t *testing.T) {
	got := ndjson(t, archive.Options{}, capture("", "X-A", "a\u202e\u009b\u007f\u200b\U000e0041 é"))
	if want := `a\u202e\u009b\u007f\u200b\udb40\udc41 é`; !strings.Contains(got, want) {
		t.Errorf("want %s in %s", want, got)
	}
}

func TestNDJSONMasksAndSaysSo(t *testing.T) {
	c := capture("{}", "Authorization", "Bearer abc", "X-Api-Key", "k", "X-Signature", "s")
	got := ndjson(t, archive.Options{}, c)
	if strings.Contains(got, "Bearer abc") || !strings.HasSuffix(got, ",\"redacted\":true}\n") {
		t.Errorf("not redacted: %s", got)
	}
	for read, err := range archive.ReadNDJSON(strings.NewReader(got)) {
		if err != nil {
			t.Fatal(err)
		}
		if !read.Redacted() {
			t.Error("what was read is taken for exact")
		}
		again := ndjson(t, archive.Options{Reveal: true}, read)
		if !strings.Contains(again, `"redacted":true`) {
			t.Error("written again, it is taken for exact")
		}
	}
	if c.Redacted() {
		t.Error("what was given to be written is changed")
	}
	if got := ndjson(t, archive.Options{Reveal: true}, c); strings.Contains(got, "redacted") {
		t.Errorf("revealed, yet redacted: %s", got)
	}
}

func TestReadNDJSON(t *testing.T) {
	good := strings.TrimSuffix(ndjson(t, archive.Options{}, capture("{}")), "\n")
	for name, tc := range map[string]struct {
		text string
		want []string // "" for a capture, else the error
	}{
		"empty":                {"", nil},
		"no line break at end": {good, []string{""}},
		"CRLF":                 {good + "\r\n" + good + "\r\n", []string{"", ""}},
		"byte order mark":      {"\ufeff" + good, []string{""}},
		"blank lines":          {"\n  \n" + good + "\n\n\n" + good, []string{"", ""}},
		"goes on after a bad line": {good + "\nnonsense\n" + good, []string{
			"", "line 2: invalid character 'o' in literal null (expecting 'u')", "",
		}},
		"an array":      {"[]", []string{"line 1: json: cannot unmarshal array into Go value of type hook.captureJSON"}},
		"an empty one":  {"{}", []string{"line 1: method is missing"}},
		"no target":     {`{"method":"POST"}`, []string{"line 1: target is missing"}},
		"no time":       {`{"method":"POST","target":"/"}`, []string{"line 1: received_at is missing"}},
		"from a list":   {`{"method":"POST","target":"/","received_at":"2026-11-21T08:00:00Z"}`, []string{"line 1: body_base64 is missing: lists leave it out, exports have it"}},
		"smuggled line": {strings.Replace(good, "localhost:4400", `a\r\nX: y`, 1), []string{"line 1: the value of header Host holds a line break or a NUL"}},
		"changed body":  {strings.Replace(good, `"e30="`, `"W10="`, 1), []string{"line 1: body_sha256: the body does not have the digest 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for c, err := range archive.ReadNDJSON(strings.NewReader(tc.text)) {
				if (c == nil) == (err == nil) {
					t.Fatalf("want a capture or an error, got %v, %v", c, err)
				}
				if err != nil {
					got = append(got, err.Error())
				} else {
					got = append(got, "")
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadNDJSONEndsAfterALineTooLong(t *testing.T) {
	endless := io.LimitReader(repeat('x'), 65<<20)
	last := ""
	for _, err := range archive.ReadNDJSON(io.MultiReader(strings.NewReader("\n"), endless)) {
		last = err.Error()
	}
	if want := "line 2: longer than 64 MiB"; last != want {
		t.Errorf("got %q, want %q", last, want)
	}
}

func TestReadNDJSONTellsOfAFailingReader(t *testing.T) {
	for _, err := range archive.ReadNDJSON(iotest.ErrReader(io.ErrClosedPipe)) {
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
		return
	}
	t.Error("no error")
}

func TestWritersNeedABody(t *testing.T) {
	c := capture("")
	c.Body = nil
	if err := archive.WriteNDJSON(io.Discard, c, archive.Options{}); err == nil {
		t.Error("ndjson: no error")
	}
	if err := archive.NewHARWriter(io.Discard, archive.Options{}).Add(c); err == nil {
		t.Error("har: no error")
	}
}

func TestRoundTripsOfAnyCapture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyCapture(t)
		var lines, har bytes.Buffer
		if err := archive.WriteNDJSON(&lines, want, archive.Options{Reveal: true}); err != nil {
			t.Fatal(err)
		}
		w := archive.NewHARWriter(&har, archive.Options{Reveal: true})
		if err := errors.Join(w.Add(want), w.Close()); err != nil {
			t.Fatal(err)
		}
		for format, captures := range map[string]func(func(*hook.Capture, error) bool){
			"ndjson": archive.ReadNDJSON(&lines), "har": archive.ReadHAR(&har),
		} {
			n := 0
			for got, err := range captures {
				if err != nil {
					t.Fatalf("%s: %v", format, err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s (-want +got):\n%s", format, diff)
				}
				n++
			}
			if n != 1 {
				t.Fatalf("%s: read %d captures, want 1", format, n)
			}
		}
	})
}

// anyCapture draws a capture such as a listener may receive: any bytes in the
// body, and in values and target all but white space and line breaks.
func anyCapture(t *rapid.T) *hook.Capture {
	token := rapid.StringMatching("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,8}")
	visible := rapid.Map(rapid.SliceOfN(rapid.ByteRange(0x21, 0xff), 0, 20), func(b []byte) string { return string(b) })
	c := capture(string(rapid.SliceOf(rapid.Byte()).Draw(t, "body")))
	c.Method, c.Target = token.Draw(t, "method"), "/"+visible.Draw(t, "target")
	for range rapid.IntRange(0, 4).Draw(t, "headers") {
		c.Header = append(c.Header, hook.Field{Name: token.Draw(t, "name"), Value: visible.Draw(t, "value")})
	}
	if rapid.Bool().Draw(t, "waiting") {
		c.Reply = nil
	}
	return c
}

// repeat is an endless reader of one byte.
type repeat byte

func (b repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(b)
	}
	return len(p), nil
}

func FuzzReadNDJSON(f *testing.F) {
	f.Add(ndjson(f, archive.Options{}, capture("{}", "Authorization", "x"), capture("\x00\xff")))
	f.Add("\ufeff\r\n\n{}\n[]\nnull\n")
	f.Add(`{"method":"POST","target":"/","received_at":"2026-11-21T08:00:00Z","body_base64":"AA==","headers":[["a","b"]]}`)
	f.Add(`{"method":"POST","target":"/","received_at":"2026-11-21T08:00:00Z","body_base64":"","candidates":["svix","clazar"],"event":{"items":-1},"verification":{"outcome":"not_checked","unbound":true}}`)
	f.Fuzz(func(t *testing.T, text string) {
		for c, err := range archive.ReadNDJSON(strings.NewReader(text)) {
			if err == nil {
				wantWritable(t, c)
			}
		}
	})
}

// wantWritable fails where a capture that was read cannot be written in every format.
func wantWritable(t *testing.T, c *hook.Capture) {
	t.Helper()
	o := archive.Options{Reveal: true, URL: "http://localhost/"}
	w := archive.NewHARWriter(io.Discard, o)
	err := errors.Join(archive.WriteNDJSON(io.Discard, c, o), archive.WriteHTTP(io.Discard, c, o), archive.WriteCurl(io.Discard, c, o), w.Add(c), w.Close())
	if err != nil {
		t.Errorf("read but not writable: %v", err)
	}
}
