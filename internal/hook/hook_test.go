package hook_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"pgregory.net/rapid"
)

func TestGlob(t *testing.T) {
	tests := map[string]struct {
		pattern, s string
		want       bool
	}{
		"exact":                    {"/orders", "/orders", true},
		"exact is whole":           {"/orders", "/orders/1", false},
		"star crosses slashes":     {"/orders/*", "/orders/1/items", true},
		"star may be empty":        {"/orders*", "/orders", true},
		"star in the middle":       {"/*/created", "/orders/eu/created", true},
		"stars take turns":         {"*a*b", "xxaxxbxxb", true},
		"question mark is one":     {"/v?", "/v2", true},
		"question mark is not two": {"/v?", "/v10", false},
		"empty fits empty":         {"", "", true},
		"empty fits only empty":    {"", "a", false},
		"brackets stand for self":  {"[a]", "a", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := hook.Glob(test.pattern, test.s); got != test.want {
				t.Errorf("Glob(%q, %q) = %t", test.pattern, test.s, got)
			}
		})
	}
}

func TestGlobAgreesWithRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab/*?]{0,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[ab/]{0,10}`).Draw(t, "s")
		re := regexp.MustCompile("^" + strings.NewReplacer("*", "(?s:.*)", "?", "(?s:.)").Replace(pattern) + "$")
		if got, want := hook.Glob(pattern, s), re.MatchString(s); got != want {
			t.Errorf("Glob(%q, %q) = %t, want %t", pattern, s, got, want)
		}
	})
}

func TestSensitive(t *testing.T) {
	for _, name := range []string{"Authorization", "PROXY-authorization", "Cookie", "Set-Cookie", "X-Api-Key", "x_api_key", "X-Auth-Token", "X-Gitlab-Token", "Client-Secret", "X-Password"} {
		if !hook.Sensitive(name) {
			t.Errorf("%s is shown", name)
		}
	}
	for _, name := range []string{"Content-Type", "X-Signature", "svix-signature", "X-Recharge-Hmac-Sha256", "User-Agent", "Host", "Idempotency-Key"} {
		if hook.Sensitive(name) {
			t.Errorf("%s is hidden", name)
		}
	}
}

func TestMaskLeavesTheOriginal(t *testing.T) {
	h := hook.Header{{Name: "Authorization", Value: "Bearer x"}, {Name: "A", Value: "1"}, {Name: "Cookie", Value: ""}}
	want := hook.Header{{Name: "Authorization", Value: hook.Masked}, {Name: "A", Value: "1"}, {Name: "Cookie", Value: ""}}
	if diff := cmp.Diff(want, h.Mask()); diff != "" {
		t.Error(diff)
	}
	if h[0].Value != "Bearer x" {
		t.Error("the header itself was changed")
	}
}

func TestTargetPath(t *testing.T) {
	for target, want := range map[string]string{
		"/": "/", "/a?x=1": "/a", "/a%2Fb//c?": "/a%2Fb//c", "*": "*",
		"http://h/p?q": "/p", "http://h": "/", "http://h?x=/y": "/", "/a://b": "/a://b", "/?u=http://x/y": "/",
	} {
		if got := hook.TargetPath(target); got != want {
			t.Errorf("TargetPath(%q) = %q, want %q", target, got, want)
		}
	}
}

func TestJoinTarget(t *testing.T) {
	for _, test := range [][3]string{
		{"http://h", "/", "/"},
		{"http://h", "/a?x=1", "/a?x=1"},
		{"http://h/", "/a", "/a"},
		{"http://h/base", "/", "/base"},
		{"http://h/base/", "/a//b", "/base/a//b"},
		{"http://h/base?t=1", "/a", "/base/a?t=1"},
		{"http://h/base?t=1", "/a?x=1", "/base/a?t=1&x=1"},
		{"http://h/b%20c", "/a%2Fb", "/b%20c/a%2Fb"},
		{"http://h", "*", "/"},
		{"http://h", "http://other/p?x=1", "/p?x=1"},
	} {
		base, err := url.Parse(test[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := hook.JoinTarget(base, test[1]); got != test[2] {
			t.Errorf("JoinTarget(%q, %q) = %q, want %q", test[0], test[1], got, test[2])
		}
	}
}

func TestIDsAreUniqueAndSorted(t *testing.T) {
	ids := hook.NewIDs(iotest.OneByteReader(endless{}))
	at := time.Unix(1763712000, 0)
	last := hook.ID("")
	for range 1000 {
		id, err := ids.New(hook.CapturePrefix, at)
		if err != nil {
			t.Fatal(err)
		}
		if id <= last || !id.Valid(hook.CapturePrefix) || id.Valid(hook.AttemptPrefix) || !strings.HasSuffix(string(id), id.Short()) {
			t.Fatalf("%s after %s", id, last)
		}
		last = id
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i + 1)
	}
	return len(p), nil
}

func TestInvalidIDs(t *testing.T) {
	for _, id := range []hook.ID{"", "cap_", "cap_01JD7Q3V9K4M2N8PXR5TWYZ6A", "cap_01jd7q3v9k4m2n8pxr5twyz6ab", "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AU", "01JD7Q3V9K4M2N8PXR5TWYZ6AB", "cap_../../../../etc/passwd_xx"} {
		if id.Valid(hook.CapturePrefix) {
			t.Errorf("%q is taken for an id", id)
		}
	}
}

func TestCaptureJSONRefusesWhatDoesNotFit(t *testing.T) {
	for name, text := range map[string]string{
		"digest of another body": `{"body_base64":"e30=","body_sha256":"` + strings.Repeat("0", 64) + `"}`,
		"digest too short":       `{"body_sha256":"00"}`,
		"header of three":        `{"headers":[["a","b","c"]]}`,
		"body not base64":        `{"body_base64":"*"}`,
		"unknown outcome":        `{"verification":{"outcome":"passed","scheme":"v1","reason":""}}`,
		"no outcome":             `{"verification":{}}`,
		"provider of a number":   `{"provider":1}`,
	} {
		if json.Unmarshal([]byte(text), new(hook.Capture)) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCaptureJSONIsStable(t *testing.T) {
	c := &hook.Capture{
		Seq: 12, ID: "cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB", ReceivedAt: time.Date(2026, 11, 21, 8, 0, 0, 123456000, time.UTC),
		Method: "POST", Target: "/recharge?x=1&y=<>", Proto: "HTTP/1.1", Remote: "127.0.0.1:5321", HeadersExact: true,
		Header:   hook.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "x-Dup", Value: "1"}, {Name: "X-dUp", Value: "2"}},
		BodySize: 2, Body: hook.Bytes("{}"), Reply: &hook.Reply{Status: 200, From: hook.FromEndpoint, Latency: 3200 * time.Microsecond},
		Identity: &hook.Identity{
			Provider: "recharge", Event: hook.Event{Type: "order/created", ID: "evt_<1>"},
			Verification: &hook.Verification{Outcome: hook.Verified, Scheme: "v1"},
		},
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		t.Fatal(err)
	}
	want := `{"id":"cap_01JD7Q3V9K4M2N8PXR5TWYZ6AB","seq":12,"received_at":"2026-11-21T08:00:00.123456Z","method":"POST",` +
		`"target":"/recharge?x=1&y=<>","path":"/recharge","proto":"HTTP/1.1","remote":"127.0.0.1:5321",` +
		`"headers":[["Content-Type","application/json"],["x-Dup","1"],["X-dUp","2"]],"headers_exact":true,"body_size":2,` +
		`"body_sha256":"0000000000000000000000000000000000000000000000000000000000000000","body_base64":"e30=",` +
		`"provider":"recharge","event":{"type":"order/created","id":"evt_<1>"},"verification":{"outcome":"verified","scheme":"v1","reason":""},` +
		`"reply":{"status":200,"from":"endpoint","latency_ms":3.2}}` + "\n"
	if diff := cmp.Diff(want, buf.String()); diff != "" {
		t.Error(diff)
	}
}

func TestIdentityComesBackFromJSON(t *testing.T) {
	for text, want := range map[string]*hook.Identity{
		`{}`:                                  nil,
		`{"provider":"","event":{}}`:          nil,
		`{"candidates":[],"event":{"id":""}}`: nil,
		`{"candidates":["clazar","svix"]}`:    {Candidates: []string{"clazar", "svix"}},
		`{"provider":"recharge"}`:             {Provider: "recharge"},
		`{"provider":"techrar","event":{"type":"paid","id":"1","time":"now","items":2}}`: {
			Provider: "techrar", Event: hook.Event{Type: "paid", ID: "1", Time: "now", Items: 2},
		},
		`{"verification":{"outcome":"not_checked","scheme":"","reason":"no_secret","detail":"no secret is set","unbound":true}}`: {
			Verification: &hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret", Detail: "no secret is set", Unbound: true},
		},
	} {
		var c hook.Capture
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, c.Identity); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestAnUnknownOutcomeIsSaid(t *testing.T) {
	err := json.Unmarshal([]byte(`{"verification":{"outcome":"passed"}}`), new(hook.Capture))
	if want := `verification.outcome: want verified, failed or not_checked, got "passed"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
