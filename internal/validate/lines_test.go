package validate_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/validate"
)

func linesOf(r io.Reader, limit int) []string {
	var got []string
	for next := validate.Lines(r, limit); ; {
		line, n, err := next()
		switch {
		case errors.Is(err, io.EOF):
			return got
		case errors.Is(err, validate.ErrLarge):
			got = append(got, fmt.Sprintf("%d: too large", n))
		case err != nil:
			return append(got, err.Error())
		default:
			got = append(got, fmt.Sprintf("%d: %s", n, line))
		}
	}
}

func TestLines(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":               {"", nil},
		"blank lines only":      {"\n \t\r\n\r\n", nil},
		"the last has no end":   {"{}\n[]", []string{"1: {}", "2: []"}},
		"CRLF":                  {"{}\r\n[]\r\n", []string{"1: {}", "2: []"}},
		"CR before the end":     {"{}\r", []string{"1: {}"}},
		"blank lines are lines": {"\n{}\n\n\n[]\n", []string{"2: {}", "5: []"}},
		"spaces are kept":       {"  {}  \n", []string{"1:   {}  "}},
		"byte order mark":       {"\ufeff{}\n", []string{"1: {}"}},
		"mark within":           {"{}\n\ufeff{}\n", []string{"1: {}", "2: \ufeff{}"}},
		"at the limit":          {"0123456789\n1\n", []string{"1: 0123456789", "2: 1"}},
		"at the limit, CRLF":    {"0123456789\r\n1\n", []string{"1: 0123456789", "2: 1"}},
		"over the limit":        {"a\n01234567890\n1\n", []string{"1: a", "2: too large", "3: 1"}},
		"over it at the end":    {"01234567890", []string{"1: too large"}},
		"many times the buffer": {strings.Repeat("x", 1<<20) + "\n1", []string{"1: too large", "2: 1"}},
	} {
		for how, r := range map[string]io.Reader{"": strings.NewReader(c.text), " byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
			if diff := cmp.Diff(c.want, linesOf(r, 10)); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", name, how, diff)
			}
		}
	}
}

func TestLinesEndWhereReadingFails(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("{}\n"), iotest.ErrReader(errors.New("torn")))
	if diff := cmp.Diff([]string{"1: {}", "torn"}, linesOf(broken, 10)); diff != "" {
		t.Error(diff)
	}
}

// Whatever the text, its lines are counted as an editor counts them, and none is changed.
func FuzzNDJSON(f *testing.F) {
	for _, text := range []string{"", "{}\n[]\r\n", "\r\n\n{}", "\ufeff{}\n1", strings.Repeat("x", 100) + "\n{}", "a\rb\n\x00\n"} {
		f.Add([]byte(text), 20)
	}
	f.Fuzz(func(t *testing.T, text []byte, limit int) {
		limit = max(1, limit%1000)
		var want []string
		for i, line := range bytes.Split(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\n")) {
			line = bytes.TrimSuffix(line, []byte("\r"))
			switch {
			case len(line) > limit:
				want = append(want, fmt.Sprintf("%d: too large", i+1))
			case len(bytes.TrimSpace(line)) > 0:
				want = append(want, fmt.Sprintf("%d: %s", i+1, line))
			}
		}
		if diff := cmp.Diff(want, linesOf(bytes.NewReader(text), limit)); diff != "" {
			t.Error(diff)
		}
		for range validate.Stream(bytes.NewReader(text), "-") { // it ends, and does not panic
		}
	})
}
