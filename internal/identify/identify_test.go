package identify_test

import (
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

// acme is a provider whose token stands in a header.
const acme = `
name: acme
aliases: [acme-eu]
detect: {any: [{"header:X-Acme": "*"}]}
event: {type: ["{header:X-Event}", "{json:type}"], agree: true, id: ["{json:id}"], time: ["{json:at}"]}
signatures: {schemes: {token: {algorithm: token, in: "header:X-Token"}}}
handshakes:
  challenge:
    when: {"json:challenge": "*"}
    signature: not_failed
    reply: {status: 202, text: "{json:challenge}"}
  proof:
    when: {"json:prove": "*"}
    reply: {status: 200, json: {proof: "{sign:json:prove}"}}
`

// profile loads a profile from its text.
func profile(t *testing.T, text string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(fstest.MapFS{}).Parse("provider.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func keys(secret string) []signature.Key { return []signature.Key{{Name: "secret", Secret: secret}} }

// capture is a request to target with a body and header lines.
func capture(target, body string, lines ...string) *hook.Capture {
	c := &hook.Capture{Method: "POST", Target: target, Body: hook.Bytes(body), ReceivedAt: time.Unix(1700000000, 0)}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		c.Header = append(c.Header, hook.Field{Name: name, Value: value})
	}
	return c
}

func TestIdentify(t *testing.T) {
	known := identify.Source{Profile: profile(t, acme), Keys: keys("s")}
	other := identify.Source{Profile: profile(t, strings.NewReplacer("name: acme", "name: other", "[acme-eu]", "[]").Replace(acme))}
	all := []identify.Source{known, other}
	for _, test := range []struct {
		name    string
		sources []identify.Source
		only    string
		capture *hook.Capture
		want    string // provider or candidates, outcome, event
	}{
		{"by its headers", all[:1], "", capture("/", `{"type":"a","id":7,"at":"now"}`, "X-Acme: 1", "X-Token: s"), "acme verified a 7 now"},
		{"by the path", all, "", capture("/other/x", `{"type":"a"}`), "other not_checked a  "},
		{"by an alias in the path", all, "", capture("/acme-eu?x", ``, "X-Token: no"), "acme failed   "},
		{"because there is no other", all, "other", capture("/acme", ``), "other not_checked   "},
		{"two that fit are not guessed", all, "", capture("/", ``, "X-Acme: 1"), "acme|other    "},
		{"the one that is configured", []identify.Source{known, {Profile: other.Profile, Configured: true}}, "", capture("/", ``, "X-Acme: 1"), "other not_checked   "},
		{"nobody known", all, "", capture("/", `{"type":"a"}`), ""},
		{"a forged token", all[:1], "", capture("/", ``, "X-Acme: 1", "X-Token: S"), "acme failed   "},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := identify.NewSet(test.sources, test.only).Identify(test.capture)
			if got := inWords(found.Identity); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func inWords(id *hook.Identity) string {
	if id == nil {
		return ""
	}
	words := []string{id.Provider + strings.Join(id.Candidates, "|"), "", id.Event.Type, id.Event.ID, id.Event.Time}
	if id.Verification != nil {
		words[1] = string(id.Verification.Outcome)
	}
	return strings.Join(words, " ")
}

func TestHandshakesAreAnswered(t *testing.T) {
	set := identify.NewSet([]identify.Source{{Profile: profile(t, acme), Keys: keys("s")}}, "acme")
	for _, test := range []struct {
		name    string
		capture *hook.Capture
		status  int
		body    string
	}{
		{"a challenge", capture("/", `{"challenge":"<b>\n"}`, "X-Token: s"), 202, "<b>\n"},
		{"not a forged one", capture("/", `{"challenge":"x"}`, "X-Token: no"), 0, ""},
		{"with proof of the secret", capture("/", `{"prove":"x"}`), 200, `{"proof":"cefb105ee22996fb167ed606478d2931b87aa3ab99b4b04b68c4fc16c8b49a30"}`},
		{"an event is none", capture("/", `{"type":"a"}`, "X-Token: s"), 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer := set.Identify(test.capture).Answer
			switch {
			case answer == nil && test.status != 0, answer != nil && test.status == 0:
				t.Fatalf("got %+v, want status %d", answer, test.status)
			case answer != nil && (answer.Status != test.status || string(answer.Body) != test.body):
				t.Errorf("got %d %q, want %d %q", answer.Status, answer.Body, test.status, test.body)
			}
		})
	}
}

func TestWhatCannotBeSettledIsSaid(t *testing.T) {
	p := profile(t, acme)
	set := identify.NewSet([]identify.Source{{Profile: p}}, "acme")
	notes := func(c *hook.Capture) string { return strings.Join(set.Identify(c).Notes, "; ") }
	for want, c := range map[string]*hook.Capture{
		"the event is a in one place and b in another":               capture("/", `{"type":"b"}`, "X-Event: a"),
		"the handshake proof cannot be answered: there is no secret": capture("/", `{"prove":"x"}`),
		"not identified: the body cannot be read: the file is gone":  {Target: "/", Body: unreadable{}},
	} {
		if got := notes(c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

type unreadable struct{}

func (unreadable) Size() int64                  { return 1 }
func (unreadable) Open() (io.ReadCloser, error) { return nil, errors.New("the file is gone") }

func TestWhatIsKnownCanBeReplacedMeanwhile(t *testing.T) {
	p := profile(t, acme)
	without, with := identify.NewSet(nil, ""), identify.NewSet([]identify.Source{{Profile: p, Keys: keys("s")}}, "")
	id := identify.New(without)
	done := make(chan []string)
	for range 4 {
		go func() {
			var seen []string
			for range 500 {
				got := inWords(id.Identify(capture("/acme", `{}`, "X-Token: s")).Identity)
				if !slices.Contains(seen, got) {
					seen = append(seen, got)
				}
			}
			done <- seen
		}()
	}
	for i := range 100 {
		id.Replace([]*identify.Set{with, without}[i%2])
	}
	for range 4 {
		for _, got := range <-done {
			if got != "" && got != "acme verified   " {
				t.Errorf("got %q", got)
			}
		}
	}
}

// Only what could have been checked and was not good is a forgery.
func TestForged(t *testing.T) {
	signs := profile(t, acme)
	silent := profile(t, "name: silent\nsignatures: {none: nothing is signed}\n")
	for _, test := range []struct {
		name    string
		source  identify.Source
		capture *hook.Capture
		want    bool
	}{
		{"a wrong token", identify.Source{Profile: signs, Keys: keys("s")}, capture("/", "", "X-Token: no"), true},
		{"no token", identify.Source{Profile: signs, Keys: keys("s")}, capture("/", ""), true},
		{"the right one", identify.Source{Profile: signs, Keys: keys("s")}, capture("/", "", "X-Token: s"), false},
		{"no secret", identify.Source{Profile: signs}, capture("/", "", "X-Token: no"), false},
		{"a provider that does not sign", identify.Source{Profile: silent}, capture("/", ""), false},
		{"not even where a secret is there", identify.Source{Profile: silent, Keys: keys("s")}, capture("/", ""), false},
		{"a handshake", identify.Source{Profile: signs, Keys: keys("s")}, capture("/", `{"prove":"x"}`), false},
	} {
		found := identify.NewSet([]identify.Source{test.source}, test.source.Profile.Name).Identify(test.capture)
		if got := found.Forged(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestACompressedBodyIsReadButSignedAsItCame(t *testing.T) {
	text := strings.Replace(strings.Replace(acme, "algorithm: token, in: \"header:X-Token\"",
		"algorithm: hmac-sha256, content: \"{body}\", in: \"header:X-Token\", encoding: hex", 1), "{header:X-Event}", "{header:X-Event-Type}", 1)
	p := profile(t, text)
	set := identify.NewSet([]identify.Source{{Profile: p, Keys: keys("s")}}, "acme")
	packed := func(body string) string {
		var b strings.Builder
		w := gzip.NewWriter(&b)
		if _, err := io.WriteString(w, body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	signed := func(body string) string {
		mac := hmac.New(sha256.New, []byte("s"))
		mac.Write([]byte(body))
		return hex.EncodeToString(mac.Sum(nil))
	}
	for _, test := range []struct {
		name, body, signed, coding string
		want, answer               string
	}{
		{"packed", packed(`{"type":"a","id":7,"at":"now"}`), packed(`{"type":"a","id":7,"at":"now"}`), "gzip", "acme verified a 7 now", ""},
		{"the text was signed", packed(`{"type":"a"}`), `{"type":"a"}`, "gzip", "acme failed a  ", ""},
		{"nothing says that it is packed", packed(`{"type":"a"}`), packed(`{"type":"a"}`), "", "acme verified   ", ""},
		{"a handshake", packed(`{"challenge":"x"}`), packed(`{"challenge":"x"}`), "gzip", "acme verified   ", "x"},
		{"it is not packed at all", `{"type":"a"}`, `{"type":"a"}`, "gzip", "acme verified a  ", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := set.Identify(capture("/", test.body, "X-Token: "+signed(test.signed), "Content-Encoding: "+test.coding))
			if got := inWords(found.Identity); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if found.Answer == nil && test.answer != "" || found.Answer != nil && string(found.Answer.Body) != test.answer {
				t.Errorf("answer %+v", found.Answer)
			}
		})
	}
	c := capture("/", packed(`{"type":"b"}`), "X-Event-Type: a", "Content-Encoding: gzip")
	if notes := set.Identify(c).Notes; len(notes) != 1 || !strings.Contains(notes[0], "a in one place and b in another") {
		t.Error(notes)
	}
}
