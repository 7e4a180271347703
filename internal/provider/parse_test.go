package provider_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

func TestParsePlace(t *testing.T) {
	for _, text := range []string{
		"body", "header:X-A", "header:X-A|x-b", "json:a.b[0].c", "item:id", "key", "form:a", "forms", "xml:a/b", "query:a", "method", "url", "host", "path",
		"target", "crc32", "sha256", "secret", "timestamp", "part:t", "sign:json:a", "sign:header:A", "id", "event", "event:before .", "event:after /", "time:ms", "try", "try:retry", "cause", "first:rfc3339",
	} {
		p, err := provider.ParsePlace(text)
		if err != nil || p.String() != text || p.Words() == "" {
			t.Errorf("%s: %v, %v", text, p, err)
		}
	}
	if p, _ := provider.ParsePlace("header:X-A|x-b"); !cmp.Equal(p.Names(), []string{"X-A", "x-b"}) {
		t.Error(p.Names())
	}
	for text, want := range map[string]string{
		"":               `got ""`,
		"hedaer:X":       `did you mean header?`,
		"zzzzzzzz":       `the kinds are body,`,
		"header":         `want something after the colon`,
		"header:":        `want something after the colon`,
		"header:a b":     `want a header's name, got "a b"`,
		"header:a|":      `want a header's name, got "a|"`,
		"header:a:b":     `want a header's name`,
		"body:":          `want body alone`,
		"method:x":       `want method alone, got "method:x"`,
		"json:a[":        ``,
		"time:year":      `want one of s, ms, rfc3339, rfc1123, got "year"`,
		"event:before":   `want event, event:before MARK or event:after MARK, got "event:before"`,
		"event:around .": `want event, event:before MARK`,
		"try:twice":      `want try, try:retry`,
		"sign:nothing":   `want a place`,
	} {
		if _, err := provider.ParsePlace(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestParseTemplate(t *testing.T) {
	scope := &provider.Scope{Message: &provider.Message{Body: []byte("B")}, Timestamp: "7", ID: "i"}
	for text, want := range map[string]string{
		"": "", "a": "a", "{body}": "B", "{timestamp}.{body}": "7.B", "{{{body}}}": "{B}", "{{}}": "{}", "a{id}b{id}c": "aibic", "{{id}}": "{id}",
	} {
		template, err := provider.ParseTemplate(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got, err := template.Fill(scope); err != nil || got != want || template.String() != text || template.IsZero() != (text == "") {
			t.Errorf("%q: got %q, %v; want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"{": "want a closing brace", "}": "want a brace that is closed to be open", "{body": "want a closing brace", "a}b": "to be open",
		"{}": `got ""`, "{bdoy}": "did you mean body?", "{body}}": "to be open", "{{body}": "to be open",
	} {
		if _, err := provider.ParseTemplate(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	template, _ := provider.ParseTemplate("{header:X-A}")
	_, err := template.Fill(scope)
	var missing *provider.MissingError
	if !errors.As(err, &missing) || err.Error() != "there is no header X-A" {
		t.Error(err)
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]string{
		"500ms": "500ms", "15s": "15s", "5m": "5m", "90s": "1m30s", "48h": "48h", "5d": "120h", "any": "any", "0": "0s", "1h30m": "1h30m", "1m0s": "1m",
	} {
		var d provider.Duration
		if err := d.UnmarshalText([]byte(text)); err != nil || d.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, d, err, want)
		}
	}
	for _, text := range []string{"", "5", "-5s", "5 s", "soon", "9999d", "1.5d", "ANY"} {
		var d provider.Duration
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is accepted as %s", text, d)
		}
	}
}

func TestStatusRanges(t *testing.T) {
	for text, want := range map[string]string{"200": "200", "2xx": "2xx", "200..299": "2xx", "500..502": "500..502", "404..404": "404"} {
		var r provider.StatusRange
		if err := r.UnmarshalText([]byte(text)); err != nil || r.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, r, err, want)
		}
	}
	r := provider.StatusRange{Low: 200, High: 204}
	if !r.Has(200) || !r.Has(204) || r.Has(199) || r.Has(205) {
		t.Error("both ends are in a range, and nothing beyond")
	}
}

// A time that is written in a unit is read back from it.
func TestTimeUnits(t *testing.T) {
	at := time.Date(2026, 11, 21, 8, 0, 0, 123e6, time.UTC)
	for unit, want := range map[provider.TimeUnit]string{
		provider.Seconds: "1795248000", provider.Milliseconds: "1795248000123",
		provider.RFC3339: "2026-11-21T08:00:00.123Z", provider.RFC1123: "Sat, 21 Nov 2026 08:00:00 GMT",
	} {
		text := provider.FormatTime(at.In(time.FixedZone("", 3600)), unit)
		if text != want {
			t.Errorf("%s: got %s, want %s", unit, text, want)
		}
		back, err := provider.ParseTime(text, unit)
		if err != nil || back.Truncate(time.Second).Unix() != at.Unix() {
			t.Errorf("%s: %s is read as %s, %v", unit, text, back, err)
		}
	}
	for _, test := range []struct {
		unit       provider.TimeUnit
		text, want string
	}{
		{provider.Seconds, "soon", `want seconds since 1970, got "soon"`},
		{provider.Seconds, "", `want seconds since 1970, got ""`},
		{provider.Seconds, "1795248000123", `want seconds since 1970, got "1795248000123"`}, // milliseconds: the year 58859
		{provider.Seconds, "1e9", `got "1e9"`},
		{provider.Seconds, " 1", `got " 1"`},
		{provider.Seconds, "-62135596801", `want seconds since 1970`},
		{provider.Milliseconds, "1.5", `want milliseconds since 1970, got "1.5"`},
		{provider.RFC3339, "2026-11-21", `want a time as in RFC 3339, got "2026-11-21"`},
		{provider.RFC1123, "2026-11-21T08:00:00Z", `want a time as in RFC 1123`},
	} {
		if at, err := provider.ParseTime(test.text, test.unit); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %q: %s, %v", test.unit, test.text, at, err)
		}
	}
}

func TestURLForms(t *testing.T) {
	for url, want := range map[string][]string{
		"https://a.example/x?y=1": {"https://a.example:443/x?y=1", "http://a.example/x?y=1", "http://a.example:80/x?y=1"},
		"http://a.example":        {"https://a.example", "https://a.example:443", "http://a.example:80"},
		"http://[::1]:80/x":       {"https://[::1]:80/x", "https://[::1]/x", "https://[::1]:443/x", "http://[::1]/x"},
		"/x":                      nil,
		"":                        nil,
	} {
		if diff := cmp.Diff(want, provider.URLForms(url)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", url, diff)
		}
	}
}

// A URL that somebody vouches for is taken at its word, but for the port that goes
// without saying.
func TestFormsOfAURLThatIsGiven(t *testing.T) {
	for url, want := range map[string][]string{
		"https://a.example/x?y=1": {"https://a.example:443/x?y=1"},
		"https://a.example:443/x": {"https://a.example/x"},
		"http://a.example?x=:80":  {"http://a.example:80?x=:80"},
		"http://[::1]:80/x":       {"http://[::1]/x"},
		"https://[::1]/x":         {"https://[::1]:443/x"},
		"https://a.example:80/x":  nil,
		"http://a.example:8080/x": nil,
		"ftp://a.example/x":       nil,
		"/x":                      nil,
		"":                        nil,
	} {
		m := &provider.Message{URL: url}
		if diff := cmp.Diff(want, m.URLForms()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", url, diff)
		}
		m.URLGuessed = true
		if diff := cmp.Diff(provider.URLForms(url), m.URLForms()); diff != "" {
			t.Errorf("%s, guessed (-want +got)\n%s", url, diff)
		}
	}
}

func TestWordsAreSuggested(t *testing.T) {
	var algorithm provider.Algorithm
	if err := algorithm.UnmarshalText([]byte("hmac-sha265")); err == nil || !strings.HasSuffix(err.Error(), `got "hmac-sha265"; did you mean hmac-sha256?`) {
		t.Error(err)
	}
	var glob provider.Glob
	if err := glob.UnmarshalText([]byte("order/*")); err != nil || !glob.Match("order/created") || glob.Match("orders/created") {
		t.Error(glob, err)
	}
}

// Any text is a template, or is refused; a template says what was written.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"", "{timestamp}.{body}", "{{}}", "{header:A|b}", "{json:a.b[0]?}", "{sign:json:a}", "{event:before .}", "{", "}", "{time:ms}", "{part:t}{try:again}", "{sign:sign:sign:body}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := provider.ParseTemplate(text)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error that says nothing")
			}
			return
		}
		if template.String() != text {
			t.Fatalf("%q has become %q", text, template)
		}
		for place := range template.Places() {
			again, err := provider.ParsePlace(place.String())
			if err != nil || again.String() != place.String() {
				t.Fatalf("the place %s is not read back: %v", place, err)
			}
		}
		_, err = template.Fill(&provider.Scope{Message: fuzzMessage(), Secret: []byte("s"), Timestamp: "1", At: time.Unix(1, 0), Try: 1})
		var missing *provider.MissingError
		if err != nil && !errors.As(err, &missing) {
			t.Fatal(err)
		}
	})
}

func fuzzMessage() *provider.Message {
	return &provider.Message{
		Method: "POST", URL: "https://a.example/x?y=1", Body: []byte(`{"type":"a","data":{"id":[1,{"b":null}]},"b":2}`),
		Header: hook.Header{{Name: "X-A", Value: "b"}, {Name: "x-a", Value: "c"}},
	}
}

// Any text is a profile, or is refused with the place in the file; and what is a
// profile can be shown, checked and applied.
func FuzzProfile(f *testing.F) {
	l := library()
	names, err := l.Names()
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		p, err := l.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Source())
	}
	f.Add([]byte(overridable))
	f.Add([]byte("name: acme\nlike: acme\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := l.Parse("acme/provider.yaml", text)
		if err != nil {
			var at *yamldoc.Error
			if !errors.As(err, &at) || at.What == "" {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		for _, rule := range p.Rules() {
			if rule.Path == "" {
				t.Fatal("a rule without a path")
			}
		}
		l.Lint(p)
		p.EventOf(fuzzMessage())
		provider.NewDetector([]*provider.Profile{p}, func(*provider.Profile) bool { return true }).Detect(fuzzMessage())
		if err := p.Set("--set", "policy.ack.deadline", "1s"); err != nil {
			t.Fatalf("a sound profile does not take a deadline: %v", err)
		}
	})
}
