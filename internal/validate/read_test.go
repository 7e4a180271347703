package validate_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/validate"
)

// read is what Run gets of a file with that text: the place and text of each payload.
func read(t *testing.T, name, text string) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sources, err := (&validate.Finder{Dir: dir}).Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return told(t, validate.Source.Payloads(sources[0], nil))
}

// told is the place of each payload, and its text with the event of its headers.
func told(t *testing.T, payloads func(func(validate.Payload) bool)) []string {
	t.Helper()
	var lines []string
	check := func(p *validate.Payload) validate.Report {
		topic := ""
		if p.Capture != nil {
			topic = " " + p.Capture.Header.Get("X-Topic")
		}
		return validate.Report{Event: string(p.Text) + topic}
	}
	_, err := validate.Run(context.Background(), payloads, config(check), func(r *validate.Report) error {
		if r.Bodiless {
			return nil
		}
		what := r.Event
		if r.Trouble != nil {
			what = "trouble: " + r.Trouble.Error()
		}
		lines = append(lines, fmt.Sprintf("%s %d %d %s", r.Path, r.Line, r.Entry, what))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// captured is the JSON of a capture with a body, as captures export writes it.
func captured(t *testing.T, body string) string {
	t.Helper()
	c := &hook.Capture{
		Seq: 1, ID: "cap_01M7Z4MH78M8GFPHR1KW25BJA0", ReceivedAt: at, Method: "POST", Target: "/hooks", Proto: "HTTP/1.1",
		Header: hook.Header{{Name: "x-topic", Value: "order/created"}}, BodySize: int64(len(body)), BodySHA256: sha256.Sum256([]byte(body)), Body: hook.Bytes(body),
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPayloadsOfFiles(t *testing.T) {
	capture := captured(t, `{"id": 1}`)
	indented, err := json.MarshalIndent(json.RawMessage(capture), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Replace(capture, `"body_base64"`, `"other"`, 1)
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"a document":               {"a.json", "{\r\n}\n", []string{"a.json 0 0 {\r\n}\n"}},
		"an array is one":          {"a.json", "[{},{}]", []string{"a.json 0 0 [{},{}]"}},
		"any name":                 {"a.txt", "{}", []string{"a.txt 0 0 {}"}},
		"lines":                    {"a.ndjson", "{}\n\n[]", []string{"a.ndjson 1 0 {}", "a.ndjson 3 0 []"}},
		"captures in lines":        {"a.jsonl", capture + "\n{}\n", []string{`a.jsonl 1 0 {"id": 1} order/created`, "a.jsonl 2 0 {}"}},
		"a capture as a document":  {"a.json", string(indented), []string{`a.json 0 0 {"id": 1} order/created`}},
		"a capture without a body": {"a.jsonl", listed, []string{"a.jsonl 1 0 trouble: it is a capture of hookctl, but body_base64 is missing: lists leave it out, exports have it"}},
		"what only looks like one": {"a.json", `{"id":"cap_01M7Z4MH78M8GFPHR1KW25BJA0"}`, []string{`a.json 0 0 {"id":"cap_01M7Z4MH78M8GFPHR1KW25BJA0"}`}},
		"what is no id of hookctl": {"a.json", `{"id":"cap_1","body_sha256":""}`, []string{`a.json 0 0 {"id":"cap_1","body_sha256":""}`}},
		"a HAR file":               {"a.har", har, []string{"a.har 0 2 {\"n\":2} order/updated"}},
		"a HAR file with a fault":  {"a.har", `{"log":{"entries":[{}]}}`, []string{"a.har 0 1 trouble: log.entries[0].request is missing"}},
		"a HAR file of bodies":     {"a.har", `{"log":{"entries":[{"request":{"postData":{"text":"[1]"}}}, {"startedDateTime":"","request":{"method":"POST","url":"::","headers":[{"name":"x-topic","value":"order/paid"}],"postData":{"text":"[2]"}}}]}}`, []string{"a.har 0 1 [1] ", "a.har 0 2 [2] order/paid"}},
		"what is no HAR file":      {"a.har", `{}`, []string{"a.har 0 1 trouble: not a HAR file: log.entries is missing"}},
		"captures of empty bodies": {"a.ndjson", captured(t, "") + "\n" + captured(t, "[]"), []string{"a.ndjson 1 0  order/created", "a.ndjson 2 0 [] order/created"}},
		"an empty file":            {"a.json", "", []string{"a.json 0 0 "}},
		"an empty file of lines":   {"a.ndjson", "", nil},
	} {
		if diff := cmp.Diff(c.want, read(t, c.file, c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

const har = `{"log":{"version":"1.2","entries":[
	{"startedDateTime":"2026-11-21T08:00:00Z","request":{"method":"GET","url":"http://localhost/","httpVersion":"HTTP/1.1","headers":[]}},
	{"startedDateTime":"2026-11-21T08:00:00Z","request":{"method":"POST","url":"http://localhost/","httpVersion":"HTTP/1.1",
	 "headers":[{"name":"X-Topic","value":"order/updated"}],"postData":{"mimeType":"application/json","text":"{\"n\":2}"}}}]}}`

func TestPayloadsOfStreams(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":              {"", nil},
		"blank":                {"\n \n", nil},
		"one line":             {"{}\n", []string{"- 0 0 {}\n"}},
		"several lines":        {"{\n\"a\": 1\n}\n", []string{"- 0 0 {\n\"a\": 1\n}\n"}},
		"NDJSON":               {"{}\n\n[]\n3\n", []string{"- 1 0 {}", "- 3 0 []", "- 4 0 3"}},
		"NDJSON, broken":       {"{\"a\":}\n{}\n", []string{"- 1 0 {\"a\":}", "- 2 0 {}"}},
		"a list of objects":    {"[\n{},\n{}\n]", []string{"- 0 0 [\n{},\n{}\n]"}},
		"a broken document":    {"{\"a\":\n1,}\n", []string{"- 0 0 {\"a\":\n1,}\n"}},
		"a capture":            {captured(t, "{}"), []string{"- 0 0 {} order/created"}},
		"longer than a buffer": {strings.Repeat(`{"a":"`+strings.Repeat("x", 1000)+"\"}\n", 1000), nil},
	} {
		for how, r := range map[string]io.Reader{"": strings.NewReader(c.text), " byte by byte": iotest.OneByteReader(strings.NewReader(c.text))} {
			got := told(t, validate.Stream(r, "-"))
			if name == "longer than a buffer" {
				if len(got) != 1000 || !strings.HasPrefix(got[999], `- 1000 0 {"a":"`) || len(got[999]) != len(got[998])+len("1") {
					t.Errorf("%s%s: %d", name, how, len(got))
				}
				continue
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", name, how, diff)
			}
		}
	}
}

// What is read ahead to find out what a stream is does not grow with it.
func TestStreamsAreBounded(t *testing.T) {
	const much = 2 * validate.MaxText
	for name, c := range map[string]struct {
		text io.Reader
		want string
	}{
		"empty lines":               {endless("\n", much), ""},
		"blank lines":               {endless(" \n", much), ""},
		"a line":                    {endless("x", much), "- 0 0 trouble: larger than 40 MiB, the most that is read"},
		"a document":                {io.MultiReader(strings.NewReader("{\n"), endless("\n", much), strings.NewReader("}")), "- 0 0 trouble: larger than 40 MiB, the most that is read"},
		"lines behind empty lines":  {io.MultiReader(endless("\n", much), strings.NewReader("1\n2")), fmt.Sprintf("- %d 0 1, - %d 0 2", much+1, much+2)},
		"a document behind a few":   {strings.NewReader("\n\n{}"), "- 0 0 \n\n{}"},
		"a document behind so many": {io.MultiReader(endless("\n", much), strings.NewReader("{}")), "- 0 0 trouble: larger than 40 MiB, the most that is read"},
	} {
		before, most := heap(), uint64(0)
		r := readerFunc(func(p []byte) (int, error) {
			if rand.IntN(200) == 0 {
				most = max(most, heap())
			}
			return c.text.Read(p)
		})
		if got := strings.Join(told(t, validate.Stream(r, "-")), ", "); got != c.want {
			t.Errorf("%s: got %.200q, want %q", name, got, c.want)
		}
		if most > before+3*validate.MaxText {
			t.Errorf("%s: %d MiB", name, (most-before)>>20)
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// endless is a text of so many bytes that is the same all over.
func endless(text string, n int64) io.Reader {
	chunk := []byte(strings.Repeat(text, 64<<10))
	return io.LimitReader(readerFunc(func(p []byte) (int, error) { return copy(p, chunk), nil }), n)
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestStreamTellsWhyItCannotBeRead(t *testing.T) {
	got := told(t, validate.Stream(iotest.ErrReader(io.ErrClosedPipe), "-"))
	if diff := cmp.Diff([]string{"- 0 0 trouble: io: read/write on closed pipe"}, got); diff != "" {
		t.Error(diff)
	}
}
