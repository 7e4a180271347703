package signature_test

import (
	"crypto/sha512"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
)

func TestExplainTellsHowToFix(t *testing.T) {
	profiles := bundled(t)
	legacy := func(sum func(secret, body string) string) func(*provider.Message) {
		return func(m *provider.Message) {
			m.Header = hook.Header{{Name: "X-Recharge-Hmac-Sha256", Value: sum(goodSecret, string(m.Body))}}
		}
	}
	for _, test := range []struct {
		mishap
		fix, not string
	}{
		{mishap{name: "an HMAC for a plain hash", provider: "recharge", change: legacy(func(secret, body string) string { return hexMAC(secret, body) }), want: "algorithm-hmac-sha256"},
			"hashlib.sha256(secret + body)", "createHmac"},
		{mishap{name: "another HMAC for a plain hash", provider: "recharge", change: legacy(func(secret, body string) string { return hex.EncodeToString(mac(sha512.New, secret, body)) }), want: "algorithm-hmac-sha512"},
			"createHash('sha256').update(secret + body)", "createHmac"},
		{mishap{name: "a plain hash for an HMAC", provider: "github", change: func(m *provider.Message) {
			m.Header = hook.Header{{Name: "X-Hub-Signature-256", Value: "sha256=" + sha256Hex(goodSecret+string(m.Body))}}
		}, want: "algorithm-plain-secret-first-sha256"}, "createHmac", ""},
		{mishap{name: "no URL", provider: "square", change: func(m *provider.Message) { m.URL = "" }, want: "content-url-unknown"}, "url: under the provider", "headers"},
		{mishap{name: "a URL with a password", provider: "square", url: "https://u:p@example.com/hooks", change: func(m *provider.Message) { m.URL = "http://u:p@example.com/hooks" }, want: "content-url-origin"}, "--url", "u:p"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.explain(t, profiles)
			if got.Cause == nil || !strings.Contains("|"+test.want+"|", "|"+got.Cause.ID+"|") {
				t.Fatalf("got %+v, want %s", got.Cause, test.want)
			}
			all := got.Cause.What + got.Cause.Why + got.Cause.Fix
			if !strings.Contains(got.Cause.Fix, test.fix) || test.not != "" && strings.Contains(all, test.not) {
				t.Errorf("got %+v, want %q and not %q", got.Cause, test.fix, test.not)
			}
		})
	}
}

func TestExplainHintsAtNothingThatIsNotThere(t *testing.T) {
	profiles := bundled(t)
	for name, test := range map[string]struct{ body, not string }{
		"bytes that are not text": {"\xff\x00\xef\xbf\xbd\xfe", "U+FFFD"},
		"a form":                  {"a=1&b={", "JSON"},
		"small numbers":           {`{"n":1000000,"m":10.00}`, "zeros"},
		"a large number":          {`{"n":12345678901234567890}`, "zeros"},
		"a large binary":          {strings.Repeat("\xff", 9<<20), "JSON"},
		"keys in their order":     {`{"b":1,"10":2,"2":3}`, "stand first"},
		"XML":                     {"<a/>", "JSON"},
	} {
		got := mishap{provider: "github", secret: otherSecret, given: test.body, change: set("Content-Type", "text/plain")}.explain(t, profiles)
		if text := strings.Join(got.Hints, "\n"); got.Cause != nil || strings.Contains(text, test.not) {
			t.Errorf("%s: got %+v, %q", name, got.Cause, got.Hints)
		}
	}
}

func TestExplainWhyNoSchemeApplies(t *testing.T) {
	p := load(t, "adyen")
	m := &provider.Message{Method: "POST", Body: []byte("\uFEFF" + `{"notificationItems":[]}`), Header: hook.Header{
		{Name: "X-Other-Signature", Value: strings.Repeat("ab", 32)},
	}}
	got := signature.Explain(p, signature.Case{Message: m, Now: testTime(), Keys: []signature.Key{{Name: "k", Secret: "44782DEF"}}, Profiles: bundled(t)})
	text := strings.Join(got.Hints, "\n")
	for _, want := range []string{"byte order mark", "told by its notificationItems in the JSON body", "X-Other-Signature"} {
		if got.Cause == nil || got.Cause.ID != "scheme-none" || !strings.Contains(text, want) {
			t.Errorf("want %q, got %+v, %q", want, got.Cause, got.Hints)
		}
	}
}

func TestExplainUnsigned(t *testing.T) {
	p := load(t, "github")
	p.Signatures.Schemes = nil
	m := &provider.Message{Method: "POST", Body: []byte("{}"), Header: hook.Header{{Name: "X-Other-Signature", Value: strings.Repeat("ab", 32)}}}
	got := signature.Explain(p, signature.Case{Message: m, Now: testTime()})
	if got.Cause == nil || got.Cause.ID != "unsigned" || !strings.Contains(strings.Join(got.Hints, "\n"), "looks like a signature") {
		t.Errorf("got %+v, %q", got.Cause, got.Hints)
	}
}
