package archive_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
)

func har(t testing.TB, o archive.Options, captures ...*hook.Capture) string {
	t.Helper()
	var b strings.Builder
	w := archive.NewHARWriter(&b, o)
	for _, c := range captures {
		if err := w.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(b.String())) {
		t.Fatalf("not JSON: %s", b.String())
	}
	return b.String()
}

func readHAR(t testing.TB, text string) []*hook.Capture {
	t.Helper()
	var captures []*hook.Capture
	for c, err := range archive.ReadHAR(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		captures = append(captures, c)
	}
	return captures
}

func TestHARGivesTheSameCapturesBack(t *testing.T) {
	var want []*hook.Capture
	for _, body := range hostile() {
		want = append(want, capture(body, "x-Dup", "1", "X-dUp", "\xff\u202e", "Content-Type", "x/y", "Authorization", "Bearer abc"))
	}
	http2 := capture("x")
	http2.Proto, http2.HeadersExact, http2.Target = "HTTP/2.0", false, "/\xff?a=%zz&b"
	dropped := capture("x")
	dropped.Reply = &hook.Reply{From: hook.FromListener, Dropped: hook.DroppedReset}
	dropped.Trailer = hook.Header{{Name: "X-Sum", Value: "1"}}
	want = append(want, http2, dropped)
	got := readHAR(t, har(t, archive.Options{Reveal: true}, want...))
	if len(got) != len(want) {
		t.Fatalf("read %d captures, want %d", len(got), len(want))
	}
	for i := range want {
		wantSame(t, want[i], got[i])
	}
}

func TestHAROfNothingIsAHAR(t *testing.T) {
	if got := readHAR(t, har(t, archive.Options{})); len(got) != 0 {
		t.Errorf("read %d captures, want none", len(got))
	}
}

func TestHARMasksAndSaysSo(t *testing.T) {
	text := har(t, archive.Options{}, capture("{}", "Authorization", "Bearer abc"))
	if strings.Contains(text, "Bearer abc") || !strings.Contains(text, `,"redacted":true}`) {
		t.Errorf("not redacted: %s", text)
	}
	if !readHAR(t, text)[0].Redacted() {
		t.Error("what was read is taken for exact")
	}
}

// What other tools can read of our files: the fields of HAR 1.2.
func TestHARIsWhatTheFormatAsksFor(t *testing.T) {
	binary := &hook.Attempt{
		Status: 503, ResponseProto: "HTTP/1.1", ResponseBody: []byte{0, 1}, ResponseSize: 9,
		ResponseHeader: hook.Header{{Name: "Content-Type", Value: "a/b"}, {Name: "Set-Cookie", Value: "secret"}},
		Reply:          &hook.Reply{Status: 503, From: hook.FromEndpoint},
	}
	c := capture("\xff", "Content-Type", "a/b")
	c.Target = "/in?a=1&b=%20x&c"
	c.Reply.Status = 503
	var b strings.Builder
	w := archive.NewHARWriter(&b, archive.Options{Version: "1.2.3"})
	if err := w.Add(c, &hook.Attempt{Status: 200}, binary); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	entry := got["log"].(map[string]any)["entries"].([]any)[0].(map[string]any)
	delete(entry, "_hookctl")
	pair := func(name, value string) any { return map[string]any{"name": name, "value": value} }
	want := map[string]any{"log": map[string]any{
		"version": "1.2", "creator": map[string]any{"name": "hookctl", "version": "1.2.3"},
		"entries": []any{map[string]any{
			"startedDateTime": "2026-11-21T08:00:00.123456Z", "time": 3.2, "cache": map[string]any{},
			"timings": map[string]any{"send": 0.0, "wait": 3.2, "receive": 0.0},
			"request": map[string]any{
				"method": "POST", "url": "http://localhost:4400/in?a=1&b=%20x&c", "httpVersion": "HTTP/1.1", "cookies": []any{},
				"headers":     []any{pair("Host", "localhost:4400"), pair("Content-Type", "a/b")},
				"queryString": []any{pair("a", "1"), pair("b", " x"), pair("c", "")},
				"postData":    map[string]any{"mimeType": "a/b", "text": "/w==", "_encoding": "base64"},
				"headersSize": -1.0, "bodySize": 1.0,
			},
			"response": map[string]any{
				"status": 503.0, "statusText": "Service Unavailable", "httpVersion": "HTTP/1.1", "cookies": []any{},
				"headers": []any{pair("Content-Type", "a/b"), pair("Set-Cookie", hook.Masked)}, "redirectURL": "",
				"content":     map[string]any{"size": 9.0, "mimeType": "a/b", "text": "AAE=", "encoding": "base64", "comment": "the first 2 of 9 bytes"},
				"headersSize": -1.0, "bodySize": 9.0,
			},
		}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHAROfOtherToolsIsRead(t *testing.T) {
	for name, tc := range map[string]struct {
		entry string
		want  hook.Capture
		body  string
	}{
		"a browser's, over HTTP/2": {
			`{"pageref":"p","startedDateTime":"2026-11-21T09:00:00.123+01:00","request":{"method":"POST","url":"https://user:pw@shop.example/a b?q=é#frag",
			"httpVersion":"h2","headers":[{"name":":authority","value":"shop.example"},{"name":":method","value":"POST"},{"name":"content-type","value":"application/json"}],
			"queryString":[],"cookies":[],"headersSize":-1,"bodySize":7,"postData":{"mimeType":"application/json","text":"{\"a\":1}"}},"response":{"status":0}}`,
			hook.Capture{Method: "POST", Target: "/a%20b?q=%C3%A9", Proto: "HTTP/2.0", Header: hook.Header{{Name: "Host", Value: "shop.example"}, {Name: "content-type", Value: "application/json"}}},
			`{"a":1}`,
		},
		"mitmproxy's, text and parameters": {
			`{"startedDateTime":"2026-11-21T08:00:00.123000+00:00","request":{"method":"POST","url":"http://localhost:4400","httpVersion":"HTTP/1.1",
			"headers":[{"name":"Host","value":"localhost:4400"},{"name":"X-a","value":" 1 "},{"name":"x-A","value":"2"}],
			"postData":{"mimeType":"application/x-www-form-urlencoded","text":"a=%31&b","params":[{"name":"a","value":"1"}]}}}`,
			hook.Capture{Method: "POST", Target: "/", Proto: "HTTP/1.1", Header: hook.Header{{Name: "Host", Value: "localhost:4400"}, {Name: "X-a", Value: "1"}, {Name: "x-A", Value: "2"}}},
			"a=%31&b",
		},
		"parameters alone": {
			`{"startedDateTime":"2026-11-21T08:00:00.123Z","request":{"method":"POST","url":"http://h/?x","httpVersion":"http/1.0","headers":[],
			"postData":{"mimeType":"application/x-www-form-urlencoded; charset=utf-8","params":[{"name":"a b","value":"1&2"},{"name":"c","value":""}]}}}`,
			hook.Capture{Method: "POST", Target: "/?x", Proto: "HTTP/1.0", Header: hook.Header{{Name: "Host", Value: "h"}}},
			"a+b=1%262&c=",
		},
		"an encoded body": {
			`{"startedDateTime":"2026-11-21T08:00:00.123+0000","request":{"method":"PUT","url":"http://h?x","httpVersion":"unknown","headers":[],
			"postData":{"mimeType":"a/b","text":"AP8=","encoding":"base64"}}}`,
			hook.Capture{Method: "PUT", Target: "/?x", Proto: "HTTP/1.1", Header: hook.Header{{Name: "Host", Value: "h"}}},
			"\x00\xff",
		},
		"no body": {
			`{"startedDateTime":"2026-11-21T08:00:00.123Z","request":{"method":"GET","url":"http://h/","headers":[],"postData":{"mimeType":"","text":null}}}`,
			hook.Capture{Method: "GET", Target: "/", Proto: "HTTP/1.1", Header: hook.Header{{Name: "Host", Value: "h"}}},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := readHAR(t, "\ufeff"+`{"log":{"version":"1.1","pages":[{"id":"p"}],"entries":[`+tc.entry+`],"comment":""},"more":1}`)
			if len(got) != 1 {
				t.Fatalf("read %d captures, want 1", len(got))
			}
			want := tc.want
			body := capture(tc.body)
			want.ReceivedAt = time.Date(2026, 11, 21, 8, 0, 0, 123000000, time.UTC)
			want.Body, want.BodySize, want.BodySHA256 = body.Body, body.BodySize, body.BodySHA256
			wantSame(t, &want, got[0])
		})
	}
}

func TestReadHARSaysWhatIsWrong(t *testing.T) {
	good := strings.TrimSuffix(har(t, archive.Options{}, capture("{}")), "]}}\n")
	good = good[strings.Index(good, "[")+1:]
	const started = `"startedDateTime":"2026-11-21T08:00:00Z"`
	request := func(fields string) string { return `{` + started + `,"request":{` + fields + `}}` }
	for name, tc := range map[string]struct {
		entries string
		want    []string
	}{
		"no request":           {`{` + started + `}`, []string{"log.entries[0].request is missing"}},
		"no time":              {`{"request":{}}`, []string{"log.entries[0].startedDateTime is missing"}},
		"no method":            {request(``), []string{"log.entries[0].request.method is missing"}},
		"no url":               {request(`"method":"GET"`), []string{"log.entries[0].request.url is missing"}},
		"no headers":           {request(`"method":"GET","url":"http://h"`), []string{"log.entries[0].request.headers is missing"}},
		"no absolute url":      {request(`"method":"GET","url":"data:x","headers":[]`), []string{`log.entries[0].request.url is not an absolute URL: "data:x"`}},
		"smuggled line":        {request(`"method":"GET","url":"http://h","headers":[{"name":"a","value":"b\r\nc: d"}]`), []string{"log.entries[0].request: the value of header a holds a line break or a NUL"}},
		"multipart parameters": {request(`"method":"GET","url":"http://h","headers":[],"postData":{"mimeType":"multipart/form-data","params":[{"name":"a"}]}`), []string{`log.entries[0].request.postData.text is missing: a body of type "multipart/form-data" cannot be rebuilt from its parameters`}},
		"bad base64":           {request(`"method":"GET","url":"http://h","headers":[],"postData":{"text":"*","_encoding":"base64"}`), []string{"log.entries[0].request.postData.text: illegal base64 data at input byte 0"}},
		"the second, and on":   {good + `,{"request":1},` + good, []string{"", "log.entries[1].request: number cannot stand here", ""}},
		"cut off":              {good + `,{"request":`, []string{"", "log.entries[1]: unexpected EOF"}},
		"changed body":         {strings.Replace(good, `"text":"{}"`, `"text":"[]"`, 1), []string{"log.entries[0].request.postData does not have the digest _hookctl.body_sha256, 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"log":{"entries":[` + tc.entries
			if name != "cut off" {
				text += `]}}`
			}
			if diff := cmp.Diff(tc.want, outcomes(archive.ReadHAR(strings.NewReader(text)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadHARRefusesWhatIsNone(t *testing.T) {
	const missing = "not a HAR file: log.entries is missing"
	for text, want := range map[string]string{
		``:                                 "not a HAR file: unexpected EOF",
		`[]`:                               missing,
		`{"a":1}`:                          missing,
		`{"log":{"a":[1,{"entries":[]}]}}`: missing,
		`{"log":{"entries":{}}}`:           missing,
		`{"log":[`:                         missing,
		`{"log":{"entries":[`:              "log.entries[0]: unexpected EOF",
		`nope`:                             "not a HAR file: invalid character 'o' in literal null (expecting 'u')",
	} {
		if diff := cmp.Diff([]string{want}, outcomes(archive.ReadHAR(strings.NewReader(text)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// outcomes lists what a reader gave: "" for a capture, else the error.
func outcomes(captures func(func(*hook.Capture, error) bool)) []string {
	var list []string
	for _, err := range captures {
		if err != nil {
			list = append(list, err.Error())
		} else {
			list = append(list, "")
		}
	}
	return list
}

func FuzzReadHAR(f *testing.F) {
	f.Add(har(f, archive.Options{}, capture("{}", "Authorization", "x"), capture("\x00\xff")))
	f.Add(`{"log":{"entries":[{"startedDateTime":"2026-11-21T08:00:00Z","request":{"method":"GET","url":"http://h/a#b","headers":[{"name":":a","value":"b"}],"postData":{"params":[]}}}]}}`)
	f.Add("\ufeff{\"log\":{}}")
	f.Fuzz(func(t *testing.T, text string) {
		for c, err := range archive.ReadHAR(strings.NewReader(text)) {
			if err == nil {
				wantWritable(t, c)
			}
		}
	})
}
